"use client";

import { ArrowRightIcon, MoreHorizontalIcon, TriangleAlertIcon } from "lucide-react";
import type { ReactNode } from "react";

import { Choice } from "@/components/meaning/fields";
import { InlineName } from "@/components/schema/inline-name";
import { KeyMark, ReferenceMark } from "@/components/schema/marks";
import { ModelMark } from "@/components/schema/model-mark";
import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuCheckboxItem,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuSeparator,
  DropdownMenuSub,
  DropdownMenuSubContent,
  DropdownMenuSubTrigger,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import type { SchemaEdit } from "@/lib/er/edit";
import { changeBehind, type HelpChange } from "@/lib/er/help";
import { MISFIT_CHOICES } from "@/lib/er/losses";
import {
  COLUMN_TYPES,
  isNotNull,
  isMadeByRows,
  isUnique,
  type Column,
  type ColumnType,
  type Misfits,
  type Reference,
  type Table,
} from "@/lib/er/model";
import type { Problem } from "@/lib/er/problems";

export interface ColumnRowProps {
  table: Table;
  column: Column;
  isKey: boolean;
  reference: Reference | null;
  /** Part of a reference of several columns. */
  inComposite: boolean;
  /** One line about the values in the file. */
  summary: string | null;
  /** What the chosen type may cost, as long as it is not counted. */
  warning: string | null;
  /** What of the values does not fit, counted. */
  notices: Problem[];
  targets: Reference[];
  problems: Problem[];
  readOnly: boolean;
  /** What a model said. */
  said: HelpChange[];
  edit: (edit: SchemaEdit) => void;
}

/** Where a column's row stands on the page. */
export const columnAnchor = (table: string, column: string) =>
  `column-${encodeURIComponent(table)}-${encodeURIComponent(column)}`;

export function ColumnRow(props: ColumnRowProps) {
  const {
    table,
    column,
    isKey,
    reference,
    inComposite,
    summary,
    warning,
    notices,
    problems,
    readOnly,
    said,
    edit,
  } = props;
  const at = { table: table.name, column: column.name };
  const nameProblem = problems.find((p) => p.part === "name")?.message;
  const others = problems.filter((p) => p.part !== "name");
  const original = originalName(column);
  const markOf = (what: "description" | "word" | "name", value: string) => {
    const change = changeBehind(said, what, value, true);
    const takeBack = () => {
      if (change) edit({ kind: "take_back", ...at, change });
    };
    return change && <ModelMark what={`“${value}”`} onTakeBack={readOnly ? null : takeBack} />;
  };
  return (
    <li
      id={columnAnchor(table.name, column.name)}
      tabIndex={-1}
      className="group grid outline-none focus:bg-accent grid-cols-[minmax(0,1fr)_auto_auto] items-center gap-x-3 gap-y-0.5 border-t px-4 py-1.5 sm:grid-cols-[minmax(0,5fr)_7.5rem_minmax(0,5fr)_auto]"
    >
      <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
        {isKey && <KeyMark />}
        {(reference ?? inComposite) && <ReferenceMark />}
        <InlineName
          name={column.name}
          what="column"
          taken={table.columns.filter((c) => c !== column).map((c) => c.name)}
          onRename={(name) => edit({ kind: "rename_column", ...at, name })}
          readOnly={readOnly}
          error={nameProblem}
          className="font-medium"
        />
        {markOf("name", column.name)}
        {original && (
          <span
            className="truncate text-xs text-muted-foreground"
            title={`"${original}" in the file`}
          >
            “{original}”
          </span>
        )}
        {column.source_column === null && !isMadeByRows(table, column) && (
          <span className="text-xs text-muted-foreground">numbered from 1</span>
        )}
      </div>
      <TypeField
        column={column}
        readOnly={readOnly}
        onChange={(type) => edit({ kind: "set_type", ...at, type })}
      />
      <div className="order-last col-span-full min-w-0 truncate text-xs text-muted-foreground sm:order-none sm:col-span-1">
        {reference && (
          <span className="mr-2 inline-flex items-center gap-1 text-reference">
            <ArrowRightIcon className="size-3" aria-hidden="true" />
            <span className="sr-only">points at </span>
            {reference.table}.{reference.column}
          </span>
        )}
        {isNotNull(column) && <span className="mr-2">not empty</span>}
        {isUnique(column) && <span className="mr-2">unique</span>}
        <span className="tabular">{summary}</span>
      </div>
      {readOnly ? <span /> : <ColumnMenu {...props} />}
      {(column.description || column.words?.length) && (
        <p className="col-span-full text-xs text-muted-foreground [overflow-wrap:anywhere]">
          {column.description} {column.description && markOf("description", column.description)}
          {column.words?.map((word) => (
            <span key={word} className="ml-2">
              also “{word}” {markOf("word", word)}
            </span>
          ))}
        </p>
      )}
      {!readOnly &&
        (notices.length > 0
          ? notices.map((notice) => (
              <Warning key={notice.message} words={notice.message}>
                {notice.part === "type" && !isKey && (
                  <MisfitChoice
                    column={column}
                    onChange={(misfits) => edit({ kind: "set_misfits", ...at, misfits })}
                  />
                )}
              </Warning>
            ))
          : warning && <Warning words={warning} />)}
      {others.map((problem) => (
        <p key={problem.message} role="alert" className="col-span-full text-xs text-destructive">
          {problem.message}
        </p>
      ))}
    </li>
  );
}

