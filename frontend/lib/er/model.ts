/** The relational schema as `schema_json` carries it (docs/API.md, "Schemas"). */

export const COLUMN_TYPES = [
  "INTEGER",
  "REAL",
  "DECIMAL",
  "BOOLEAN",
  "DATE",
  "DATETIME",
  "TEXT",
] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];

/** What becomes of values that are not of their column's type. */
export type Misfits = "empty" | "set_aside";

/** What becomes of rows without a partner. */
/** What becomes of rows whose primary key is empty or that of an earlier row. */
export type Repeats = "set_aside" | "keep";

export interface KeyExceptions {
  repeated_rows: number;
  empty_rows: number;
  samples?: string[];
}

export type Orphans = "keep" | "placeholder" | "set_aside" | "empty";

export interface Reference {
  table: string;
  column: string;
}

export interface Column {
  name: string;
  type: ColumnType;
  constraints?: string[];
  /** Column of the file; null for a numbered key that no file has. */
  source_column?: string | null;
  references?: Reference | null;
  /** `empty` unless given. */
  misfits?: Misfits | null;
  description?: string | null;
  /** Other words for it, which a model proposed. */
  words?: string[];
}

/** Which rows of its file a table takes: all, the distinct ones, or several of each. */
export type SourceRows =
  | "all"
  | "distinct"
  /** A row for each item of the lists in a column's cells. */
  | { split: { column: string; separator: string } }
  /** A row for each filled cell of some columns. */
  | {
      unpivot: { columns: string[]; names: string[]; name_column: string; value_column: string };
    };

export interface Table {
  name: string;
  source: { csv_id: string; rows?: SourceRows };
  primary_key?: string[];
  /** `set_aside` unless given. */
  repeats?: Repeats | null;
  /** Rows that break the key and are kept. */
  key_exceptions?: KeyExceptions | null;
  columns: Column[];
  description?: string | null;
  /** The column that names a row, which a model proposed. */
  label?: string | null;
}

export interface Rival {
  table: string;
  columns: string[];
  confidence: number;
  reason: string;
}

export interface Evidence {
  distinct?: number;
  matched?: number;
  orphan_rows?: number;
  orphan_samples?: string[];
  reasons?: string[];
  rivals?: Rival[];
}

export type Evening = "blanks" | "case" | "composition" | "zeros";

export type Cardinality = "many-to-one" | "one-to-one";

export interface Relationship {
  from_table: string;
  from_columns: string[];
  to_table: string;
  to_columns: string[];
  cardinality?: Cardinality;
  confidence?: number;
  evidence?: Evidence;
  /** `keep` unless given. */
  orphans?: Orphans | null;
  /** Differences of spelling that count for nothing. */
  even_out?: Evening[];
}

export interface Index {
  name: string;
  table: string;
  columns: string[];
  unique?: boolean;
}

export interface Suggestion {
  id: string;
  kind: string;
  title: string;
  evidence?: unknown;
  patch?: unknown;
}

export interface SchemaJson {
  tables: Table[];
  relationships?: Relationship[];
  indexes?: Index[];
  suggestions?: Suggestion[];
  reasoning?: string;
}

export type SchemaStatus = "generated" | "executed" | "failed";

/** Cells of a column whose text is not stored. */
export interface EmptiedColumn {
  column: string;
  cells: number;
}

/** Cells of a column that are stored in the spelling of the key that they refer to. */
export interface EvenedColumn {
  column: string;
  cells: number;
  samples: { text: string; stored: string }[];
}

/** `rows_in + added = row_count + merged + quarantined`. */
export interface ImportedTable {
  name: string;
  rows_in?: number;
  row_count: number;
  /** Rows equal to one stored before, where the table holds distinct rows. */
  merged?: number;
  quarantined: number;
  /** Rows that were set aside and added back since. */
  mended?: number;
  /** Rows with a key alone, added for those that refer to them. */
  added?: number;
  emptied?: EmptiedColumn[];
  evened?: EvenedColumn[];
}

