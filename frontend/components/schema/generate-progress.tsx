"use client";

import { CheckIcon, LoaderIcon, XIcon } from "lucide-react";
import { useEffect, useRef } from "react";

import { Button } from "@/components/ui/button";
import { Progress } from "@/components/ui/progress";
import { percent, type Step } from "@/lib/er/progress";
import { formatNumber } from "@/lib/format";
import { cn } from "@/lib/utils";

interface GenerateProgressProps {
  steps: Step[];
  reasoning: string;
  onCancel: () => void;
}

/** The steps as they happen, with their numbers, and the reasoning beside them. */
export function GenerateProgress({ steps, reasoning, onCancel }: GenerateProgressProps) {
  const shown: Step[] = steps.length
    ? steps
    : [{ stage: "start", label: "Starting", message: "", done: 0, total: 0, state: "running" }];
  const current = shown.at(-1);
  return (
    <div className={cn("grid gap-6", reasoning && "lg:grid-cols-2")}>
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
      {reasoning && <ReasoningStream text={reasoning} />}
    </div>
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

function ReasoningStream({ text }: { text: string }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current;
    if (element) element.scrollTop = element.scrollHeight;
  }, [text]);
  return (
    <section
      aria-labelledby="live-reasoning"
      className="flex max-h-96 flex-col rounded-xl border bg-muted/40 p-5"
    >
      <h2 id="live-reasoning" className="font-semibold">
        Reasoning
      </h2>
      <div
        ref={box}
        tabIndex={0}
        className="mt-2 flex-1 overflow-y-auto leading-relaxed whitespace-pre-line text-muted-foreground outline-none"
      >
        {text}
      </div>
    </section>
  );
}
