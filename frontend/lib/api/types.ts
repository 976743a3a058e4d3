/**
 * The contract's types under the names the pages use. The document describes what may be sent, so it leaves out
 * what has a default; what the server answers always holds those, and words from a fixed set are narrowed here.
 */
import type { components } from "@/types/api";

type Schemas = components["schemas"];
type Narrow<T, Change> = Omit<T, keyof Change> & Change;

export type ColumnType = Schemas["ColumnTypeJson"];

export type Dialect = Schemas["DialectResponse"];
export type ValueCount = Schemas["ValueCountResponse"];
export type HistogramBin = Schemas["HistogramBinResponse"];
export type IngestWarning = Schemas["WarningResponse"];
export type ColumnProfile = Narrow<Schemas["ColumnProfileResponse"], { type: ColumnType }>;
export type CsvUpload = Narrow<
  Schemas["UploadResponse"],
  { profile: ColumnProfile[]; column_types: Record<string, ColumnType> }
>;
export type CsvRows = Schemas["RowsResponse"];

export type SchemaReference = Schemas["ReferenceJson"];
export type SchemaColumn = Narrow<
  Schemas["ColumnJson"],
  { constraints: string[]; source_column: string | null }
>;
export type SchemaTable = Narrow<
  Schemas["TableJson"],
  {
    columns: SchemaColumn[];
    primary_key: string[];
    source: Required<Schemas["TableSourceJson"]>;
  }
>;
export type Rival = Schemas["RivalJson"];
export type Evidence = Required<Schemas["EvidenceJson"]>;
export type Relationship = Narrow<
  Schemas["RelationshipJson"],
  { confidence: number; evidence: Evidence }
>;
export type SchemaIndex = Required<Schemas["IndexJson"]>;
export type Suggestion = Narrow<Schemas["SuggestionJson"], { evidence: unknown; patch: unknown }>;
export interface SchemaJson {
  tables: SchemaTable[];
  relationships: Relationship[];
  indexes: SchemaIndex[];
  suggestions: Suggestion[];
  reasoning: string;
}
export type SchemaRecord = Narrow<
  Schemas["SchemaResponse"],
  { schema_json: SchemaJson; status: "generated" | "executed" | "failed" }
>;

/** A schema as lists show it. */
export type SchemaSummary = Narrow<
  Schemas["SchemaSummaryResponse"],
  { status: SchemaRecord["status"] }
>;
export type SchemaOutline = Schemas["OutlineResponse"];

export type Meaning = Schemas["MeaningResponse"];
export type TableMeaning = Schemas["TableMeaningJson"];
export type ColumnMeaning = Schemas["ColumnMeaningJson"];
export type Metric = Schemas["MetricJson"];
export type MeaningEdits = Schemas["MeaningEditsJson"];
export type TableEdits = Schemas["TableEditsJson"];
export type ColumnEdits = Schemas["ColumnEditsJson"];
export type MetricEdit = Schemas["MetricEditJson"];
export type Role = Schemas["RoleJson"];
export type Origin = Schemas["OriginJson"];

export type ImportedTable = Schemas["TableLoadResponse"];
export type ApproveResult = Schemas["ApproveResponse"];

export type Conversation = Schemas["ConversationResponse"];

export type User = Schemas["UserResponse"];
export type AuthStatus = Schemas["StatusResponse"];
export type AuthConfig = Schemas["AuthConfigResponse"];
export type Session = Schemas["SessionResponse"];
export type AuditEntry = Narrow<Schemas["AuditEntryResponse"], { detail?: unknown }>;
export type LlmStatus = Schemas["LlmResponse"];
