/** Cache keys, one place: the first entry names the resource. */
export const queryKeys = {
  authStatus: ["auth", "status"],
  authConfig: ["auth", "config"],
  sessions: ["auth", "sessions"],
  audit: ["audit"],
  llm: ["llm"],
  csvUploads: ["csv"],
  csvUpload: (id: string) => ["csv", id],
  schemas: ["schema"],
  schema: (id: string) => ["schema", id],
  /** Not below the schema: it is asked for every second. */
  help: (id: string) => ["help", id],
  /** All formats. */
  definitions: (id: string) => ["schema", id, "definition"],
  definition: (id: string, format: string) => ["schema", id, "definition", format],
  /** Not below the schema: a plan is never out of date, and its data do not change by asking. */
  planOptions: (id: string, wish: object) => ["plan", id, "options", wish] as const,
  planPreview: (id: string, step: object) => ["plan", id, "preview", step] as const,
  conversations: (schemaId?: string) =>
    schemaId ? (["conversation", { schemaId }] as const) : (["conversation"] as const),
} as const;
