import { describe, expect, it } from "vitest";
import { chartModel } from "@/lib/chat/chart";
import type { Cell } from "@/lib/chat/types";

const text = (name: string) => ({ name, type: "TEXT" });
const real = (name: string) => ({ name, type: "REAL" });

describe("chart", () => {
  it("follows the hint where it fits", () => {
    const rows: Cell[][] = [
      ["Ada", 5],
      ["Ben", 3],
    ];
    const model = chartModel(
      { columns: [text("name"), real("spent")], rows },
      { kind: "bar", x: "name", y: ["spent"] },
    );
    expect(model?.kind).toBe("bar");
    expect(model?.kinds).toContain("pie");
    expect(model?.points).toEqual([
      { label: "Ada", x: null, s0: 5 },
      { label: "Ben", x: null, s0: 3 },
    ]);
  });

  it("finds axis and measure without a hint, and never measures ids", () => {
    const rows: Cell[][] = [
      [7, "Ada", 5],
      [8, "Ben", 3],
    ];
    const model = chartModel({
      columns: [{ name: "id", type: "INTEGER" }, text("name"), real("spent")],
      rows,
    });
    expect(model?.xName).toBe("name");
    expect(model?.series.map((s) => s.name)).toEqual(["spent"]);
  });

  it("draws dates as a line and one value as a number", () => {
    const months: Cell[][] = [
      ["2024-01", 1],
      ["2024-02", 2],
    ];
    expect(chartModel({ columns: [text("month"), real("n")], rows: months })?.kind).toBe("line");
    expect(chartModel({ columns: [real("n")], rows: [[42]] })?.kind).toBe("number");
  });

  it("offers a scatter for two measures", () => {
    const rows: Cell[][] = [
      [1, 2],
      [3, 4],
    ];
    expect(chartModel({ columns: [real("price"), real("weight")], rows })?.kind).toBe("scatter");
  });

  it("has nothing to draw without numbers or rows, nor for a hint of missing columns", () => {
    expect(chartModel({ columns: [text("a"), text("b")], rows: [["x", "y"]] })).toBeNull();
    expect(chartModel({ columns: [real("a")], rows: [] })).toBeNull();
    expect(
      chartModel({ columns: [text("a")], rows: [["x"], ["y"]] }, { kind: "bar", x: "q", y: ["r"] }),
    ).toBeNull();
  });

  it("refuses a pie with negative parts and says how many rows it leaves out", () => {
    const columns = [text("name"), real("v")];
    expect(
      chartModel(
        {
          columns,
          rows: [
            ["a", -1],
            ["b", 2],
          ],
        },
        { kind: "pie", x: "name", y: ["v"] },
      )?.kind,
    ).toBe("bar");
    const many: Cell[][] = Array.from({ length: 100 }, (_, i) => [`n${i}`, i]);
    expect(chartModel({ columns, rows: many })?.left_out).toBe(60);
  });
});
