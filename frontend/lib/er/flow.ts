import { countsOf, countWords, sidesOf, type Counts, type Side } from "./edges";
import type { End } from "./connect";
import { layoutTables, type Placed } from "./layout";
import { holdsEveryRow, referencingColumns, type Relationship, type SchemaJson } from "./model";

/** What an edge stands for. */
export interface EdgeData extends Record<string, unknown> {
  /** Its place among the relationships of the schema. */
  index: number;
  relationship: Relationship;
  counts: Counts;
}

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
  const seen = new Map<string, number>();
  const edges = (schema.relationships ?? []).flatMap((r, index) => {
    if (!known.has(r.from_table) || !known.has(r.to_table)) return [];
    const name = JSON.stringify([r.from_table, r.from_columns, r.to_table, r.to_columns]);
    const twin = seen.get(name) ?? 0;
    seen.set(name, twin + 1);
    const counts = countsOf(schema, r);
    const data: EdgeData = { index, relationship: r, counts };
    return {
      id: twin === 0 ? name : `${name}${twin}`,
      type: "reference" as const,
      source: r.from_table,
      target: r.to_table,
      data,
      ariaLabel: `${r.from_table} ${r.from_columns.join(", ")} points at ${r.to_table} ${r.to_columns.join(", ")}, ${countWords(counts)}`,
    };
  });
  return { nodes, edges };
}

interface PlacedNode {
  id: string;
  position: { x: number; y: number };
  width?: number;
  height?: number;
}

/** The handles at which an edge leaves and arrives, as the boxes stand now. */
export function handlesOf(
  { relationship: r }: EdgeData,
  from: PlacedNode | undefined,
  to: PlacedNode | undefined,
) {
  const box = (node: PlacedNode | undefined) => ({
    x: node?.position.x ?? 0,
    y: node?.position.y ?? 0,
    width: node?.width ?? 0,
  });
  const sides = sidesOf(box(from), box(to));
  return {
    sourceHandle: handleId(r.from_columns[0] ?? "", sides.from),
    targetHandle: handleId(r.to_columns[0] ?? "", sides.to),
  };
}

export const handleId = (column: string, side: Side) => `${side}:${column}`;

/** The column that a handle belongs to. */
export function handleEnd(table: string | null, handle: string | null | undefined): End | null {
  const found = /^(?:left|right):(.*)$/s.exec(handle ?? "");
  return table !== null && found ? { table, column: found[1] ?? "" } : null;
}

const GAP = 48;

/** Boxes of a changed schema: where they stood before, also when renamed; new ones where they are laid out, or below all. */
export function keepPlaces<N extends PlacedNode>(fresh: N[], old: PlacedNode[]): N[] {
  const before = new Map(old.map((node) => [node.id, node.position]));
  const isRenaming = fresh.length === old.length;
  const kept = fresh.map((node, i) => {
    const position = before.get(node.id) ?? (isRenaming ? old[i]?.position : undefined);
    return position ? { ...node, position } : null;
  });
  const standing: Placed[] = kept.flatMap((node) => (node ? [placed(node)] : []));
  return fresh.map((node, i) => {
    const same = kept[i];
    if (same) return same;
    const own = placed(node);
    if (standing.some((other) => overlaps(own, other)))
      own.y = Math.max(...standing.map((other) => other.y + other.height)) + GAP;
    standing.push(own);
    return { ...node, position: { x: own.x, y: own.y } };
  });
}

function placed({ id, position, width = 0, height = 0 }: PlacedNode): Placed {
  return { id, ...position, width, height };
}

function overlaps(a: Placed, b: Placed): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

export function cardinality(r: Pick<Relationship, "cardinality">): string {
  return r.cardinality === "one-to-one" ? "1 : 1" : "n : 1";
}
