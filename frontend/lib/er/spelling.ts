/** Differences of spelling that count for nothing between a reference and its key. */
import type {
  EvenedColumn,
  Evening,
  Forecast,
  ImportedTable,
  Relationship,
  SchemaJson,
} from "./model";

/** In the order in which they are offered, with what each means. */
export const EVENINGS: { value: Evening; label: string; hint: string }[] = [
  { value: "blanks", label: "Blanks", hint: "“ENG ” is ENG, two blanks are one" },
  { value: "case", label: "Letter case", hint: "eng is ENG" },
  { value: "composition", label: "Encoding of accents", hint: "é of two characters is é of one" },
  { value: "zeros", label: "Leading zeros", hint: "007 is 7" },
];

/** "blanks, letter case". */
export function eveningWords(evenOut: Evening[]): string {
  const chosen = EVENINGS.filter(({ value }) => evenOut.includes(value));
  return chosen.map(({ label }) => label.toLowerCase()).join(", ");
}

/** Whether spellings can be evened out: one column of text refers to one of text. */
export function hasSpellings(schema: SchemaJson, r: Relationship): boolean {
  const isText = (table: string, columns: string[]) => {
    const own = schema.tables.find((t) => t.name === table);
    return columns.length === 1 && own?.columns.find((c) => c.name === columns[0])?.type === "TEXT";
  };
  return isText(r.from_table, r.from_columns) && isText(r.to_table, r.to_columns);
}

/** The list with the difference put in, or taken out. */
export function toggledEvening(evenOut: Evening[], value: Evening): Evening[] {
  const chosen = new Set(evenOut);
  if (!chosen.delete(value)) chosen.add(value);
  return EVENINGS.map((e) => e.value).filter((e) => chosen.has(e));
}

/** The cells of the referring column that are stored in another spelling: foretold, or as they were imported. */
export function evenedCells(
  r: Relationship,
  told: Forecast["tables"] | ImportedTable[] | null,
): EvenedColumn | null {
  const table = told?.find((t) => t.name === r.from_table);
  return table?.evened?.find((c) => c.column === r.from_columns[0]) ?? null;
}
