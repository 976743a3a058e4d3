import type {
  Column,
  ColumnType,
  Evening,
  Misfits,
  Orphans,
  Reference,
  Relationship,
  Repeats,
  SchemaJson,
  Table,
} from "./model";
import { withoutChange, type HelpChange } from "./help";
import { applySuggestion } from "./patch";
import { renameColumn, renameTable } from "./rename";

export type SchemaEdit =
  | { kind: "rename_table"; table: string; name: string }
  | { kind: "rename_column"; table: string; column: string; name: string }
  | { kind: "set_type"; table: string; column: string; type: ColumnType }
  | { kind: "set_not_null"; table: string; column: string; on: boolean }
  | { kind: "toggle_key"; table: string; column: string }
  | { kind: "set_reference"; table: string; column: string; reference: Reference | null }
  | { kind: "set_misfits"; table: string; column: string; misfits: Misfits }
  | { kind: "set_repeats"; table: string; repeats: Repeats }
  | { kind: "set_orphans"; index: number; orphans: Orphans }
  | { kind: "set_even_out"; index: number; evenOut: Evening[] }
  | { kind: "drop_relationship"; index: number }
  | { kind: "drop_column"; table: string; column: string }
  | { kind: "drop_table"; table: string }
  | { kind: "accept_suggestion"; id: string }
  | { kind: "dismiss_suggestion"; id: string }
  | { kind: "take_back"; table: string; column: string | null; change: HelpChange };

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** One edit, with all that hangs on it (keys, references, indexes). The same object comes back when nothing changes. */
export function applyEdit(schema: SchemaJson, edit: SchemaEdit): SchemaJson {
  switch (edit.kind) {
    case "rename_table":
      return renameTable(schema, edit.table, edit.name.trim());
    case "rename_column":
      return renameColumn(schema, edit.table, edit.column, edit.name.trim());
    case "set_type":
      return mapColumn(schema, edit.table, edit.column, (c) => ({ ...c, type: edit.type }));
    case "set_not_null":
      return mapColumn(schema, edit.table, edit.column, (c) => ({
        ...c,
        constraints: withNotNull(c, edit.on),
      }));
    case "toggle_key":
      return mapTable(schema, edit.table, (t) => ({ ...t, primary_key: toggled(t, edit.column) }));
    case "set_reference":
      return setReference(schema, edit.table, edit.column, edit.reference);
    case "set_misfits":
      return mapColumn(schema, edit.table, edit.column, (c) => ({ ...c, misfits: edit.misfits }));
    case "set_repeats":
      return mapTable(schema, edit.table, (t) => ({ ...t, repeats: edit.repeats }));
    case "set_orphans":
      return {
        ...schema,
        relationships: schema.relationships?.map((r, i) =>
          i === edit.index ? { ...r, orphans: edit.orphans } : r,
        ),
      };
    case "set_even_out":
      return {
        ...schema,
        relationships: schema.relationships?.map((r, i) => {
          if (i !== edit.index) return r;
          const { even_out: _, ...rest } = r;
          return edit.evenOut.length > 0 ? { ...rest, even_out: edit.evenOut } : rest;
        }),
      };
    case "drop_relationship":
      return dropRelationship(schema, edit.index);
    case "drop_column":
      return dropColumn(schema, edit.table, edit.column);
    case "drop_table":
      return dropTable(schema, edit.table);
    case "accept_suggestion":
      return acceptSuggestion(schema, edit.id);
    case "take_back":
      return withoutChange(schema, edit, edit.change);
    case "dismiss_suggestion":
      return { ...schema, suggestions: (schema.suggestions ?? []).filter((s) => s.id !== edit.id) };
  }
}

/** What would be wrong with the name, or null. The server checks the whole schema again. */
export function nameFault(name: string, taken: string[]): string | null {
  const trimmed = name.trim();
  if (trimmed === "") return "A name is needed.";
  if (trimmed.length > 128) return "At most 128 characters.";
  if (same(trimmed.slice(0, 7), "sqlite_")) return "Names that start with sqlite_ are reserved.";
  if (taken.some((other) => same(other, trimmed))) return "This name is taken.";
  return null;
}

