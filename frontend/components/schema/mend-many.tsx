"use client";

import { useId, useState, type FormEvent } from "react";
import { toast } from "sonner";

import { ErrorState } from "@/components/error-state";
import { CheckLine, MendSheet } from "@/components/schema/mend-sheet";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";
import { Skeleton } from "@/components/ui/skeleton";
import { MANY, useAllPlaces, useCheck, useMend, useRowDetail } from "@/hooks/use-set-aside";
import { errorMessage } from "@/lib/api/error";
import type { Place, PlaceFilter } from "@/lib/er/set-aside";
import { formatNumber, plural } from "@/lib/format";

interface MendManyProps {
  schemaId: string;
  filter: PlaceFilter;
  total: number;
  onClose: () => void;
}

/** All rows of the list at once: one column takes one value, or they are tried again as they are. */
export function MendMany({ schemaId, filter, total, onClose }: MendManyProps) {
  const all = useAllPlaces(schemaId, "quarantine", filter);
  const places = all.data?.places ?? [];
  return (
    <MendSheet
      title={`Mend ${plural(Math.min(total, MANY), "row")} at once`}
      description={
        total > MANY
          ? `The first ${formatNumber(MANY)} of ${formatNumber(total)}.`
          : "Those of the list as it is filtered now."
      }
      onClose={onClose}
    >
      {all.isPending && <Skeleton className="m-4 h-40" />}
      {all.isError && (
        <div className="p-4">
          <ErrorState
            title="The rows could not be read"
            error={all.error}
            onRetry={() => void all.refetch()}
          />
        </div>
      )}
      {places.length > 0 && <ManyForm schemaId={schemaId} places={places} onClose={onClose} />}
    </MendSheet>
  );
}

interface ManyFormProps {
  schemaId: string;
  places: Place[];
  onClose: () => void;
}

function ManyForm({ schemaId, places, onClose }: ManyFormProps) {
  const [column, setColumn] = useState("");
  const [text, setText] = useState("");
  const id = useId();
  const tables = new Set(places.map((place) => place.table));
  const body = JSON.stringify({
    rows: places.map((place) => ({
      id: place.id,
      values: column ? { [column]: text === "" ? null : text } : {},
    })),
    only_fitting: true,
  });
  const check = useCheck(schemaId, "quarantine", "mend", body);
  const mend = useMend(schemaId, "quarantine", "mend");
  const fitting = check.data?.answer?.fitting ?? 0;
  const refused = check.data?.answer?.refused ?? [];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mend.mutate(body, {
      onSuccess: (answer) => {
        onClose();
        const left = answer.refused.length;
        toast.success(`${plural(answer.fitting, "row")} added back`, {
          description: left > 0 ? `${plural(left, "row")} still set aside.` : undefined,
        });
      },
      onError: (error) => toast.error("Nothing was added", { description: errorMessage(error) }),
    });
  };
  return (
    <form onSubmit={submit} className="flex min-h-0 flex-1 flex-col" aria-busy={mend.isPending}>
      <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto p-4">
        {tables.size === 1 && places[0] ? (
          <ColumnChoice
            id={`${id}-column`}
            schemaId={schemaId}
            row={places[0].id}
            value={column}
            onChange={setColumn}
          />
        ) : (
          <p className="text-muted-foreground">
            They are tried again as they are. Filter by one table to give a column one value.
          </p>
        )}
        {column && (
          <div className="flex flex-col gap-1.5">
            <Label htmlFor={`${id}-text`}>takes this value in all of them</Label>
            <Input
              id={`${id}-text`}
              value={text}
              placeholder="empty"
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setText(event.target.value)}
            />
          </div>
        )}
        {!check.isChecking && refused.length > 0 && <Refused refused={refused} places={places} />}
      </div>
      <div className="flex flex-col gap-3 border-t p-4">
        <ManyCheck check={check} fitting={fitting} refused={refused.length} />
        <div className="flex gap-2">
          <Button
            type="submit"
            className="flex-1"
            disabled={mend.isPending || check.isChecking || fitting === 0}
          >
            {mend.isPending
              ? "Adding…"
              : fitting > 0
                ? `Add back ${formatNumber(fitting)}`
                : "Add back"}
          </Button>
          <Button type="button" variant="outline" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </div>
    </form>
  );
}

interface ManyCheckProps {
  check: ReturnType<typeof useCheck>;
  fitting: number;
  refused: number;
}

function ManyCheck({ check, fitting, refused }: ManyCheckProps) {
  if (check.isChecking) return <CheckLine state="checking">Checking…</CheckLine>;
  if (check.isError) return <CheckLine state="unfit">{errorMessage(check.error)}</CheckLine>;
  if (refused === 0) return <CheckLine state="fits">All of them fit.</CheckLine>;
  return (
    <CheckLine state="unfit">
      {fitting === 0
        ? "None of them fits like this."
        : `${plural(fitting, "row")} would fit, ${formatNumber(refused)} would not and stay set aside.`}
    </CheckLine>
  );
}

interface ColumnChoiceProps {
  id: string;
  schemaId: string;
  /** A row of the table. */
  row: number;
  value: string;
  onChange: (column: string) => void;
}

function ColumnChoice({ id, schemaId, row, value, onChange }: ColumnChoiceProps) {
  const detail = useRowDetail(schemaId, row);
  const fields =
    detail.data?.fields.filter(({ origin }) => origin === "field" || origin === "looked_up") ?? [];
  return (
    <div className="flex flex-col gap-1.5">
      <Label htmlFor={id}>Column</Label>
      <select
        id={id}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="h-9 w-full rounded-md border border-input bg-card px-2 text-sm shadow-xs outline-none focus-visible:ring-[3px] focus-visible:ring-ring/60"
      >
        <option value="">None: try them again as they are</option>
        {fields.map((field) => (
          <option key={field.column} value={field.column}>
            {field.column}
          </option>
        ))}
      </select>
    </div>
  );
}

/** Examples of what would not fit. */
const SHOWN = 5;

function Refused({
  refused,
  places,
}: {
  refused: { id: number; errors: { field: string; message: string }[] }[];
  places: Place[];
}) {
  const lines = new Map(places.map((place) => [place.id, place.line]));
  return (
    <div className="text-sm">
      <p className="text-muted-foreground">What would not fit</p>
      <ul className="mt-1 list-disc pl-5">
        {refused.slice(0, SHOWN).map(({ id, errors }) => (
          <li key={id} className="break-words">
            Line {formatNumber(lines.get(id) ?? 0)}: {errors[0]?.message}
          </li>
        ))}
        {refused.length > SHOWN && (
          <li className="list-none text-muted-foreground">
            and {formatNumber(refused.length - SHOWN)} more
          </li>
        )}
      </ul>
    </div>
  );
}
