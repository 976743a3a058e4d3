import { describe, expect, it } from "vitest";
import { sourcesById, summaryOf, totalRows, typeWarning } from "@/lib/er/sources";

const profile = (type: string) => ({
  column: "c",
  type,
  null_count: 2,
  distinct_count: 3,
  min: "a",
  max: "z",
  top_values: [{ value: "x", count: 5 }],
  is_unique: false,
});

describe("sources", () => {
  it("says the values of a column in a line", () => {
    expect(summaryOf(profile("TEXT"), { type: "TEXT" })).toBe("x · 3 distinct · 2 empty");
    expect(summaryOf(profile("DATE"), { type: "DATE" })).toBe("a … z · 3 distinct · 2 empty");
    expect(summaryOf(undefined, { type: "TEXT" })).toBeNull();
  });
  it("warns of a type that the values do not have, not of a wider one", () => {
    expect(typeWarning(profile("TEXT"), { type: "INTEGER" }, false)).toMatch(/become empty/);
    expect(typeWarning(profile("TEXT"), { type: "INTEGER" }, true)).toMatch(/set aside/);
    expect(typeWarning(profile("TEXT"), { type: "INTEGER", misfits: "set_aside" }, false)).toMatch(
      /set aside/,
    );
    expect(typeWarning(profile("INTEGER"), { type: "REAL" }, false)).toBeNull();
    expect(typeWarning(profile("DATE"), { type: "TEXT" }, false)).toBeNull();
    expect(typeWarning(undefined, { type: "DATE" }, false)).toBeNull();
  });
  it("counts the rows of tables that hold whole files", () => {
    const sources = sourcesById([
      { id: "a", filename: "x.csv", original_filename: "orders.csv", row_count: 10, profile: [] },
    ]);
    expect(sources.get("a")?.filename).toBe("orders.csv");
    expect(
      totalRows(
        [
          { source: { csv_id: "a" } },
          { source: { csv_id: "a", rows: "distinct" } },
          { source: { csv_id: "b" } },
        ],
        sources,
      ),
    ).toBe(10);
  });
});
