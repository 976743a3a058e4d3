"use client";

import { useState } from "react";

import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table";
import { QUARANTINE_PAGE, useQuarantine } from "@/hooks/use-schema-details";
import { errorMessage } from "@/lib/api/error";
import { formatNumber } from "@/lib/format";

/** The rows that could not be stored, each with its place in the file and the reason. */
export function QuarantineList({ schemaId }: { schemaId: string }) {
  const [offset, setOffset] = useState(0);
  const page = useQuarantine(schemaId, offset, true);
  if (page.isPending) return <Skeleton className="h-40 w-full" />;
  if (page.isError)
    return (
      <p role="alert" className="text-destructive">
        {errorMessage(page.error)}{" "}
        <Button variant="link" className="px-0" onClick={() => void page.refetch()}>
          Try again
        </Button>
      </p>
    );
  const { rows, total } = page.data;
  if (total === 0) return null;
  const last = Math.min(offset + rows.length, total);
  return (
    <div>
      <div
        className="max-h-80 overflow-auto rounded-lg border bg-card outline-none focus-visible:ring-[3px] focus-visible:ring-ring/50"
        tabIndex={0}
        role="region"
        aria-label="Rows set aside"
      >
        <table className="tabular w-full text-sm">
          <TableHeader className="sticky top-0 bg-card shadow-[0_1px_0_var(--border)]">
            <TableRow>
              <TableHead>File</TableHead>
              <TableHead className="text-right">Line</TableHead>
              <TableHead>Column</TableHead>
              <TableHead>Reason</TableHead>
              <TableHead>As it stands in the file</TableHead>
            </TableRow>
          </TableHeader>
          <TableBody>
            {rows.map((row) => (
              <TableRow key={`${row.file}:${row.line}:${row.column ?? ""}:${row.table ?? ""}`}>
                <TableCell className="whitespace-nowrap">{row.file}</TableCell>
                <TableCell className="tabular text-right">{formatNumber(row.line)}</TableCell>
                <TableCell>{row.column}</TableCell>
                <TableCell className="min-w-48">{row.reason}</TableCell>
                <TableCell className="max-w-72 truncate font-mono text-xs" title={rawText(row.raw)}>
                  {rawText(row.raw)}
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </table>
      </div>
      {total > QUARANTINE_PAGE && (
        <div className="mt-2 flex items-center justify-end gap-2 text-muted-foreground">
          <span className="tabular">
            {formatNumber(offset + 1)}–{formatNumber(last)} of {formatNumber(total)}
          </span>
          <Button
            size="sm"
            variant="outline"
            disabled={offset === 0}
            onClick={() => setOffset(offset - QUARANTINE_PAGE)}
          >
            Earlier
          </Button>
          <Button
            size="sm"
            variant="outline"
            disabled={last >= total}
            onClick={() => setOffset(offset + QUARANTINE_PAGE)}
          >
            Later
          </Button>
        </div>
      )}
    </div>
  );
}

function rawText(raw: unknown): string {
  return Array.isArray(raw) ? raw.map((cell) => cell ?? "").join(", ") : String(raw ?? "");
}
