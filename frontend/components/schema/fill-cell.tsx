"use client";

import { useId, useState, type FormEvent } from "react";
import { toast } from "sonner";

import { ErrorState } from "@/components/error-state";
import { Raw, takeBack } from "@/components/schema/mend-row";
import { CheckLine, MendSheet } from "@/components/schema/mend-sheet";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";
import { Skeleton } from "@/components/ui/skeleton";
import { useCellDetail, useCheck, useMend, useUndoMend } from "@/hooks/use-set-aside";
import { errorMessage } from "@/lib/api/error";
import type { CellDetail, Place } from "@/lib/er/set-aside";
import { formatNumber } from "@/lib/format";
import { cn } from "@/lib/utils";

interface FillCellProps {
  schemaId: string;
  place: Place;
  onClose: () => void;
}

/** A cell that was emptied, with its row, to be filled. */
export function FillCell({ schemaId, place, onClose }: FillCellProps) {
  const detail = useCellDetail(schemaId, place.id);
  return (
    <MendSheet
      title={`${place.column ?? "Cell"} on line ${formatNumber(place.line)} of ${place.file}`}
      description={`Of ${place.table}. Left empty: ${place.reason}`}
      onClose={onClose}
    >
      {detail.isPending && <Skeleton className="m-4 h-64" />}
      {detail.isError && (
        <div className="p-4">
          <ErrorState
            title="The cell cannot be opened"
            error={detail.error}
            onRetry={() => void detail.refetch()}
          />
        </div>
      )}
      {detail.data &&
        (place.mended ? (
          <TakeBack schemaId={schemaId} place={place} onClose={onClose} />
        ) : (
          <CellForm schemaId={schemaId} place={place} detail={detail.data} onClose={onClose} />
        ))}
    </MendSheet>
  );
}

function CellForm({ schemaId, place, detail, onClose }: FillCellProps & { detail: CellDetail }) {
  const [text, setText] = useState(place.text);
  const id = useId();
  const part = `${place.id}/mend`;
  const body = JSON.stringify({ text });
  const mend = useMend(schemaId, "emptied", part);
  const undo = useUndoMend(schemaId, "emptied");
  const column = detail.cell.table_column;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mend.mutate(body, {
      onSuccess: () => {
        onClose();
        toast.success(`${column} on line ${place.line} is filled`, {
          action: {
            label: "Undo",
            onClick: () => void takeBack(undo.mutateAsync(place.id)),
          },
        });
      },
    });
  };
  return (
    <form onSubmit={submit} className="flex min-h-0 flex-1 flex-col" aria-busy={mend.isPending}>
      <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto p-4">
        {detail.why_not ? (
          <>
            <CheckLine state="unfit">{detail.why_not}</CheckLine>
            <Raw text={place.text} />
          </>
        ) : (
          <div className="flex flex-col gap-1.5">
            <div className="flex flex-wrap items-center gap-1.5">
              <Label htmlFor={id} className="break-all">
                {column}
              </Label>
              <Badge variant="outline">{detail.type}</Badge>
            </div>
            <Input
              id={id}
              value={text}
              autoFocus
              autoComplete="off"
              spellCheck={false}
              aria-describedby={`${id}-check`}
              onChange={(event) => setText(event.target.value)}
            />
            <p className="text-xs break-words text-muted-foreground">
              In the file: <span className="font-mono">{place.text}</span>
            </p>
          </div>
        )}
        <StoredRow detail={detail} />
      </div>
      <div className="flex flex-col gap-3 border-t p-4">
        {!detail.why_not && (
          <div id={`${id}-check`}>
            <CellCheck schemaId={schemaId} part={part} body={body} error={mend.error} />
          </div>
        )}
        <div className="flex gap-2">
          {!detail.why_not && (
            <Button type="submit" disabled={mend.isPending} className="flex-1">
              {mend.isPending ? "Filling…" : "Fill the cell"}
            </Button>
          )}
          <Button type="button" variant="outline" onClick={onClose}>
            {detail.why_not ? "Close" : "Cancel"}
          </Button>
        </div>
      </div>
    </form>
  );
}

interface CellCheckProps {
  schemaId: string;
  part: string;
  body: string;
  /** Why it was not stored. */
  error: Error | null;
}

function CellCheck({ schemaId, part, body, error }: CellCheckProps) {
  const check = useCheck(schemaId, "emptied", part, body);
  if (check.isChecking) return <CheckLine state="checking">Checking…</CheckLine>;
  if (check.isError) return <CheckLine state="unfit">{errorMessage(check.error)}</CheckLine>;
  const fault = check.data?.errors[0];
  if (fault) return <CheckLine state="unfit">{fault.message}</CheckLine>;
  if (error) return <CheckLine state="unfit">{errorMessage(error)}</CheckLine>;
  return <CheckLine state="fits">It fits, and can be filled in.</CheckLine>;
}

/** The row as the database has it. */
function StoredRow({ detail }: { detail: CellDetail }) {
  if (detail.row.length === 0) return null;
  return (
    <div className="flex flex-col gap-1.5">
      <p className="text-xs text-muted-foreground">The row as it is stored</p>
      <dl className="overflow-hidden rounded-md border text-sm">
        {detail.row.map(({ column, value }) => {
          const isIt = column === detail.cell.table_column;
          return (
            <div
              key={column}
              className={cn(
                "grid grid-cols-[2fr_3fr] gap-2 border-b px-2 py-1 last:border-0",
                isIt && "bg-warning-soft",
              )}
            >
              <dt className="truncate text-muted-foreground" title={column}>
                {column}
              </dt>
              <dd className="min-w-0 break-words">
                {value === null ? <i className="text-muted-foreground">empty</i> : String(value)}
              </dd>
            </div>
          );
        })}
      </dl>
    </div>
  );
}

function TakeBack({ schemaId, place, onClose }: FillCellProps) {
  const undo = useUndoMend(schemaId, "emptied");
  return (
    <div className="flex flex-col gap-4 p-4">
      <p>This cell is filled by now. You can empty it again.</p>
      <Raw text={place.text} />
      {undo.isError && <CheckLine state="unfit">{errorMessage(undo.error)}</CheckLine>}
      <Button
        variant="outline"
        disabled={undo.isPending}
        onClick={() =>
          undo.mutate(place.id, {
            onSuccess: ({ message }) => {
              onClose();
              toast.success(message);
            },
          })
        }
      >
        Empty it again
      </Button>
    </div>
  );
}
