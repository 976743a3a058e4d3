"use client";

import { ChevronRightIcon, KeyRoundIcon, LinkIcon, SearchIcon } from "lucide-react";
import { useMemo, useState } from "react";

import { Input } from "@/components/ui/input";
import { useCsvUploads } from "@/hooks/use-csv-uploads";
import { holdsEveryRow, referencingColumns, type SchemaJson, type Table } from "@/lib/er/model";
import { profileOf, sourcesById, type Source } from "@/lib/er/sources";
import { formatCompact } from "@/lib/format";
import { cn } from "@/lib/utils";

const VALUES_SHOWN = 6;

interface SchemaPanelProps {
  schema: SchemaJson;
  /** Puts a name or value into the question. */
  onInsert: (text: string) => void;
}

/** Tables, columns and frequent values; a press puts one into the question. */
export function SchemaPanel({ schema, onInsert }: SchemaPanelProps) {
  const uploads = useCsvUploads();
  const sources = useMemo(() => sourcesById(uploads.data), [uploads.data]);
  const [search, setSearch] = useState("");
  const wanted = search.trim().toLowerCase();
  const tables = schema.tables.filter(
    (t) =>
      wanted === "" ||
      t.name.toLowerCase().includes(wanted) ||
      t.columns.some((c) => c.name.toLowerCase().includes(wanted)),
  );
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="relative p-3">
        <SearchIcon
          className="pointer-events-none absolute top-5.5 left-5.5 size-4 text-muted-foreground"
          aria-hidden="true"
        />
        <Input
          type="search"
          value={search}
          onChange={(e) => setSearch(e.target.value)}
          placeholder="Find a column"
          aria-label="Find a table or column"
          className="h-9 pl-8"
        />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-4">
        {tables.length === 0 && (
          <p className="px-2 text-muted-foreground">No table or column has this name.</p>
        )}
        {tables.map((table, i) => (
          <TableSection
            key={table.name}
            schema={schema}
            table={table}
            source={sources.get(table.source.csv_id)}
            wanted={wanted}
            open={
              wanted !== "" || (i === 0 && schema.tables.length > 1) || schema.tables.length === 1
            }
            onInsert={onInsert}
          />
        ))}
      </div>
    </div>
  );
}

interface TableSectionProps {
  schema: SchemaJson;
  table: Table;
  source: Source | undefined;
  wanted: string;
  open: boolean;
  onInsert: (text: string) => void;
}

function TableSection({ schema, table, source, wanted, open, onInsert }: TableSectionProps) {
  const referencing = referencingColumns(schema, table);
  const byName = wanted !== "" && !table.name.toLowerCase().includes(wanted);
  const columns = byName
    ? table.columns.filter((c) => c.name.toLowerCase().includes(wanted))
    : table.columns;
  return (
    <details open={open} className="group/table">
      <summary className="flex list-none items-center gap-1.5 rounded-md px-2 py-1.5 font-medium outline-none hover:bg-accent focus-visible:ring-[3px] focus-visible:ring-ring/60 [&::-webkit-details-marker]:hidden">
        <ChevronRightIcon
          className="size-3.5 shrink-0 text-muted-foreground transition-transform group-open/table:rotate-90"
          aria-hidden="true"
        />
        <span className="min-w-0 flex-1 truncate">{table.name}</span>
        {source && holdsEveryRow(table) && (
          <span className="tabular text-xs font-normal text-muted-foreground">
            {formatCompact(source.row_count)} rows
          </span>
        )}
      </summary>
      <ul className="mb-2 ml-3.5 border-l pl-1.5">
        {columns.map((column) => {
          const key = table.primary_key?.includes(column.name);
          const values = valuesOf(source, table, column.name);
          return (
            <li key={column.name}>
              <button
                type="button"
                onClick={() => onInsert(column.name)}
                title={`Put ${column.name} into the question`}
                className="flex w-full items-center gap-1.5 rounded-md px-1.5 py-1 text-left outline-none hover:bg-accent focus-visible:ring-[3px] focus-visible:ring-ring/60"
              >
                {key ? (
                  <KeyRoundIcon className="size-3 shrink-0 text-key" aria-label="key" />
                ) : referencing.has(column.name) ? (
                  <LinkIcon className="size-3 shrink-0 text-reference" aria-label="reference" />
                ) : (
                  <span className="size-3 shrink-0" />
                )}
                <span className="min-w-0 flex-1 truncate">{column.name}</span>
                <span className="font-mono text-[0.625rem] text-muted-foreground">
                  {column.type}
                </span>
              </button>
              {values.length > 0 && (
                <ul
                  className="mb-1.5 ml-6 flex flex-wrap gap-1"
                  aria-label={`Values of ${column.name}`}
                >
                  {values.map((value) => (
                    <li key={value} className="max-w-full">
                      <button
                        type="button"
                        onClick={() => onInsert(value)}
                        title={`Put ${value} into the question`}
                        className={cn(
                          "block max-w-full truncate rounded-full border bg-card px-2 py-0.5 text-xs text-muted-foreground outline-none hover:border-primary/40 hover:text-foreground focus-visible:ring-[3px] focus-visible:ring-ring/60",
                        )}
                      >
                        {value}
                      </button>
                    </li>
                  ))}
                </ul>
              )}
            </li>
          );
        })}
      </ul>
    </details>
  );
}

/** Frequent values of text columns whose values repeat. */
function valuesOf(source: Source | undefined, table: Table, name: string): string[] {
  const column = table.columns.find((c) => c.name === name);
  const profile = column && profileOf(source, table, column);
  if (!profile || column.type !== "TEXT" || profile.is_unique) return [];
  const values = profile.top_values
    .filter((v) => v.count > 1 && v.value.length <= 40)
    .map((v) => v.value);
  return values.slice(0, VALUES_SHOWN);
}
