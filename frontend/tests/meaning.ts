import type { ColumnMeaning, Meaning } from "@/lib/api/types";

/** A column of which only what is given differs from a plain category. */
export const column = (name: string, change: Partial<ColumnMeaning>): ColumnMeaning => ({
  column: name,
  type: "TEXT",
  role: "category",
  role_source: "data",
  unit: null,
  unit_source: "data",
  yes: null,
  yes_source: "data",
  words: [],
  ...change,
});

/** What was derived of a table of orders with an amount: revenue is its sum. */
export const ordersMeaning = (
  version: number,
  time: string,
  columns: ColumnMeaning[],
): Meaning => ({
  version,
  edits: {},
  tables: [
    {
      table: "orders",
      kind: "event",
      label: ["id"],
      label_source: "data",
      time,
      time_source: "data",
      words: [],
      columns,
    },
  ],
  metrics: [
    {
      name: "revenue",
      words: [],
      table: "orders",
      function: "sum",
      columns: ["amount"],
      per: null,
      source: "data",
    },
  ],
});
