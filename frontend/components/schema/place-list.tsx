"use client";

import { useState } from "react";

import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table";
import { PLACES_PAGE, type PlacesPage } from "@/hooks/use-schema-details";
import { errorMessage } from "@/lib/api/error";
import { formatNumber } from "@/lib/format";

interface PlaceListProps {
  label: string;
  schemaId: string;
  /** Reads the page that begins at `offset`. */
  usePage: (schemaId: string, offset: number) => PlacesPage;
}

/** Places in the files where something was not stored, each with the reason and the text that stands there. */
export function PlaceList({ label, schemaId, usePage }: PlaceListProps) {
  const [offset, setOffset] = useState(0);
  const page = usePage(schemaId, offset);
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
  const { places, total } = page.data;
  if (total === 0) return null;
  const last = Math.min(offset + places.length, total);
  return (
    <div>
      <div
        className="max-h-80 overflow-auto rounded-lg border bg-card outline-none focus-visible:ring-[3px] focus-visible:ring-ring/50"
        tabIndex={0}
        role="region"
        aria-label={label}
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
            {places.map((place, i) => (
              <TableRow key={offset + i}>
                <TableCell className="whitespace-nowrap">{place.file}</TableCell>
                <TableCell className="tabular text-right">{formatNumber(place.line)}</TableCell>
                <TableCell>{place.column}</TableCell>
                <TableCell className="min-w-48">{place.reason}</TableCell>
                <TableCell className="max-w-72 truncate font-mono text-xs" title={place.text}>
                  {place.text}
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </table>
      </div>
      {total > PLACES_PAGE && (
        <div className="mt-2 flex items-center justify-end gap-2 text-muted-foreground">
          <span className="tabular">
            {formatNumber(offset + 1)}–{formatNumber(last)} of {formatNumber(total)}
          </span>
          <Button
            size="sm"
            variant="outline"
            disabled={offset === 0}
            onClick={() => setOffset(offset - PLACES_PAGE)}
          >
            Earlier
          </Button>
          <Button
            size="sm"
            variant="outline"
            disabled={last >= total}
            onClick={() => setOffset(offset + PLACES_PAGE)}
          >
            Later
          </Button>
        </div>
      )}
    </div>
  );
}
