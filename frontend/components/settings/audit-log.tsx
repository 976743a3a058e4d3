"use client";

import { ErrorState } from "@/components/error-state";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { useAudit } from "@/hooks/use-audit";
import type { AuditEntry } from "@/lib/api/types";
import { describeAction, describeDetail } from "@/lib/audit";
import { formatDateTime, formatRelative } from "@/lib/format";

export function AuditLog() {
  const audit = useAudit();
  if (audit.isPending) return <Skeleton className="h-48 rounded-xl" />;
  if (audit.isError) {
    return (
      <ErrorState
        title="Your activity could not be read"
        error={audit.error}
        onRetry={() => void audit.refetch()}
      />
    );
  }
  const entries = audit.data.pages.flatMap((page) => page.entries);
  if (entries.length === 0) {
    return (
      <p className="rounded-xl border border-dashed p-5 text-muted-foreground">
        Nothing has been done under this account yet.
      </p>
    );
  }
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <div className="overflow-hidden rounded-xl border bg-card shadow-card">
        <Table>
          <TableHeader>
            <TableRow className="hover:bg-transparent">
              <TableHead>What</TableHead>
              <TableHead className="max-sm:hidden">Details</TableHead>
              <TableHead className="text-right">When</TableHead>
            </TableRow>
          </TableHeader>
          <TableBody>
            {entries.map((entry) => (
              <EntryRow key={entry.id} entry={entry} />
            ))}
          </TableBody>
        </Table>
      </div>
      {audit.hasNextPage && (
        <div>
          <Button
            variant="outline"
            size="sm"
            disabled={audit.isFetchingNextPage}
            onClick={() => void audit.fetchNextPage()}
          >
            {audit.isFetchingNextPage ? "Loading…" : "Show older"}
          </Button>
        </div>
      )}
    </div>
  );
}

/** At the width of a phone the details stand below what was done. */
function EntryRow({ entry }: { entry: AuditEntry }) {
  const detail = describeDetail(entry);
  return (
    <TableRow>
      <TableCell className="align-top font-medium">
        {describeAction(entry.action)}
        {detail && (
          <span className="block font-normal wrap-anywhere text-muted-foreground sm:hidden">
            {detail}
          </span>
        )}
      </TableCell>
      <TableCell className="align-top wrap-anywhere text-muted-foreground max-sm:hidden">
        {detail}
      </TableCell>
      <TableCell className="text-right align-top whitespace-nowrap text-muted-foreground">
        <time dateTime={entry.created_at} title={formatDateTime(entry.created_at)}>
          {formatRelative(entry.created_at)}
        </time>
      </TableCell>
    </TableRow>
  );
}
