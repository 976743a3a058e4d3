"use client";

import { CheckIcon } from "lucide-react";
import Link from "next/link";
import { usePathname, useSearchParams } from "next/navigation";

import { Tooltip, TooltipContent, TooltipTrigger } from "@/components/ui/tooltip";
import { useCsvUploads } from "@/hooks/use-csv-uploads";
import { useSchemas } from "@/hooks/use-schemas";
import { buildSteps, type Step } from "@/lib/steps";
import { cn } from "@/lib/utils";

const stateWord: Record<Step["state"], string> = {
  done: "done",
  current: "you are here",
  next: "open",
  blocked: "not yet",
};

export function Stepper() {
  const pathname = usePathname();
  const search = useSearchParams();
  const schemas = useSchemas();
  const uploads = useCsvUploads();
  const steps = buildSteps({
    pathname,
    schemaId: search.get("schema") ?? search.get("id"),
    schemas: schemas.data ?? [],
    uploadCount: uploads.data?.length ?? 0,
  });
  return <StepList steps={steps} />;
}

export function StepList({ steps }: { steps: Step[] }) {
  return (
    <nav aria-label="Steps">
      <ol className="flex items-center justify-between gap-0.5 sm:justify-start">
        {steps.map((step, index) => (
          <li key={step.id} className="flex items-center">
            {index > 0 && (
              <span aria-hidden="true" className="mx-0.5 h-px w-3 bg-border max-sm:hidden lg:w-5" />
            )}
            <StepLink step={step} number={index + 1} />
          </li>
        ))}
      </ol>
    </nav>
  );
}

function StepLink({ step, number }: { step: Step; number: number }) {
  const className = cn(
    "flex h-8 items-center gap-1.5 rounded-full px-2 text-[0.8125rem] font-medium text-muted-foreground transition-colors outline-none focus-visible:ring-[3px] focus-visible:ring-ring/60 sm:pr-3",
    step.state !== "blocked" && "hover:bg-accent hover:text-foreground",
    step.state === "current" && "bg-accent text-foreground",
  );
  const content = (
    <>
      <StepMark step={step} number={number} />
      {step.label}
      <span className="sr-only">, {step.hint ?? stateWord[step.state]}</span>
    </>
  );
  if (step.state !== "blocked") {
    return (
      <Link
        href={step.href}
        className={className}
        aria-current={step.state === "current" ? "step" : undefined}
      >
        {content}
      </Link>
    );
  }
  return (
    <Tooltip>
      <TooltipTrigger asChild>
        <button type="button" aria-disabled="true" className={cn(className, "cursor-default!")}>
          {content}
        </button>
      </TooltipTrigger>
      <TooltipContent>{step.hint}</TooltipContent>
    </Tooltip>
  );
}

function StepMark({ step, number }: { step: Step; number: number }) {
  return (
    <span
      aria-hidden="true"
      className={cn(
        "flex size-5 items-center justify-center rounded-full border border-input text-[0.6875rem] font-semibold tabular-nums",
        step.state === "done" && "border-primary/30 bg-success-soft text-primary",
        step.state === "current" && "border-primary bg-primary text-primary-foreground",
        step.state === "blocked" && "border-dashed",
      )}
    >
      {step.state === "done" ? <CheckIcon className="size-3" strokeWidth={3} /> : number}
    </span>
  );
}
