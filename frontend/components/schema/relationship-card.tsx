"use client";

import { ArrowRightIcon, Trash2Icon, TriangleAlertIcon } from "lucide-react";
import Link from "next/link";
import { useState } from "react";

import { Choice } from "@/components/meaning/fields";
import { CopyButton } from "@/components/schema/copy-button";
import { Spellings } from "@/components/schema/spellings";
import { SqlCode } from "@/components/schema/sql-code";
import { Button } from "@/components/ui/button";
import { evidenceQuery, evidenceWords, side, strength } from "@/lib/er/evidence";
import { cardinality } from "@/lib/er/flow";
import { orphanChoices, orphanHint, orphanWords } from "@/lib/er/losses";
import type { EvenedColumn, Evening, Forecast, Orphans, Relationship } from "@/lib/er/model";
import { formatNumber } from "@/lib/format";
import { cn } from "@/lib/utils";

const TONES = {
  strong: "bg-success",
  likely: "bg-key",
  weak: "bg-warning",
} as const;

export interface RelationshipCardProps {
  relationship: Relationship;
  /** Its place in the schema. */
  index: number;
  forecast: Forecast | null;
  /** Set once the data is imported: where the evidence can be counted again. */
  schemaId: string | null;
  error: string | null;
  onRemove: (() => void) | null;
  onOrphans: ((orphans: Orphans) => void) | null;
  /** Whether both sides are text, which may be spelled in several ways. */
  isText: boolean;
  /** Cells that are stored in another spelling, or would be. */
  evened: EvenedColumn | null;
  onEvenOut: ((evenOut: Evening[]) => void) | null;
}

/** The card of a relationship that can be seen: there may be one in the sheet and one beside the tables. */
export function findRelationshipCard(index: number): HTMLElement | undefined {
  const cards = document.querySelectorAll<HTMLElement>(`[data-relationship="${index}"]`);
  return [...cards].find((card) => card.getClientRects().length > 0);
}

