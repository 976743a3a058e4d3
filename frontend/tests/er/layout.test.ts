import { describe, expect, it } from "vitest";
import { layoutTables, nodeHeight } from "@/lib/er/layout";
import type { SchemaJson } from "@/lib/er/model";

function chain(count: number, lonely: number): SchemaJson {
  const table = (name: string) => ({
    name,
    source: { csv_id: name },
    columns: Array.from({ length: 5 }, (_, i) => ({ name: `c${i}`, type: "TEXT" as const })),
  });
  return {
    tables: [
      ...Array.from({ length: count }, (_, i) => table(`t${i}`)),
      ...Array.from({ length: lonely }, (_, i) => table(`l${i}`)),
    ],
    relationships: Array.from({ length: Math.max(0, count - 1) }, (_, i) => ({
      from_table: `t${i + 1}`,
      from_columns: ["c0"],
      to_table: `t${Math.floor(i / 2)}`,
      to_columns: ["c0"],
    })),
  };
}

describe("layout", () => {
  it("places every table once, and none over another", () => {
    const placed = layoutTables(chain(60, 7));
    expect(new Set(placed.map((p) => p.id)).size).toBe(67);
    for (const a of placed)
      for (const b of placed) {
        if (a.id >= b.id) continue;
        const apart =
          a.x + a.width <= b.x ||
          b.x + b.width <= a.x ||
          a.y + a.height <= b.y ||
          b.y + b.height <= a.y;
        expect(apart, `${a.id} and ${b.id}`).toBe(true);
      }
  });

  it("does not let many tables become one tall strip", () => {
    const placed = layoutTables(chain(60, 0));
    const width = Math.max(...placed.map((p) => p.x + p.width));
    const height = Math.max(...placed.map((p) => p.y + p.height));
    expect(height / width).toBeLessThan(1.5);
  });

  it("puts the referencing table left of what it references", () => {
    const placed = layoutTables(chain(2, 0));
    const x = (id: string) => placed.find((p) => p.id === id)?.x ?? Number.NaN;
    expect(x("t1")).toBeLessThan(x("t0"));
  });

  it("lays out tables without references, and self-references", () => {
    expect(layoutTables(chain(0, 3))).toHaveLength(3);
    const self = chain(1, 0);
    self.relationships = [
      { from_table: "t0", from_columns: ["c1"], to_table: "t0", to_columns: ["c0"] },
    ];
    expect(layoutTables(self)).toHaveLength(1);
  });

  it("caps the height of wide tables", () => {
    const columns = Array.from({ length: 90 }, (_, i) => ({
      name: `c${i}`,
      type: "TEXT" as const,
    }));
    const wide = { name: "w", source: { csv_id: "w" }, columns };
    expect(nodeHeight(wide)).toBeLessThan(420);
  });
});
