/** Other names, wherever a table or column is named. */
import type { SchemaJson, SourceRows } from "./model";

export function renameTable(schema: SchemaJson, from: string, to: string): SchemaJson {
  if (from === to || to === "") return schema;
  const swap = (name: string) => (name === from ? to : name);
  return {
    ...schema,
    tables: schema.tables.map((t) => ({
      ...t,
      name: swap(t.name),
      columns: t.columns.map((c) =>
        c.references
          ? { ...c, references: { ...c.references, table: swap(c.references.table) } }
          : c,
      ),
    })),
    relationships: schema.relationships?.map((r) => ({
      ...r,
      from_table: swap(r.from_table),
      to_table: swap(r.to_table),
    })),
    indexes: schema.indexes?.map((i) => ({ ...i, table: swap(i.table) })),
  };
}

/** A new name for a column, wherever it is named. */
export function renameColumn(
  schema: SchemaJson,
  table: string,
  from: string,
  to: string,
): SchemaJson {
  if (from === to || to === "") return schema;
  const swap = (name: string) => (name === from ? to : name);
  return {
    ...schema,
    tables: schema.tables.map((t) => ({
      ...t,
      source: t.name === table ? { ...t.source, rows: renamedRows(t.source.rows, swap) } : t.source,
      primary_key: t.name === table ? t.primary_key?.map(swap) : t.primary_key,
      ...(t.name === table && t.label ? { label: swap(t.label) } : {}),
      columns: t.columns.map((c) => {
        const name = t.name === table ? swap(c.name) : c.name;
        const references =
          c.references?.table === table
            ? { ...c.references, column: swap(c.references.column) }
            : c.references;
        return references === undefined ? { ...c, name } : { ...c, name, references };
      }),
    })),
    relationships: schema.relationships?.map((r) => ({
      ...r,
      from_columns: r.from_table === table ? r.from_columns.map(swap) : r.from_columns,
      to_columns: r.to_table === table ? r.to_columns.map(swap) : r.to_columns,
    })),
    indexes: schema.indexes?.map((i) =>
      i.table === table ? { ...i, columns: i.columns.map(swap) } : i,
    ),
  };
}

/** Columns that are made into rows are told by the names of the table's own columns. */
function renamedRows(
  rows: SourceRows | undefined,
  swap: (name: string) => string,
): SourceRows | undefined {
  if (typeof rows !== "object" || !("unpivot" in rows)) return rows;
  const { name_column, value_column, ...rest } = rows.unpivot;
  return {
    unpivot: { ...rest, name_column: swap(name_column), value_column: swap(value_column) },
  };
}
