"use client";

import { FileUpIcon, LoaderCircleIcon } from "lucide-react";

import { Button } from "@/components/ui/button";
import { useTrySamples } from "@/hooks/use-try-samples";

/** Shown while there is no file: what can be dropped, and the sample data. */
export function DropArea({ onChoose }: { onChoose: () => void }) {
  const { trySamples, isLoading } = useTrySamples();
  return (
    <div className="flex min-h-[22rem] flex-col items-center justify-center gap-5 rounded-2xl border-2 border-dashed border-input bg-card p-8 text-center">
      <span
        aria-hidden="true"
        className="flex size-14 items-center justify-center rounded-2xl bg-success-soft text-primary"
      >
        <FileUpIcon className="size-7" />
      </span>
      <div className="grid max-w-md gap-1.5">
        <p className="text-lg font-semibold">Drop CSV files here</p>
        <p className="text-balance text-muted-foreground">
          As they are: commas, semicolons or tabs, any encoding, decimal commas too. Several at once
          if they belong together.
        </p>
      </div>
      <div className="flex flex-wrap justify-center gap-2">
        <Button onClick={onChoose}>Choose files</Button>
        <Button variant="outline" onClick={trySamples} disabled={isLoading}>
          {isLoading && <LoaderCircleIcon className="animate-spin" />}
          Try the sample data
        </Button>
      </div>
    </div>
  );
}
