import type {
  ApproveResult,
  AuditEntry,
  AuthConfig,
  AuthStatus,
  Conversation,
  CsvRows,
  CsvUpload,
  LlmStatus,
  Message,
  SchemaJson,
  SchemaRecord,
  ServiceInfo,
  Session,
} from "@/types/api-draft";

type Json<T> = { content: { "application/json": T } };
type Ok<T> = { responses: { 200: Json<T> } };
type Page = { query?: { limit?: number; cursor?: string } };
type ById = { path: { id: string } };
type Body<T> = { requestBody: { content: { "application/json": T } } };

/** The routes by hand, in openapi-typescript's shape, until they are generated. */
export interface paths {
  "/api": { get: Ok<ServiceInfo> };
  "/api/llm": { get: Ok<LlmStatus> };
  "/api/audit": {
    get: { parameters: Page } & Ok<{ entries: AuditEntry[]; next_cursor?: string | null }>;
  };
  "/api/samples/load": { post: Ok<{ csv_files: CsvUpload[] }> };
  "/api/auth/config": { get: Ok<AuthConfig> };
  "/api/auth/status": { get: Ok<AuthStatus> };
  "/api/auth/local": { post: Ok<unknown> };
  "/api/auth/logout": { post: Ok<Message> };
  "/api/auth/google/start": {
    get: { parameters: { query: { redirect_uri: string } } } & Ok<{ authorization_url: string }>;
  };
  "/api/auth/google/callback": {
    post: Body<{ code: string; state: string; redirect_uri: string; iss?: string }> & Ok<unknown>;
  };
  "/api/auth/sessions": { get: Ok<{ sessions: Session[] }> };
  "/api/auth/sessions/{id}": { delete: { parameters: ById } & Ok<Message> };
  "/api/auth/account": { delete: Ok<Message> };
  "/api/csv/list": {
    get: { parameters: Page } & Ok<{ csv_files: CsvUpload[]; next_cursor?: string | null }>;
  };
  "/api/csv/{id}": {
    get: { parameters: ById } & Ok<CsvUpload>;
    delete: { parameters: ById } & Ok<Message>;
  };
  "/api/csv/{id}/rows": {
    get: { parameters: ById & { query?: { offset?: number; limit?: number } } } & Ok<CsvRows>;
  };
  "/api/schema/generate": {
    post: Body<{
      csv_ids: string[];
      engine?: "auto" | "llm" | "builtin";
      normalize?: boolean;
    }> & { responses: { 201: Json<SchemaRecord> } };
  };
  "/api/schema/list": {
    get: { parameters: Page } & Ok<{ schemas: SchemaRecord[]; next_cursor?: string | null }>;
  };
  "/api/schema/{id}": {
    get: { parameters: ById } & Ok<SchemaRecord>;
    put: { parameters: ById } & Body<{ schema_json: SchemaJson }> & Ok<SchemaRecord>;
    delete: { parameters: ById } & Ok<Message>;
  };
  "/api/schema/{id}/approve": { post: { parameters: ById } & Ok<ApproveResult> };
  "/api/conversations": {
    get: {
      parameters: { query?: { schema_id?: string; limit?: number; cursor?: string } };
    } & Ok<{ conversations: Conversation[]; next_cursor?: string | null }>;
  };
  "/api/conversations/{id}": {
    get: { parameters: ById } & Ok<Conversation>;
    patch: { parameters: ById } & Body<{ title: string }> & Ok<Conversation>;
    delete: { parameters: ById } & Ok<Message>;
  };
}
