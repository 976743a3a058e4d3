"use client";

import { RotateCwIcon, TriangleAlertIcon } from "lucide-react";
import type { ReactNode } from "react";

import { Button } from "@/components/ui/button";
import { errorMessage } from "@/lib/api/error";
import { cn } from "@/lib/utils";

interface ErrorStateProps {
  /** What could not be done. */
  title: string;
  error: unknown;
  onRetry?: () => void;
  className?: string;
  children?: ReactNode;
}

/** What happened, in words, and what to do about it. */
export function ErrorState({ title, error, onRetry, className, children }: ErrorStateProps) {
  return (
    <div
      role="alert"
      className={cn(
        "flex w-full items-start gap-3 rounded-xl border border-destructive/25 bg-danger-soft p-4",
        className,
      )}
    >
      <TriangleAlertIcon aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-destructive" />
      <div className="grid min-w-0 flex-1 gap-1">
        <p className="font-medium">{title}</p>
        <p className="text-sm wrap-break-word text-foreground/80">{errorMessage(error)}</p>
        {(onRetry || children) && (
          <div className="mt-2 flex flex-wrap gap-2">
            {onRetry && (
              <Button variant="outline" size="sm" onClick={onRetry}>
                <RotateCwIcon /> Try again
              </Button>
            )}
            {children}
          </div>
        )}
      </div>
    </div>
  );
}
