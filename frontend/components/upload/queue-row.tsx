"use client";

import { CircleXIcon, FileSpreadsheetIcon, RotateCwIcon, XIcon } from "lucide-react";

import { Button } from "@/components/ui/button";
import { Progress } from "@/components/ui/progress";
import { formatBytes, formatNumber } from "@/lib/format";
import type { UploadItem, UploadQueue } from "@/lib/upload-queue";
import { cn } from "@/lib/utils";

interface QueueRowProps {
  item: UploadItem;
  queue: UploadQueue;
}

/** What is happening to a file that is not stored yet, with numbers. */
export function uploadWords(item: UploadItem): string {
  switch (item.state) {
    case "waiting":
      return `${formatBytes(item.sizeBytes)} · waits for its turn`;
    case "sending":
      return `${formatBytes(item.sentBytes)} of ${formatBytes(item.sizeBytes)} sent`;
    case "reading":
      return `${formatBytes(item.sizeBytes)} sent · every row is being read and typed`;
    case "cancelled":
      return "Cancelled. Nothing of it was kept.";
    case "failed":
      return item.error ?? "The upload failed.";
  }
}

export function QueueRow({ item, queue }: QueueRowProps) {
  const isActive = item.state === "sending" || item.state === "reading" || item.state === "waiting";
  const isFailed = item.state === "failed";
  const share = item.sizeBytes > 0 ? (100 * item.sentBytes) / item.sizeBytes : 0;
  return (
    <li
      className={cn(
        "grid gap-2 rounded-xl border bg-card p-4 shadow-card",
        isFailed && "border-destructive/30 bg-danger-soft",
      )}
    >
      <div className="flex items-center gap-3">
        {isFailed ? (
          <CircleXIcon aria-hidden="true" className="size-5 shrink-0 text-destructive" />
        ) : (
          <FileSpreadsheetIcon
            aria-hidden="true"
            className="size-5 shrink-0 text-muted-foreground"
          />
        )}
        <div className="grid min-w-0 flex-1">
          <span className="truncate font-medium" title={item.name}>
            {item.name}
          </span>
          <span
            role={isFailed ? "alert" : undefined}
            className={cn(
              "text-[0.8125rem] text-muted-foreground tabular-nums",
              isFailed && "text-destructive",
            )}
          >
            {uploadWords(item)}
          </span>
        </div>
        {item.state === "sending" && (
          <span aria-hidden="true" className="text-[0.8125rem] font-medium tabular-nums">
            {formatNumber(Math.floor(share))}%
          </span>
        )}
        {isActive ? (
          <Button
            variant="ghost"
            size="sm"
            aria-label={`Cancel the upload of ${item.name}`}
            onClick={() => queue.cancel(item.id)}
          >
            <XIcon /> Cancel
          </Button>
        ) : (
          <>
            {item.canRetry && (
              <Button
                variant="outline"
                size="sm"
                aria-label={`Retry ${item.name}`}
                onClick={() => queue.retry(item.id)}
              >
                <RotateCwIcon /> Retry
              </Button>
            )}
            <Button
              variant="ghost"
              size="icon-sm"
              aria-label={`Dismiss ${item.name}`}
              onClick={() => queue.dismiss(item.id)}
            >
              <XIcon />
            </Button>
          </>
        )}
      </div>
      {isActive && (
        <Progress
          value={item.state === "reading" ? 100 : share}
          aria-label={`Upload of ${item.name}`}
          className={cn(item.state === "reading" && "animate-pulse")}
        />
      )}
    </li>
  );
}
