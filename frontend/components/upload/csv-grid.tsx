"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { useId, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { toast } from "sonner";

import { ErrorState } from "@/components/error-state";
import { ProfileHeader } from "@/components/upload/profile-header";
import { useCsvWindow } from "@/hooks/use-csv-window";
import type { ColumnProfile, CsvUpload } from "@/lib/api/types";
import { formatCell, isNameLike, isNumeric } from "@/lib/cell";
import { columnHints } from "@/lib/column-hints";
import { formatNumber, plural } from "@/lib/format";
import { columnWidth, moveCell, type CellPosition } from "@/lib/grid";
import { cn } from "@/lib/utils";

const rowHeight = 30;
const headerHeight = 148;
const indexWidth = 56;

interface CsvGridProps {
  upload: CsvUpload;
  others: CsvUpload[];
}

/** All rows of a file as they were read, with what is known of each column on top. */
export function CsvGrid({ upload, others }: CsvGridProps) {
  const gridId = useId();
  const scrollRef = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<CellPosition>({ row: 0, column: 0 });
  const hints = useMemo(() => columnHints(upload, others), [upload, others]);
  const profiles = useMemo(
    () => new Map(upload.profile.map((profile) => [profile.column, profile])),
    [upload.profile],
  );
  const widths = upload.columns.map((name) => columnWidth(profiles.get(name), name));
  const totalWidth = widths.reduce((sum, width) => sum + width, indexWidth);
  // Header and rows are grids of their own: one width for all keeps their columns in line.
  const lineStyle = { width: `max(100%, ${totalWidth}px)` };
  const template = `${indexWidth}px ${widths.map((width) => `minmax(${width}px, 1fr)`).join(" ")}`;

  // The virtualizer's own functions change on every render, which the compiler must not cache.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtualizer = useVirtualizer({
    count: upload.row_count,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollMargin: 0,
    scrollPaddingStart: headerHeight,
  });
  const rows = virtualizer.getVirtualItems();
  const { rowAt, failed } = useCsvWindow(upload.id, rows[0]?.index ?? 0, rows.at(-1)?.index ?? -1);

  const scrollTo = (position: CellPosition) => {
    virtualizer.scrollToIndex(position.row);
    const left = widths.slice(0, position.column).reduce((sum, width) => sum + width, 0);
    const element = scrollRef.current;
    if (!element) return;
    const right = left + (widths[position.column] ?? 0);
    const room = element.clientWidth - indexWidth;
    if (left < element.scrollLeft) element.scrollLeft = left;
    else if (right > element.scrollLeft + room) element.scrollLeft = right - room;
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const isControl = event.ctrlKey || event.metaKey;
    if (isControl && event.key.toLowerCase() === "c") {
      if (window.getSelection()?.toString()) return;
      void navigator.clipboard
        ?.writeText(rowAt(active.row)?.[active.column] ?? "")
        .then(() => toast.success("Value copied"));
      return;
    }
    const size = { rows: upload.row_count, columns: upload.columns.length };
    const next = moveCell(active, event.key, size, isControl);
    if (!next || upload.row_count === 0) return;
    event.preventDefault();
    setActive(next);
    scrollTo(next);
  };

  const cellId = (position: CellPosition) => `${gridId}-${position.row}-${position.column}`;
  return (
    <>
      {failed && (
        <ErrorState
          title="Some rows could not be read"
          error={failed.error}
          onRetry={() => void failed.refetch()}
          className="rounded-none border-x-0 border-t-0"
        />
      )}
      <div
        ref={scrollRef}
        role="grid"
        tabIndex={0}
        aria-label={`Rows of ${upload.original_filename}`}
        aria-rowcount={upload.row_count + 1}
        aria-colcount={upload.columns.length + 1}
        aria-activedescendant={upload.row_count > 0 ? cellId(active) : undefined}
        onKeyDown={onKeyDown}
        className="group/grid relative max-h-[28rem] overflow-auto overscroll-x-contain outline-none focus-visible:ring-2 focus-visible:ring-ring focus-visible:ring-inset"
      >
        <div
          role="row"
          aria-rowindex={1}
          className="sticky top-0 z-10 grid border-b bg-card"
          style={{ ...lineStyle, gridTemplateColumns: template, height: headerHeight }}
        >
          <div
            role="columnheader"
            className="sticky left-0 z-10 flex items-end justify-end border-r bg-card p-2 text-xs text-muted-foreground"
          >
            Row
          </div>
          {upload.columns.map((name) => (
            <div key={name} role="columnheader" className="min-w-0 border-r last:border-r-0">
              <ProfileHeader
                name={name}
                profile={profiles.get(name)}
                hint={hints.get(name)}
                rowCount={upload.row_count}
              />
            </div>
          ))}
        </div>
        <div
          role="rowgroup"
          className="relative"
          style={{ ...lineStyle, height: virtualizer.getTotalSize() }}
        >
          {rows.map(({ index, start }) => {
            const values = rowAt(index);
            return (
              <div
                key={index}
                role="row"
                aria-rowindex={index + 2}
                className="absolute inset-x-0 top-0 grid border-b border-border/60 hover:bg-muted/60"
                style={{
                  gridTemplateColumns: template,
                  height: rowHeight,
                  transform: `translateY(${start}px)`,
                }}
              >
                <div
                  role="rowheader"
                  className="sticky left-0 flex items-center justify-end border-r bg-card px-2 text-xs text-muted-foreground tabular-nums"
                >
                  {formatNumber(index + 1)}
                </div>
                {upload.columns.map((name, column) => (
                  <GridCell
                    key={name}
                    id={cellId({ row: index, column })}
                    value={values === undefined ? undefined : (values[column] ?? null)}
                    profile={profiles.get(name)}
                    isPlain={hints.has(name) || isNameLike(name)}
                    isActive={active.row === index && active.column === column}
                    onActivate={() => setActive({ row: index, column })}
                  />
                ))}
              </div>
            );
          })}
        </div>
      </div>
      <p className="border-t px-4 py-2 text-xs text-muted-foreground tabular-nums">
        {plural(upload.row_count, "row")}, all of them. Arrow keys move, Ctrl+C copies the value as
        it stands in the file. Types can be changed in the review.
      </p>
    </>
  );
}

interface GridCellProps {
  id: string;
  /** Undefined while its page is on the way. */
  value: string | null | undefined;
  profile: ColumnProfile | undefined;
  /** Shown without thousands separators. */
  isPlain: boolean;
  isActive: boolean;
  onActivate: () => void;
}

function GridCell({ id, value, profile, isPlain, isActive, onActivate }: GridCellProps) {
  const isNumber = isNumeric(profile?.type);
  return (
    <div
      id={id}
      role="gridcell"
      title={value ?? undefined}
      onMouseDown={onActivate}
      className={cn(
        "flex min-w-0 items-center px-2.5 text-[0.8125rem]",
        isNumber && "justify-end tabular-nums",
        isActive &&
          "group-focus/grid:bg-accent group-focus/grid:ring-1 group-focus/grid:ring-ring group-focus/grid:ring-inset",
      )}
    >
      {value === undefined ? (
        <span aria-hidden="true" className="h-2.5 w-2/3 rounded bg-foreground/8" />
      ) : value === null ? (
        <span className="text-xs text-muted-foreground italic">empty</span>
      ) : (
        <span className="truncate">
          {isNumber && !isPlain ? formatCell(value, profile?.type) : value}
        </span>
      )}
    </div>
  );
}
