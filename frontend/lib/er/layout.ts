import { graphlib, layout } from "@dagrejs/dagre";
import type { SchemaJson, Table } from "./model";

export const NODE_WIDTH = 232;
export const HEADER_HEIGHT = 40;
export const ROW_HEIGHT = 26;
/** Columns shown of a table before "and n more". */
export const MAX_ROWS = 12;
const GAP = 48;

export interface Placed {
  id: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

export function nodeHeight(table: Table): number {
  const rows = Math.min(table.columns.length, MAX_ROWS) + (table.columns.length > MAX_ROWS ? 1 : 0);
  return HEADER_HEIGHT + rows * ROW_HEIGHT + 8;
}

/** How far below a box's top the middle of a column's line is; columns past the limit share the last line. */
export function columnY(table: Table, column: string): number {
  const at = table.columns.findIndex((c) => c.name === column);
  return HEADER_HEIGHT + (Math.min(Math.max(at, 0), MAX_ROWS) + 0.5) * ROW_HEIGHT;
}

/** Top-left corners: connected tables by layers, left to right; tables without references in rows below. */
export function layoutTables(schema: SchemaJson): Placed[] {
  const linked = new Set<string>();
  const names = new Set(schema.tables.map((t) => t.name));
  const edges = (schema.relationships ?? []).filter(
    (r) => r.from_table !== r.to_table && names.has(r.from_table) && names.has(r.to_table),
  );
  for (const r of edges) linked.add(r.from_table).add(r.to_table);

  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: "LR", nodesep: GAP, ranksep: 120, marginx: 0, marginy: 0 });
  graph.setDefaultEdgeLabel(() => ({}));
  const joined = schema.tables.filter((t) => linked.has(t.name));
  for (const t of joined) graph.setNode(t.name, { width: NODE_WIDTH, height: nodeHeight(t) });
  for (const r of edges) graph.setEdge(r.from_table, r.to_table);
  layout(graph);

  const placed = joined.map((t) => {
    const node = graph.node(t.name) as { x: number; y: number };
    const height = nodeHeight(t);
    // dagre gives centres
    return {
      id: t.name,
      x: node.x - NODE_WIDTH / 2,
      y: node.y - height / 2,
      width: NODE_WIDTH,
      height,
    };
  });
  const spread = compact(placed);
  const bottom = spread.reduce((max, p) => Math.max(max, p.y + p.height), 0);
  const right = spread.reduce((max, p) => Math.max(max, p.x + p.width), 0);
  const lonely = schema.tables.filter((t) => !linked.has(t.name));
  return [...spread, ...inRows(lonely, spread.length ? bottom + GAP * 1.5 : 0, right)];
}

/** Breaks layers that are much taller than the whole is wide into several columns beside each other. */
function compact(placed: Placed[]): Placed[] {
  const area = placed.reduce((sum, p) => sum + (p.width + 120) * (p.height + GAP), 0);
  const tallest = Math.max(Math.sqrt(area) * 0.9, ...placed.map((p) => p.height));
  const height = placed.reduce((max, p) => Math.max(max, p.y + p.height), 0);
  if (height <= tallest * 1.6) return placed;
  const layers = groupBy(placed, (p) => Math.round(p.x));
  const columns: Placed[][] = [];
  for (const [, layer] of [...layers].sort(([a], [b]) => a - b)) {
    let column: Placed[] = [];
    let y = 0;
    for (const p of layer.sort((a, b) => a.y - b.y)) {
      if (column.length > 0 && y + p.height > tallest) {
        columns.push(column);
        column = [];
        y = 0;
      }
      column.push({ ...p, y });
      y += p.height + GAP;
    }
    columns.push(column);
  }
  return columns.flatMap((column, i) => {
    const last = column.at(-1);
    const shift = last ? (tallest - (last.y + last.height)) / 2 : 0;
    return column.map((p) => ({ ...p, x: i * (NODE_WIDTH + 90), y: p.y + Math.max(0, shift) }));
  });
}

function inRows(tables: Table[], top: number, right: number): Placed[] {
  const perRow = Math.max(
    Math.ceil(Math.sqrt(tables.length)),
    Math.floor((right + GAP) / (NODE_WIDTH + GAP)),
    1,
  );
  const out: Placed[] = [];
  let y = top;
  for (let start = 0; start < tables.length; start += perRow) {
    const row = tables.slice(start, start + perRow);
    row.forEach((t, i) =>
      out.push({
        id: t.name,
        x: i * (NODE_WIDTH + GAP),
        y,
        width: NODE_WIDTH,
        height: nodeHeight(t),
      }),
    );
    y += Math.max(...row.map(nodeHeight)) + GAP;
  }
  return out;
}

function groupBy<T, K>(items: T[], key: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}
