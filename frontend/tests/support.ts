import type { ColumnProfile, CsvUpload, SchemaSummary } from "@/lib/api/types";

export function makeProfile(column: string, change: Partial<ColumnProfile> = {}): ColumnProfile {
  return {
    column,
    type: "INTEGER",
    null_count: 0,
    distinct_count: 10,
    distinct_exact: true,
    min: "1",
    max: "10",
    mean: 5.5,
    top_values: [],
    histogram: [],
    is_unique: false,
    format: null,
    min_length: 1,
    max_length: 2,
    ...change,
  };
}

export function makeUpload(
  id: string,
  filename: string,
  profile: ColumnProfile[],
  change: Partial<CsvUpload> = {},
): CsvUpload {
  return {
    id,
    filename: `${id}.csv`,
    original_filename: filename,
    upload_timestamp: "2026-03-10T12:00:00Z",
    columns: profile.map(({ column }) => column),
    column_types: Object.fromEntries(profile.map(({ column, type }) => [column, type])),
    sample_data: [],
    row_count: 10,
    rejected_count: 0,
    set_aside_count: 0,
    file_size: 2048,
    status: "ready",
    dialect: {
      encoding: "utf-8",
      delimiter: ",",
      quote: '"',
      header: true,
      header_rows: 1,
      skip_lines: 0,
      sets_aside: true,
      decimal: ".",
      confidence: 1,
    },
    profile,
    warnings: [],
    ...change,
  };
}

export function makeSchema(
  id: string,
  status: SchemaSummary["status"],
  change: Partial<SchemaSummary> = {},
): SchemaSummary {
  return {
    id,
    name: `Dataset ${id}`,
    csv_upload_ids: [],
    outline: { table_count: 0, relationship_count: 0, tables: [], references: [] },
    llm_model: "built-in",
    status,
    created_at: "2026-03-10T12:00:00Z",
    executed_at: null,
    ...change,
  };
}