export function RelationshipCard({
  relationship: r,
  index,
  forecast,
  schemaId,
  error,
  onRemove,
  onOrphans,
  isText,
  evened,
  onEvenOut,
}: RelationshipCardProps) {
  const [open, setOpen] = useState(false);
  const evidence = r.evidence ?? {};
  const words = evidenceWords(r);
  const orphans = orphanWords(r, forecast);
  const query = evidenceQuery(r);
  const from = side(r.from_table, r.from_columns);
  const to = side(r.to_table, r.to_columns);
  return (
    <li
      data-relationship={index}
      tabIndex={-1}
      className={cn(
        "rounded-lg border bg-card p-3 shadow-card outline-none focus:ring-[3px] focus:ring-ring/50",
        error && "border-destructive",
      )}
    >
      <div className="flex items-start gap-2">
        <p className="min-w-0 flex-1 font-medium [overflow-wrap:anywhere]">
          {from}
          <ArrowRightIcon
            className="mx-1.5 inline size-3.5 text-reference"
            aria-label="points at"
          />
          {to}
          <span className="ml-2 text-xs font-normal text-muted-foreground">{cardinality(r)}</span>
        </p>
        {words && <Confidence value={r.confidence ?? 0} />}
        {onRemove && (
          <Button
            variant="ghost"
            size="icon-xs"
            onClick={onRemove}
            aria-label={`Remove the reference from ${from} to ${to}`}
          >
            <Trash2Icon />
          </Button>
        )}
      </div>
      <p className="tabular mt-1 text-muted-foreground">
        {words ?? "Set by you; counted at import."}
      </p>
      {error && (
        <p role="alert" className="mt-1 text-xs text-destructive">
          {error}
        </p>
      )}
      {orphans && <OrphanFate relationship={r} words={orphans} onChange={onOrphans} />}
      {isText && ((r.even_out?.length ?? 0) > 0 || (orphans && onEvenOut)) && (
        <Spellings
          from={from}
          evenOut={r.even_out ?? []}
          evened={evened}
          schemaId={schemaId}
          relationship={r}
          onChange={onEvenOut}
        />
      )}
      {(evidence.orphan_samples?.length ?? 0) > 0 && (
        <p className="mt-1 text-xs text-warning">
          Not found: {evidence.orphan_samples?.join(", ")}
        </p>
      )}
      {words && (evidence.reasons?.length ?? 0) > 0 && (
        <ul className="mt-1.5 list-disc space-y-0.5 pl-4 text-xs text-muted-foreground">
          {evidence.reasons?.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      {evidence.rivals?.map((rival) => (
        <p
          key={side(rival.table, rival.columns)}
          className="tabular mt-1.5 text-xs text-muted-foreground"
        >
          <span className="font-medium text-foreground">Rival</span>{" "}
          {side(rival.table, rival.columns)} (
          {formatNumber(rival.confidence, { minimumFractionDigits: 2, maximumFractionDigits: 2 })}):{" "}
          {rival.reason}
        </p>
      ))}
      <Button
        variant="link"
        className="mt-1 h-6 px-0 text-xs"
        onClick={() => setOpen(!open)}
        aria-expanded={open}
      >
        {open ? "Hide the query" : "Show the query"}
      </Button>
      {open && (
        <div className="relative mt-1 rounded-md border bg-muted/40">
          <SqlCode sql={query} label={`Query that counts ${from}`} className="pr-10 text-xs" />
          <div className="absolute top-1 right-1">
            <CopyButton text={query} label="Copy the query" />
          </div>
          {schemaId && (
            <Link
              href={`/portal/query?${new URLSearchParams({ schema: schemaId, mode: "sql", sql: query })}`}
              className="block border-t px-3 py-1.5 text-xs font-medium text-primary hover:underline"
            >
              Run it on the imported data
            </Link>
          )}
        </div>
      )}
    </li>
  );
}

/** How many rows have no partner, and what becomes of them: to choose, or as it was chosen. */
function OrphanFate({
  relationship: r,
  words,
  onChange,
}: {
  relationship: Relationship;
  words: string;
  onChange: ((orphans: Orphans) => void) | null;
}) {
  const choices = orphanChoices(r);
  const chosen = r.orphans ?? "keep";
  return (
    <div className="mt-2 rounded-md bg-warning-soft p-2.5">
      <p className="tabular flex gap-1.5 font-medium text-warning [overflow-wrap:anywhere]">
        <TriangleAlertIcon className="mt-0.5 size-4 shrink-0" aria-hidden="true" />
        {words}
      </p>
      {onChange ? (
        <Choice
          value={chosen}
          onChange={(e) => onChange(e.target.value as Orphans)}
          aria-label={`What becomes of rows without a partner: ${side(r.from_table, r.from_columns)}`}
          className="mt-2"
        >
          {choices.map(({ value, label }, i) => (
            <option key={value} value={value}>
              {i === 0 ? `${label} (default)` : label}
            </option>
          ))}
        </Choice>
      ) : (
        <p className="mt-1">{choices.find(({ value }) => value === chosen)?.label}</p>
      )}
      <p className="mt-1.5 text-xs text-foreground/80">{orphanHint(r)}</p>
    </div>
  );
}

function Confidence({ value }: { value: number }) {
  const word = strength(value);
  return (
    <span className="flex shrink-0 items-center gap-1.5 text-xs" title={`Confidence ${value}`}>
      <span
        className="hidden h-1.5 w-10 overflow-hidden rounded-full bg-foreground/10 sm:block"
        aria-hidden="true"
      >
        <span
          className={cn("block h-full rounded-full", TONES[word])}
          style={{ width: `${value * 100}%` }}
        />
      </span>
      <span className="tabular font-semibold">
        {formatNumber(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 })}
      </span>
      <span className="text-muted-foreground">{word}</span>
    </span>
  );
}
