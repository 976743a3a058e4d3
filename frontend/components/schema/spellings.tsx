"use client";

import { SpellCheckIcon } from "lucide-react";
import { useState } from "react";

import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Label } from "@/components/ui/label";
import { useEvened } from "@/hooks/use-evened";
import { errorMessage } from "@/lib/api/error";
import type { EvenedColumn, Evening, Relationship } from "@/lib/er/model";
import { EVENINGS, eveningWords, toggledEvening } from "@/lib/er/spelling";
import { plural } from "@/lib/format";

interface SpellingsProps {
  /** The side that refers. */
  from: string;
  evenOut: Evening[];
  evened: EvenedColumn | null;
  /** Set once the data is imported. */
  schemaId: string | null;
  relationship: Relationship;
  onChange: ((evenOut: Evening[]) => void) | null;
}

/** Which differences of spelling count for nothing, and what is stored in another spelling for it. */
export function Spellings({
  from,
  evenOut,
  evened,
  schemaId,
  relationship,
  onChange,
}: SpellingsProps) {
  return (
    <div className="mt-2 rounded-md border bg-muted/40 p-2.5">
      <p className="flex gap-1.5 font-medium">
        <SpellCheckIcon
          className="mt-0.5 size-4 shrink-0 text-muted-foreground"
          aria-hidden="true"
        />
        {onChange
          ? "Differences of spelling that count for nothing"
          : `These count for nothing: ${eveningWords(evenOut)}`}
      </p>
      {onChange && (
        <div
          role="group"
          aria-label={`Differences of spelling that count for nothing: ${from}`}
          className="mt-2 grid gap-x-4 gap-y-1.5 sm:grid-cols-2"
        >
          {EVENINGS.map(({ value, label, hint }) => {
            const id = `${from}-${value}`;
            return (
              <div key={value} className="flex items-start gap-2">
                <Checkbox
                  id={id}
                  checked={evenOut.includes(value)}
                  onCheckedChange={() => onChange(toggledEvening(evenOut, value))}
                  className="mt-0.5"
                />
                <Label htmlFor={id} className="flex flex-col items-start gap-0 font-normal">
                  {label}
                  <span className="text-xs text-muted-foreground">{hint}</span>
                </Label>
              </div>
            );
          })}
        </div>
      )}
      {evened && (
        <p className="tabular mt-2 text-xs [overflow-wrap:anywhere]">
          {plural(evened.cells, "cell")} {schemaId ? "stored" : "to be stored"} as the key has{" "}
          {evened.cells === 1 ? "it" : "them"}:{" "}
          {evened.samples.map(({ text, stored }) => `“${text}” as “${stored}”`).join(", ")}
        </p>
      )}
      {evened && schemaId && <Listed schemaId={schemaId} relationship={relationship} />}
    </div>
  );
}

/** Cells shown of the list at a time. */
const PART = 100;

/** Every cell that is stored in another spelling, with what the file has. */
function Listed({ schemaId, relationship }: { schemaId: string; relationship: Relationship }) {
  const [shown, setShown] = useState(0);
  const { data, error, isFetching } = useEvened(schemaId, relationship, shown);
  const more =
    shown === 0 || (data !== undefined && data.cells.length < data.total && shown < 1_000);
  return (
    <div className="mt-1 text-xs">
      {data && (
        <ul className="tabular max-h-60 overflow-auto rounded-md border bg-card" tabIndex={0}>
          {data.cells.map((cell, i) => (
            <li key={i} className="border-b px-2 py-1 last:border-b-0 [overflow-wrap:anywhere]">
              <span className="text-muted-foreground">
                {cell.file}, line {cell.line}:
              </span>{" "}
              “{cell.text}” as “{cell.stored}”
            </li>
          ))}
        </ul>
      )}
      {error && <p className="text-destructive">{errorMessage(error)}</p>}
      {more && (
        <Button
          variant="link"
          className="h-6 px-0 text-xs"
          disabled={isFetching}
          onClick={() => setShown(shown + PART)}
        >
          {shown === 0 ? "Show each" : "Show more"}
        </Button>
      )}
    </div>
  );
}
