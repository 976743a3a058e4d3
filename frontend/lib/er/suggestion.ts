/** The evidence of a suggestion in words. What it is made of is said in docs/API.md, "Suggestions". */
import { formatNumber } from "@/lib/format";

export interface PreviewTable {
  table: string;
  row_count: number;
  columns: string[];
  rows: (string | null)[][];
}

export interface SuggestionWords {
  why: string[];
  /** What was compared, and whether all is the same. */
  proof: { text: string; whole: boolean } | null;
  /** What accepting it would lose. */
  loss: string | null;
  facts: [string, string][];
  preview: PreviewTable[];
}

const SAID = new Set(["why", "exceptions", "loss", "proof", "preview", "safe", "examples"]);

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((v): v is string => typeof v === "string") : [];

/** Reads whatever a suggestion carries; what it does not know is shown as names and values. */
export function suggestionWords(evidence: unknown): SuggestionWords {
  const words: SuggestionWords = { why: [], proof: null, loss: null, facts: [], preview: [] };
  if (typeof evidence === "string") return { ...words, why: [evidence] };
  if (!isFields(evidence)) return words;
  const exceptions = Array.isArray(evidence.exceptions)
    ? evidence.exceptions.filter(isFields).map((e) => e.text)
    : [];
  return {
    why: [...texts(evidence.why), ...texts(exceptions)],
    proof: proofOf(evidence.proof),
    loss: typeof evidence.loss === "string" ? evidence.loss : null,
    facts: Object.entries(evidence)
      .filter(([name, value]) => !SAID.has(name) && value !== null)
      .map(([name, value]) => [name.replaceAll("_", " "), factText(value)]),
    preview: Array.isArray(evidence.preview) ? evidence.preview.flatMap(previewOf) : [],
  };
}

function proofOf(proof: unknown): SuggestionWords["proof"] {
  if (!isFields(proof) || typeof proof.text !== "string") return null;
  return { text: proof.text, whole: proof.rows === proof.same };
}

function factText(value: unknown): string {
  if (typeof value === "number") return formatNumber(value);
  if (Array.isArray(value)) return value.map(factText).join(", ");
  if (isFields(value))
    return Object.entries(value)
      .map(([name, part]) => `${name.replaceAll("_", " ")}: ${factText(part)}`)
      .join("; ");
  return String(value);
}

function previewOf(table: unknown): PreviewTable[] {
  if (!isFields(table) || typeof table.table !== "string" || !Array.isArray(table.rows)) return [];
  const cell = (value: unknown) => (typeof value === "string" ? value : null);
  return [
    {
      table: table.table,
      row_count: typeof table.row_count === "number" ? table.row_count : table.rows.length,
      columns: texts(table.columns),
      rows: table.rows.filter(Array.isArray).map((row: unknown[]) => row.map(cell)),
    },
  ];
}
