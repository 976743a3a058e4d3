import type { AuditEntry } from "@/lib/api/types";
import { formatBytes, formatNumber } from "@/lib/format";

const words: Record<string, string> = {
  sign_in: "Signed in",
  sign_out: "Signed out",
  sign_out_everywhere: "Signed out everywhere",
  end_session: "Ended a session",
  sessions_ended_by_operator: "Whoever runs this server signed you out",
  refresh_token_reused: "A used token came again; its session was ended",
  upload: "Uploaded a file",
  delete_upload: "Removed a file",
  generate_schema: "Generated a schema",
  edit_schema: "Changed a schema",
  rename_schema: "Renamed a dataset",
  edit_meaning: "Changed what words mean",
  reset_meaning: "Forgot what was said of words",
  approve: "Approved a schema and imported the data",
  approve_failed: "An import failed; nothing of it was kept",
  delete_schema: "Removed a dataset",
  delete_conversation: "Removed a conversation",
  insert: "Added rows after your approval",
  insert_refused: "Refused to add rows",
  insert_failed: "Rows could not be added",
  insert_undone: "Took added rows back",
  mend: "Added rows back that an import had set aside",
  mend_undone: "Set a row aside again",
  mend_cell: "Filled a cell that an import had emptied",
  mend_cell_undone: "Emptied a cell again",
  pull_model: "Fetched a model",
};

/** What an entry of the audit log says, in words. */
export function describeAction(action: string): string {
  const known = words[action];
  if (known) return known;
  const text = action.replace(/[_.-]+/g, " ").trim();
  return text ? text[0]?.toUpperCase() + text.slice(1) : "Something was done";
}

const shownDetails = 4;
/** Names that say no more than their values. */
const silentNames = new Set(["name", "title", "file", "model"]);

const waysIn: Record<string, string> = {
  local: "on this computer",
  provider: "through the provider",
};

function describeValue(key: string, value: string | number | boolean): string {
  if (typeof value === "number") {
    if (key.endsWith("_bytes")) return formatBytes(value);
    if (key.endsWith("_ms")) return `${formatNumber(value)} ms`;
    return `${formatNumber(value)} ${key.replace(/_/g, " ")}`;
  }
  const name = key.replace(/_/g, " ");
  if (typeof value === "boolean") return value ? name : `no ${name}`;
  if (key === "how") return waysIn[value] ?? value;
  return silentNames.has(key) ? value : `${name} ${value}`;
}

const id = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The plain values of an entry's detail: `orders.csv · 2,600 rows`, or what it was done to; ids are left out. */
export function describeDetail(entry: AuditEntry): string {
  return detailWords(entry.detail) || (id.test(entry.subject) ? "" : entry.subject);
}

function detailWords(detail: unknown): string {
  if (typeof detail === "string") return detail;
  if (typeof detail !== "object" || detail === null) return "";
  return Object.entries(detail as Record<string, unknown>)
    .filter(([key]) => !/(^|_)ids?$/.test(key))
    .flatMap(([key, value]) =>
      typeof value === "string" || typeof value === "number" || typeof value === "boolean"
        ? [describeValue(key, value)]
        : [],
    )
    .slice(0, shownDetails)
    .join(" · ");
}
