"use client";

import { ArrowDownIcon, ArrowUpIcon } from "lucide-react";
import { useMemo, useState } from "react";

import { Button } from "@/components/ui/button";
import { columnFraction, compareCells, formatCell, isNumericType } from "@/lib/chat/format";
import type { Cell, ResultColumn } from "@/lib/chat/types";
import { plural } from "@/lib/format";
import { cn } from "@/lib/utils";

const FIRST_ROWS = 50;

interface ResultGridProps {
  columns: ResultColumn[];
  rows: Cell[][];
}

/** A result as rows: sorted by a press on a heading, numbers to the right, the raw value on hover. */
export function ResultGrid({ columns, rows }: ResultGridProps) {
  const [sort, setSort] = useState<{ column: number; direction: 1 | -1 } | null>(null);
  const [all, setAll] = useState(false);
  const sorted = useMemo(
    () =>
      sort
        ? [...rows].sort((a, b) =>
            compareCells(a[sort.column] ?? null, b[sort.column] ?? null, sort.direction),
          )
        : rows,
    [rows, sort],
  );
  const numeric = useMemo(
    () =>
      columns.map((c, i) => isNumericType(c.type) || rows.some((r) => typeof r[i] === "number")),
    [columns, rows],
  );
  const fractions = useMemo(
    () => columns.map((_, i) => columnFraction(rows.map((r) => r[i] ?? null))),
    [columns, rows],
  );
  const press = (column: number) =>
    setSort((s) =>
      s?.column !== column
        ? { column, direction: 1 }
        : s.direction === 1
          ? { column, direction: -1 }
          : null,
    );
  if (rows.length === 0) return <p className="p-4 text-muted-foreground">No rows match.</p>;
  const shown = all ? sorted : sorted.slice(0, FIRST_ROWS);
  return (
    <div
      className="max-h-96 overflow-auto outline-none focus-visible:ring-[3px] focus-visible:ring-ring/50"
      tabIndex={0}
      role="region"
      aria-label="Result rows"
    >
      <table className="tabular w-full border-separate border-spacing-0 text-sm">
        <thead>
          <tr>
            {columns.map((column, i) => {
              const direction = sort?.column === i ? sort.direction : 0;
              return (
                <th
                  key={i}
                  scope="col"
                  aria-sort={
                    direction === 0 ? "none" : direction === 1 ? "ascending" : "descending"
                  }
                  className={cn(
                    "sticky top-0 z-10 border-b bg-card px-1.5 py-1 font-medium",
                    numeric[i] ? "text-right" : "text-left",
                  )}
                >
                  <button
                    type="button"
                    onClick={() => press(i)}
                    title={`${column.name}${column.type ? `, ${column.type}` : ""}: press to sort`}
                    className="inline-flex items-center gap-1 rounded-sm px-1.5 py-1 text-xs whitespace-nowrap text-muted-foreground outline-none hover:text-foreground focus-visible:ring-[3px] focus-visible:ring-ring/60"
                  >
                    {column.name}
                    {direction === 1 && <ArrowUpIcon className="size-3" aria-hidden="true" />}
                    {direction === -1 && <ArrowDownIcon className="size-3" aria-hidden="true" />}
                  </button>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {shown.map((row, r) => (
            <tr key={r} className="group">
              {columns.map((column, i) => {
                const cell = row[i] ?? null;
                return (
                  <td
                    key={i}
                    title={cell === null ? "no value" : String(cell)}
                    className={cn(
                      "max-w-80 truncate border-b px-3 py-1.5 group-last:border-0 group-hover:bg-muted/60",
                      numeric[i] && "text-right",
                    )}
                  >
                    {cell === null ? (
                      <span className="text-muted-foreground italic">empty</span>
                    ) : (
                      formatCell(cell, column, undefined, fractions[i])
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {!all && rows.length > FIRST_ROWS && (
        <Button variant="link" size="sm" onClick={() => setAll(true)}>
          Show all {plural(rows.length, "row")}
        </Button>
      )}
    </div>
  );
}
