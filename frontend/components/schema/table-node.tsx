"use client";

import { Handle, Position, useUpdateNodeInternals, type Node, type NodeProps } from "@xyflow/react";
import { KeyRoundIcon, LinkIcon } from "lucide-react";
import { memo, useEffect, useRef } from "react";

import { handleId } from "@/lib/er/flow";
import { HEADER_HEIGHT, MAX_ROWS, NODE_WIDTH, ROW_HEIGHT } from "@/lib/er/layout";
import type { Table } from "@/lib/er/model";
import { cn } from "@/lib/utils";

export type TableNodeType = Node<
  { table: Table; references: string[]; rows: string | null },
  "table"
>;

/** Lines begin at the box itself, so the handle is a point, and what one sees and takes hold of lies around it. */
const hidden = "!size-px !min-h-0 !min-w-0 !border-0 !bg-transparent";
/** Seen where one can draw from: under the pointer, on touch screens, and all of them while a line is drawn. */
const drawable = cn(
  hidden,
  "after:absolute after:-inset-[5px] after:rounded-full after:border-2 after:border-reference after:bg-card after:opacity-0 after:transition-opacity",
  "group-hover/row:after:opacity-100 pointer-coarse:after:opacity-60 [.drawing_&]:after:opacity-60",
  "[&.connectingfrom]:after:opacity-100 [&.connectingto.valid]:after:bg-reference [&.connectingto.valid]:after:opacity-100",
);

/** A table as a box. Columns past the limit share the last line's handles. */
export const TableNode = memo(function TableNode({
  id,
  data,
  selected,
  isConnectable,
}: NodeProps<TableNodeType>) {
  const { table, references, rows } = data;
  const key = table.primary_key ?? [];
  const shown = table.columns.slice(0, MAX_ROWS);
  const more = table.columns.slice(MAX_ROWS);
  const updateInternals = useUpdateNodeInternals();
  const handles = JSON.stringify(table.columns.map((c) => c.name));
  const known = useRef(handles);
  useEffect(() => {
    // What is new is measured anyway, and the view fitted to all that is.
    if (known.current === handles) return;
    known.current = handles;
    updateInternals(id);
  }, [id, handles, updateInternals]);
  return (
    <div
      style={{ width: NODE_WIDTH }}
      className={cn(
        "rounded-lg border bg-card pb-2 text-card-foreground shadow-sm",
        selected && "border-primary ring-[3px] ring-primary/25",
      )}
    >
      <div
        style={{ height: HEADER_HEIGHT }}
        className="flex items-center gap-2 rounded-t-lg border-b bg-muted/60 px-3"
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
          data-table={table.name}
          data-column={column.name}
          className="group/row relative flex items-center gap-1.5 px-3 text-xs"
        >
          <Handles column={column.name} isDrawable={isConnectable} />
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
        </div>
      ))}
      {more.length > 0 && (
        <div
          style={{ height: ROW_HEIGHT }}
          className="relative flex items-center px-3 pl-9 text-xs text-muted-foreground"
        >
          and {more.length} more
          {more.map((column) => (
            <Handles key={column.name} column={column.name} isDrawable={false} />
          ))}
        </div>
      )}
    </div>
  );
});

/** Where lines leave and arrive, on either side. */
function Handles({ column, isDrawable }: { column: string; isDrawable: boolean }) {
  const className = isDrawable ? drawable : hidden;
  return (
    <>
      <Handle
        type="source"
        position={Position.Left}
        id={handleId(column, "left")}
        className={className}
        isConnectable={isDrawable}
      />
      <Handle
        type="source"
        position={Position.Right}
        id={handleId(column, "right")}
        className={className}
        isConnectable={isDrawable}
      />
    </>
  );
}
