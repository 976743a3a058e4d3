import { describe, expect, it } from "vitest";

import { isKeyColumn, linkFault } from "@/lib/er/connect";
import { countsOf, countWords, edgePath, endMark, sidesOf } from "@/lib/er/edges";
import { flowOf, handleEnd, handleId, handlesOf, keepPlaces } from "@/lib/er/flow";
import { drawGraph, fit, type Box } from "@/lib/er/graph-image";
import { layoutTables } from "@/lib/er/layout";
import type { Relationship, SchemaJson, Table } from "@/lib/er/model";

const table = (name: string, columns: string[], key: string[] = []): Table => ({
  name,
  source: { csv_id: name },
  primary_key: key,
  columns: columns.map((column) => ({ name: column, type: "INTEGER" })),
});

const relationship = (from: string, column: string, to: string, key: string): Relationship => ({
  from_table: from,
  from_columns: [column],
  to_table: to,
  to_columns: [key],
});

const shop = (): SchemaJson => ({
  tables: [
    table("customers", ["id", "email"], ["id"]),
    table("orders", ["id", "customer_id", "referrer"], ["id"]),
    table("lines", ["order_id", "line_no"], ["order_id", "line_no"]),
  ],
  relationships: [relationship("orders", "customer_id", "customers", "id")],
});

describe("drawn references", () => {
  const fault = (from: string, to: string, schema = shop()) => {
    const end = (text: string) => {
      const [name = "", column = ""] = text.split(".");
      return { table: name, column };
    };
    return linkFault(schema, end(from), end(to));
  };

  it("may lead to a key, and to what is declared unique", () => {
    expect(fault("orders.referrer", "customers.id")).toBeNull();
    const schema = shop();
    const email = schema.tables[0]?.columns[1];
    if (email) email.constraints = ["unique"];
    expect(fault("orders.referrer", "customers.email", schema)).toBeNull();
    schema.indexes = [{ name: "u", table: "orders", columns: ["referrer"], unique: true }];
    expect(isKeyColumn(schema, { table: "orders", column: "referrer" })).toBe(true);
    schema.indexes = [{ name: "u", table: "orders", columns: ["referrer"] }];
    expect(isKeyColumn(schema, { table: "orders", column: "referrer" })).toBe(false);
  });

  it("may not lead elsewhere, and it is said why", () => {
    expect(fault("orders.referrer", "customers.email")).toEqual({
      message: "customers.email is not a key, so a row that points at it could mean several.",
      canTurn: false,
    });
    expect(fault("customers.id", "orders.referrer")?.canTurn).toBe(true);
    expect(fault("orders.id", "lines.order_id")?.message).toBe(
      "lines.order_id is only a part of the key lines.(order_id, line_no).",
    );
    expect(fault("orders.customer_id", "customers.id")?.message).toMatch(/already/);
    expect(fault("orders.id", "orders.id")?.message).toMatch(/itself/);
    expect(fault("gone.id", "customers.id")?.message).toMatch(/not there/);
  });
});

describe("marks", () => {
  const r = relationship("orders", "customer_id", "customers", "id");

  it("say how many go with how many, and what is not enforced", () => {
    const schema = shop();
    expect(countWords(countsOf(schema, r))).toBe("any number to at most one");
    const column = schema.tables[1]?.columns[1];
    if (column) column.constraints = ["NOT NULL"];
    expect(countsOf(schema, r)).toEqual({ from: "maybe-many", to: "one", isEnforced: true });
    const kept = { ...r, evidence: { orphan_rows: 3 } };
    expect(countWords(countsOf(schema, kept))).toBe("any number to at most one, not enforced");
    expect(countsOf(schema, { ...kept, orphans: "set_aside" }).to).toBe("one");
    expect(countsOf(schema, { ...r, cardinality: "one-to-one" }).from).toBe("maybe-one");
  });

  it("stand on the side where the line leaves", () => {
    const right = endMark({ x: 0, y: 0 }, "right", "maybe-many");
    const left = endMark({ x: 0, y: 0 }, "left", "maybe-many");
    expect(right.lines).toBe("M 0 -6 L 12 0 L 0 6");
    expect(left.lines).toBe("M 0 -6 L -12 0 L 0 6");
    expect(right.ring?.x).toBe(16);
    expect(left.ring?.x).toBe(-16);
    expect(endMark({ x: 0, y: 0 }, "right", "one").ring).toBeNull();
  });

  it("are joined by a curve between the sides that look at each other", () => {
    const box = (x: number) => ({ x, y: 0, width: 100 });
    expect(sidesOf(box(0), box(200))).toEqual({ from: "right", to: "left" });
    expect(sidesOf(box(200), box(0))).toEqual({ from: "left", to: "right" });
    expect(sidesOf(box(0), box(50))).toEqual({ from: "right", to: "right" });
    expect(edgePath({ x: 0, y: 0 }, "right", { x: 200, y: 40 }, "left")).toBe(
      "M 0 0 L 22 0 C 100 0 100 40 178 40 L 200 40",
    );
  });
});

