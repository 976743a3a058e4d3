import { isLabelColumn, isNumericType } from "./format";
import type { Cell, ChartHint, ChartKind, ResultColumn } from "./types";

export interface Series {
  /** Key in each point; never the column's name, which may hold dots. */
  key: string;
  name: string;
}

export interface Point {
  label: string;
  /** The horizontal value where it is a number. */
  x: number | null;
  [series: string]: string | number | null;
}

export interface ChartModel {
  kind: ChartKind;
  /** Kinds that make sense for this result, the suggested one first. */
  kinds: ChartKind[];
  xName: string;
  series: Series[];
  points: Point[];
  /** Rows that the chart leaves out. */
  left_out: number;
}

const MAX_BARS = 40;
const MAX_POINTS = 200;
const MAX_SLICES = 8;
const MAX_SERIES = 4;

interface Shape {
  columns: ResultColumn[];
  rows: Cell[][];
}

const isDate = (column: ResultColumn, values: Cell[]) =>
  /^(DATE|DATETIME)/i.test(column.type) ||
  (values.length > 0 &&
    values.every((v) => v === null || /^\d{4}(-\d{2}){0,2}([ T].*)?$/.test(String(v))));

/** Chooses the axis and the measures, from the hint where it fits the columns. Null when there is nothing to draw. */
export function chartModel(result: Shape, hint?: ChartHint, wanted?: ChartKind): ChartModel | null {
  const { columns, rows } = result;
  if (rows.length === 0) return null;
  const at = (name?: string) => columns.findIndex((c) => c.name === name);
  const numeric = columns.map((c, i) => isMeasure(c, rows, i));
  let x = at(hint?.x);
  let y = (hint?.y ?? []).map(at).filter((i) => i >= 0 && isNumber(rows, i) && i !== x);
  if (y.length === 0) {
    y = columns.map((_, i) => i).filter((i) => numeric[i] && i !== x);
    if (x < 0) x = columns.findIndex((c, i) => !numeric[i] && !isLabelColumn(c.name));
    if (x < 0) x = columns.findIndex((_, i) => !numeric[i]);
    if (x < 0 && y.length > 1 && rows.length > 1) x = y.shift() ?? -1;
  }
  y = y.slice(0, MAX_SERIES);
  if (y.length === 0) return null;
  if (x < 0 && rows.length > 1) return null;
  const kinds = fitting(result, x, y);
  const first = hint && kinds.includes(hint.kind) ? hint.kind : kinds[0];
  if (!first) return null;
  const kind = wanted && kinds.includes(wanted) ? wanted : first;
  const limit = kind === "bar" ? MAX_BARS : MAX_POINTS;
  return {
    kind,
    kinds: [first, ...kinds.filter((k) => k !== first)],
    xName: columns[x]?.name ?? "",
    series: y.map((i, n) => ({ key: `s${n}`, name: columns[i]?.name ?? "" })),
    points: rows.slice(0, limit).map((row) => toPoint(row, x, y)),
    left_out: Math.max(0, rows.length - limit),
  };
}

function isNumber(rows: Cell[][], i: number): boolean {
  return (
    rows.some((r) => typeof r[i] === "number") &&
    rows.every((r) => r[i] === null || typeof r[i] === "number")
  );
}

function isMeasure(column: ResultColumn, rows: Cell[][], i: number): boolean {
  return (
    isNumber(rows, i) &&
    !isLabelColumn(column.name) &&
    (isNumericType(column.type) || column.type === "")
  );
}

function fitting({ columns, rows }: Shape, x: number, y: number[]): ChartKind[] {
  if (rows.length === 1) return x < 0 || y.length === 1 ? ["number"] : ["bar"];
  const column = columns[x];
  if (!column) return [];
  const values = rows.map((r) => r[x] ?? null);
  const whole = rows.every((r) => Number(r[y[0] ?? 0] ?? 0) >= 0);
  const pie: ChartKind[] = y.length === 1 && whole && rows.length <= MAX_SLICES ? ["pie"] : [];
  if (isDate(column, values)) return ["line", "area", "bar"];
  if (isNumber(rows, x) && !isLabelColumn(column.name)) return ["scatter", "line", "bar"];
  return ["bar", ...pie, "line"];
}

function toPoint(row: Cell[], x: number, y: number[]): Point {
  const value = row[x] ?? null;
  const point: Point = {
    label: value === null ? "(empty)" : String(value),
    x: typeof value === "number" ? value : null,
  };
  y.forEach((i, n) => {
    const v = row[i];
    point[`s${n}`] = typeof v === "number" ? v : null;
  });
  return point;
}
