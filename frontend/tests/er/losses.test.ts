import { describe, expect, it } from "vitest";
import { applyEdit } from "@/lib/er/edit";
import { orphanChoices, orphanHint, orphanWords, outcomes, storedRows } from "@/lib/er/losses";
import type { Forecast, Relationship, SchemaJson } from "@/lib/er/model";

const pair = {
  from_table: "orders",
  from_columns: ["customer_id"],
  to_table: "customers",
  to_columns: ["id"],
};
const relationship: Relationship = {
  ...pair,
  evidence: { distinct: 910, matched: 612, orphan_rows: 450 },
};
const table = {
  rows_in: 500,
  row_count: 500,
  merged: 0,
  quarantined: 0,
  added: 0,
  emptied: [],
  reasons: [],
};
const forecast = (change: Partial<Forecast>): Forecast => ({
  tables: [{ ...table, name: "orders" }],
  references: [],
  loses_much: false,
  ...change,
});

describe("rows without a partner", () => {
  it("are told with the partners that they name", () => {
    expect(orphanWords(relationship, null)).toBe(
      "450 orders name 298 customers that are not there",
    );
    const one = { distinct: 2, matched: 1, orphan_rows: 1 };
    expect(orphanWords({ ...relationship, evidence: one }, null)).toBe(
      "1 row of orders names 1 row of customers that is not there",
    );
    expect(
      orphanWords({ ...relationship, evidence: { distinct: 9, matched: 9 } }, null),
    ).toBeNull();
  });

  it("are rows where the table's name cannot be counted", () => {
    const stock = { ...relationship, from_table: "stock_2024", to_table: "address" };
    expect(orphanWords(stock, null)).toBe(
      "450 rows of stock_2024 name 298 rows of address that are not there",
    );
    expect(orphanChoices(stock).map(({ label }) => label)).toEqual([
      "Keep these rows",
      "Keep them and add placeholder rows of address",
      "Set these rows aside",
      "Keep them and leave customer_id empty",
    ]);
  });

  it("are also those whose partner is in the file and will not be stored", () => {
    const sound = { ...relationship, evidence: { distinct: 9, matched: 9, orphan_rows: 0 } };
    const counted = forecast({ references: [{ ...pair, orphan_rows: 3 }] });
    expect(orphanWords(sound, counted)).toBe("3 orders name customers that are not there");
    const other = forecast({ references: [{ ...pair, from_table: "bills", orphan_rows: 3 }] });
    expect(orphanWords(sound, other)).toBeNull();
  });

  it("are kept unless another choice is made", () => {
    expect(orphanChoices(relationship)[0]?.value).toBe("keep");
    expect(orphanHint(relationship)).toBe(orphanHint({ ...relationship, orphans: "keep" }));
    expect(orphanHint({ ...relationship, orphans: "placeholder" })).toMatch(/customers/);
  });
});

describe("choices", () => {
  const schema: SchemaJson = {
    tables: [
      {
        name: "orders",
        source: { csv_id: "a" },
        columns: [
          { name: "customer_id", type: "INTEGER" },
          { name: "amount", type: "REAL" },
        ],
      },
    ],
    relationships: [relationship, { ...relationship, to_table: "people" }],
  };

  it("are edits of one relationship or column", () => {
    const aside = applyEdit(schema, { kind: "set_orphans", index: 1, orphans: "set_aside" });
    expect(aside.relationships?.map((r) => r.orphans)).toEqual([undefined, "set_aside"]);
    const misfits = applyEdit(schema, {
      kind: "set_misfits",
      table: "orders",
      column: "amount",
      misfits: "set_aside",
    });
    expect(misfits.tables[0]?.columns.map((c) => c.misfits)).toEqual([undefined, "set_aside"]);
    expect(schema.relationships?.[1]?.orphans).toBeUndefined();
  });

  it("show in what an import would do, each part with its places", () => {
    const all = forecast({
      tables: [
        {
          ...table,
          name: "orders",
          row_count: 498,
          quarantined: 2,
          emptied: [
            { column: "amount", cells: 2 },
            { column: "ordered_at", cells: 1 },
          ],
          reasons: [{ reason: "an earlier row has the same id", rows: 2 }],
        },
        { ...table, name: "customers", row_count: 501, added: 1 },
      ],
      references: [{ ...pair, to_table: "people", orphan_rows: 450 }],
    });
    expect(storedRows(all)).toBe(999);
    expect(outcomes(schema, all)).toEqual([
      {
        words: "3 cells become empty",
        places: [
          {
            words: "orders.amount: 2 cells",
            place: { kind: "column", table: "orders", column: "amount" },
          },
          {
            words: "orders.ordered_at: 1 cell",
            place: { kind: "column", table: "orders", column: "ordered_at" },
          },
        ],
      },
      {
        words: "2 rows set aside",
        places: [
          {
            words: "orders: 2 rows, an earlier row has the same id",
            place: { kind: "table", table: "orders" },
          },
        ],
      },
      {
        words: "1 placeholder row added",
        places: [{ words: "customers: 1 row", place: { kind: "table", table: "customers" } }],
      },
      {
        words: "450 rows without their partner",
        places: [{ words: "orders → people: 450 rows", place: { kind: "relationship", index: 1 } }],
      },
    ]);
  });

  it("leave nothing to tell where all is stored as it stands", () => {
    expect(outcomes(schema, forecast({}))).toEqual([]);
  });
});
