import type { AuditEntry } from "@/lib/api/types";

const words: Record<string, string> = {
  sign_in: "Signed in",
  sign_out: "Signed out",
  session_end: "Ended a session",
  session_ended: "Ended a session",
  token_reused: "A used token was seen again; its session was ended",
  upload: "Uploaded a file",
  delete_upload: "Removed a file",
  remove_upload: "Removed a file",
  generate: "Generated a schema",
  edit_schema: "Changed a schema",
  approve: "Approved a schema and imported the data",
  delete_schema: "Removed a dataset",
  remove_schema: "Removed a dataset",
  insert: "Added rows after your approval",
  insert_refused: "Refused to add rows",
  insert_undone: "Took added rows back",
  undo: "Took added rows back",
  export: "Exported data",
  delete_account: "Removed the account",
};

/** What an entry of the audit log says, in words. */
export function describeAction(action: string): string {
  const known = words[action];
  if (known) return known;
  const text = action.replace(/[_.-]+/g, " ").trim();
  return text ? text[0]?.toUpperCase() + text.slice(1) : "Something was done";
}

const shownDetails = 4;

/** The plain values of an entry's detail: `rows 12 · table orders`. */
export function describeDetail(entry: AuditEntry): string {
  const { detail } = entry;
  if (typeof detail === "string") return detail;
  if (typeof detail !== "object" || detail === null) return "";
  return Object.entries(detail)
    .filter(([, value]) => ["string", "number", "boolean"].includes(typeof value))
    .slice(0, shownDetails)
    .map(([key, value]) => `${key.replace(/_/g, " ")} ${String(value)}`)
    .join(" · ");
}
