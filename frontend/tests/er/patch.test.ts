import { describe, expect, it } from "vitest";
import { applyEdit } from "@/lib/er/edit";
import { history, startHistory } from "@/lib/er/history";
import type { SchemaJson } from "@/lib/er/model";
import { patchFault } from "@/lib/er/patch";
import { suggestionWords } from "@/lib/er/suggestion";

const text = (name: string) => ({ name, type: "TEXT" as const, source_column: name });
const number = (name: string) => ({ name, type: "INTEGER" as const, source_column: name });

const split = (table: string, key: string, moved: string) => ({
  id: `split:orders:${key}`,
  kind: "split_table",
  title: `Split ${table} off orders`,
  evidence: {},
  patch: {
    tables: [
      {
        name: table,
        source: { csv_id: "a", rows: "distinct" },
        primary_key: [key],
        columns: [number(key), text(moved)],
      },
    ],
    drop_columns: [{ table: "orders", columns: [moved] }],
    relationships: [
      {
        from_table: "orders",
        from_columns: [key],
        to_table: table,
        to_columns: [key],
        cardinality: "many-to-one",
      },
    ],
  },
});

const wide = (): SchemaJson => ({
  tables: [
    {
      name: "orders",
      source: { csv_id: "a", rows: "all" },
      primary_key: ["id"],
      columns: [
        number("id"),
        number("customer_id"),
        text("customer_name"),
        number("product_id"),
        text("product_name"),
      ],
    },
  ],
  relationships: [],
  indexes: [{ name: "i", table: "orders", columns: ["customer_name"] }],
  suggestions: [
    split("customers", "customer_id", "customer_name"),
    split("products", "product_id", "product_name"),
  ],
});

const accept = (schema: SchemaJson, place: number) =>
  applyEdit(schema, { kind: "accept_suggestion", id: wide().suggestions![place]!.id });

describe("accepting a suggestion", () => {
  it("moves columns, refers to the new table and leaves the rest", () => {
    const next = accept(wide(), 0);
    expect(next.tables.map((t) => t.name)).toEqual(["orders", "customers"]);
    expect(next.tables[0]?.columns.map((c) => c.name)).toEqual([
      "id",
      "customer_id",
      "product_id",
      "product_name",
    ]);
    expect(next.tables[0]?.columns[1]?.references).toEqual({
      table: "customers",
      column: "customer_id",
    });
    expect(next.relationships).toHaveLength(1);
    expect(next.indexes).toEqual([]);
    expect(next.suggestions?.map((s) => s.id)).toEqual(["split:orders:product_id"]);
  });

  it("takes several in any order", () => {
    const one = accept(accept(wide(), 0), 1);
    const other = accept(accept(wide(), 1), 0);
    expect(one.tables[0]).toEqual(other.tables[0]);
    expect(new Set(one.tables.map((t) => t.name))).toEqual(
      new Set(["orders", "customers", "products"]),
    );
  });

  it("is undone and done again by the history", () => {
    const before = wide();
    const after = accept(before, 0);
    const changed = history(startHistory(before), { kind: "change", value: after });
    const undone = history(changed, { kind: "undo" });
    expect(undone.present).toEqual(wide());
    expect(history(undone, { kind: "redo" }).present).toBe(after);
  });

  it("keeps an edit that was made in between", () => {
    const edited = applyEdit(wide(), {
      kind: "rename_column",
      table: "orders",
      column: "product_name",
      name: "product",
    });
    const next = accept(edited, 0);
    expect(next.tables[0]?.columns.map((c) => c.name)).toContain("product");
  });
});

describe("a suggestion that does not fit any more", () => {
  const faultAfter = (edit: Parameters<typeof applyEdit>[1]) => {
    const edited = applyEdit(wide(), edit);
    const suggestion = edited.suggestions![0]!;
    const fault = patchFault(edited, suggestion);
    if (fault !== null)
      expect(applyEdit(edited, { kind: "accept_suggestion", id: suggestion.id })).toBe(edited);
    return fault;
  };

  it("says what is missing, and changes nothing", () => {
    expect(patchFault(wide(), wide().suggestions![0]!)).toBeNull();
    expect(faultAfter({ kind: "drop_column", table: "orders", column: "customer_name" })).toBe(
      "orders has no column customer_name any more",
    );
    expect(
      faultAfter({
        kind: "rename_column",
        table: "orders",
        column: "customer_id",
        name: "client",
      }),
    ).toBe("orders has no column customer_id any more");
    expect(faultAfter({ kind: "rename_table", table: "orders", name: "sales" })).toBe(
      "there is no table orders any more",
    );
    expect(
      faultAfter({ kind: "set_type", table: "orders", column: "customer_name", type: "INTEGER" }),
    ).toBe("customer_name of orders has another type now");
    expect(faultAfter({ kind: "toggle_key", table: "orders", column: "customer_name" })).toBe(
      "customer_name is part of the key of orders now",
    );
    expect(faultAfter({ kind: "dismiss_suggestion", id: "split:orders:customer_id" })).toBeNull();
  });

  it("does not take the place of another table", () => {
    const schema = wide();
    schema.tables.push({ name: "Customers", source: { csv_id: "b" }, columns: [number("x")] });
    expect(patchFault(schema, schema.suggestions![0]!)).toBe(
      "there is another table Customers now",
    );
  });
});

describe("evidence", () => {
  it("is told in words", () => {
    const words = suggestionWords({
      why: ["customer_id decides customer_name: 40 different values in 600 rows."],
      row_count: 1600,
      exceptions: [{ column: "city", rows: 1, lines: [3], text: "but in 1 row" }],
      loss: null,
      proof: { rows: 600, same: 600, text: "joined back: 600 of 600 rows are the same" },
      preview: [{ table: "customers", row_count: 40, columns: ["id"], rows: [["1"], [null]] }],
      safe: true,
    });
    expect(words.why).toHaveLength(2);
    expect(words.proof?.whole).toBe(true);
    expect(words.facts).toEqual([["row count", (1600).toLocaleString()]]);
    expect(words.preview[0]?.rows).toEqual([["1"], [null]]);
  });

  it("of a kind that is not known is shown as names and values", () => {
    expect(suggestionWords({ some_counts: { a: 1, b: [2, 3] } }).facts).toEqual([
      ["some counts", "a: 1; b: 2, 3"],
    ]);
    expect(suggestionWords("because").why).toEqual(["because"]);
    expect(suggestionWords(null).facts).toEqual([]);
  });
});
