/** How a reference is drawn: a curve between two sides of boxes, with the marks of crow's foot notation at its ends. */
import type { Relationship, SchemaJson } from "./model";

export type Side = "left" | "right";

export interface Point {
  x: number;
  y: number;
}

interface Box extends Point {
  width: number;
}

/** How many rows of one end go with a row of the other. */
export type Count = "one" | "maybe-one" | "maybe-many";

export interface Counts {
  from: Count;
  to: Count;
  isEnforced: boolean;
}

/** Straight part at each end, on which the marks stand. */
const STUB = 22;
const FOOT = 12;
const SPREAD = 6;
const RADIUS = 4;
const MIN_BEND = 36;
const MAX_BEND = 160;

export function countsOf(schema: SchemaJson, r: Relationship): Counts {
  const table = schema.tables.find((t) => t.name === r.from_table);
  const isNeverEmpty = r.from_columns.every((name) => {
    const column = table?.columns.find((c) => c.name === name);
    return (
      (table?.primary_key ?? []).includes(name) ||
      (column?.constraints ?? []).some((c) => c.toUpperCase() === "NOT NULL")
    );
  });
  const isEnforced = (r.orphans ?? "keep") !== "keep" || (r.evidence?.orphan_rows ?? 0) === 0;
  return {
    from: r.cardinality === "one-to-one" ? "maybe-one" : "maybe-many",
    to: isNeverEmpty && isEnforced ? "one" : "maybe-one",
    isEnforced,
  };
}

const SPOKEN: Record<Count, string> = {
  one: "exactly one",
  "maybe-one": "at most one",
  "maybe-many": "any number",
};

/** "any number to exactly one, not enforced" */
export function countWords({ from, to, isEnforced }: Counts): string {
  return `${SPOKEN[from]} to ${SPOKEN[to]}${isEnforced ? "" : ", not enforced"}`;
}

/** The sides that look at each other; the right ones where one box stands above the other, or is the other. */
export function sidesOf(from: Box, to: Box): { from: Side; to: Side } {
  if (to.x >= from.x + from.width) return { from: "right", to: "left" };
  if (from.x >= to.x + to.width) return { from: "left", to: "right" };
  return { from: "right", to: "right" };
}

const direction = (side: Side) => (side === "right" ? 1 : -1);
const at = (...parts: (string | number)[]) =>
  parts.map((part) => (typeof part === "number" ? Math.round(part * 10) / 10 : part)).join(" ");

/** The curve as the data of an SVG path. */
export function edgePath(from: Point, fromSide: Side, to: Point, toSide: Side): string {
  const out = direction(fromSide);
  const back = direction(toSide);
  const start = from.x + out * STUB;
  const end = to.x + back * STUB;
  const bend =
    fromSide === toSide
      ? MIN_BEND
      : Math.min(MAX_BEND, Math.max(MIN_BEND, Math.abs(end - start) / 2));
  return at(
    ...["M", from.x, from.y, "L", start, from.y],
    ...["C", start + out * bend, from.y, end + back * bend, to.y, end, to.y],
    ...["L", to.x, to.y],
  );
}

export interface EndMark {
  /** Lines, as the data of an SVG path. */
  lines: string;
  /** A ring that stands for "or none". */
  ring: (Point & { radius: number }) | null;
}

/** The mark at an end that leaves its box at `point`. */
export function endMark({ x, y }: Point, side: Side, count: Count): EndMark {
  const d = direction(side);
  const bar = (off: number) => [`M`, x + d * off, y - SPREAD, "L", x + d * off, y + SPREAD];
  const ring = (off: number) => ({ x: x + d * off, y, radius: RADIUS });
  switch (count) {
    case "one":
      return { lines: at(...bar(8), ...bar(13)), ring: null };
    case "maybe-one":
      return { lines: at(...bar(8)), ring: ring(8 + 3 + RADIUS) };
    case "maybe-many":
      return {
        lines: at(...["M", x, y - SPREAD, "L", x + d * FOOT, y], ...["L", x, y + SPREAD]),
        ring: ring(FOOT + RADIUS),
      };
  }
}
