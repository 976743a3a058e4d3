"use client";

import { CornerDownRightIcon } from "lucide-react";

import type { Clarify } from "@/lib/chat/types";

interface ClarifyCardProps {
  clarify: Clarify;
  disabled: boolean;
  onChoose: (message: string) => void;
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
              onClick={() => onChoose(choice.message)}
              className="flex w-full items-start gap-2 rounded-lg border px-3 py-2 text-left outline-none hover:border-primary/50 hover:bg-accent focus-visible:ring-[3px] focus-visible:ring-ring/60 disabled:opacity-60"
            >
              <CornerDownRightIcon
                className="mt-0.5 size-4 shrink-0 text-primary"
                aria-hidden="true"
              />
              {choice.label}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
