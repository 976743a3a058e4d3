import { describe, expect, it } from "vitest";

import {
  addressOf,
  changedValues,
  faultsByColumn,
  fileOfDownload,
  filterOf,
  firstField,
  NO_FILTER,
  placesOfCells,
  placesOfRows,
  placesQuery,
  type Facets,
  type RowDetail,
  type RowField,
} from "@/lib/er/set-aside";

const facets: Facets = { tables: [], columns: [], reasons: [], files: [] };

const field = (column: string, change: Partial<RowField> = {}): RowField => ({
  column,
  type: "TEXT",
  source_column: column,
  origin: "field",
  text: null,
  is_known: true,
  required: false,
  is_key: false,
  refers_to: null,
  ...change,
});

describe("the filter of a list", () => {
  const filter = { ...NO_FILTER, reason: "not a number & more", search: "50%", mended: true };

  it("is a query that leaves out what is not asked for", () => {
    expect(placesQuery(NO_FILTER)).toBe("");
    expect(placesQuery(filter, { offset: 50 })).toBe(
      "reason=not+a+number+%26+more&search=50%25&mended=true&offset=50",
    );
  });

  it("comes back from the page's address", () => {
    const address = addressOf(filter);
    expect(address.in).toBeNull();
    const params = new URLSearchParams();
    for (const [name, value] of Object.entries(address)) if (value) params.set(name, value);
    expect(filterOf(params)).toEqual(filter);
    expect(filterOf(new URLSearchParams())).toEqual(NO_FILTER);
  });

  it("downloads with the fields of the only file, or the chosen one", () => {
    const file = (csv_id: string) => ({ csv_id, file: `${csv_id}.csv`, count: 1 });
    expect(fileOfDownload(NO_FILTER, { ...facets, files: [file("a")] })).toBe("a");
    expect(fileOfDownload(NO_FILTER, { ...facets, files: [file("a"), file("b")] })).toBe("");
    expect(fileOfDownload({ ...NO_FILTER, csv_id: "b" }, undefined)).toBe("b");
  });
});

describe("places", () => {
  const place = { id: 1, table: "t", csv_id: "a", file: "t.csv", line: 2, reason: "r" };

  it("are alike for rows and cells", () => {
    const row = { ...place, column: undefined, kind: "k", raw: "1,x", mended: false };
    const [one] = placesOfRows({ rows: [row], total: 1, offset: 0, facets }).places;
    expect(one).toMatchObject({ id: 1, column: null, kind: "k", text: "1,x", open: true });
    const cell = { ...place, table_column: "c", text: "x", mended: false, has_row: false };
    const [two] = placesOfCells({ cells: [cell], total: 1, offset: 0, facets }).places;
    expect(two).toMatchObject({ column: "c", kind: "r", text: "x", open: false });
  });
});

describe("what is sent of a row", () => {
  it("is what is different, and nothing written is no value", () => {
    const fields = [
      field("id", { text: "x" }),
      field("name", { text: "Ann" }),
      field("note"),
      field("long", { is_known: false }),
    ];
    expect(changedValues(fields, {})).toEqual({});
    expect(changedValues(fields, { id: "3", name: "Ann", note: "", long: "" })).toEqual({
      id: "3",
      long: null,
    });
    expect(changedValues(fields, { name: "" })).toEqual({ name: null });
  });

  it("begins at the field to blame", () => {
    const row = { column: "Amount" } as RowDetail["row"];
    const fields = [
      field("id", { origin: "numbered", source_column: null }),
      field("name"),
      field("amount", { source_column: "Amount" }),
    ];
    expect(firstField({ row, is_cut: false, fields })).toBe("amount");
    const nobody = { ...row, column: null };
    expect(firstField({ row: nobody, is_cut: false, fields })).toBe("name");
    const cut = [...fields, field("long", { is_known: false })];
    expect(firstField({ row: nobody, is_cut: true, fields: cut })).toBe("long");
    expect(firstField({ row: nobody, is_cut: false, fields: [] })).toBeNull();
  });
});

describe("faults", () => {
  it("stand at their columns, whatever these are called", () => {
    const faults = faultsByColumn([
      { field: "values.unit.price", message: "a" },
      { field: "values.unit.price", message: "later" },
      { field: "rows[12].values.id", message: "b" },
      { field: "values", message: "whole" },
    ]);
    expect([...faults]).toEqual([
      ["unit.price", "a"],
      ["id", "b"],
      ["", "whole"],
    ]);
  });
});
