/** A language model's help with a schema: what it proposed, put into the schema in hand. The server does the same (docs/API.md). */
import type { components } from "@/types/api";

import type { Column, SchemaJson, Table } from "./model";
import { renameColumn } from "./rename";

export type Help = components["schemas"]["HelpResponse"];
export type HelpChange = components["schemas"]["HelpChangeJson"];
type What = HelpChange["what"];

/** The schema with a change in place; the same object where somebody has said otherwise, or what it is about is gone. */
export function withChange(schema: SchemaJson, change: HelpChange): SchemaJson {
  const table = schema.tables.find((t) => t.name === change.table);
  const column = table?.columns.find((c) => c.name === change.column);
  if (!table || typeof change.refused === "string") return schema;
  const value = change.value;
  switch (change.what) {
    case "description":
      if (!change.column)
        return table.description ? schema : inTable(schema, table, { description: value });
      if (!column || column.description) return schema;
      return inColumn(schema, table, column, { description: value });
    case "word":
      if (!column || column.words?.includes(value)) return schema;
      return inColumn(schema, table, column, { words: [...(column.words ?? []), value] });
    case "label": {
      const fits = !table.label && table.columns.some((c) => c.name === value);
      return fits ? inTable(schema, table, { label: value }) : schema;
    }
    case "name": {
      const taken = table.columns.some((c) => c.name.toLowerCase() === value.toLowerCase());
      return column && !taken ? renameColumn(schema, table.name, column.name, value) : schema;
    }
  }
}

/** The change behind what stands in the schema; undefined where a person said it. */
export function changeBehind(
  changes: HelpChange[],
  what: What,
  value: string | null | undefined,
  ofColumn: boolean,
): HelpChange | undefined {
  return changes.find(
    (c) =>
      c.what === what &&
      c.value === value &&
      typeof c.refused !== "string" &&
      (what === "label" || Boolean(c.column) === ofColumn),
  );
}

/** The schema without what a change brought. */
export function withoutChange(
  schema: SchemaJson,
  at: { table: string; column: string | null },
  change: HelpChange,
): SchemaJson {
  const table = schema.tables.find((t) => t.name === at.table);
  const column = table?.columns.find((c) => c.name === at.column);
  if (!table) return schema;
  switch (change.what) {
    case "description":
      return column
        ? inColumn(schema, table, column, { description: undefined })
        : inTable(schema, table, { description: undefined });
    case "label":
      return inTable(schema, table, { label: undefined });
    case "word": {
      if (!column) return schema;
      const words = column.words?.filter((word) => word !== change.value);
      return inColumn(schema, table, column, { words: words?.length ? words : undefined });
    }
    case "name":
      return column && change.column
        ? renameColumn(schema, table.name, column.name, change.column)
        : schema;
  }
}

/** Where the model is, in words. */
export function helpWords(help: Help): string {
  const { pieces, state } = help;
  const tables = [...new Set(pieces.map((p) => p.table))];
  const over = pieces.filter((p) => p.state === "done" || p.state === "unusable").length;
  if (state === "running") {
    const at = pieces.find((p) => p.state === "running");
    return at
      ? `The model is looking at table ${tables.indexOf(at.table) + 1} of ${tables.length}`
      : "The model is about to look at the tables";
  }
  if (state === "stopped")
    return `The model has answered ${over} of ${pieces.length} questions. ${help.note ?? ""}`.trim();
  const taken = help.changes.filter((c) => typeof c.refused !== "string").length;
  return taken === 0
    ? "The model has looked at every table and changed nothing"
    : `The model has looked at every table; what it said is marked`;
}

/** What did not become part of the schema, each with the reason. */
export function helpRefusals(help: Help): string[] {
  const refused = help.changes.flatMap((c) =>
    typeof c.refused === "string"
      ? [`${[c.table, c.column].filter(Boolean).join(".")}: “${c.value}” was refused: ${c.refused}`]
      : [],
  );
  const failed = help.pieces.flatMap((p) => (p.message ? [`${p.table}: ${p.message}`] : []));
  return [...refused, ...failed];
}

function inTable(schema: SchemaJson, table: Table, part: Partial<Table>): SchemaJson {
  return { ...schema, tables: schema.tables.map((t) => (t === table ? { ...t, ...part } : t)) };
}

function inColumn(
  schema: SchemaJson,
  table: Table,
  column: Column,
  part: Partial<Column>,
): SchemaJson {
  const columns = table.columns.map((c) => (c === column ? { ...c, ...part } : c));
  return inTable(schema, table, { columns });
}
