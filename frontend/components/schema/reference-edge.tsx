"use client";

import { Position, type Edge, type EdgeProps } from "@xyflow/react";
import { Trash2Icon } from "lucide-react";
import { memo } from "react";

import { Button } from "@/components/ui/button";
import { edgePath, endMark, type Count, type Point, type Side } from "@/lib/er/edges";
import { side } from "@/lib/er/evidence";
import { cardinality, type EdgeData } from "@/lib/er/flow";
import { cn } from "@/lib/utils";

export type ReferenceEdgeType = Edge<EdgeData & { emphasis?: "strong" | "faint" }, "reference">;

const sideOf = (position: Position): Side => (position === Position.Left ? "left" : "right");

/** A reference in crow's foot notation; dashed where the database does not enforce it. */
export const ReferenceEdge = memo(function ReferenceEdge({
  sourceX,
  sourceY,
  targetX,
  targetY,
  sourcePosition,
  targetPosition,
  selected,
  data,
}: EdgeProps<ReferenceEdgeType>) {
  if (!data) return null;
  const { counts, emphasis } = data;
  const from = { x: sourceX, y: sourceY };
  const to = { x: targetX, y: targetY };
  const [fromSide, toSide] = [sideOf(sourcePosition), sideOf(targetPosition)];
  const path = edgePath(from, fromSide, to, toSide);
  return (
    <>
      <g
        className={cn(
          "fill-none stroke-reference [stroke-width:1.25] group-focus-visible/edge:[stroke-width:3]",
          (selected || emphasis === "strong") && "[stroke-width:2.5]",
          emphasis === "faint" && "opacity-25",
        )}
      >
        <path d={path} strokeDasharray={counts.isEnforced ? undefined : "5 4"} />
        <Mark point={from} at={fromSide} count={counts.from} />
        <Mark point={to} at={toSide} count={counts.to} />
      </g>
      <path
        d={path}
        className="react-flow__edge-interaction fill-none [stroke-width:20]"
        stroke="transparent"
      />
    </>
  );
});

interface ChosenReferenceProps {
  data: EdgeData;
  /** Takes the reference out of the schema; null where it stays as it is. */
  onRemove: (() => void) | null;
}

/** What the chosen edge stands for, and its way out for those without a keyboard. */
export function ChosenReference({ data, onRemove }: ChosenReferenceProps) {
  const { relationship: r, counts } = data;
  const names = `${side(r.from_table, r.from_columns)} → ${side(r.to_table, r.to_columns)}`;
  return (
    <div className="flex items-center gap-2 rounded-md border bg-popover px-2.5 py-1 text-xs text-popover-foreground shadow-md">
      <span className="min-w-0 font-medium [overflow-wrap:anywhere]">{names}</span>
      <span className="shrink-0 text-muted-foreground">{cardinality(r)}</span>
      {!counts.isEnforced && <span className="text-warning">not enforced</span>}
      {onRemove && (
        <Button
          variant="ghost"
          size="icon-xs"
          className="-mr-1"
          aria-label={`Remove the reference ${names}`}
          title="Remove (Delete)"
          onClick={onRemove}
        >
          <Trash2Icon />
        </Button>
      )}
    </div>
  );
}

function Mark({ point, at, count }: { point: Point; at: Side; count: Count }) {
  const { lines, ring } = endMark(point, at, count);
  return (
    <>
      {ring && <circle cx={ring.x} cy={ring.y} r={ring.radius} className="fill-background" />}
      <path d={lines} />
    </>
  );
}

/** What the marks at the ends mean. */
export function MarkLegend() {
  const entries: [Count, string][] = [
    ["maybe-many", "any number"],
    ["one", "exactly one"],
    ["maybe-one", "at most one"],
  ];
  return (
    <ul className="flex flex-wrap gap-x-3 gap-y-0.5 text-[0.6875rem] text-muted-foreground">
      {entries.map(([count, words]) => (
        <li key={count} className="flex items-center gap-1.5">
          <svg width="30" height="14" aria-hidden="true" className="fill-none stroke-reference">
            <path d="M 1 7 H 29" />
            <Mark point={{ x: 1, y: 7 }} at="right" count={count} />
          </svg>
          {words}
        </li>
      ))}
      <li className="flex items-center gap-1.5">
        <svg width="30" height="14" aria-hidden="true" className="fill-none stroke-reference">
          <path d="M 1 7 H 29" strokeDasharray="5 4" />
        </svg>
        not enforced
      </li>
    </ul>
  );
}
