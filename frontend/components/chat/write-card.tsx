"use client";

import { CheckIcon, DatabaseIcon, LoaderIcon, Undo2Icon, XIcon } from "lucide-react";

import { ResultGrid } from "@/components/chat/result-grid";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { useUndoWrite } from "@/hooks/use-undo-write";
import { errorMessage } from "@/lib/api/error";
import { insertRows, type ToolStep } from "@/lib/chat/parts";
import type { Cell } from "@/lib/chat/types";
import { plural } from "@/lib/format";

interface WriteCardProps {
  step: ToolStep;
  /** Tables and their columns, for the order of the grid. */
  names: Record<string, string[]>;
  onAnswer: (approvalId: string, approved: boolean) => void;
}

/** A write that waits for the user's word, and what became of it. */
export function WriteCard({ step, names, onAnswer }: WriteCardProps) {
  const undo = useUndoWrite();
  const rows = insertRows(step.input, names);
  const waiting = step.state === "approval-requested";
  const approvalId = step.approval?.id ?? null;
  const title = rows
    ? `Add ${plural(rows.rows.length, "row")} to ${rows.table}`
    : "A change of your data";
  return (
    <section
      aria-label={title}
      className="overflow-hidden rounded-xl border border-key/40 bg-card shadow-card"
    >
      <header className="flex flex-wrap items-center gap-2 border-b bg-key-soft/60 px-4 py-2.5">
        <DatabaseIcon className="size-4 text-key" aria-hidden="true" />
        <h2 className="flex-1 font-medium">{title}</h2>
        <StateBadge state={undo.isSuccess ? "undone" : step.state} />
      </header>
      {rows && (
        <ResultGrid
          columns={rows.columns.map((name) => ({ name, type: "" }))}
          rows={rows.rows.map((r) => r.map(asCell))}
        />
      )}
      {step.error && (
        <p role="alert" className="border-t px-4 py-2.5 text-destructive">
          Nothing was changed: {step.error}
        </p>
      )}
      {waiting && approvalId && (
        <footer className="flex flex-wrap items-center gap-2 border-t px-4 py-3">
          <p className="mr-auto text-muted-foreground">Nothing is stored until you say so.</p>
          <Button variant="outline" onClick={() => onAnswer(approvalId, false)}>
            <XIcon aria-hidden="true" />
            Refuse
          </Button>
          <Button onClick={() => onAnswer(approvalId, true)}>
            <CheckIcon aria-hidden="true" />
            Approve
          </Button>
        </footer>
      )}
      {step.state === "output-available" && approvalId && (
        <UndoFooter undo={undo} approvalId={approvalId} />
      )}
    </section>
  );
}

function StateBadge({ state }: { state: string }) {
  switch (state) {
    case "approval-requested":
      return <Badge variant="key">waits for you</Badge>;
    case "output-available":
      return (
        <Badge variant="success">
          <CheckIcon aria-hidden="true" />
          stored
        </Badge>
      );
    case "undone":
      return <Badge variant="secondary">undone</Badge>;
    case "output-denied":
      return <Badge variant="secondary">refused</Badge>;
    case "output-error":
      return <Badge variant="destructive">failed</Badge>;
    default:
      return (
        <Badge variant="outline">
          <LoaderIcon className="animate-spin" aria-hidden="true" />
          {state === "approval-responded" ? "working" : "preparing"}
        </Badge>
      );
  }
}

function UndoFooter({
  undo,
  approvalId,
}: {
  undo: ReturnType<typeof useUndoWrite>;
  approvalId: string;
}) {
  return (
    <footer className="flex items-center gap-3 border-t px-4 py-2.5">
      <p role="status" className="mr-auto text-muted-foreground">
        {undo.isSuccess
          ? "Undone: the rows are gone again."
          : undo.isError
            ? errorMessage(undo.error)
            : "You can take these rows out again."}
      </p>
      {!undo.isSuccess && (
        <Button
          variant="outline"
          size="sm"
          onClick={() => undo.mutate(approvalId)}
          disabled={undo.isPending}
        >
          <Undo2Icon aria-hidden="true" />
          {undo.isPending ? "Undoing…" : "Undo"}
        </Button>
      )}
    </footer>
  );
}

function asCell(value: unknown): Cell {
  return value === null ||
    typeof value === "string" ||
    typeof value === "number" ||
    typeof value === "boolean"
    ? value
    : JSON.stringify(value);
}