describe("flow", () => {
  it("keeps columns of any name apart from the side of their handle", () => {
    for (const column of ["id", "left:x", "a\nb", ""]) {
      const end = { table: "t", column };
      expect(handleEnd("t", handleId(column, "right"))).toEqual(end);
    }
    expect(handleEnd("t", null)).toBeNull();
    expect(handleEnd(null, handleId("x", "left"))).toBeNull();
  });

  it("names an edge by what it joins, so that it stays itself when others go", () => {
    const schema = shop();
    schema.relationships?.unshift(relationship("orders", "referrer", "customers", "id"));
    schema.relationships?.push(relationship("lines", "order_id", "gone", "id"));
    const before = flowOf(schema, () => null).edges;
    expect(before.map(({ data }) => data.index)).toEqual([0, 1]);
    schema.relationships?.shift();
    const after = flowOf(schema, () => null).edges;
    expect(after[0]?.id).toBe(before[1]?.id);
    expect(after[0]?.ariaLabel).toBe(
      "orders customer_id points at customers id, any number to at most one",
    );
  });

  it("turns a line to the other side when its box is moved there", () => {
    const data = flowOf(shop(), () => null).edges[0]?.data;
    if (!data) throw new Error("there is an edge");
    const at = (id: string, x: number) => ({ id, position: { x, y: 0 }, width: 100, height: 50 });
    expect(handlesOf(data, at("orders", 0), at("customers", 300))).toEqual({
      sourceHandle: "right:customer_id",
      targetHandle: "left:id",
    });
    expect(handlesOf(data, at("orders", 300), at("customers", 0))).toEqual({
      sourceHandle: "left:customer_id",
      targetHandle: "right:id",
    });
  });

  it("leaves boxes where they stand, and puts new ones where nothing is", () => {
    const at = (id: string, x: number, y: number) => ({
      id,
      position: { x, y },
      width: 100,
      height: 50,
    });
    const old = [at("a", 700, 0), at("b", 0, 0)];
    expect(keepPlaces([at("a", 0, 0), at("b", 200, 0)], old).map((n) => n.position.x)).toEqual([
      700, 0,
    ]);
    // Renamed.
    expect(keepPlaces([at("z", 0, 0), at("b", 200, 0)], old)[0]?.position.x).toBe(700);
    // Added, where "b" stands already.
    const added = keepPlaces([at("a", 0, 0), at("b", 200, 0), at("c", 20, 20)], old)[2];
    expect(added?.position).toEqual({ x: 20, y: 98 });
  });
});

/** 60 tables of up to 20 columns: chains, stars, circles, references to itself, and some without any. */
function large(): SchemaJson {
  const tables = Array.from({ length: 60 }, (_, i) =>
    table(
      `table_${i}`,
      ["id", ...Array.from({ length: 3 + ((i * 7) % 18) }, (_, c) => `column_${c}`)],
      ["id"],
    ),
  );
  const relationships = Array.from({ length: 110 }, (_, i) =>
    relationship(
      `table_${(i * 7) % 54}`,
      `column_${i % 3}`,
      `table_${i % 11 === 0 ? (i * 7) % 54 : (i * 13) % 54}`,
      "id",
    ),
  );
  return { tables, relationships };
}

