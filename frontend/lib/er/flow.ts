import { layoutTables } from "./layout";
import { holdsEveryRow, referencingColumns, type Relationship, type SchemaJson } from "./model";

/** Nodes and edges in React Flow's shape, free of its code. */
export function flowOf(schema: SchemaJson, rows: (csvId: string) => string | null) {
  const places = new Map(layoutTables(schema).map((p) => [p.id, p]));
  const nodes = schema.tables.map((table) => {
    const place = places.get(table.name) ?? { x: 0, y: 0, width: 0, height: 0 };
    return {
      id: table.name,
      type: "table" as const,
      position: { x: place.x, y: place.y },
      width: place.width,
      height: place.height,
      ariaLabel: `Table ${table.name}, ${table.columns.length} columns`,
      data: {
        table,
        references: [...referencingColumns(schema, table)],
        rows: holdsEveryRow(table) ? rows(table.source.csv_id) : null,
      },
    };
  });
  const known = new Set(schema.tables.map((t) => t.name));
  const edges = (schema.relationships ?? [])
    .filter((r) => known.has(r.from_table) && known.has(r.to_table))
    .map((r, i) => ({
      id: `${i}:${r.from_table}.${r.from_columns.join(",")}`,
      source: r.from_table,
      target: r.to_table,
      sourceHandle: `${r.from_columns[0]}:from`,
      targetHandle: `${r.to_columns[0]}:to`,
      label: cardinality(r),
      ariaLabel: `${r.from_table} ${r.from_columns.join(", ")} points at ${r.to_table} ${r.to_columns.join(", ")}, ${r.cardinality ?? "many-to-one"}`,
    }));
  return { nodes, edges };
}

export function cardinality(r: Pick<Relationship, "cardinality">): string {
  return r.cardinality === "one-to-one" ? "1 : 1" : "n : 1";
}
