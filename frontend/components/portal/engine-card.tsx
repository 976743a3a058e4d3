"use client";

import { BotIcon, CpuIcon, TriangleAlertIcon } from "lucide-react";

import { Badge } from "@/components/ui/badge";
import { Skeleton } from "@/components/ui/skeleton";
import { useLlm } from "@/hooks/use-llm";
import type { LlmStatus } from "@/lib/api/types";
import { plural } from "@/lib/format";

export interface EngineState {
  name: string;
  detail: string;
  kind: "model" | "model-elsewhere" | "built-in";
}

const BADGES: Record<EngineState["kind"], string> = {
  model: "Local model",
  "model-elsewhere": "Other machine",
  "built-in": "No model",
};

const BADGE_VARIANTS = {
  model: "success",
  "model-elsewhere": "warning",
  "built-in": "secondary",
} as const;

/** What goes to a model that does not run here, in words. */
export function whatLeaves(llm: LlmStatus): string {
  const place = llm.server ?? "another machine";
  return `Your questions, the names of tables and columns, sample values and results are sent to ${place}.`;
}

/** Which engine will answer, and why it is that one. */
export function describeEngine(llm: LlmStatus): EngineState {
  const installed = llm.installed_models.length;
  if (llm.reachable && llm.model) {
    const by =
      llm.provider === "ollama"
        ? `Answers by Ollama. ${plural(installed, "model")} installed.`
        : `Answers by the model server at ${llm.server ?? "an address of its own"}.`;
    if (llm.on_this_machine) return { kind: "model", name: llm.model, detail: by };
    return { kind: "model-elsewhere", name: llm.model, detail: `${by} ${whatLeaves(llm)}` };
  }
  const why = llm.note ? `${llm.note.replace(/[.\s]+$/, "")}. ` : "";
  return {
    kind: "built-in",
    name: "Built-in engine",
    detail: `${why}Counts, sums, rankings, groups and filters are understood without a model.`,
  };
}

export function EngineCard() {
  const llm = useLlm();
  const engine = llm.data ? describeEngine(llm.data) : undefined;
  return (
    <section
      aria-labelledby="engine-title"
      className="grid gap-2.5 rounded-xl border bg-card p-4 shadow-card"
    >
      <h2 id="engine-title" className="text-[0.8125rem] font-medium text-muted-foreground">
        What answers
      </h2>
      {llm.isPending && (
        <div className="grid gap-2">
          <Skeleton className="h-5 w-36" />
          <Skeleton className="h-10 w-full" />
        </div>
      )}
      {llm.isError && (
        <p className="flex items-center gap-2 text-muted-foreground">
          <TriangleAlertIcon aria-hidden="true" className="size-4 text-warning" />
          The engine&apos;s state could not be read.
        </p>
      )}
      {engine && (
        <>
          <div className="flex items-center gap-2 font-semibold">
            {engine.kind !== "built-in" ? (
              <BotIcon aria-hidden="true" className="size-4 text-primary" />
            ) : (
              <CpuIcon aria-hidden="true" className="size-4 text-primary" />
            )}
            <span className="truncate">{engine.name}</span>
            <Badge variant={BADGE_VARIANTS[engine.kind]} className="ml-auto">
              {BADGES[engine.kind]}
            </Badge>
          </div>
          <p className="text-[0.8125rem] leading-relaxed text-muted-foreground">{engine.detail}</p>
        </>
      )}
    </section>
  );
}
