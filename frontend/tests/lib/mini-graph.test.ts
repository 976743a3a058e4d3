import { describe, expect, it } from "vitest";

import { layoutMiniGraph } from "@/lib/mini-graph";

const link = (from_table: string, to_table: string) => ({ from_table, to_table });
const outline = (tables: string[], references: ReturnType<typeof link>[] = []) => ({
  table_count: tables.length,
  tables,
  references,
});

describe("layoutMiniGraph", () => {
  it("puts what is referred to on the right", () => {
    const graph = layoutMiniGraph(
      outline(
        ["customers", "orders", "items"],
        [link("orders", "customers"), link("items", "orders")],
      ),
    );
    const x = new Map(graph.nodes.map((node) => [node.name, node.x]));
    expect(x.get("items")).toBeLessThan(x.get("orders") ?? 0);
    expect(x.get("orders")).toBeLessThan(x.get("customers") ?? 0);
    expect(graph.edges).toHaveLength(2);
  });

  it("ends on rings and references to oneself", () => {
    const graph = layoutMiniGraph(
      outline(["a", "b"], [link("a", "b"), link("b", "a"), link("a", "a")]),
    );
    expect(graph.nodes).toHaveLength(2);
    expect(Number.isFinite(graph.width)).toBe(true);
  });

  it("keeps all boxes inside and apart", () => {
    const tables = Array.from({ length: 9 }, (_, index) => `table_${index}`);
    const { nodes, width, height } = layoutMiniGraph(outline(tables));
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
    const tables = Array.from({ length: 60 }, (_, index) => `t${index}`);
    expect(layoutMiniGraph(outline(tables)).hidden).toBe(51);
    const cut = { ...outline(tables.slice(0, 12)), table_count: 60 };
    expect(layoutMiniGraph(cut).hidden).toBe(51);
  });
});
