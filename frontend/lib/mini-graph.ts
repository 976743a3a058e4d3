import type { SchemaOutline } from "@/lib/api/types";

export interface MiniNode {
  name: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface MiniEdge {
  from: string;
  to: string;
  path: string;
}

export interface MiniGraph {
  nodes: MiniNode[];
  edges: MiniEdge[];
  width: number;
  height: number;
  /** Tables that found no room. */
  hidden: number;
}

const minNodeWidth = 52;
const nodeHeight = 24;
const columnGap = 28;
const letterWidth = 5.9;
/** Letters of a name that are drawn. */
export const shownLetters = 13;
const rowGap = 12;

type GraphInput = Omit<SchemaOutline, "relationship_count">;

/** Longest way along references from each table, so that what is referred to stands to the right. */
function depths(names: string[], links: [string, string][]): Map<string, number> {
  const depth = new Map(names.map((name) => [name, 0]));
  // References may form a ring; as many rounds as tables are enough without one.
  for (let round = 0; round < names.length; round += 1) {
    let hasChanged = false;
    for (const [from, to] of links) {
      const wanted = (depth.get(from) ?? 0) + 1;
      if (wanted > (depth.get(to) ?? 0) && wanted < names.length) {
        depth.set(to, wanted);
        hasChanged = true;
      }
    }
    if (!hasChanged) break;
  }
  return depth;
}

/** Places a schema's tables in a few columns, small enough for a card. */
export function layoutMiniGraph(outline: GraphInput, maxTables = 9): MiniGraph {
  const degree = (name: string) =>
    outline.references.filter(
      ({ from_table, to_table }) => from_table === name || to_table === name,
    ).length;
  const names = [...outline.tables].sort((a, b) => degree(b) - degree(a)).slice(0, maxTables);
  const shown = new Set(names);
  const links = outline.references
    .filter(({ from_table: from, to_table: to }) => from !== to && shown.has(from) && shown.has(to))
    .map(({ from_table, to_table }): [string, string] => [from_table, to_table]);

  const depth = depths(names, links);
  const columns = new Map<number, string[]>();
  const isLinked = new Set(links.flat());
  let loose = 0;
  for (const name of names) {
    // Tables without a reference fill up the columns instead of piling up in the first.
    const column = isLinked.has(name) ? (depth.get(name) ?? 0) : loose++ % 3;
    columns.set(column, [...(columns.get(column) ?? []), name]);
  }
  const ordered = [...columns.keys()].sort((a, b) => a - b).map((key) => columns.get(key) ?? []);
  const rows = Math.max(1, ...ordered.map((column) => column.length));
  const height = rows * nodeHeight + (rows - 1) * rowGap;
  let nextX = 0;
  const nodes = ordered.flatMap((column) => {
    const x = nextX;
    const width = columnWidth(column);
    nextX += width + columnGap;
    const used = column.length * nodeHeight + (column.length - 1) * rowGap;
    return column.map((name, row) => ({
      name,
      x,
      y: (height - used) / 2 + row * (nodeHeight + rowGap),
      width,
      height: nodeHeight,
    }));
  });
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const edges = links.flatMap(([from, to]) => {
    const a = byName.get(from);
    const b = byName.get(to);
    return a && b ? [{ from, to, path: curve(a, b) }] : [];
  });
  return {
    nodes,
    edges,
    width: Math.max(minNodeWidth, nextX - columnGap),
    height,
    hidden: outline.table_count - names.length,
  };
}

function columnWidth(names: string[]): number {
  const letters = Math.max(0, ...names.map((name) => Math.min(name.length, shownLetters)));
  return Math.max(minNodeWidth, letters * letterWidth + 18);
}

function curve(a: MiniNode, b: MiniNode): string {
  const isForward = b.x >= a.x;
  const startX = isForward ? a.x + a.width : a.x;
  const endX = isForward ? b.x : b.x + b.width;
  const startY = a.y + a.height / 2;
  const endY = b.y + b.height / 2;
  const bend = Math.max(14, Math.abs(endX - startX) / 2) * (isForward ? 1 : -1);
  return `M${startX} ${startY}C${startX + bend} ${startY} ${endX - bend} ${endY} ${endX} ${endY}`;
}
