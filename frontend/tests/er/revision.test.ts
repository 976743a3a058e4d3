import { describe, expect, it } from "vitest";

import {
  changeLines,
  lostSince,
  type Difference,
  type TableDifference,
  type UndoAnswer,
} from "@/lib/er/revision";

export const table: TableDifference = {
  before: "customers",
  after: "customers",
  columns: [],
  key: null,
  other_rows: false,
  rows_before: null,
  rows_after: null,
  inserted_rows: 0,
  mended_rows: 0,
  mended_cells: 0,
  carried_over: true,
};
const nothing: Difference = {
  dataset_id: "d",
  revision_id: "r",
  names_only: false,
  tables: [],
  references: [],
  meaning_dropped: [],
};
const counts = { row_count: 10, quarantined: 0, emptied_cells: 0 };
const words = (change: Partial<TableDifference>) =>
  changeLines({ ...nothing, tables: [{ ...table, ...change }] }).map((line) => line.words);

describe("changeLines", () => {
  it("tells new names, and what comes and goes", () => {
    expect(words({ after: "clients" })).toEqual(["customers is called clients"]);
    expect(words({ before: null })).toEqual(["New table customers"]);
    expect(words({ after: null })).toEqual(["customers goes"]);
    expect(
      words({
        columns: [
          { before: "name", after: "called" },
          { before: "note", after: null },
          { before: null, after: "size" },
        ],
      }),
    ).toEqual([
      "customers.name is called called",
      "customers.note is left out",
      "customers.size is new",
    ]);
  });

  it("tells types, rules and keys", () => {
    const change = (before: string, after: string) => ({ before, after });
    expect(
      words({
        key: { before: ["id"], after: [] },
        columns: [
          {
            before: "size",
            after: "size",
            column_type: change("INTEGER", "TEXT"),
            constraints: { before: ["NOT NULL"], after: ["UNIQUE"] },
            misfits: change("empty", "set_aside"),
          },
        ],
      }),
    ).toEqual([
      "customers.size: TEXT instead of INTEGER",
      "customers.size: UNIQUE, no more NOT NULL",
      "customers.size: rows with a value that does not fit are set aside",
      "customers: no primary key",
    ]);
  });

  it("marks what is lost", () => {
    const lines = changeLines({
      ...nothing,
      tables: [
        {
          ...table,
          rows_before: counts,
          rows_after: { row_count: 8, quarantined: 2, emptied_cells: 0 },
          inserted_rows: 1,
          mended_cells: 2,
        },
      ],
      meaning_dropped: ["the metric “revenue”"],
    });
    expect(lines).toEqual([
      { words: "customers: 8 rows stored instead of 10", lost: true },
      { words: "customers: 2 rows set aside instead of 0", lost: true },
      {
        words:
          "customers: 1 row added in the chat, 2 cells filled: carried over where they fit, else listed as set aside",
      },
      { words: "Your words: the metric “revenue” will be dropped", lost: true },
    ]);
  });

  it("tells which rule of a reference changes", () => {
    const reference = {
      change: "changed",
      from_table: "staff",
      from_columns: ["dept"],
      to_table: "departments",
      to_columns: ["code"],
    };
    const told = (change: object) =>
      changeLines({ ...nothing, references: [{ ...reference, ...change }] })[0]?.words;
    const spelling = (after: string[]) => ({ even_out: { before: ["case"], after } });
    expect(told(spelling(["blanks", "case"]))).toBe(
      "staff (dept) → departments (code): these count for nothing: blanks, letter case",
    );
    expect(told(spelling([]))).toMatch(/every difference of spelling counts$/);
    const orphans = { orphans: { before: "keep", after: "empty" } };
    expect(told(orphans)).toMatch(/another rule for rows without a partner$/);
  });
});

describe("lostSince", () => {
  const answer: UndoAnswer = {
    undone: false,
    version_before: null,
    inserted_rows: 0,
    taken_back_rows: 0,
    mended_rows: 0,
    mended_cells: 0,
  };
  it("names what was written since", () => {
    expect(lostSince(answer)).toBeNull();
    expect(lostSince({ ...answer, inserted_rows: 2, mended_cells: 1 })).toBe(
      "2 rows added in the chat; what was filled into 1 cell",
    );
  });
});
