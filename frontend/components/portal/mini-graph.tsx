import { useMemo } from "react";

import type { SchemaOutline } from "@/lib/api/types";
import { plural } from "@/lib/format";
import { layoutMiniGraph, shownLetters } from "@/lib/mini-graph";
import { cn } from "@/lib/utils";

interface MiniGraphProps {
  outline: SchemaOutline;
  className?: string;
}

function shorten(name: string) {
  return name.length > shownLetters ? `${name.slice(0, shownLetters - 1)}…` : name;
}

/** The tables and how they refer to each other, as a picture for a card. */
export function MiniGraph({ outline, className }: MiniGraphProps) {
  const graph = useMemo(() => layoutMiniGraph(outline), [outline]);
  const more = outline.table_count > outline.tables.length ? " and more" : "";
  const label = `${plural(outline.table_count, "table")}, ${plural(outline.relationship_count, "reference")}: ${outline.tables.join(", ")}${more}`;
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`-2 -2 ${graph.width + 4} ${graph.height + 4}`}
      preserveAspectRatio="xMidYMid meet"
      className={cn("h-full max-h-full w-full", className)}
      style={{ maxWidth: `${(graph.width + 4) * 1.15}px` }}
    >
      {graph.edges.map((edge) => (
        <path
          key={`${edge.from}-${edge.to}-${edge.path}`}
          d={edge.path}
          className="fill-none stroke-reference/55"
          strokeWidth="1.25"
        />
      ))}
      {graph.nodes.map((node) => (
        <g key={node.name}>
          <rect
            x={node.x}
            y={node.y}
            width={node.width}
            height={node.height}
            rx="5"
            className="fill-card stroke-input"
          />
          <rect
            x={node.x}
            y={node.y + 5}
            width="2.5"
            height={node.height - 10}
            rx="1"
            className="fill-primary"
          />
          <text
            x={node.x + 10}
            y={node.y + node.height / 2 + 3.5}
            className="fill-foreground text-[10px] font-medium"
          >
            {shorten(node.name)}
          </text>
        </g>
      ))}
    </svg>
  );
}