function Warning({ words, children }: { words: string; children?: ReactNode }) {
  return (
    <div className="col-span-full flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-warning">
      <p role="status" className="flex min-w-0 items-center gap-1.5 [overflow-wrap:anywhere]">
        <TriangleAlertIcon className="size-3.5 shrink-0" aria-hidden="true" />
        {words}
      </p>
      {children}
    </div>
  );
}

function MisfitChoice({
  column,
  onChange,
}: {
  column: Column;
  onChange: (misfits: Misfits) => void;
}) {
  return (
    <div className="flex items-center gap-1.5 text-muted-foreground">
      <span aria-hidden="true">Values that do not fit:</span>
      <Choice
        value={column.misfits ?? "empty"}
        onChange={(e) => onChange(e.target.value as Misfits)}
        aria-label={`Values that do not fit: ${column.name}`}
        className="h-7 w-auto text-xs text-foreground"
      >
        {MISFIT_CHOICES.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </Choice>
    </div>
  );
}

/** The name in the file, where it is more than another spelling of the column's. */
function originalName({ name, source_column }: Column): string | null {
  const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  return source_column && plain(source_column) !== plain(name) ? source_column : null;
}

function TypeField({
  column,
  readOnly,
  onChange,
}: {
  column: Column;
  readOnly: boolean;
  onChange: (type: ColumnType) => void;
}) {
  if (readOnly)
    return <span className="font-mono text-xs text-muted-foreground">{column.type}</span>;
  return (
    <select
      value={column.type}
      onChange={(e) => onChange(e.target.value as ColumnType)}
      aria-label={`Type of ${column.name}`}
      className="h-7 w-full rounded-md border border-transparent bg-transparent px-1 font-mono text-xs text-muted-foreground outline-none group-hover:border-input hover:text-foreground focus-visible:border-ring focus-visible:ring-[3px] focus-visible:ring-ring/50"
    >
      {COLUMN_TYPES.map((type) => (
        <option key={type} value={type} className="bg-popover text-popover-foreground">
          {type}
        </option>
      ))}
    </select>
  );
}

function ColumnMenu({ table, column, isKey, reference, targets, edit }: ColumnRowProps) {
  const at = { table: table.name, column: column.name };
  const setReference = (value: string) => {
    const target = targets[Number(value)];
    edit({ kind: "set_reference", ...at, reference: target ?? null });
  };
  const current = targets.findIndex(
    (t) => t.table === reference?.table && t.column === reference.column,
  );
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="ghost" size="icon-xs" aria-label={`Change column ${column.name}`}>
          <MoreHorizontalIcon />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        <DropdownMenuCheckboxItem
          checked={isKey}
          onCheckedChange={() => edit({ kind: "toggle_key", ...at })}
        >
          Part of the key
        </DropdownMenuCheckboxItem>
        <DropdownMenuCheckboxItem
          checked={isNotNull(column)}
          onCheckedChange={(on) => edit({ kind: "set_not_null", ...at, on })}
        >
          Never empty
        </DropdownMenuCheckboxItem>
        <DropdownMenuSub>
          <DropdownMenuSubTrigger>Points at…</DropdownMenuSubTrigger>
          <DropdownMenuSubContent className="max-h-80 overflow-y-auto">
            <DropdownMenuRadioGroup
              value={reference ? String(current) : "none"}
              onValueChange={setReference}
            >
              <DropdownMenuRadioItem value="none">nothing</DropdownMenuRadioItem>
              {targets.map((target, i) => (
                <DropdownMenuRadioItem key={`${target.table}.${target.column}`} value={String(i)}>
                  {target.table}.{target.column}
                </DropdownMenuRadioItem>
              ))}
            </DropdownMenuRadioGroup>
          </DropdownMenuSubContent>
        </DropdownMenuSub>
        <DropdownMenuSeparator />
        <DropdownMenuItem
          variant="destructive"
          onSelect={() => edit({ kind: "drop_column", ...at })}
        >
          Leave this column out
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
