"use client";

import { useId, useState, type FormEvent } from "react";
import { toast } from "sonner";

import { ErrorState } from "@/components/error-state";
import { CheckLine, MendSheet } from "@/components/schema/mend-sheet";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";
import { Skeleton } from "@/components/ui/skeleton";
import { Textarea } from "@/components/ui/textarea";
import { useCheck, useMend, useRowDetail, useUndoMend } from "@/hooks/use-set-aside";
import { ApiError, errorMessage } from "@/lib/api/error";
import {
  changedValues,
  faultsByColumn,
  firstField,
  type Place,
  type RowDetail,
  type RowField,
} from "@/lib/er/set-aside";
import { formatNumber, plural } from "@/lib/format";

interface MendRowProps {
  schemaId: string;
  place: Place;
  onClose: () => void;
}

/** A row that was set aside, field by field, to be mended and added back to its table. */
export function MendRow({ schemaId, place, onClose }: MendRowProps) {
  const detail = useRowDetail(schemaId, place.id);
  return (
    <MendSheet
      title={`Line ${formatNumber(place.line)} of ${place.file}`}
      description={
        <>
          For {place.table}. {place.mended ? "It was set aside: " : "Set aside: "}
          {place.column ? `${place.column}: ` : ""}
          {place.reason}
        </>
      }
      onClose={onClose}
    >
      {detail.isPending && <Skeleton className="m-4 h-64" />}
      {detail.isError && (
        <div className="p-4">
          <ErrorState
            title="The row cannot be opened"
            error={detail.error}
            onRetry={() => void detail.refetch()}
          />
          <Raw text={place.text} />
        </div>
      )}
      {detail.data &&
        (place.mended ? (
          <TakeBack schemaId={schemaId} place={place} onClose={onClose} />
        ) : (
          <RowForm schemaId={schemaId} place={place} detail={detail.data} onClose={onClose} />
        ))}
    </MendSheet>
  );
}

function RowForm({ schemaId, place, detail, onClose }: MendRowProps & { detail: RowDetail }) {
  const [texts, setTexts] = useState<Record<string, string>>({});
  const [refused, setRefused] = useState<{ body: string; errors: ApiError["fields"] } | null>(null);
  const form = useId();
  const part = `${place.id}/mend`;
  const body = JSON.stringify({ values: changedValues(detail.fields, texts) });
  const check = useCheck(schemaId, "quarantine", part, body);
  const mend = useMend(schemaId, "quarantine", part);
  const undo = useUndoMend(schemaId, "quarantine");
  const errors = refused?.body === body ? refused.errors : (check.data?.errors ?? []);
  const faults = faultsByColumn(errors);
  const begin = firstField(detail);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mend.mutate(body, {
      onSuccess: (answer) => {
        onClose();
        toast.success(
          answer.merged > 0
            ? `Line ${place.line} is equal to a row of ${place.table}, and counts as that one`
            : `Line ${place.line} was added to ${place.table}`,
          {
            action: {
              label: "Undo",
              onClick: () => void takeBack(undo.mutateAsync(place.id)),
            },
          },
        );
      },
      onError: (error) => {
        if (error instanceof ApiError && error.code === "does_not_fit") {
          setRefused({ body, errors: error.fields });
          const [first] = faultsByColumn(error.fields).keys();
          const at = detail.fields.findIndex((field) => field.column === first);
          document.getElementById(`${form}-${at}`)?.focus();
        } else toast.error("Nothing was added", { description: errorMessage(error) });
      },
    });
  };
  return (
    <form onSubmit={submit} className="flex min-h-0 flex-1 flex-col" aria-busy={mend.isPending}>
      <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto p-4">
        {detail.is_cut && (
          <p className="text-warning">
            The row is so long that only its beginning was kept. What is missing has to be given
            anew.
          </p>
        )}
        {detail.fields.map((field, at) => (
          <Field
            key={field.column}
            id={`${form}-${at}`}
            field={field}
            text={texts[field.column] ?? field.text ?? ""}
            fault={faults.get(field.column)}
            begins={field.column === begin}
            onChange={(text) => setTexts((all) => ({ ...all, [field.column]: text }))}
          />
        ))}
        <Raw text={place.text} />
      </div>
      <div className="flex flex-col gap-3 border-t p-4">
        <RowCheck check={check} faults={faults} />
        <div className="flex gap-2">
          <Button type="submit" disabled={mend.isPending} className="flex-1">
            {mend.isPending ? "Adding…" : "Add back"}
          </Button>
          <Button type="button" variant="outline" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </div>
    </form>
  );
}

