"use client";

import { Handle, Position, type Node, type NodeProps } from "@xyflow/react";
import { KeyRoundIcon, LinkIcon } from "lucide-react";
import { memo } from "react";

import { HEADER_HEIGHT, MAX_ROWS, NODE_WIDTH, ROW_HEIGHT } from "@/lib/er/layout";
import type { Table } from "@/lib/er/model";
import { cn } from "@/lib/utils";

export type TableNodeType = Node<
  { table: Table; references: string[]; rows: string | null },
  "table"
>;

const handle = "!size-1.5 !min-h-0 !min-w-0 !border-0 !bg-transparent";

/** A table as a box. Columns past the limit share the last line's handles. */
export const TableNode = memo(function TableNode({ data, selected }: NodeProps<TableNodeType>) {
  const { table, references, rows } = data;
  const key = table.primary_key ?? [];
  const shown = table.columns.slice(0, MAX_ROWS);
  const more = table.columns.slice(MAX_ROWS);
  return (
    <div
      style={{ width: NODE_WIDTH }}
      className={cn(
        "overflow-hidden rounded-lg border bg-card pb-2 text-card-foreground shadow-sm",
        selected && "border-primary ring-[3px] ring-primary/25",
      )}
    >
      <div
        style={{ height: HEADER_HEIGHT }}
        className="flex items-center gap-2 border-b bg-muted/60 px-3"
      >
        <span className="min-w-0 flex-1 truncate font-semibold">{table.name}</span>
        {rows && (
          <span className="tabular shrink-0 text-[0.6875rem] text-muted-foreground">{rows}</span>
        )}
      </div>
      {shown.map((column) => (
        <div
          key={column.name}
          style={{ height: ROW_HEIGHT }}
          className="relative flex items-center gap-1.5 px-3 text-xs"
        >
          <Handle
            type="target"
            position={Position.Left}
            id={`${column.name}:to`}
            className={handle}
            isConnectable={false}
          />
          <span className="flex w-4 shrink-0 justify-center">
            {key.includes(column.name) ? (
              <KeyRoundIcon className="size-3 text-key" aria-label="key" />
            ) : references.includes(column.name) ? (
              <LinkIcon className="size-3 text-reference" aria-label="reference" />
            ) : null}
          </span>
          <span
            className={cn("min-w-0 flex-1 truncate", key.includes(column.name) && "font-medium")}
          >
            {column.name}
          </span>
          <span className="font-mono text-[0.625rem] text-muted-foreground">{column.type}</span>
          <Handle
            type="source"
            position={Position.Right}
            id={`${column.name}:from`}
            className={handle}
            isConnectable={false}
          />
        </div>
      ))}
      {more.length > 0 && (
        <div
          style={{ height: ROW_HEIGHT }}
          className="relative flex items-center px-3 pl-9 text-xs text-muted-foreground"
        >
          and {more.length} more
          {more.map((column) => (
            <span key={column.name}>
              <Handle
                type="target"
                position={Position.Left}
                id={`${column.name}:to`}
                className={handle}
                isConnectable={false}
              />
              <Handle
                type="source"
                position={Position.Right}
                id={`${column.name}:from`}
                className={handle}
                isConnectable={false}
              />
            </span>
          ))}
        </div>
      )}
    </div>
  );
});
