/** The graph as a drawing of its own, that needs neither the page nor its fonts. */
import { edgePath, endMark, sidesOf, type Point, type Side } from "./edges";
import type { EdgeData } from "./flow";
import { columnY, HEADER_HEIGHT, MAX_ROWS, ROW_HEIGHT } from "./layout";
import type { Table } from "./model";

export interface Colours {
  background: string;
  card: string;
  header: string;
  border: string;
  text: string;
  muted: string;
  key: string;
  reference: string;
}

/** A box as it stands on the page. */
export interface Box {
  position: Point;
  width: number;
  height: number;
  table: Table;
  rows: string | null;
}

/** Width of a text in a font of the given CSS. */
export type Measure = (text: string, font: string) => number;

export interface Drawing {
  svg: string;
  width: number;
  height: number;
}

const MARGIN = 32;
// Pictures cannot use the fonts of a page, and what is measured is to be what is drawn.
const SANS = "system-ui, sans-serif";
const MONO = "ui-monospace, monospace";

export function drawGraph(
  boxes: Box[],
  edges: EdgeData[],
  colours: Colours,
  measure: Measure,
): Drawing {
  const orOrigin = (numbers: number[]) => (numbers.length > 0 ? numbers : [0]);
  const x = Math.min(...orOrigin(boxes.map((b) => b.position.x))) - MARGIN;
  const y = Math.min(...orOrigin(boxes.map((b) => b.position.y))) - MARGIN;
  // A reference that leaves and arrives on the right bows out beyond its box.
  const right = Math.max(...orOrigin(boxes.map((b) => b.position.x + b.width))) + 2 * MARGIN;
  const bottom = Math.max(...orOrigin(boxes.map((b) => b.position.y + b.height))) + MARGIN;
  const [width, height] = [right - x, bottom - y];
  const known = new Map(boxes.map((box) => [box.table.name, box]));
  const parts = [
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${colours.background}"/>`,
    ...edges.map((edge) => drawEdge(edge, known, colours)),
    ...boxes.map((box) => drawBox(box, edges, colours, measure)),
  ];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${x} ${y} ${width} ${height}">${parts.join("")}</svg>`;
  return { svg, width, height };
}

function drawEdge(edge: EdgeData, boxes: Map<string, Box>, colours: Colours): string {
  const { relationship: r, counts } = edge;
  const [from, to] = [boxes.get(r.from_table), boxes.get(r.to_table)];
  if (!from || !to) return "";
  const sides = sidesOf(
    { ...from.position, width: from.width },
    { ...to.position, width: to.width },
  );
  const start = endPoint(from, r.from_columns[0], sides.from);
  const end = endPoint(to, r.to_columns[0], sides.to);
  const line = `fill="none" stroke="${colours.reference}" stroke-width="1.25"`;
  const dashes = counts.isEnforced ? "" : ' stroke-dasharray="5 4"';
  const marks = [endMark(start, sides.from, counts.from), endMark(end, sides.to, counts.to)].map(
    ({ lines, ring }) => {
      const circle = ring
        ? `<circle cx="${ring.x}" cy="${ring.y}" r="${ring.radius}" stroke="${colours.reference}" stroke-width="1.25" fill="${colours.background}"/>`
        : "";
      return `${circle}<path d="${lines}" ${line}/>`;
    },
  );
  return `<path d="${edgePath(start, sides.from, end, sides.to)}" ${line}${dashes}/>${marks.join("")}`;
}

function endPoint(box: Box, column: string | undefined, side: Side): Point {
  return {
    x: box.position.x + (side === "right" ? box.width : 0),
    y: box.position.y + columnY(box.table, column ?? ""),
  };
}

function drawBox(box: Box, edges: EdgeData[], colours: Colours, measure: Measure): string {
  const { position, width, height, table, rows } = box;
  const write = (
    text: string,
    at: { x: number; y: number; most: number },
    style: { size: number; weight?: number; fill: string; family?: string; isRight?: boolean },
  ) => {
    const { size, weight = 400, fill, family = SANS, isRight = false } = style;
    const shown = fit(text, at.most, (part) => measure(part, `${weight} ${size}px ${family}`));
    const anchor = isRight ? ' text-anchor="end"' : "";
    return `<text x="${at.x}" y="${at.y}" font-family="${family}" font-size="${size}" font-weight="${weight}" fill="${fill}"${anchor} dominant-baseline="central">${escapeXml(shown)}</text>`;
  };
  const { x, y } = position;
  const middle = y + HEADER_HEIGHT / 2;
  const rowsWidth = rows ? measure(rows, `400 11px ${SANS}`) + 8 : 0;
  const edge = `stroke="${colours.border}"`;
  const parts = [
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="10" fill="${colours.card}" ${edge}/>`,
    `<path d="M ${x} ${y + HEADER_HEIGHT} V ${y + 10} a 10 10 0 0 1 10 -10 H ${x + width - 10} a 10 10 0 0 1 10 10 V ${y + HEADER_HEIGHT} Z" fill="${colours.header}" ${edge}/>`,
    write(
      table.name,
      { x: x + 12, y: middle, most: width - 24 - rowsWidth },
      { size: 14, weight: 600, fill: colours.text },
    ),
  ];
  if (rows)
    parts.push(
      write(
        rows,
        { x: x + width - 12, y: middle, most: width / 2 },
        { size: 11, fill: colours.muted, isRight: true },
      ),
    );
  const key = table.primary_key ?? [];
  const refers = (column: string) =>
    edges.some(
      ({ relationship: r }) => r.from_table === table.name && r.from_columns.includes(column),
    );
  for (const column of table.columns.slice(0, MAX_ROWS)) {
    const line = y + columnY(table, column.name);
    const isKey = key.includes(column.name);
    const typeWidth = measure(column.type, `400 10px ${MONO}`) + 8;
    const mark = isKey ? "PK" : refers(column.name) ? "FK" : null;
    if (mark)
      parts.push(
        write(
          mark,
          { x: x + 10, y: line, most: 20 },
          { size: 9, weight: 600, fill: isKey ? colours.key : colours.reference },
        ),
      );
    parts.push(
      write(
        column.name,
        { x: x + 34, y: line, most: width - 34 - 12 - typeWidth },
        { size: 12, weight: isKey ? 500 : 400, fill: colours.text },
      ),
      write(
        column.type,
        { x: x + width - 12, y: line, most: typeWidth },
        { size: 10, fill: colours.muted, family: MONO, isRight: true },
      ),
    );
  }
  const more = table.columns.length - MAX_ROWS;
  if (more > 0) {
    const line = y + HEADER_HEIGHT + (MAX_ROWS + 0.5) * ROW_HEIGHT;
    parts.push(
      write(
        `and ${more} more`,
        { x: x + 34, y: line, most: width },
        { size: 12, fill: colours.muted },
      ),
    );
  }
  return parts.join("");
}

/** As much of the text as has room, with `…` where it is cut. */
export function fit(text: string, most: number, widthOf: (text: string) => number): string {
  if (widthOf(text) <= most) return text;
  const letters = [...text];
  let count = letters.length - 1;
  while (count > 1 && widthOf(`${letters.slice(0, count).join("")}…`) > most) count -= 1;
  return `${letters.slice(0, count).join("")}…`;
}

function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
