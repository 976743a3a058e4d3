/** What accepting a suggestion changes. The server does the same (docs/API.md, "Suggestions"). */
import type {
  Column,
  Index,
  Reference,
  Relationship,
  SchemaJson,
  Suggestion,
  Table,
} from "./model";

interface Patch {
  /** Each takes the place of the table of its name, or is added. */
  tables: Table[];
  /** Columns that leave a table, which stays as it is otherwise. */
  drop_columns: { table: string; columns: string[] }[];
  /** Each takes the place of those of the same columns of the same table, or is added. */
  relationships: Relationship[];
  indexes: Index[];
}

const lower = (name: string) => name.toLowerCase();

const sourceKey = (table: Table) =>
  JSON.stringify([table.source.csv_id, table.source.rows ?? "all"]);

const hasColumn = (table: Table, name: string) => table.columns.some((c) => c.name === name);

function hasColumns(tables: Table[], table: string, names: string[]): boolean {
  const found = tables.find((t) => t.name === table);
  return found !== undefined && names.every((name) => hasColumn(found, name));
}

/** Why the suggestion does not fit the schema as it is now; null where it does. */
export function patchFault(schema: SchemaJson, suggestion: Suggestion): string | null {
  const patch = patchOf(suggestion);
  if (!patch) return "its patch cannot be read";
  return (
    tableFault(schema, patch) ??
    droppedFault(schema, patch) ??
    patch.relationships.map((r) => relationshipFault(schema, patch, r)).find((f) => f !== null) ??
    null
  );
}

/** The schema with the suggestion's patch in place and without the suggestion; the same object where it does not fit. */
export function applySuggestion(schema: SchemaJson, suggestion: Suggestion): SchemaJson {
  const patch = patchOf(suggestion);
  if (!patch || patchFault(schema, suggestion) !== null) return schema;
  const named = new Map(patch.tables.map((t) => [t.name, t]));
  const known = new Set(schema.tables.map((t) => t.name));
  const kept = schema.tables.map((t) => named.get(t.name) ?? t);
  const added = patch.tables.filter((t) => !known.has(t.name));
  const dropped = new Map(patch.drop_columns.map((d) => [d.table, new Set(d.columns)]));
  const tables = [...kept, ...added].map((t) => {
    const gone = dropped.get(t.name);
    return gone ? { ...t, columns: t.columns.filter((c) => !gone.has(c.name)) } : t;
  });
  const key = (r: Relationship) => JSON.stringify([r.from_table, r.from_columns]);
  const replaced = new Set(patch.relationships.map(key));
  const relationships = (schema.relationships ?? [])
    .filter((r) => !replaced.has(key(r)))
    .concat(patch.relationships)
    .filter(
      (r) =>
        hasColumns(tables, r.from_table, r.from_columns) &&
        hasColumns(tables, r.to_table, r.to_columns),
    );
  return {
    ...schema,
    tables: tables.map((t) => withReferences(t, relationships)),
    relationships,
    indexes: (schema.indexes ?? [])
      .concat(patch.indexes)
      .filter((i) => hasColumns(tables, i.table, i.columns)),
    suggestions: (schema.suggestions ?? []).filter((s) => s.id !== suggestion.id),
  };
}

function patchOf(suggestion: Suggestion): Patch | null {
  const patch = suggestion.patch;
  if (!patch || typeof patch !== "object" || Array.isArray(patch)) return null;
  const {
    tables = [],
    drop_columns = [],
    relationships = [],
    indexes = [],
  } = patch as Partial<Patch>;
  return { tables, drop_columns, relationships, indexes };
}

function tableFault(schema: SchemaJson, patch: Patch): string | null {
  for (const table of patch.tables) {
    const own = schema.tables.find((t) => lower(t.name) === lower(table.name));
    if (!own) continue;
    if (own.name !== table.name || sourceKey(own) !== sourceKey(table))
      return `there is another table ${own.name} now`;
    const missing = table.columns.find((c) => !hasColumn(own, c.name));
    if (missing) return `${own.name} has no column ${missing.name} any more`;
  }
  return null;
}

function droppedFault(schema: SchemaJson, patch: Patch): string | null {
  const moved = patch.tables.flatMap((t) => t.columns);
  for (const { table, columns } of patch.drop_columns) {
    const own = schema.tables.find((t) => t.name === table);
    if (!own) return `there is no table ${table} any more`;
    for (const name of columns) {
      const column = own.columns.find((c) => c.name === name);
      if (!column) return `${table} has no column ${name} any more`;
      if (own.primary_key?.includes(name)) return `${name} is part of the key of ${table} now`;
      // where it goes to, it is what it was when this was suggested
      if (moved.some((c) => isFrom(c, column) && c.type !== column.type))
        return `${name} of ${table} has another type now`;
      if (schema.relationships?.some((r) => r.to_table === table && r.to_columns.includes(name)))
        return `other rows refer to ${name} of ${table} now`;
    }
  }
  return null;
}

const isFrom = (moved: Column, column: Column) =>
  (moved.source_column ?? null) === (column.source_column ?? null);

function relationshipFault(schema: SchemaJson, patch: Patch, r: Relationship): string | null {
  // a table that the patch brings counts before the one that it replaces
  const tables = [...patch.tables, ...schema.tables];
  const fault = (table: string, names: string[]) =>
    hasColumns(tables, table, names) ? null : `${table} has no column ${names.join(", ")} any more`;
  return fault(r.from_table, r.from_columns) ?? fault(r.to_table, r.to_columns);
}

/** As the relationships say; others are taken away. */
function withReferences(table: Table, relationships: Relationship[]): Table {
  return {
    ...table,
    columns: table.columns.map(({ references: _, ...column }) => {
      const reference = referenceOf(relationships, table.name, column.name);
      return reference ? { ...column, references: reference } : column;
    }),
  };
}

function referenceOf(
  relationships: Relationship[],
  table: string,
  column: string,
): Reference | null {
  const found = relationships.find(
    (r) => r.from_table === table && r.from_columns.length === 1 && r.from_columns[0] === column,
  );
  const target = found?.to_columns[0];
  return found && target !== undefined ? { table: found.to_table, column: target } : null;
}
