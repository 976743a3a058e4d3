import { cn } from "@/lib/utils";

/** Two tables and the line that joins them. */
export function LogoMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={cn("size-7", className)} aria-hidden="true">
      <rect width="32" height="32" rx="8" className="fill-primary" />
      <g className="fill-none stroke-primary-foreground" strokeWidth="2" strokeLinejoin="round">
        <rect x="6.5" y="7" width="9" height="8" rx="1.5" />
        <rect x="16.5" y="17" width="9" height="8" rx="1.5" />
        <path d="M6.5 10h9M16.5 20h9M11 15v4.5a1.5 1.5 0 0 0 1.5 1.5h4" strokeLinecap="round" />
      </g>
    </svg>
  );
}

export function Logo({ className, compact = false }: { className?: string; compact?: boolean }) {
  return (
    <span className={cn("flex items-center gap-2.5 font-semibold tracking-tight", className)}>
      <LogoMark />
      <span className={compact ? "sr-only lg:not-sr-only" : undefined}>Data Query Agent</span>
    </span>
  );
}
