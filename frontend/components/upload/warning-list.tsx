import { TriangleAlertIcon } from "lucide-react";

import type { IngestWarning } from "@/lib/api/types";
import { formatNumber } from "@/lib/format";

function place(warning: IngestWarning): string {
  const parts: string[] = [];
  if (warning.line) parts.push(`line ${formatNumber(warning.line)}`);
  if (warning.column) parts.push(`column ${warning.column}`);
  return parts.join(", ");
}

const shownWarnings = 50;

/** What was noticed while reading the file, and where. */
export function WarningList({ warnings }: { warnings: IngestWarning[] }) {
  const shown = warnings.slice(0, shownWarnings);
  return (
    <div className="border-b bg-warning-soft px-4 py-3">
      <p className="flex items-center gap-2 text-[0.8125rem] font-medium text-warning">
        <TriangleAlertIcon aria-hidden="true" className="size-4" />
        What was noticed while reading
      </p>
      <ul
        className="mt-1.5 grid max-h-40 gap-1 overflow-y-auto rounded-sm pl-6 text-[0.8125rem] outline-none focus-visible:ring-[3px] focus-visible:ring-ring/60"
        // A list that scrolls must be reachable by keyboard.
        tabIndex={shown.length > 5 ? 0 : undefined}
        aria-label="Warnings"
      >
        {shown.map((warning, index) => (
          <li key={`${warning.code}-${warning.line ?? ""}-${index}`} className="wrap-break-word">
            {place(warning) && <span className="font-medium">{place(warning)}: </span>}
            {warning.message}
          </li>
        ))}
        {warnings.length > shown.length && (
          <li>and {formatNumber(warnings.length - shown.length)} more</li>
        )}
      </ul>
    </div>
  );
}
