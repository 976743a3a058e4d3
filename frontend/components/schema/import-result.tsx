"use client";

import { CircleCheckIcon, TriangleAlertIcon } from "lucide-react";

import { Button } from "@/components/ui/button";
import { losses, type ImportedTable, type SchemaResource } from "@/lib/er/model";
import { formatDateTime, formatNumber, plural } from "@/lib/format";
import { cn } from "@/lib/utils";

/** Rows set aside and cells emptied, as a share of all rows, from which an import is no plain success. */
const MUCH = 0.1;

/** What the import stored, what it set aside and what it left empty. */
export function ImportResult({
  resource,
  result,
  onOpen,
}: {
  resource: SchemaResource;
  result: ImportedTable[] | null;
  /** Opens a list of what was not stored. */
  onOpen: (list: "rows" | "cells") => void;
}) {
  const { rows: aside, cells } = losses(result ?? []);
  const mended = result?.reduce((sum, t) => sum + (t.mended ?? 0), 0) ?? 0;
  const stored = result?.reduce((sum, t) => sum + t.row_count, 0) ?? null;
  const much = stored !== null && aside + cells > (stored + aside) * MUCH;
  return (
    <section
      aria-label="Import"
      className={cn(
        "rounded-xl border p-4",
        much ? "border-warning/40 bg-warning-soft/60" : "border-success/30 bg-success-soft/50",
      )}
    >
      <div className="flex flex-wrap items-center gap-3">
        {much ? (
          <TriangleAlertIcon className="size-6 shrink-0 text-warning" aria-hidden="true" />
        ) : (
          <CircleCheckIcon className="size-6 shrink-0 text-success" aria-hidden="true" />
        )}
        <div className="min-w-0 flex-1" role="status">
          <h2 className="text-base font-semibold">
            {stored === null
              ? `Imported${resource.executed_at ? ` ${formatDateTime(resource.executed_at)}` : ""}`
              : `${plural(stored, "row")} stored in ${plural(result?.length ?? 0, "table")}`}
          </h2>
          <p className="text-muted-foreground">
            {notStoredWords(aside, cells)}
            {mended > 0 && ` ${plural(mended, "row was", "rows were")} added back since.`}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          {aside > 0 && (
            <Button variant="outline" size="sm" onClick={() => onOpen("rows")}>
              Mend {plural(aside, "row")}
            </Button>
          )}
          {cells > 0 && (
            <Button variant="outline" size="sm" onClick={() => onOpen("cells")}>
              Fill {plural(cells, "cell")}
            </Button>
          )}
        </div>
      </div>
      {result && (
        <ul className="mt-4 grid gap-x-6 gap-y-1 sm:grid-cols-2 xl:grid-cols-3">
          {result.map((t) => (
            <li
              key={t.name}
              className="tabular flex justify-between gap-3 border-b border-foreground/10 py-1"
            >
              <span className="truncate font-medium">{t.name}</span>
              <span className="shrink-0 text-right">
                {formatNumber(t.row_count)}
                <TableFate table={t} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** How much of the files is in the tables. */
export function notStoredWords(aside: number, cells: number): string {
  const left = `${plural(cells, "cell")} left empty, because the text does not fit`;
  if (aside === 0 && cells === 0) return "Every row of your files is in.";
  if (aside === 0) return `Every row of your files is in. ${left}.`;
  const rows = `${plural(aside, "row")} set aside because ${aside === 1 ? "it breaks" : "they break"} a rule`;
  return cells === 0 ? `${rows}.` : `${rows}. ${left}.`;
}

function TableFate({ table }: { table: ImportedTable }) {
  const { rows, cells } = losses([table]);
  const { merged = 0, added = 0 } = table;
  const parts = [
    rows > 0 && `${formatNumber(rows)} aside`,
    cells > 0 && `${plural(cells, "cell")} empty`,
    merged > 0 && `${formatNumber(merged)} merged`,
    added > 0 && `${formatNumber(added)} added`,
  ].filter(Boolean);
  return (
    <span className={cn("ml-2", rows + cells > 0 ? "text-warning" : "text-muted-foreground")}>
      {parts.join(", ") || "all"}
    </span>
  );
}