function mapTable(schema: SchemaJson, name: string, change: (table: Table) => Table): SchemaJson {
  return { ...schema, tables: schema.tables.map((t) => (t.name === name ? change(t) : t)) };
}

function mapColumn(
  schema: SchemaJson,
  table: string,
  column: string,
  change: (c: Column) => Column,
): SchemaJson {
  return mapTable(schema, table, (t) => ({
    ...t,
    columns: t.columns.map((c) => (c.name === column ? change(c) : c)),
  }));
}

function withNotNull(column: Column, on: boolean): string[] {
  const others = (column.constraints ?? []).filter((c) => c.toUpperCase() !== "NOT NULL");
  return on ? ["NOT NULL", ...others] : others;
}

/** The key keeps the order of the table's columns. */
function toggled(table: Table, column: string): string[] {
  const key = table.primary_key ?? [];
  const next = key.includes(column) ? key.filter((c) => c !== column) : [...key, column];
  return table.columns.map((c) => c.name).filter((c) => next.includes(c));
}

function setReference(
  schema: SchemaJson,
  table: string,
  column: string,
  reference: Reference | null,
): SchemaJson {
  const others = (schema.relationships ?? []).filter((r) => !isSingle(r, table, column));
  const added: Relationship[] = reference
    ? [
        {
          from_table: table,
          from_columns: [column],
          to_table: reference.table,
          to_columns: [reference.column],
          cardinality: "many-to-one",
          confidence: 0,
          // The service counts it when the change is saved.
          evidence: { distinct: 0, matched: 0, orphan_rows: 0, reasons: [] },
        },
      ]
    : [];
  const changed = mapColumn(schema, table, column, (c) => withReference(c, reference));
  return { ...changed, relationships: [...others, ...added] };
}

function withReference(column: Column, reference: Reference | null): Column {
  const { references: _, ...rest } = column;
  return reference ? { ...rest, references: reference } : rest;
}

const isSingle = (r: Relationship, table: string, column: string) =>
  r.from_table === table && r.from_columns.length === 1 && r.from_columns[0] === column;

function dropRelationship(schema: SchemaJson, index: number): SchemaJson {
  const gone = schema.relationships?.[index];
  if (!gone) return schema;
  const single = gone.from_columns.length === 1 ? gone.from_columns[0] : undefined;
  const cleared =
    single === undefined
      ? schema
      : mapColumn(schema, gone.from_table, single, (c) => withReference(c, null));
  return { ...cleared, relationships: schema.relationships?.filter((_, i) => i !== index) };
}

function dropColumn(schema: SchemaJson, table: string, column: string): SchemaJson {
  const touches = (r: Relationship) =>
    (r.from_table === table && r.from_columns.includes(column)) ||
    (r.to_table === table && r.to_columns.includes(column));
  return {
    ...schema,
    tables: schema.tables.map((t) => ({
      ...t,
      primary_key: t.name === table && t.primary_key?.includes(column) ? [] : t.primary_key,
      columns: t.columns
        .filter((c) => t.name !== table || c.name !== column)
        .map((c) =>
          c.references?.table === table && c.references.column === column
            ? withReference(c, null)
            : c,
        ),
    })),
    relationships: schema.relationships?.filter((r) => !touches(r)),
    indexes: schema.indexes?.filter((i) => i.table !== table || !i.columns.includes(column)),
  };
}

function dropTable(schema: SchemaJson, table: string): SchemaJson {
  return {
    ...schema,
    tables: schema.tables
      .filter((t) => t.name !== table)
      .map((t) => ({
        ...t,
        columns: t.columns.map((c) => (c.references?.table === table ? withReference(c, null) : c)),
      })),
    relationships: schema.relationships?.filter(
      (r) => r.from_table !== table && r.to_table !== table,
    ),
    indexes: schema.indexes?.filter((i) => i.table !== table),
  };
}

function acceptSuggestion(schema: SchemaJson, id: string): SchemaJson {
  const suggestion = schema.suggestions?.find((s) => s.id === id);
  return suggestion ? applySuggestion(schema, suggestion) : schema;
}
