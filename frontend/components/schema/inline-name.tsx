"use client";

import { useId, useRef, useState } from "react";

import { nameFault } from "@/lib/er/edit";
import { cn } from "@/lib/utils";

interface InlineNameProps {
  name: string;
  /** What is named, for screen readers: `column`, `table`. */
  what: string;
  taken: string[];
  onRename: (name: string) => void;
  readOnly: boolean;
  error?: string | null;
  className?: string;
}

/** A name that becomes a field when it is pressed. Enter keeps, Escape drops the change. */
export function InlineName({
  name,
  what,
  taken,
  onRename,
  readOnly,
  error,
  className,
}: InlineNameProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const fault = draft === null || draft.trim() === name ? null : nameFault(draft, taken);
  const message = fault ?? error ?? null;

  const finish = (keep: boolean) => {
    if (draft === null) return;
    if (keep && fault) return;
    if (keep && draft.trim() !== name) onRename(draft.trim());
    setDraft(null);
    requestAnimationFrame(() => button.current?.focus());
  };

  if (readOnly) return <span className={cn("truncate", className)}>{name}</span>;
  return (
    <span className="min-w-0">
      {draft === null ? (
        <button
          ref={button}
          type="button"
          onClick={() => setDraft(name)}
          aria-label={`Rename ${what} ${name}`}
          aria-describedby={message ? id : undefined}
          className={cn(
            "block max-w-full truncate rounded-[2px] text-left outline-none hover:bg-accent hover:shadow-[0_0_0_4px_var(--accent)] focus-visible:ring-[3px] focus-visible:ring-ring/60",
            error && "text-destructive underline decoration-wavy underline-offset-4",
            className,
          )}
        >
          {name}
        </button>
      ) : (
        <input
          autoFocus
          value={draft}
          onChange={(e) => setDraft(e.target.value)}
          onFocus={(e) => e.target.select()}
          onBlur={() => (fault ? setDraft(null) : finish(true))}
          onKeyDown={(e) => {
            if (e.key === "Enter") finish(true);
            if (e.key === "Escape") {
              e.stopPropagation();
              finish(false);
            }
          }}
          aria-label={`New name of ${what} ${name}`}
          aria-invalid={fault !== null}
          aria-describedby={message ? id : undefined}
          spellCheck={false}
          className={cn(
            "w-full max-w-64 rounded-sm border border-ring bg-card px-1 outline-none ring-[3px] ring-ring/30 aria-invalid:border-destructive aria-invalid:ring-destructive/30",
            className,
          )}
        />
      )}
      {message && (
        <span id={id} role="alert" className="block text-xs font-normal text-destructive">
          {message}
        </span>
      )}
    </span>
  );
}
