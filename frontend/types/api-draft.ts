/** The HTTP contract by hand, until it is generated from openapi.json. */

export type ColumnType =
  "INTEGER" | "REAL" | "TEXT" | "DATETIME" | "DATE" | "BOOLEAN" | "DECIMAL";

export interface Dialect {
  encoding: string;
  delimiter: string;
  quote?: string | null;
  escape?: string | null;
  header: boolean;
  header_rows: number;
  skip_lines: number;
  comment?: string | null;
  decimal: string;
  confidence: number;
}

export interface ValueCount {
  value: string;
  count: number;
}

export interface HistogramBin {
  low: number;
  high: number;
  count: number;
}

export interface ColumnProfile {
  column: string;
  type: ColumnType;
  null_count: number;
  distinct_count: number;
  distinct_exact: boolean;
  min?: string | null;
  max?: string | null;
  mean?: number | null;
  top_values: ValueCount[];
  histogram: HistogramBin[];
  is_unique: boolean;
  format?: string | null;
  min_length?: number;
  max_length?: number;
}

export interface IngestWarning {
  line?: number | null;
  column?: string | null;
  code: string;
  message: string;
}

export interface CsvUpload {
  id: string;
  filename: string;
  original_filename: string;
  upload_timestamp: string;
  columns: string[];
  column_types: Record<string, ColumnType>;
  sample_data: (string | null)[][];
  row_count: number;
  file_size: number;
  status: string;
  dialect: Dialect;
  profile: ColumnProfile[];
  warnings: IngestWarning[];
}

export interface CsvRows {
  columns: string[];
  rows: (string | null)[][];
  offset: number;
  total: number;
}

export interface SchemaReference {
  table: string;
  column: string;
}

export interface SchemaColumn {
  name: string;
  type: ColumnType;
  constraints: string[];
  source_column: string | null;
  references?: SchemaReference | null;
  description?: string | null;
}

export interface SchemaTable {
  name: string;
  source: { csv_id: string; rows: "all" | "distinct" };
  primary_key: string[];
  columns: SchemaColumn[];
  description?: string | null;
}

export interface Rival {
  table: string;
  columns: string[];
  confidence: number;
  reason: string;
}

export interface Evidence {
  distinct: number;
  matched: number;
  orphan_rows: number;
  orphan_samples: string[];
  reasons: string[];
  rivals: Rival[];
}

export interface Relationship {
  from_table: string;
  from_columns: string[];
  to_table: string;
  to_columns: string[];
  cardinality: "many-to-one" | "one-to-one";
  confidence: number;
  evidence: Evidence;
}

export interface SchemaIndex {
  name: string;
  table: string;
  columns: string[];
  unique: boolean;
}

export interface Suggestion {
  id: string;
  kind: string;
  title: string;
  evidence: unknown;
  patch: unknown;
}

export interface SchemaJson {
  tables: SchemaTable[];
  relationships: Relationship[];
  indexes: SchemaIndex[];
  suggestions: Suggestion[];
  reasoning: string;
}

export interface SchemaRecord {
  id: string;
  name: string;
  csv_upload_ids: string[];
  schema_json: SchemaJson;
  create_statements: string[];
  llm_reasoning: string;
  llm_model: string;
  status: "generated" | "executed" | "failed";
  created_at: string;
  executed_at?: string | null;
}

export interface ImportedTable {
  name: string;
  row_count: number;
  quarantined: number;
}

export interface ApproveResult {
  status: string;
  tables: ImportedTable[];
}

export interface Conversation {
  id: string;
  schema_id: string;
  title: string;
  created_at: string;
  updated_at: string;
}

export interface User {
  id: string;
  email?: string | null;
  name?: string | null;
  picture?: string | null;
}

export interface AuthStatus {
  is_authenticated: boolean;
  user_id?: string | null;
  user?: User | null;
}

export interface AuthConfig {
  mode: "local" | "oidc";
  provider_name: string;
}

export interface Session {
  id: string;
  created_at: string;
  last_used_at: string;
  expires_at: string;
  user_agent?: string | null;
  address?: string | null;
  current: boolean;
}

export interface AuditEntry {
  id: string;
  action: string;
  subject: string;
  detail?: unknown;
  created_at: string;
}

export interface LlmStatus {
  provider: string;
  model?: string | null;
  reachable: boolean;
  installed: string[];
}

export interface ServiceInfo {
  message: string;
  status: string;
  version: string;
}

export interface Message {
  message: string;
}
