import { describe, expect, it } from "vitest";

import { writtenFilter, writtenLimit, writtenPeriod } from "@/lib/plan/by-hand";
import type { PlanColumn } from "@/lib/plan/columns";

const column = (name: string, family: PlanColumn["family"]): PlanColumn => ({
  id: `orders.${name}`,
  table: "orders",
  name,
  family,
});
const amount = column("amount", "number");
const orderedAt = column("ordered_at", "date");

describe("a filter by hand", () => {
  it.each([
    ["12.5", 12.5],
    ["12,5", 12.5],
    ["1,234", 1234],
    ["1,234.5", 1234.5],
    ["1.234,5", 1234.5],
    ["1 234", 1234],
    ["-3", -3],
  ])("reads the number %s", (text, value) => {
    expect(writtenFilter(amount, "more_than", [text]).change).toEqual({
      where: { column: "orders.amount", operator: "more_than", values: [value] },
    });
  });

  it("says what is wrong instead of sending it", () => {
    expect(writtenFilter(amount, "is", ["much"]).fault).toMatch(/holds numbers/);
    expect(writtenFilter(amount, "is", [" "]).fault).toBe("Fill in a value.");
    expect(writtenFilter(amount, "between", ["1", ""]).fault).toBe("Fill in both values.");
    expect(writtenFilter(amount, "between", ["9", "10"]).fault).toBeUndefined();
    expect(writtenFilter(amount, "between", ["10", "9"]).fault).toMatch(/above the second/);
  });

  it("takes no value where none is meant, and has words of its own", () => {
    const status = column("status", "text");
    expect(writtenFilter(status, "empty", ["left over"])).toEqual({
      change: { where: { column: "orders.status", operator: "empty", values: [] } },
      label: "status is empty",
    });
    expect(writtenFilter(status, "is", ["paid"])).toMatchObject({ label: "status is “paid”" });
    expect(writtenFilter(orderedAt, "more_than", ["2024-01-31"])).toMatchObject({
      label: "ordered at is after 2024-01-31",
    });
  });
});

describe("a period by hand", () => {
  it("has its last day in it, and may be open", () => {
    expect(writtenPeriod(orderedAt, "2024-02-01", "2024-02-29").change).toEqual({
      period: { column: "orders.ordered_at", from: "2024-02-01", until: "2024-03-01" },
    });
    expect(writtenPeriod(orderedAt, "", "2024-12-31").change).toEqual({
      period: { column: "orders.ordered_at", from: null, until: "2025-01-01" },
    });
  });

  it("is not sent without a day or the wrong way round", () => {
    expect(writtenPeriod(orderedAt, "", "").fault).toBeDefined();
    expect(writtenPeriod(orderedAt, "2024-02-02", "2024-02-01").fault).toBeDefined();
  });
});

it("takes whole numbers of rows alone", () => {
  expect(writtenLimit(" 25 ").change).toEqual({ limit: 25 });
  for (const text of ["", "0", "-1", "2.5", "1000001", "ten"])
    expect(writtenLimit(text).fault, text).toBeDefined();
});
