"use client";

import { CheckIcon, ChevronRightIcon, CircleAlertIcon, LoaderIcon } from "lucide-react";

import { SqlCode } from "@/components/schema/sql-code";
import { stepSql, stepTitle, type ToolStep } from "@/lib/chat/parts";
import { formatSql } from "@/lib/chat/sql";

/** What was done on the way to the answer, one quiet line each. */
export function ToolSteps({ steps }: { steps: ToolStep[] }) {
  return (
    <ul className="flex flex-col gap-0.5 text-[0.8125rem] text-muted-foreground">
      {steps.map((step) => (
        <li key={step.id}>
          <Step step={step} />
        </li>
      ))}
    </ul>
  );
}

function Step({ step }: { step: ToolStep }) {
  const sql = stepSql(step);
  const line = (
    <>
      <StateMark state={step.state} />
      {stepTitle(step)}
    </>
  );
  if (!sql && !step.error) return <p className="flex items-center gap-1.5 py-0.5">{line}</p>;
  return (
    <details className="group">
      <summary className="flex w-fit list-none items-center gap-1.5 rounded-sm py-0.5 outline-none hover:text-foreground focus-visible:ring-[3px] focus-visible:ring-ring/60 [&::-webkit-details-marker]:hidden">
        {line}
        <ChevronRightIcon
          className="size-3.5 transition-transform group-open:rotate-90"
          aria-hidden="true"
        />
      </summary>
      <div className="my-1 ml-5 overflow-hidden rounded-md border bg-muted/40">
        {sql && <SqlCode sql={formatSql(sql)} label="Query of this step" className="text-xs" />}
        {step.error && <p className="border-t px-3 py-2 text-xs text-destructive">{step.error}</p>}
      </div>
    </details>
  );
}

function StateMark({ state }: { state: string }) {
  if (state === "output-error")
    return <CircleAlertIcon className="size-3.5 text-warning" aria-hidden="true" />;
  if (state === "output-available" || state === "output-denied")
    return <CheckIcon className="size-3.5 text-success" aria-hidden="true" />;
  return <LoaderIcon className="size-3.5 animate-spin" aria-hidden="true" />;
}
