"use client";

import { FileSpreadsheetIcon, SparklesIcon } from "lucide-react";
import Link from "next/link";

import { Button } from "@/components/ui/button";
import type { CsvUpload } from "@/lib/api/types";
import { plural } from "@/lib/format";
import { generatePath } from "@/lib/generate-path";

/** Files that wait for a schema. */
export function UnusedUploads({ uploads }: { uploads: CsvUpload[] }) {
  if (uploads.length === 0) return null;
  return (
    <section
      aria-labelledby="unused-title"
      className="grid gap-3 rounded-xl border bg-card p-4 shadow-card"
    >
      <h2 id="unused-title" className="text-[0.8125rem] font-medium text-muted-foreground">
        Uploads not used yet
      </h2>
      <ul className="grid gap-2">
        {uploads.map((upload) => (
          <li key={upload.id} className="flex min-w-0 items-center gap-2">
            <FileSpreadsheetIcon
              aria-hidden="true"
              className="size-4 shrink-0 text-muted-foreground"
            />
            <span className="min-w-0 flex-1 truncate" title={upload.original_filename}>
              {upload.original_filename}
            </span>
            <span className="shrink-0 text-[0.8125rem] text-muted-foreground tabular-nums">
              {plural(upload.row_count, "row")}
            </span>
          </li>
        ))}
      </ul>
      <Button asChild size="sm" variant="outline">
        <Link href={generatePath(uploads.map(({ id }) => id))}>
          <SparklesIcon /> Generate schema from {plural(uploads.length, "file")}
        </Link>
      </Button>
    </section>
  );
}
