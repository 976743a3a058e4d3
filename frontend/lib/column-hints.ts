import type { ColumnProfile, CsvUpload } from "@/lib/api/types";

export interface ColumnHint {
  kind: "key" | "reference";
  /** File that is referred to, without its ending; only for references. */
  target?: string;
}

const idName = /(^|[^a-z])(id|key|code|no|nr|number|uuid)$/i;

function words(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
}

/** The file's name as the user thinks of it: `Customers.csv` -> `customers`. */
export function fileStem(filename: string): string {
  return words(filename.replace(/\.[^.]+$/, ""));
}

function singular(word: string): string {
  if (word.endsWith("ies")) return `${word.slice(0, -3)}y`;
  if (/(ss|us|is)$/.test(word)) return word;
  if (/(ches|shes|xes|ses)$/.test(word)) return word.slice(0, -2);
  return word.endsWith("s") ? word.slice(0, -1) : word;
}

function isKeyLike(profile: ColumnProfile, rowCount: number): boolean {
  return rowCount > 1 && profile.is_unique && profile.null_count === 0;
}

/** The column that identifies a file's rows, if one stands out: the first unique one, named ones first. */
export function keyColumn(upload: CsvUpload): ColumnProfile | undefined {
  const unique = upload.profile.filter((profile) => isKeyLike(profile, upload.row_count));
  const first = upload.profile[0];
  return (
    unique.find((profile) => idName.test(words(profile.column))) ??
    unique.find((profile) => profile === first && profile.type !== "REAL")
  );
}

function fitsRange(from: ColumnProfile, to: ColumnProfile): boolean {
  const numbers = [from.min, from.max, to.min, to.max].map((text) => Number(text ?? Number.NaN));
  const [fromMin = 0, fromMax = 0, toMin = 0, toMax = 0] = numbers;
  if (numbers.some(Number.isNaN)) return true;
  return fromMin >= toMin && fromMax <= toMax;
}

function refersTo(profile: ColumnProfile, target: CsvUpload): boolean {
  const key = keyColumn(target);
  if (!key || key.type !== profile.type || !fitsRange(profile, key)) return false;
  const name = words(profile.column);
  const keyName = words(key.column);
  const entity = singular(fileStem(target.original_filename));
  const isGenericKey = keyName === "id" || keyName === "key" || keyName === "code";
  return isGenericKey ? name === `${entity}_${keyName}` || name === entity : name === keyName;
}

/** First impressions from names and profiles alone; the schema is made from the values themselves. */
export function columnHints(upload: CsvUpload, others: CsvUpload[]): Map<string, ColumnHint> {
  const hints = new Map<string, ColumnHint>();
  const key = keyColumn(upload);
  for (const profile of upload.profile) {
    if (profile === key) {
      hints.set(profile.column, { kind: "key" });
      continue;
    }
    const target = others.find((other) => other.id !== upload.id && refersTo(profile, other));
    if (target) {
      hints.set(profile.column, { kind: "reference", target: fileStem(target.original_filename) });
    }
  }
  return hints;
}
