import { describe, expect, it } from "vitest";

import { formatCell, isNameLike } from "@/lib/cell";

describe("formatCell", () => {
  it("separates thousands and keeps every decimal", () => {
    expect(formatCell("1234567", "INTEGER")).toBe("1,234,567");
    expect(formatCell("-1234.50", "DECIMAL")).toBe("-1,234.50");
  });

  it("leaves text alone, however numeric it looks", () => {
    expect(formatCell("00123", "TEXT")).toBe("00123");
    expect(formatCell("14,90", "DECIMAL")).toBe("14,90");
  });

  it("does not round what a double cannot hold", () => {
    expect(formatCell("12345678901234567890", "INTEGER")).toBe("12345678901234567890");
    expect(formatCell("0.1234567890123456", "REAL")).toBe("0.1234567890123456");
  });
});

describe("isNameLike", () => {
  it("knows numbers that name things", () => {
    for (const name of ["id", "customer_id", "CustomerId", "zip", "Year", "Order No"]) {
      expect(isNameLike(name), name).toBe(true);
    }
    for (const name of ["paid", "quantity", "unit_price", "valid", "casino"]) {
      expect(isNameLike(name), name).toBe(false);
    }
  });
});