/** What an import would do with every row. */
export interface Forecast {
  tables: (Required<Omit<ImportedTable, "mended" | "evened">> & {
    evened?: EvenedColumn[];
    reasons: { reason: string; rows: number }[];
  })[];
  references: {
    from_table: string;
    from_columns: string[];
    to_table: string;
    to_columns: string[];
    orphan_rows: number;
  }[];
  /** More than a few rows or cells would be lost: the user has to agree. */
  loses_much: boolean;
}

/** The resource of `/api/schema/{id}`. */
export interface SchemaResource {
  id: string;
  name: string;
  csv_upload_ids: string[];
  schema_json: SchemaJson;
  create_statements: string[];
  llm_reasoning?: string | null;
  llm_model?: string | null;
  status: SchemaStatus;
  /** Why the last import failed, in words. */
  failure?: string | null;
  forecast?: Forecast | null;
  /** What of the data does not fit, and what becomes of it. */
  notices?: FieldError[];
  /** What became of every row, once executed. */
  load?: { tables: ImportedTable[] } | null;
  created_at: string;
  executed_at?: string | null;
  /** The dataset that these are changes of. */
  revises?: string | null;
  /** Changes of this dataset that wait to be applied. */
  revision?: string | null;
  /** When the version before was executed, where one is kept. */
  version_before?: string | null;
  /** Changes of a model's help that the schema has an answer to. */
  help_changes?: number;
}

/** Rows set aside and cells emptied, of all tables. */
export function losses(tables: ImportedTable[]): { rows: number; cells: number } {
  const cells = tables.flatMap((t) => t.emptied ?? []).reduce((sum, c) => sum + c.cells, 0);
  return { rows: tables.reduce((sum, t) => sum + t.quarantined, 0), cells };
}

export interface FieldError {
  field: string;
  message: string;
}

/** Whether a row of the table is a row of the file. */
export function holdsEveryRow(table: Table): boolean {
  return (table.source.rows ?? "all") === "all";
}

/** Which rows of its file the table takes, in words; null where it is all of them. */
export function rowsWords(table: Table): string | null {
  const rows = table.source.rows ?? "all";
  if (rows === "all") return null;
  if (rows === "distinct") return "distinct rows";
  return "split" in rows
    ? `a row for each of ${rows.split.column}`
    : `a row for each ${rows.unpivot.name_column}`;
}

/** Whether the column's cells are other ones than those of its column in the file: items of its lists, or made of several. */
export function isMadeByRows(table: Table, column: Column): boolean {
  const rows = table.source.rows;
  if (typeof rows !== "object") return false;
  return "split" in rows
    ? rows.split.column === column.source_column
    : [rows.unpivot.name_column, rows.unpivot.value_column].includes(column.name);
}

/** The reference of one column, from the column itself or from a one-column relationship. */
export function referenceOf(schema: SchemaJson, table: Table, column: Column): Reference | null {
  if (column.references) return column.references;
  const found = (schema.relationships ?? []).find(
    (r) =>
      r.from_table === table.name &&
      r.from_columns.length === 1 &&
      r.from_columns[0] === column.name,
  );
  const target = found?.to_columns[0];
  return found && target ? { table: found.to_table, column: target } : null;
}

/** Names of the columns that take part in any reference, composite ones included. */
export function referencingColumns(schema: SchemaJson, table: Table): Set<string> {
  const names = new Set<string>();
  for (const column of table.columns) if (column.references) names.add(column.name);
  for (const r of schema.relationships ?? [])
    if (r.from_table === table.name) r.from_columns.forEach((c) => names.add(c));
  return names;
}

export function isNotNull(column: Column): boolean {
  return (column.constraints ?? []).some((c) => c.toUpperCase() === "NOT NULL");
}

export function isUnique(column: Column): boolean {
  return (column.constraints ?? []).some((c) => c.toUpperCase() === "UNIQUE");
}
