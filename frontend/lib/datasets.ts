import type { Conversation, CsvUpload, SchemaSummary } from "@/lib/api/types";

const MAX_NAME_LENGTH = 200;

/** What would be wrong with the name of a dataset, or null. */
export function datasetNameFault(name: string): string | null {
  const trimmed = name.trim();
  if (trimmed === "") return "A name is needed.";
  return [...trimmed].length > MAX_NAME_LENGTH ? `At most ${MAX_NAME_LENGTH} characters.` : null;
}

/** Rows of a dataset: what was imported, or else what its files hold; undefined when neither is known. */
export function datasetRows(schema: SchemaSummary, uploads: CsvUpload[]): number | undefined {
  if (typeof schema.row_count === "number") return schema.row_count;
  const counts = schema.csv_upload_ids.map(
    (id) => uploads.find((upload) => upload.id === id)?.row_count,
  );
  if (counts.length === 0 || counts.some((count) => count === undefined)) return undefined;
  return counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
}

/** Files that no schema is made of yet. */
export function unusedUploads(uploads: CsvUpload[], schemas: SchemaSummary[]): CsvUpload[] {
  const used = new Set(schemas.flatMap((schema) => schema.csv_upload_ids));
  return uploads.filter((upload) => !used.has(upload.id));
}

/** The newest conversation of each dataset. */
export function lastQuestions(conversations: Conversation[]): Map<string, Conversation> {
  const last = new Map<string, Conversation>();
  for (const conversation of conversations) {
    const known = last.get(conversation.schema_id);
    if (!known || conversation.updated_at > known.updated_at) {
      last.set(conversation.schema_id, conversation);
    }
  }
  return last;
}

/** Names of the schemas that a file is part of. */
export function usedIn(upload: CsvUpload, schemas: SchemaSummary[]): string[] {
  return schemas
    .filter(({ csv_upload_ids: ids }) => ids.includes(upload.id))
    .map(({ name }) => name);
}
