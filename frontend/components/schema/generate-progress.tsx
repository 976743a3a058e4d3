"use client";

import { CheckIcon, LoaderIcon, XIcon } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Progress } from "@/components/ui/progress";
import { percent, type Step } from "@/lib/er/progress";
import { formatNumber } from "@/lib/format";
import { cn } from "@/lib/utils";

interface GenerateProgressProps {
  steps: Step[];
  onCancel: () => void;
}

/** The steps as they happen, with their numbers. */
export function GenerateProgress({ steps, onCancel }: GenerateProgressProps) {
  const shown: Step[] = steps.length
    ? steps
    : [{ stage: "start", label: "Starting", message: "", done: 0, total: 0, state: "running" }];
  const current = shown.at(-1);
  return (
    <section
      aria-label="Steps of the generation"
      className="rounded-xl border bg-card p-5 shadow-card"
    >
      <p className="sr-only" role="status">
        {current?.label}
      </p>
      <ol className="flex flex-col gap-4">
        {shown.map((step) => (
          <StepLine key={step.stage} step={step} />
        ))}
      </ol>
      <Button variant="outline" className="mt-6" onClick={onCancel}>
        <XIcon aria-hidden="true" />
        Stop
      </Button>
    </section>
  );
}

function StepLine({ step }: { step: Step }) {
  const running = step.state === "running";
  const value = percent(step);
  return (
    <li className="flex gap-3">
      <span
        className={cn(
          "mt-0.5 flex size-5 shrink-0 items-center justify-center rounded-full",
          running ? "text-primary" : "bg-success-soft text-success",
        )}
      >
        {running ? (
          <LoaderIcon className="size-4 animate-spin" aria-hidden="true" />
        ) : (
          <CheckIcon className="size-3.5" aria-label="done" />
        )}
      </span>
      <div className="min-w-0 flex-1">
        <p className="flex justify-between gap-3">
          <span className={running ? "font-medium" : undefined}>{step.label}</span>
          {step.total > 0 && (
            <span className="tabular shrink-0 text-muted-foreground">
              {formatNumber(step.done)} of {formatNumber(step.total)}
            </span>
          )}
        </p>
        {step.message && step.message !== step.label && (
          <p className="truncate text-muted-foreground">{step.message}</p>
        )}
        {running && value !== null && (
          <Progress value={value} className="mt-2" aria-label={step.label} />
        )}
      </div>
    </li>
  );
}
