"use client";

import { useEffect, useRef, type KeyboardEvent } from "react";

import { Button } from "@/components/ui/button";
import { TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table";
import type { Place } from "@/lib/er/set-aside";
import { formatNumber } from "@/lib/format";

interface PlaceTableProps {
  label: string;
  places: Place[];
  /** What the button of a row does. */
  verb: string;
  onOpen: (place: Place) => void;
}

/** Places in the files where something was not stored, each with the reason and the text that stands there. */
export function PlaceTable({ label, places, verb, onOpen }: PlaceTableProps) {
  const body = useRef<HTMLTableSectionElement>(null);
  const opened = useRef<number | null>(null);
  useEffect(() => {
    // The row that was opened may be gone; the one in its place takes the focus.
    if (opened.current === null || document.activeElement !== document.body) return;
    const buttons = body.current?.querySelectorAll("button") ?? [];
    buttons[Math.min(opened.current, buttons.length - 1)]?.focus();
  }, [places]);
  const open = (place: Place, at: number) => {
    opened.current = at;
    onOpen(place);
  };
  return (
    <div className="overflow-x-auto rounded-lg border bg-card" role="region" aria-label={label}>
      <table className="tabular w-full text-sm">
        <TableHeader>
          <TableRow>
            <TableHead className="max-sm:hidden">File</TableHead>
            <TableHead className="text-right">Line</TableHead>
            <TableHead className="max-md:hidden">Table</TableHead>
            <TableHead className="max-sm:hidden">Column</TableHead>
            <TableHead>Reason</TableHead>
            <TableHead className="max-md:hidden">As it stands in the file</TableHead>
            <TableHead>
              <span className="sr-only">What to do</span>
            </TableHead>
          </TableRow>
        </TableHeader>
        <tbody ref={body} className="[&_tr:last-child]:border-0" onKeyDown={moveBetweenRows}>
          {places.map((place, at) => (
            <TableRow key={place.id} className="cursor-pointer" onClick={() => open(place, at)}>
              <TableCell className="whitespace-nowrap max-sm:hidden">{place.file}</TableCell>
              <TableCell className="tabular text-right align-top sm:align-middle">
                {formatNumber(place.line)}
              </TableCell>
              <TableCell className="max-md:hidden">{place.table}</TableCell>
              <TableCell className="max-sm:hidden">{place.column}</TableCell>
              <TableCell className="w-full max-w-0 min-w-40">
                <p className="line-clamp-2" title={place.reason}>
                  {place.reason}
                </p>
                <p className="truncate text-xs text-muted-foreground sm:hidden">
                  {place.column ? `${place.column} · ` : ""}
                  {place.file}
                </p>
                <p className="truncate font-mono text-xs text-muted-foreground md:hidden">
                  {place.text}
                </p>
              </TableCell>
              <TableCell
                className="max-w-40 truncate font-mono text-xs max-md:hidden 2xl:max-w-72"
                title={place.text}
              >
                {place.text}
              </TableCell>
              <TableCell className="text-right">
                <Button
                  variant="outline"
                  size="sm"
                  aria-label={`${verb} line ${place.line} of ${place.file}${place.column ? `, ${place.column}` : ""}`}
                  onClick={(event) => {
                    event.stopPropagation();
                    open(place, at);
                  }}
                >
                  {verb}
                </Button>
              </TableCell>
            </TableRow>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Up and down go from one row's button to the next. */
function moveBetweenRows(event: KeyboardEvent<HTMLTableSectionElement>) {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const buttons = [...event.currentTarget.querySelectorAll("button")];
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  const next = buttons[at + (event.key === "ArrowDown" ? 1 : -1)];
  if (at < 0 || !next) return;
  event.preventDefault();
  next.focus();
}