describe("60 tables", () => {
  const started = performance.now();
  const placed = layoutTables(large());
  const elapsed_ms = performance.now() - started;

  it("are laid out at once, side by side", () => {
    expect(placed).toHaveLength(60);
    for (const [i, a] of placed.entries())
      for (const b of placed.slice(i + 1)) {
        const apart =
          a.x + a.width <= b.x ||
          b.x + b.width <= a.x ||
          a.y + a.height <= b.y ||
          b.y + b.height <= a.y;
        expect(apart, `${a.id} and ${b.id}`).toBe(true);
      }
    const width = Math.max(...placed.map((p) => p.x + p.width));
    const height = Math.max(...placed.map((p) => p.y + p.height));
    expect(height / width).toBeGreaterThan(0.3);
    expect(height / width).toBeLessThan(1.6);
    // Many times what it takes; a jam takes seconds.
    expect(elapsed_ms).toBeLessThan(3_000);
  });

  it("leave room for their lines between the columns of boxes", () => {
    const lefts = [...new Set(placed.map((p) => Math.round(p.x)))].sort((a, b) => a - b);
    const others = large().relationships?.filter((r) => r.from_table !== r.to_table) ?? [];
    const linked = new Set(others.flatMap((r) => [r.from_table, r.to_table]));
    const columns = lefts.filter((x) =>
      placed.some((p) => Math.round(p.x) === x && linked.has(p.id)),
    );
    for (const [i, x] of columns.entries())
      if (i > 0) expect(x - (columns[i - 1] ?? 0)).toBeGreaterThanOrEqual(232 + 44);
  });
});

describe("the drawing", () => {
  const colours = {
    background: "#fff",
    card: "#eee",
    header: "#ddd",
    border: "#ccc",
    text: "#000",
    muted: "#666",
    key: "#a60",
    reference: "#06c",
  };
  /** A letter is 6 wide. */
  const measure = (text: string) => [...text].length * 6;
  const boxesOf = (schema: SchemaJson): Box[] =>
    flowOf(schema, () => "2,600 rows").nodes.map((n) => ({
      ...n,
      table: n.data.table,
      rows: n.data.rows,
    }));

  it("has every table, column and line, and is well-formed", () => {
    const schema = shop();
    const edges = flowOf(schema, () => null).edges.map((e) => e.data);
    const { svg, width, height } = drawGraph(boxesOf(schema), edges, colours, measure);
    const parsed = new DOMParser().parseFromString(svg, "image/svg+xml");
    expect(parsed.querySelector("parsererror")).toBeNull();
    const texts = [...parsed.querySelectorAll("text")].map((t) => t.textContent);
    for (const part of ["customers", "orders", "customer_id", "2,600 rows", "PK", "FK"])
      expect(texts).toContain(part);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    const [, , w, h] = parsed.documentElement.getAttribute("viewBox")?.split(" ") ?? [];
    expect([Number(w), Number(h)]).toEqual([width, height]);
  });

  it("shows names as names, whatever they are", () => {
    const evil = `<script>alert(1)</script>&"' \u0000\u{1F600}`;
    const schema: SchemaJson = { tables: [table(evil, [evil], [evil])], relationships: [] };
    const { svg } = drawGraph(boxesOf(schema), [], colours, (text) => text.length);
    const parsed = new DOMParser().parseFromString(svg, "image/svg+xml");
    expect(parsed.querySelector("parsererror")).toBeNull();
    expect(parsed.querySelector("script")).toBeNull();
    expect(parsed.querySelector("text")?.textContent).toBe(evil.replace("\u0000", ""));
  });

  it("cuts what has no room", () => {
    expect(fit("customers", 54, measure)).toBe("customers");
    expect(fit("customers", 53, measure)).toBe("custome…");
    expect(fit("名前の長い列", 20, measure)).toBe("名前…");
  });

  it("draws nothing but paper without tables", () => {
    const { width, height, svg } = drawGraph([], [], colours, measure);
    expect(width).toBeGreaterThan(0);
    expect(height).toBeGreaterThan(0);
    expect(svg).not.toMatch(/NaN|Infinity/);
  });
});
