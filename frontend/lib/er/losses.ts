/** What of the data does not fit the schema, and what becomes of it, in words. */
import { plural } from "@/lib/format";
import type { Forecast, Misfits, Orphans, Relationship, Repeats, SchemaJson, Table } from "./model";

type Pair = Pick<Relationship, "from_table" | "from_columns" | "to_table" | "to_columns">;

/** Somewhere on the page where it shows, or is decided, what becomes of data. */
export type Place =
  | { kind: "table"; table: string }
  | { kind: "column"; table: string; column: string }
  | { kind: "relationship"; index: number };

/** A part of what an import would do, with the places that it comes from. */
export interface Outcome {
  words: string;
  places: { words: string; place: Place }[];
}

const samePair = (a: Pair, b: Pair) => pairKey(a) === pairKey(b);
const pairKey = (p: Pair) =>
  JSON.stringify([p.from_table, p.from_columns, p.to_table, p.to_columns]);

const spoken = (table: string) => table.replaceAll("_", " ");
/** Whether rows can be counted by the table's name: "3 orders", but "3 rows of stock_2024". */
const isPlural = (table: string) => /^[a-z][a-z ]*[^siu ]s$/i.test(spoken(table));
const rowsOf = (table: string) => (isPlural(table) ? spoken(table) : `rows of ${table}`);
const counted = (count: number, table: string) => plural(count, `row of ${table}`, rowsOf(table));

/** "450 orders name 298 customers that are not there"; null where every row has a partner. */
export function orphanWords(r: Relationship, forecast: Forecast | null): string | null {
  const { distinct = 0, matched = 0, orphan_rows = 0 } = r.evidence ?? {};
  // The forecast also knows rows whose partner is in the file but will not be stored.
  const kept = forecast?.references.find((other) => samePair(other, r))?.orphan_rows ?? 0;
  const rows = Math.max(orphan_rows, kept);
  if (rows === 0) return null;
  const values = Math.max(distinct - matched, 0);
  const partners = values === 0 ? rowsOf(r.to_table) : counted(values, r.to_table);
  const verb = rows === 1 ? "names" : "name";
  return `${counted(rows, r.from_table)} ${verb} ${partners} that ${values === 1 ? "is" : "are"} not there`;
}

/** The choices for rows without a partner, first the one that holds unless another is made. */
export function orphanChoices(r: Pair): { value: Orphans; label: string }[] {
  const these = isPlural(r.from_table) ? `these ${spoken(r.from_table)}` : "these rows";
  return [
    { value: "keep", label: `Keep ${these}` },
    { value: "placeholder", label: `Keep them and add placeholder ${rowsOf(r.to_table)}` },
    { value: "set_aside", label: `Set ${these} aside` },
    { value: "empty", label: `Keep them and leave ${r.from_columns.join(", ")} empty` },
  ];
}

/** What follows from the choice for rows without a partner. */
export function orphanHint(r: Relationship): string {
  switch (r.orphans ?? "keep") {
    case "keep":
      return "They are stored as they are, and the database does not enforce this reference.";
    case "placeholder":
      return `The added rows of ${r.to_table} hold their key and nothing else.`;
    case "set_aside":
      return "They are not stored; each is listed after the import.";
    case "empty":
      return "The text that stands there is listed after the import.";
  }
}

/** "1 row repeats a key of another (1042)"; null where the key names every row. */
export function keyExceptionWords(t: Table): string | null {
  const { repeated_rows = 0, empty_rows = 0, samples = [] } = t.key_exceptions ?? {};
  const parts = [
    repeated_rows > 0 &&
      `${plural(repeated_rows, "row repeats", "rows repeat")} the key of another${samples.length > 0 ? ` (${samples.join(", ")})` : ""}`,
    empty_rows > 0 && `${plural(empty_rows, "row has", "rows have")} none`,
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(" and ") : null;
}

/** Rows that the forecast sets aside because an earlier one has the same primary key, or because theirs is empty. */
export function rowsWithoutOwnKey(t: Table, forecast: Forecast | null): number {
  const key = t.primary_key ?? [];
  const reasons = [
    `an earlier row has the same ${key.join(", ")}`,
    ...key.map((column) => `${column} is empty, and must not be`),
  ];
  const own = forecast?.tables.find((other) => other.name === t.name)?.reasons ?? [];
  return own
    .filter(({ reason }) => reasons.includes(reason))
    .reduce((sum, { rows }) => sum + rows, 0);
}

export const REPEAT_CHOICES: { value: Repeats; label: string }[] = [
  { value: "keep", label: "Keep all rows" },
  { value: "set_aside", label: "Set the later rows aside" },
];

export const MISFIT_CHOICES: { value: Misfits; label: string }[] = [
  { value: "empty", label: "become empty (default)" },
  { value: "set_aside", label: "set the rows aside" },
];

export function storedRows({ tables }: Forecast): number {
  return tables.reduce((sum, t) => sum + t.row_count, 0);
}

/** What would not be stored as it stands in the files, kind by kind; none where all of it is. */
export function outcomes(schema: SchemaJson, { tables, references }: Forecast): Outcome[] {
  const at = (count: number, one: string, many: string, places: Outcome["places"]) =>
    count > 0 ? [{ words: plural(count, one, many), places }] : [];
  const sum = (of: (t: (typeof tables)[number]) => number) =>
    tables.reduce((total, t) => total + of(t), 0);
  const relationships = schema.relationships ?? [];
  const cells = tables.flatMap((t) => t.emptied.map((c) => ({ ...c, table: t.name })));
  const orphans = references.reduce((total, r) => total + r.orphan_rows, 0);
  return [
    ...at(
      cells.reduce((total, c) => total + c.cells, 0),
      "cell becomes empty",
      "cells become empty",
      cells.map(({ table, column, cells: count }) => ({
        words: `${table}.${column}: ${plural(count, "cell")}`,
        place: { kind: "column", table, column },
      })),
    ),
    ...at(
      sum((t) => t.quarantined),
      "row set aside",
      "rows set aside",
      tables.flatMap((t) =>
        t.reasons.map(({ reason, rows }) => ({
          words: `${t.name}: ${plural(rows, "row")}, ${reason}`,
          place: { kind: "table", table: t.name },
        })),
      ),
    ),
    ...at(
      sum((t) => t.added),
      "placeholder row added",
      "placeholder rows added",
      tables
        .filter((t) => t.added > 0)
        .map((t) => ({
          words: `${t.name}: ${plural(t.added, "row")}`,
          place: { kind: "table", table: t.name },
        })),
    ),
    ...at(
      orphans,
      "row without its partner",
      "rows without their partner",
      references.map((r) => {
        const index = relationships.findIndex((own) => samePair(own, r));
        return {
          words: `${r.from_table} → ${r.to_table}: ${plural(r.orphan_rows, "row")}`,
          place:
            index < 0 ? { kind: "table", table: r.from_table } : { kind: "relationship", index },
        };
      }),
    ),
  ];
}
