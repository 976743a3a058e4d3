import { formatCompact, formatNumber } from "@/lib/format";
import { isMadeByRows, type Column, type Table } from "./model";

interface ProfileLike {
  column: string;
  type: string;
  null_count: number;
  distinct_count: number;
  min?: string | null;
  max?: string | null;
  top_values: { value: string; count: number }[];
  is_unique: boolean;
}

/** What the review needs of an uploaded file. */
export interface Source {
  id: string;
  filename: string;
  row_count: number;
  profile: ProfileLike[];
}

interface UploadLike {
  id: string;
  filename: string;
  original_filename?: string;
  row_count: number;
  profile: ProfileLike[];
}

export function sourcesById(uploads: UploadLike[] | undefined): Map<string, Source> {
  return new Map(
    (uploads ?? []).map((u) => [
      u.id,
      {
        id: u.id,
        filename: u.original_filename ?? u.filename,
        row_count: u.row_count,
        profile: u.profile ?? [],
      },
    ]),
  );
}

/** Of the column of the file whose cells the table's column holds as they are. */
export function profileOf(
  source: Source | undefined,
  table: Table,
  column: Column,
): ProfileLike | undefined {
  if (isMadeByRows(table, column)) return undefined;
  return source?.profile.find((p) => p.column === column.source_column);
}

/** The values of a column in a line: range, or the most frequent ones, and how many are empty. */
export function summaryOf(
  profile: ProfileLike | undefined,
  column: Pick<Column, "type">,
): string | null {
  if (!profile) return null;
  const parts: string[] = [];
  const { min, max } = profile;
  if (column.type === "TEXT" && !profile.is_unique && profile.top_values.length > 0)
    parts.push(
      profile.top_values
        .slice(0, 3)
        .map((v) => v.value)
        .join(", "),
    );
  else if (min && max)
    parts.push(min === max ? min : `${short(min, column.type)} … ${short(max, column.type)}`);
  if (profile.distinct_count > 0) parts.push(`${formatCompact(profile.distinct_count)} distinct`);
  if (profile.null_count > 0) parts.push(`${formatNumber(profile.null_count)} empty`);
  return parts.join(" · ") || null;
}

const WIDER: Record<string, string[]> = {
  INTEGER: ["REAL", "DECIMAL"],
  DECIMAL: ["REAL"],
  REAL: ["DECIMAL"],
  BOOLEAN: ["INTEGER"],
  DATE: ["DATETIME"],
};

/** What a chosen type may cost, where it is narrower than the file's. */
export function typeWarning(
  profile: ProfileLike | undefined,
  column: Pick<Column, "type" | "misfits">,
  isKey: boolean,
): string | null {
  if (!profile || profile.type === column.type || column.type === "TEXT") return null;
  if (WIDER[profile.type]?.includes(column.type)) return null;
  const fate =
    isKey || column.misfits === "set_aside"
      ? `Rows whose value is no ${column.type} are set aside.`
      : `Values that are no ${column.type} become empty.`;
  return `In the file this is ${profile.type}. ${fate}`;
}

function short(text: string, type: string): string {
  if (type === "DATETIME") return text.slice(0, 10);
  return text.length > 18 ? `${text.slice(0, 17)}…` : text;
}

/** Rows of all tables that hold whole files. */
export function totalRows(
  tables: { source: { csv_id: string; rows?: unknown } }[],
  sources: Map<string, Source>,
): number {
  return tables.reduce(
    (sum, t) =>
      sum +
      ((t.source.rows ?? "all") === "all" ? (sources.get(t.source.csv_id)?.row_count ?? 0) : 0),
    0,
  );
}
