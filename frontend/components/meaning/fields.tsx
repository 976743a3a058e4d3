"use client";

import type { ComponentProps } from "react";
import { useState } from "react";

import { Badge } from "@/components/ui/badge";
import { Input } from "@/components/ui/input";
import type { Origin } from "@/lib/api/types";
import { cn } from "@/lib/utils";

/** Marks what the user said; what was derived needs no mark. */
export function Source({ source }: { source: Origin }) {
  if (source === "data") return null;
  return (
    <Badge variant={source === "user" ? "success" : "outline"}>
      {source === "user" ? "yours" : "by the model"}
    </Badge>
  );
}

/** The browser's own list: a dataset may have hundreds of columns. */
export function Choice({ className, ...props }: ComponentProps<"select">) {
  return (
    <select
      className={cn(
        "h-8 w-full min-w-0 rounded-md border border-input bg-card px-2 text-sm shadow-xs outline-none focus-visible:border-ring focus-visible:ring-[3px] focus-visible:ring-ring/40 disabled:opacity-50",
        className,
      )}
      {...props}
    />
  );
}

interface SavedTextProps {
  label: string;
  value: string;
  placeholder?: string;
  disabled?: boolean;
  onSave: (value: string) => void;
}

/** A text that is saved when one leaves it or presses Enter; Escape puts it back. */
export function SavedText({ label, value, placeholder, disabled, onSave }: SavedTextProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const finish = () => {
    if (draft !== null && draft.trim() !== value) onSave(draft.trim());
    setDraft(null);
  };
  return (
    <Input
      aria-label={label}
      className="h-8"
      value={draft ?? value}
      placeholder={placeholder}
      disabled={disabled}
      onChange={(e) => setDraft(e.target.value)}
      onBlur={finish}
      onKeyDown={(e) => {
        if (e.key === "Enter") finish();
        if (e.key === "Escape") {
          e.stopPropagation();
          setDraft(null);
        }
      }}
    />
  );
}
