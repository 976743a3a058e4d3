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
    return { id: t.name, x: node.x - NODE_WIDTH / 2, y: node.y - height / 2, width: NODE_WIDTH, height };
  });
  const bottom = placed.reduce((max, p) => Math.max(max, p.y + p.height), 0);
  const right = placed.reduce((max, p) => Math.max(max, p.x + p.width), 0);
  const lonely = schema.tables.filter((t) => !linked.has(t.name));
  return [...placed, ...inRows(lonely, placed.length ? bottom + GAP * 1.5 : 0, right)];
}

function inRows(tables: Table[], top: number, right: number): Placed[] {
  const perRow = Math.max(Math.ceil(Math.sqrt(tables.length)), Math.floor((right + GAP) / (NODE_WIDTH + GAP)), 1);
  const out: Placed[] = [];
  let y = top;
  for (let start = 0; start < tables.length; start += perRow) {
    const row = tables.slice(start, start + perRow);
    row.forEach((t, i) =>
      out.push({ id: t.name, x: i * (NODE_WIDTH + GAP), y, width: NODE_WIDTH, height: nodeHeight(t) }),
    );
    y += Math.max(...row.map(nodeHeight)) + GAP;
  }
  return out;
}
