import { describe, expect, it } from "vitest";

import type { Relationship, SchemaTable } from "@/lib/api/types";
import { layoutMiniGraph } from "@/lib/mini-graph";

const table = (name: string): SchemaTable => ({
  name,
  source: { csv_id: "1", rows: "all" },
  primary_key: [],
  columns: [],
});
const link = (from_table: string, to_table: string): Relationship => ({
  from_table,
  from_columns: ["x"],
  to_table,
  to_columns: ["id"],
  cardinality: "many-to-one",
  confidence: 1,
  evidence: {
    distinct: 1,
    matched: 1,
    orphan_rows: 0,
    orphan_samples: [],
    reasons: [],
    rivals: [],
  },
});

describe("layoutMiniGraph", () => {
  it("puts what is referred to on the right", () => {
    const graph = layoutMiniGraph({
      tables: [table("customers"), table("orders"), table("items")],
      relationships: [link("orders", "customers"), link("items", "orders")],
    });
    const x = new Map(graph.nodes.map((node) => [node.name, node.x]));
    expect(x.get("items")).toBeLessThan(x.get("orders") ?? 0);
    expect(x.get("orders")).toBeLessThan(x.get("customers") ?? 0);
    expect(graph.edges).toHaveLength(2);
  });

  it("ends on rings and references to oneself", () => {
    const graph = layoutMiniGraph({
      tables: [table("a"), table("b")],
      relationships: [link("a", "b"), link("b", "a"), link("a", "a")],
    });
    expect(graph.nodes).toHaveLength(2);
    expect(Number.isFinite(graph.width)).toBe(true);
  });

  it("keeps all boxes inside and apart", () => {
    const tables = Array.from({ length: 9 }, (_, index) => table(`table_${index}`));
    const { nodes, width, height } = layoutMiniGraph({ tables, relationships: [] });
    for (const node of nodes) {
      expect(node.x + node.width).toBeLessThanOrEqual(width + 0.01);
      expect(node.y + node.height).toBeLessThanOrEqual(height + 0.01);
      const overlaps = nodes.filter(
        (other) =>
          other !== node &&
          other.x < node.x + node.width &&
          node.x < other.x + other.width &&
          other.y < node.y + node.height &&
          node.y < other.y + other.height,
      );
      expect(overlaps).toEqual([]);
    }
  });

  it("counts what it leaves out", () => {
    const tables = Array.from({ length: 60 }, (_, index) => table(`t${index}`));
    expect(layoutMiniGraph({ tables, relationships: [] }).hidden).toBe(51);
  });
});
