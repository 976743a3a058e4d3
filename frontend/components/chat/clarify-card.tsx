"use client";

import { CornerDownRightIcon } from "lucide-react";

import type { Choice, Clarify } from "@/lib/chat/types";

interface ClarifyCardProps {
  clarify: Clarify;
  disabled: boolean;
  onChoose: (choice: Choice) => void;
}

/** The readings of a question, to choose from. */
export function ClarifyCard({ clarify, disabled, onChoose }: ClarifyCardProps) {
  return (
    <section aria-label={clarify.question} className="rounded-xl border bg-card p-4 shadow-card">
      <p className="font-medium">{clarify.question}</p>
      <ul className="mt-3 flex flex-col gap-1.5">
        {clarify.choices.map((choice) => (
          <li key={choice.message}>
            <button
              type="button"
              disabled={disabled}
              onClick={() => onChoose(choice)}
              className="flex w-full items-start gap-2 rounded-lg border px-3 py-2 text-left outline-none hover:border-primary/50 hover:bg-accent focus-visible:ring-[3px] focus-visible:ring-ring/60 disabled:opacity-60"
            >
              <CornerDownRightIcon
                className="mt-0.5 size-4 shrink-0 text-primary"
                aria-hidden="true"
              />
              <span className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-4 gap-y-0.5">
                <span className="min-w-0 flex-1 basis-48 [overflow-wrap:anywhere]">
                  {choice.label}
                </span>
                {choice.preview && (
                  <span className="tabular max-w-full text-[0.8125rem] text-muted-foreground [overflow-wrap:anywhere]">
                    <span className="sr-only">, which gives </span>
                    {choice.preview}
                  </span>
                )}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