/** Says what came of an undo; the editor it was begun in is closed by then. */
export async function takeBack(undone: Promise<{ message: string }>) {
  try {
    toast.success((await undone).message);
  } catch (error) {
    toast.error("It was not taken back", { description: errorMessage(error) });
  }
}

function RowCheck({
  check,
  faults,
}: {
  check: ReturnType<typeof useCheck>;
  faults: Map<string, string>;
}) {
  if (check.isChecking) return <CheckLine state="checking">Checking…</CheckLine>;
  if (check.isError) return <CheckLine state="unfit">{errorMessage(check.error)}</CheckLine>;
  const whole = faults.get("");
  if (whole) return <CheckLine state="unfit">{whole}</CheckLine>;
  if (faults.size > 0) {
    const [column, message] = [...faults][0] ?? ["", ""];
    return (
      <CheckLine state="unfit">
        {faults.size === 1 ? `${column}: ${message}` : `${plural(faults.size, "field")} do not fit`}
      </CheckLine>
    );
  }
  return (
    <CheckLine state="fits">
      {check.data?.answer?.merged
        ? "It is equal to a row that is there, and would count as that one."
        : "It fits, and can be added back."}
    </CheckLine>
  );
}

/** Letters from which a text gets more than one line. */
const LONG = 60;

interface FieldProps {
  id: string;
  field: RowField;
  text: string;
  fault: string | undefined;
  begins: boolean;
  onChange: (text: string) => void;
}

function Field({ id, field, text, fault, begins, onChange }: FieldProps) {
  const first = field.text ?? "";
  const Control = first.length > LONG || first.includes("\n") ? Textarea : Input;
  const isNumbered = field.origin === "numbered";
  const isFixed = isNumbered || field.origin === "column_name";
  const hint = hintOf(field);
  const described = [fault && `${id}-fault`, hint && `${id}-hint`].filter(Boolean).join(" ");
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex flex-wrap items-center gap-1.5">
        <Label htmlFor={id} className="break-all">
          {field.column}
        </Label>
        <Badge variant="outline">{field.type}</Badge>
        {field.is_key && <Badge variant="key">KEY</Badge>}
        {field.refers_to && <Badge variant="reference">REF {field.refers_to}</Badge>}
        {field.required && !isNumbered && (
          <span className="text-xs text-muted-foreground">must not be empty</span>
        )}
      </div>
      <Control
        id={id}
        value={isNumbered ? "" : text}
        placeholder={isNumbered ? "numbered by the database" : "empty"}
        disabled={isFixed}
        autoFocus={begins}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={fault ? true : undefined}
        aria-describedby={described || undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      {fault && (
        <p id={`${id}-fault`} className="text-xs break-words text-destructive">
          {fault}
        </p>
      )}
      {hint && (
        <p id={`${id}-hint`} className="text-xs text-muted-foreground">
          {hint}
        </p>
      )}
    </div>
  );
}

function hintOf(field: RowField): string | null {
  if (field.origin === "looked_up")
    return "Found by the row itself. Give a number to choose another row.";
  if (field.origin === "column_name") return "The column that the value stands in.";
  if (!field.is_known) return "Its text was too long to be kept.";
  if (field.source_column && field.source_column !== field.column)
    return `${field.source_column} in the file`;
  return null;
}

/** A row that was added back, to be set aside again. */
function TakeBack({ schemaId, place, onClose }: MendRowProps) {
  const undo = useUndoMend(schemaId, "quarantine");
  return (
    <div className="flex flex-col gap-4 p-4">
      <p>This row is in {place.table} by now. You can set it aside again.</p>
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
        Set it aside again
      </Button>
    </div>
  );
}

/** The text as the file has it. */
export function Raw({ text }: { text: string }) {
  return (
    <div className="flex flex-col gap-1.5">
      <p className="text-xs text-muted-foreground">As it stands in the file</p>
      <pre
        tabIndex={0}
        aria-label="As it stands in the file"
        className="max-h-40 overflow-auto rounded-md border bg-muted/50 p-2 font-mono text-xs break-all whitespace-pre-wrap outline-none focus-visible:ring-[3px] focus-visible:ring-ring/60"
      >
        {text}
      </pre>
    </div>
  );
}
