"use client";

import { SparklesIcon } from "lucide-react";
import Link from "next/link";

import { Button } from "@/components/ui/button";
import type { CsvUpload } from "@/lib/api/types";
import { formatNumber, plural } from "@/lib/format";
import { generatePath } from "@/lib/generate-path";

interface GenerateBarProps {
  chosen: CsvUpload[];
  /** Files still on their way. */
  pendingCount: number;
}

/** Stays in sight at the bottom: the next step. */
export function GenerateBar({ chosen, pendingCount }: GenerateBarProps) {
  const rows = chosen.reduce((sum, { row_count }) => sum + row_count, 0);
  return (
    <div className="sticky bottom-0 z-20 mt-auto border-t bg-background/90 backdrop-blur-md">
      <div className="mx-auto flex max-w-6xl flex-wrap items-center justify-between gap-x-6 gap-y-2 px-4 py-3 sm:px-6">
        <p aria-live="polite" className="text-[0.8125rem] text-muted-foreground tabular-nums">
          {chosen.length === 0
            ? "Choose at least one file."
            : `${plural(chosen.length, "file")}, ${formatNumber(rows)} rows chosen`}
          {pendingCount > 0 && ` · ${plural(pendingCount, "file")} still on the way`}
        </p>
        {chosen.length > 0 ? (
          <Button asChild className="max-sm:w-full">
            <Link href={generatePath(chosen.map(({ id }) => id))}>
              <SparklesIcon /> Generate schema from {plural(chosen.length, "file")}
            </Link>
          </Button>
        ) : (
          <Button disabled className="max-sm:w-full">
            <SparklesIcon /> Generate schema
          </Button>
        )}
      </div>
    </div>
  );
}
