import { describe, expect, it } from "vitest";
import { applyEdit, nameFault } from "@/lib/er/edit";
import { history, startHistory } from "@/lib/er/history";
import { locate } from "@/lib/er/problems";
import { evidenceQuery, evidenceWords, side, strength } from "@/lib/er/evidence";
import { isMadeByRows, rowsWords, type SchemaJson } from "@/lib/er/model";

const shop = (): SchemaJson => ({
  tables: [
    {
      name: "orders",
      source: { csv_id: "a" },
      primary_key: ["id"],
      columns: [
        { name: "id", type: "INTEGER", constraints: ["NOT NULL"] },
        { name: "customer_id", type: "INTEGER", references: { table: "customers", column: "id" } },
      ],
    },
    {
      name: "customers",
      source: { csv_id: "b" },
      primary_key: ["id"],
      columns: [{ name: "id", type: "INTEGER" }],
    },
  ],
  relationships: [
    {
      from_table: "orders",
      from_columns: ["customer_id"],
      to_table: "customers",
      to_columns: ["id"],
      confidence: 0.98,
      evidence: { distinct: 910, matched: 900, orphan_rows: 12 },
    },
  ],
  indexes: [{ name: "i", table: "orders", columns: ["customer_id"] }],
  suggestions: [],
});

describe("edits", () => {
  it("carries a table's new name into references, relationships and indexes", () => {
    const next = applyEdit(shop(), { kind: "rename_table", table: "customers", name: " people " });
    expect(next.tables[1]?.name).toBe("people");
    expect(next.tables[0]?.columns[1]?.references).toEqual({ table: "people", column: "id" });
    expect(next.relationships?.[0]?.to_table).toBe("people");
  });

  it("carries a column's new name into keys and what points at it", () => {
    const next = applyEdit(shop(), {
      kind: "rename_column",
      table: "customers",
      column: "id",
      name: "number",
    });
    expect(next.tables[1]?.primary_key).toEqual(["number"]);
    expect(next.tables[0]?.primary_key).toEqual(["id"]);
    expect(next.tables[0]?.columns[1]?.references?.column).toBe("number");
    expect(next.relationships?.[0]?.to_columns).toEqual(["number"]);
  });

  it("carries a column's new name into the way its table takes rows", () => {
    const schema = shop();
    schema.tables.push({
      name: "by_month",
      source: {
        csv_id: "a",
        rows: {
          unpivot: {
            columns: ["jan", "feb"],
            names: ["1", "2"],
            name_column: "month",
            value_column: "value",
          },
        },
      },
      primary_key: ["id", "month"],
      columns: [
        { name: "id", type: "INTEGER", source_column: "id" },
        { name: "month", type: "INTEGER", source_column: null },
        { name: "value", type: "INTEGER", source_column: null },
      ],
    });
    const next = applyEdit(schema, {
      kind: "rename_column",
      table: "by_month",
      column: "value",
      name: "visits",
    }).tables[2]!;
    expect(next.source.rows).toMatchObject({
      unpivot: { name_column: "month", value_column: "visits", columns: ["jan", "feb"] },
    });
    expect(next.columns.map((c) => isMadeByRows(next, c))).toEqual([false, true, true]);
    expect(rowsWords(next)).toBe("a row for each month");
  });

  it("drops all that hangs on a table", () => {
    const next = applyEdit(shop(), { kind: "drop_table", table: "customers" });
    expect(next.tables).toHaveLength(1);
    expect(next.relationships).toEqual([]);
    expect(next.tables[0]?.columns[1]).not.toHaveProperty("references");
  });

  it("drops the key, the references and the indexes of a dropped column", () => {
    const gone = applyEdit(shop(), { kind: "drop_column", table: "orders", column: "customer_id" });
    expect(gone.relationships).toEqual([]);
    expect(gone.indexes).toEqual([]);
    expect(
      applyEdit(shop(), { kind: "drop_column", table: "customers", column: "id" }).tables[1]
        ?.primary_key,
    ).toEqual([]);
  });

  it("sets and clears a reference on the column and among the relationships", () => {
    const cleared = applyEdit(shop(), {
      kind: "set_reference",
      table: "orders",
      column: "customer_id",
      reference: null,
    });
    expect(cleared.relationships).toEqual([]);
    const set = applyEdit(cleared, {
      kind: "set_reference",
      table: "orders",
      column: "customer_id",
      reference: { table: "customers", column: "id" },
    });
    expect(set.relationships).toHaveLength(1);
    expect(set.relationships?.[0]?.evidence?.reasons).toEqual([]);
    expect(set.tables[0]?.columns[1]?.references).toEqual({ table: "customers", column: "id" });
  });

  it("keeps a composite key in the order of the columns", () => {
    const one = applyEdit(shop(), { kind: "toggle_key", table: "orders", column: "id" });
    const two = applyEdit(one, { kind: "toggle_key", table: "orders", column: "customer_id" });
    expect(
      applyEdit(two, { kind: "toggle_key", table: "orders", column: "id" }).tables[0]?.primary_key,
    ).toEqual(["id", "customer_id"]);
  });

  it("accepts a suggestion: replaces, adds, and removes what no longer fits", () => {
    const schema = shop();
    schema.suggestions = [
      {
        id: "s",
        kind: "split_table",
        title: "t",
        patch: {
          tables: [
            { name: "orders", source: { csv_id: "a" }, columns: [{ name: "id", type: "INTEGER" }] },
            {
              name: "cities",
              source: { csv_id: "a", rows: "distinct" },
              columns: [{ name: "city", type: "TEXT" }],
            },
          ],
        },
      },
    ];
    const next = applyEdit(schema, { kind: "accept_suggestion", id: "s" });
    expect(next.tables.map((t) => t.name)).toEqual(["orders", "customers", "cities"]);
    expect(next.relationships).toEqual([]);
    expect(next.indexes).toEqual([]);
    expect(next.suggestions).toEqual([]);
  });

  it("refuses names that cannot be", () => {
    expect(nameFault(" ", [])).toMatch(/needed/);
    expect(nameFault("SQLITE_x", [])).toMatch(/reserved/);
    expect(nameFault("Orders", ["orders"])).toMatch(/taken/);
    expect(nameFault("orders 2", ["orders"])).toBeNull();
  });
});

