"use client";

import { LoaderIcon, TriangleAlertIcon, Undo2Icon } from "lucide-react";
import { useRef, type ReactNode } from "react";

import { ResultGrid } from "@/components/chat/result-grid";
import type { PlanDesk } from "@/components/plan/desk";
import { AddPart, PlanChip } from "@/components/plan/plan-chips";
import { Button } from "@/components/ui/button";
import {
  Dialog,
  DialogContent,
  DialogDescription,
  DialogHeader,
  DialogTitle,
} from "@/components/ui/dialog";
import { usePlanPreview } from "@/hooks/use-plan-preview";
import { errorMessage } from "@/lib/api/error";
import { formatNumber, plural } from "@/lib/format";
import { builderRows } from "@/lib/plan/builder-rows";
import type { PlanColumn } from "@/lib/plan/columns";
import type { PlanDocument, PlanPreview, PlanStep } from "@/lib/plan/types";

interface BuilderProps {
  schemaId: string;
  columns: PlanColumn[];
  /** The plan to begin with. */
  from?: PlanDocument;
  /** Another question is being answered. */
  isAnswering: boolean;
  onAsk: (words: string, step: PlanStep) => void;
  onClose: () => void;
  /** Where the focus goes after asking; otherwise it goes back to where it was. */
  onAsked: () => void;
}

/** A question made of its parts instead of words, with what it gives beside it. */
export function Builder({
  schemaId,
  columns,
  from,
  isAnswering,
  onAsk,
  onClose,
  onAsked,
}: BuilderProps) {
  const building = usePlanPreview(schemaId, from);
  const { shown, isWorking, error } = building;
  const desk: PlanDesk = {
    schemaId,
    document: shown?.plan.document,
    columns,
    disabled: isWorking,
    onChange: (changes) => building.change(changes),
  };
  const isAsked = useRef(false);
  const isReady = shown !== undefined && !isWorking && error === null;
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent
        onCloseAutoFocus={(event) => {
          if (!isAsked.current) return;
          event.preventDefault();
          onAsked();
        }}
        className="max-h-[calc(100dvh-1rem)] grid-rows-[auto_1fr_auto] gap-0 overflow-hidden p-0 max-sm:max-w-[calc(100%-1rem)] sm:max-w-2xl"
      >
        <DialogHeader className="gap-1 px-5 pt-5 pb-3">
          <DialogTitle>Build a question</DialogTitle>
          <DialogDescription>Choose its parts; what it gives stands below.</DialogDescription>
        </DialogHeader>
        <div className="min-h-0 overflow-y-auto">
          <Parts preview={shown} desk={desk} />
          <div className="min-h-44 border-t bg-muted/30 px-5 py-4">
            {error !== null && (
              <Failure
                text={errorMessage(error)}
                onRetry={building.retry}
                onUndo={building.goBack}
              />
            )}
            <Working isWorking={isWorking} onStop={building.goBack} />
            {shown ? (
              <Result preview={shown} isEarlier={!isReady} />
            ) : (
              !isWorking &&
              error === null && (
                <p className="py-8 text-center text-muted-foreground">
                  Start with a figure, or with the rows of a table.
                </p>
              )
            )}
          </div>
        </div>
        <div className="flex items-center gap-2 border-t px-5 py-3">
          {building.canGoBack && (
            <Button variant="ghost" onClick={building.goBack}>
              <Undo2Icon aria-hidden="true" />
              Undo
            </Button>
          )}
          {isAnswering && (
            <p className="text-xs text-muted-foreground">An answer is still on its way.</p>
          )}
          <Button
            className="ml-auto"
            disabled={!isReady || isAnswering}
            onClick={() => {
              if (!shown) return;
              isAsked.current = true;
              onAsk(shown.restatement, { document: shown.plan.document, changes: [] });
            }}
          >
            Ask
          </Button>
        </div>
      </DialogContent>
    </Dialog>
  );
}

/** One line for each kind of part; the others open once there is something to see. */
function Parts({ preview, desk }: { preview?: PlanPreview; desk: PlanDesk }) {
  return (
    <dl className="grid grid-cols-[3.5rem_minmax(0,1fr)] items-start gap-x-3 gap-y-2.5 px-5 pb-4">
      {builderRows(preview?.plan).map(({ name, chips, addable, hint }) => (
        <Row key={name} name={name}>
          {chips.map((chip) => (
            <li key={chip.id} className="max-w-full min-w-0">
              <PlanChip chip={chip} desk={desk} />
            </li>
          ))}
          {addable.length > 0 && (
            <li>
              <AddPart
                desk={{ ...desk, disabled: desk.disabled || (!preview && name !== "Show") }}
                kinds={addable}
                label={hint}
              />
            </li>
          )}
        </Row>
      ))}
    </dl>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="pt-1 text-muted-foreground">{name}</dt>
      <dd className="min-w-0">
        <ul aria-label={name} className="flex flex-wrap items-center gap-1.5">
          {children}
        </ul>
      </dd>
    </>
  );
}

function Working({ isWorking, onStop }: { isWorking: boolean; onStop: () => void }) {
  return (
    <div role="status">
      {isWorking && (
        <p className="flex items-center gap-2 pb-3 text-muted-foreground">
          <LoaderIcon className="size-4 animate-spin" aria-hidden="true" />
          Working out what it gives…
          <Button variant="link" size="sm" className="h-auto px-0" onClick={onStop}>
            Stop
          </Button>
        </p>
      )}
    </div>
  );
}

function Result({ preview, isEarlier }: { preview: PlanPreview; isEarlier: boolean }) {
  const { restatement, columns, rows, row_count, truncated } = preview;
  const count = truncated ? `More than ${formatNumber(row_count)} rows` : plural(row_count, "row");
  return (
    <div>
      {isEarlier && <p className="text-xs text-muted-foreground">Before this change:</p>}
      <p className="font-medium [overflow-wrap:anywhere]">{restatement}</p>
      <p role="status" className="tabular mt-0.5 mb-2 text-xs text-muted-foreground">
        {row_count === 0
          ? "No rows: nothing in the data is like this."
          : rows.length < row_count
            ? `${count}; the first ${rows.length} are:`
            : count}
      </p>
      {rows.length > 0 && (
        <div className="overflow-hidden rounded-lg border bg-card">
          <ResultGrid columns={columns} rows={rows} />
        </div>
      )}
    </div>
  );
}

interface FailureProps {
  text: string;
  onRetry: () => void;
  onUndo: () => void;
}

function Failure({ text, onRetry, onUndo }: FailureProps) {
  return (
    <div
      role="alert"
      className="mb-3 flex flex-wrap items-center gap-2 rounded-lg border border-destructive/30 bg-danger-soft px-3 py-2"
    >
      <TriangleAlertIcon className="size-4 shrink-0 text-destructive" aria-hidden="true" />
      <p className="min-w-0 flex-1 basis-48">{text}</p>
      <Button variant="outline" size="sm" onClick={onUndo}>
        Undo this change
      </Button>
      <Button variant="outline" size="sm" onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}
