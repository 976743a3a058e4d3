"use client";

import { SparklesIcon, SquareIcon } from "lucide-react";

import { Button } from "@/components/ui/button";
import { useLlm } from "@/hooks/use-llm";
import type { useHelp } from "@/hooks/use-help";
import { errorMessage } from "@/lib/api/error";
import { helpRefusals, helpWords } from "@/lib/er/help";

/** A quiet line: where the model's help is, and starting and stopping it. */
export function HelpBar({ help, error, start, stop, isPending }: ReturnType<typeof useHelp>) {
  const llm = useLlm();
  const model = llm.data?.reachable && llm.data.model ? llm.data : null;
  if (!help || (help.state === "none" && !model)) return null;
  const refusals = helpRefusals(help);
  const failed = help.pieces.some((piece) => piece.state === "failed");
  return (
    <section
      aria-label="The model's help"
      className="flex flex-wrap items-center gap-x-2 gap-y-1 border-b px-4 py-1.5 text-sm sm:px-6"
    >
      <SparklesIcon
        className={
          help.state === "running"
            ? "size-4 shrink-0 text-primary motion-safe:animate-pulse"
            : "size-4 shrink-0 text-muted-foreground"
        }
        aria-hidden="true"
      />
      <p role="status" className="tabular min-w-0 flex-1 basis-52 text-muted-foreground">
        {error
          ? errorMessage(error)
          : help.state === "none"
            ? `${model?.model} can say what tables and unclear columns hold.${
                model && !model.on_this_machine
                  ? ` Names and sample values are sent to ${model.server}.`
                  : ""
              }`
            : helpWords(help)}
      </p>
      {help.state === "running" ? (
        <Button size="sm" variant="outline" onClick={stop} disabled={isPending}>
          <SquareIcon aria-hidden="true" />
          Stop
        </Button>
      ) : (
        model &&
        help.state !== "done" && (
          <Button size="sm" variant="outline" onClick={start} disabled={isPending}>
            {help.state === "none" ? "Let it look" : failed ? "Try again" : "Go on"}
          </Button>
        )
      )}
      {refusals.length > 0 && (
        <details className="basis-full text-xs text-muted-foreground">
          <summary className="cursor-pointer">What was not taken over ({refusals.length})</summary>
          <ul className="mt-1 list-disc space-y-0.5 pl-5 [overflow-wrap:anywhere]">
            {refusals.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
