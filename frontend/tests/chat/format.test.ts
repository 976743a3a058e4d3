import { describe, expect, it } from "vitest";
import { columnFraction, compareCells, formatCell, formatMs } from "@/lib/chat/format";

describe("cells", () => {
  it("separates thousands in the locale", () => {
    expect(formatCell(1234567.891, { name: "total", type: "REAL" }, "en")).toBe("1,234,567.89");
    expect(formatCell(1234567.891, { name: "total", type: "REAL" }, "de")).toBe("1.234.567,89");
  });
  it("leaves what names rather than counts", () => {
    expect(formatCell(2024, { name: "year", type: "INTEGER" }, "en")).toBe("2024");
    expect(formatCell(10234, { name: "customer_id", type: "INTEGER" }, "en")).toBe("10234");
    expect(formatCell(10234, { name: "paid", type: "INTEGER" }, "en")).toBe("10,234");
  });
  it("keeps small values readable", () => {
    expect(formatCell(0.000123456, { name: "rate", type: "REAL" }, "en")).toBe("0.0001235");
  });
  it("keeps every digit of integers that come as text", () => {
    expect(formatCell("9007199254740993", { name: "n", type: "INTEGER" }, "en")).toBe(
      "9,007,199,254,740,993",
    );
    expect(formatCell("9007199254740993", { name: "n", type: "TEXT" }, "en")).toBe(
      "9007199254740993",
    );
  });
  it("says yes and no for booleans, nothing for null", () => {
    expect(formatCell(1, { name: "active", type: "BOOLEAN" })).toBe("yes");
    expect(formatCell(null, { name: "active", type: "TEXT" })).toBe("");
  });
  it("sorts empty cells last in both directions", () => {
    expect([3, null, 1].sort((a, b) => compareCells(a, b, 1))).toEqual([1, 3, null]);
    expect([3, null, 1].sort((a, b) => compareCells(a, b, -1))).toEqual([3, 1, null]);
    expect(["a10", "a9"].sort((a, b) => compareCells(a, b, 1))).toEqual(["a9", "a10"]);
  });
  it("gives the numbers of a column the same digits after the point", () => {
    expect(columnFraction([18234.5, 15870.129999, 14990, null])).toBe(2);
    expect(columnFraction([1.5, 2])).toBe(1);
    expect(columnFraction([1, 2])).toBeUndefined();
    expect(columnFraction([0.00012, 3.5])).toBeUndefined();
    expect(formatCell(14990, { name: "total", type: "REAL" }, "en", 2)).toBe("14,990.00");
  });
  it("says times in words", () => {
    expect([formatMs(0.3), formatMs(12.4), formatMs(1530)]).toEqual([
      "under 1 ms",
      "12 ms",
      "1.5 s",
    ]);
  });
});
