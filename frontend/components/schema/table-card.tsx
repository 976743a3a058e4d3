"use client";

import { MoreHorizontalIcon, Table2Icon, TriangleAlertIcon } from "lucide-react";
import { memo } from "react";

import { Choice } from "@/components/meaning/fields";
import { ColumnRow } from "@/components/schema/column-row";
import { InlineName } from "@/components/schema/inline-name";
import { ModelMark } from "@/components/schema/model-mark";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import type { SchemaEdit } from "@/lib/er/edit";
import { changeBehind, type HelpChange } from "@/lib/er/help";
import { keyExceptionWords, REPEAT_CHOICES } from "@/lib/er/losses";
import {
  referenceOf,
  referencingColumns,
  rowsWords,
  type Reference,
  type Repeats,
  type SchemaJson,
  type Table,
} from "@/lib/er/model";
import type { Problem } from "@/lib/er/problems";
import { profileOf, summaryOf, typeWarning, type Source } from "@/lib/er/sources";
import { plural } from "@/lib/format";

interface TableCardProps {
  schema: SchemaJson;
  table: Table;
  source: Source | undefined;
  problems: Problem[];
  notices: Problem[];
  /** Rows that would be set aside because they break the primary key. */
  keyless: number;
  readOnly: boolean;
  /** What a model said. */
  said: HelpChange[];
  edit: (edit: SchemaEdit) => void;
}

export const tableAnchor = (name: string) => `table-${encodeURIComponent(name)}`;

export const TableCard = memo(function TableCard({
  schema,
  table,
  source,
  problems,
  notices,
  keyless,
  readOnly,
  said,
  edit,
}: TableCardProps) {
  const key = table.primary_key ?? [];
  const referencing = referencingColumns(schema, table);
  const targets = targetsOf(schema);
  const own = problems.filter((p) => p.column === null);
  const markOf = (what: "description" | "label", value: string) => {
    const change = changeBehind(said, what, value, false);
    const takeBack = () => {
      if (change) edit({ kind: "take_back", table: table.name, column: null, change });
    };
    return change && <ModelMark what={`“${value}”`} onTakeBack={readOnly ? null : takeBack} />;
  };
  return (
    <section
      id={tableAnchor(table.name)}
      tabIndex={-1}
      aria-label={`Table ${table.name}`}
      className="overflow-hidden rounded-xl border bg-card shadow-card outline-none [contain-intrinsic-size:auto_18rem] [content-visibility:auto] focus:ring-[3px] focus:ring-ring/50"
    >
      <header className="flex items-center gap-2 bg-muted/50 px-4 py-2.5">
        <Table2Icon className="size-4 shrink-0 text-muted-foreground" aria-hidden="true" />
        <h2 className="min-w-0 flex-1 font-semibold">
          <InlineName
            name={table.name}
            what="table"
            taken={schema.tables.filter((t) => t !== table).map((t) => t.name)}
            onRename={(name) => edit({ kind: "rename_table", table: table.name, name })}
            readOnly={readOnly}
            error={own.find((p) => p.part === "name")?.message}
          />
        </h2>
        {source && (
          <span
            className="hidden truncate text-xs text-muted-foreground sm:inline"
            title={source.filename}
          >
            {source.filename}
          </span>
        )}
        <span className="tabular shrink-0 text-xs text-muted-foreground">
          {rowsWords(table) ?? (source ? plural(source.row_count, "row") : "")}
        </span>
        {key.length === 0 && <Badge variant="warning">no key</Badge>}
        {!readOnly && (
          <DropdownMenu>
            <DropdownMenuTrigger asChild>
              <Button variant="ghost" size="icon-xs" aria-label={`Change table ${table.name}`}>
                <MoreHorizontalIcon />
              </Button>
            </DropdownMenuTrigger>
            <DropdownMenuContent align="end">
              <DropdownMenuItem
                variant="destructive"
                onSelect={() => edit({ kind: "drop_table", table: table.name })}
              >
                Leave this table out
              </DropdownMenuItem>
            </DropdownMenuContent>
          </DropdownMenu>
        )}
      </header>
      {table.description && (
        <p className="px-4 py-2 text-sm text-muted-foreground">
          {table.description} {markOf("description", table.description)}
        </p>
      )}
      {table.label && (
        <p className="px-4 pb-2 text-sm text-muted-foreground">
          A row is known by {table.label} {markOf("label", table.label)}
        </p>
      )}
      {notices
        .filter((n) => n.column === null && n.part !== "primary_key")
        .map((n) => (
          <p key={n.message} role="status" className="px-4 py-1.5 text-xs text-warning">
            {n.message}
          </p>
        ))}
      {own
        .filter((p) => p.part !== "name")
        .map((p) => (
          <p key={p.message} role="alert" className="px-4 py-1.5 text-xs text-destructive">
            {p.message}
          </p>
        ))}
      <KeyExceptions table={table} keyless={keyless} readOnly={readOnly} edit={edit} />
      <ul>
        {table.columns.map((column, i) => {
          const reference = referenceOf(schema, table, column);
          return (
            <ColumnRow
              key={i}
              table={table}
              column={column}
              isKey={key.includes(column.name)}
              reference={reference}
              inComposite={referencing.has(column.name)}
              summary={summaryOf(profileOf(source, table, column), column)}
              warning={typeWarning(
                profileOf(source, table, column),
                column,
                key.includes(column.name),
              )}
              notices={notices.filter((n) => n.column === column.name)}
              targets={targets.filter((t) => t.table !== table.name || t.column !== column.name)}
              problems={problems.filter((p) => p.column === column.name)}
              readOnly={readOnly}
              said={said}
              edit={edit}
            />
          );
        })}
      </ul>
    </section>
  );
});

/** Which rows break the primary key, and what becomes of them: to choose, or as it was chosen. */
function KeyExceptions({
  table,
  keyless,
  readOnly,
  edit,
}: Pick<TableCardProps, "table" | "keyless" | "readOnly" | "edit">) {
  const kept = keyExceptionWords(table);
  const chosen = table.repeats ?? "set_aside";
  if (!kept && keyless === 0) return null;
  const words = kept ?? `${plural(keyless, "row breaks", "rows break")} this key`;
  return (
    <div className="mx-4 my-2 rounded-md bg-warning-soft p-2.5 text-sm">
      <p className="tabular flex gap-1.5 font-medium text-warning [overflow-wrap:anywhere]">
        <TriangleAlertIcon className="mt-0.5 size-4 shrink-0" aria-hidden="true" />
        {(table.primary_key ?? []).join(", ")} is unique but for some: {words}
      </p>
      {readOnly ? (
        <p className="mt-1">{REPEAT_CHOICES.find(({ value }) => value === chosen)?.label}</p>
      ) : (
        <Choice
          value={chosen}
          onChange={(e) =>
            edit({ kind: "set_repeats", table: table.name, repeats: e.target.value as Repeats })
          }
          aria-label={`What becomes of rows that break the key of ${table.name}`}
          className="mt-2"
        >
          {REPEAT_CHOICES.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Choice>
      )}
      <p className="mt-1.5 text-xs text-foreground/80">
        {chosen === "keep"
          ? "The database does not enforce the key; what refers to such a row meets each of them."
          : "They are not stored; each is listed after the import."}
      </p>
    </div>
  );
}

/** Columns that something can point at: keys of one column. */
function targetsOf(schema: SchemaJson): Reference[] {
  return schema.tables.flatMap((t) => {
    const [only, ...more] = t.primary_key ?? [];
    return only !== undefined && more.length === 0 ? [{ table: t.name, column: only }] : [];
  });
}
