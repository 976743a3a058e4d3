import { describe, expect, it } from "vitest";
import { formatSql, tokenize } from "@/lib/chat/sql";

describe("sql", () => {
  it("loses nothing", () => {
    const sql = "SELECT \"a b\", 'it''s', `x`, [y], 1.5e3 -- end\n/* open";
    expect(
      tokenize(sql)
        .map((t) => t.text)
        .join(""),
    ).toBe(sql);
    expect(tokenize("SELECT x").map((t) => t.kind)).toEqual(["keyword", "space", "word"]);
  });

  it("puts clauses on lines, but not those in parentheses or strings", () => {
    const sql =
      "SELECT c.name, SUM(o.total) AS spent FROM orders AS o LEFT JOIN customers AS c ON c.id = o.customer_id WHERE o.note = 'from x where y' AND o.day BETWEEN 1 AND 2 AND o.id IN (SELECT id FROM t) GROUP BY c.name ORDER BY spent DESC LIMIT 5";
    expect(formatSql(sql)).toBe(
      [
        "SELECT c.name, SUM(o.total) AS spent",
        "FROM orders AS o",
        "LEFT JOIN customers AS c ON c.id = o.customer_id",
        "WHERE o.note = 'from x where y'",
        "  AND o.day BETWEEN 1 AND 2",
        "  AND o.id IN (SELECT id FROM t)",
        "GROUP BY c.name",
        "ORDER BY spent DESC",
        "LIMIT 5",
      ].join("\n"),
    );
  });

  it("leaves text that has lines, and short text", () => {
    expect(formatSql("SELECT 1\nFROM t")).toBe("SELECT 1\nFROM t");
    expect(formatSql("SELECT count(*) FROM t")).toBe("SELECT count(*) FROM t");
  });
});
