"use client";

import { useId, useRef, useState } from "react";

import { nameFault } from "@/lib/er/edit";
import { cn } from "@/lib/utils";

interface InlineNameProps {
  name: string;
  /** What is named, for screen readers: `column`, `table`. */
  what: string;
  /** Names that cannot be had. */
  taken?: string[];
  /** What is wrong with a name, or null; unless given, what no table or column can be called. */
  faultOf?: (name: string) => string | null;
  onRename: (name: string) => void;
  readOnly: boolean;
  error?: string | null;
  className?: string;
}

/** A name that becomes a field when it is pressed. Enter keeps, Escape drops the change. */
export function InlineName({
  name,
  what,
  taken = [],
  faultOf = (draft) => nameFault(draft, taken),
  onRename,
  readOnly,
  error,
  className,
}: InlineNameProps) {
  const [isEditing, setIsEditing] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const finish = (next: string | null) => {
    setIsEditing(false);
    if (next !== null) onRename(next);
    requestAnimationFrame(() => button.current?.focus());
  };

  if (readOnly) return <span className={cn("truncate", className)}>{name}</span>;
  if (isEditing)
    return (
      <NameField
        name={name}
        what={what}
        faultOf={faultOf}
        onFinish={finish}
        error={error}
        className={className}
      />
    );
  return (
    <span className="min-w-0">
      <button
        ref={button}
        type="button"
        onClick={() => setIsEditing(true)}
        aria-label={`Rename ${what} ${name}`}
        aria-describedby={error ? id : undefined}
        className={cn(
          "block max-w-full truncate rounded-[2px] text-left outline-none hover:bg-accent hover:shadow-[0_0_0_4px_var(--accent)] focus-visible:ring-[3px] focus-visible:ring-ring/60",
          error && "text-destructive underline decoration-wavy underline-offset-4",
          className,
        )}
      >
        {name}
      </button>
      {error && <Fault id={id} message={error} />}
    </span>
  );
}

interface NameFieldProps {
  name: string;
  what: string;
  faultOf: (name: string) => string | null;
  /** Called once, with the new name or, where it stays what it was, null. */
  onFinish: (name: string | null) => void;
  error?: string | null;
  className?: string;
}

/** The field in which a name is changed. Leaving it keeps the change, unless the name cannot be had. */
export function NameField({ name, what, faultOf, onFinish, error, className }: NameFieldProps) {
  const [draft, setDraft] = useState(name);
  const isOver = useRef(false);
  const id = useId();
  const next = draft.trim();
  const fault = next === name ? null : faultOf(draft);
  const message = fault ?? error ?? null;

  const finish = (keep: boolean) => {
    // Taking a field that has the focus out of the page blurs it.
    if (isOver.current) return;
    isOver.current = true;
    onFinish(keep && !fault && next !== name ? next : null);
  };
  return (
    <span className="min-w-0">
      <input
        autoFocus
        value={draft}
        onChange={(e) => setDraft(e.target.value)}
        onFocus={(e) => e.target.select()}
        onBlur={() => finish(true)}
        onKeyDown={(e) => {
          if (e.key === "Enter" && !fault) finish(true);
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
      {message && <Fault id={id} message={message} />}
    </span>
  );
}

function Fault({ id, message }: { id: string; message: string }) {
  return (
    <span id={id} role="alert" className="block text-xs font-normal text-destructive">
      {message}
    </span>
  );
}
