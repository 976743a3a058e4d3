"use client";

import { CircleCheckIcon, TriangleAlertIcon } from "lucide-react";

import { QuarantineList } from "@/components/schema/quarantine-list";
import { useQuarantine } from "@/hooks/use-schema-details";
import type { ImportedTable, SchemaResource } from "@/lib/er/model";
import { formatDateTime, formatNumber, plural } from "@/lib/format";
import { cn } from "@/lib/utils";

/** Share of rows set aside from which an import is no plain success. */
const MUCH = 0.1;

/** What the import stored and what it set aside. */
export function ImportResult({
  resource,
  result,
}: {
  resource: SchemaResource;
  result: ImportedTable[] | null;
}) {
  const aside = useQuarantine(resource.id, 0, true).data?.total ?? 0;
  const stored = result?.reduce((sum, t) => sum + t.row_count, 0) ?? null;
  const much = stored !== null && aside > (stored + aside) * MUCH;
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
            {aside === 0
              ? "Every row of your files is in. The tables can no longer be changed."
              : `${plural(aside, "row")} set aside because ${aside === 1 ? "it breaks" : "they break"} a rule; listed below with the reason.`}
          </p>
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
                <span
                  className={cn(
                    "ml-2",
                    t.quarantined > 0 ? "text-warning" : "text-muted-foreground",
                  )}
                >
                  {t.quarantined > 0
                    ? `${formatNumber(t.quarantined)} aside`
                    : (t.merged ?? 0) > 0
                      ? `${formatNumber(t.merged ?? 0)} merged`
                      : "all"}
                </span>
              </span>
            </li>
          ))}
        </ul>
      )}
      {aside > 0 && (
        <details className="mt-4" open={aside <= 20}>
          <summary className="mb-2 font-medium">Rows set aside ({formatNumber(aside)})</summary>
          <QuarantineList schemaId={resource.id} />
        </details>
      )}
    </section>
  );
}