describe("history", () => {
  it("undoes, redoes and forgets the future after a change", () => {
    let h = startHistory(1);
    h = history(h, { kind: "change", value: 2 });
    h = history(h, { kind: "change", value: 3 });
    h = history(h, { kind: "undo" });
    expect(h.present).toBe(2);
    expect(history(h, { kind: "redo" }).present).toBe(3);
    h = history(h, { kind: "change", value: 9 });
    expect(history(h, { kind: "redo" }).present).toBe(9);
    expect(history(startHistory(1), { kind: "undo" }).present).toBe(1);
  });

  it("takes a better form of the present, but not of what is past", () => {
    const h = history(startHistory(1), { kind: "change", value: 2 });
    expect(history(h, { kind: "refine", of: 2, value: 20 })).toEqual({
      past: [1],
      present: 20,
      future: [],
    });
    expect(history(h, { kind: "refine", of: 1, value: 10 })).toBe(h);
  });
});

describe("problems and evidence", () => {
  it("finds the field of a problem", () => {
    expect(locate(shop(), { field: "tables[0].columns[1].type", message: "m" })).toMatchObject({
      table: "orders",
      column: "customer_id",
      part: "type",
    });
    expect(locate(shop(), { field: "tables[1].name", message: "m" })).toMatchObject({
      table: "customers",
      column: null,
    });
    expect(locate(shop(), { field: "relationships[0]", message: "m" }).relationship).toBe(0);
    expect(locate(shop(), { field: "elsewhere", message: "m" }).table).toBeNull();
  });

  it("says the numbers of a relationship", () => {
    const r = shop().relationships?.[0];
    if (!r) throw new Error("no relationship");
    expect(evidenceWords(r, "en")).toBe("900 of 910 values found, 12 orphan rows");
    expect(evidenceQuery(r)).toContain('FROM "orders"');
    expect(evidenceQuery({ ...r, from_table: 'a"b' })).toContain('"a""b"');
    expect(side("t", ["a", "b"])).toBe("t.(a, b)");
    expect([strength(0.95), strength(0.7), strength(0.2)]).toEqual(["strong", "likely", "weak"]);
  });
});
