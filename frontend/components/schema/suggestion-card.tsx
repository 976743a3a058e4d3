"use client";

import { CheckIcon, ChevronRightIcon, LightbulbIcon, TriangleAlertIcon } from "lucide-react";

import { Button } from "@/components/ui/button";
import { Collapsible, CollapsibleContent, CollapsibleTrigger } from "@/components/ui/collapsible";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import type { Suggestion } from "@/lib/er/model";
import { suggestionWords, type PreviewTable } from "@/lib/er/suggestion";
import { plural } from "@/lib/format";

interface SuggestionCardProps {
  suggestion: Suggestion;
  /** Why it does not fit the schema any more. */
  fault: string | null;
  onAccept: () => void;
  onDismiss: () => void;
}

/** A change that is proposed, with what speaks for it and what it would make. */
export function SuggestionCard({ suggestion, fault, onAccept, onDismiss }: SuggestionCardProps) {
  const { why, proof, loss, facts, preview } = suggestionWords(suggestion.evidence);
  return (
    <li className="rounded-lg border bg-card p-3 shadow-card">
      <p className="flex gap-2 font-medium [overflow-wrap:anywhere]">
        <LightbulbIcon className="mt-0.5 size-4 shrink-0 text-key" aria-hidden="true" />
        {suggestion.title}
      </p>
      <div className="mt-1.5 flex flex-col gap-1.5 pl-6 text-xs [overflow-wrap:anywhere]">
        {why.map((line) => (
          <p key={line} className="text-muted-foreground">
            {line}
          </p>
        ))}
        {proof && (
          <p className="tabular flex gap-1.5">
            {proof.whole ? (
              <CheckIcon className="mt-0.5 size-3.5 shrink-0 text-success" aria-hidden="true" />
            ) : (
              <TriangleAlertIcon
                className="mt-0.5 size-3.5 shrink-0 text-warning"
                aria-hidden="true"
              />
            )}
            <span>{proof.text.charAt(0).toUpperCase() + proof.text.slice(1)}.</span>
          </p>
        )}
        {loss && <p className="text-warning">{loss}</p>}
        {facts.length > 0 && (
          <dl className="tabular grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5">
            {facts.map(([name, value]) => (
              <div key={name} className="contents">
                <dt className="text-muted-foreground">{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        )}
        {preview.length > 0 && <Preview tables={preview} />}
        {fault && (
          <p className="text-warning">
            The schema has changed since: {fault}. Undo that change, or dismiss this.
          </p>
        )}
      </div>
      <div className="mt-2.5 flex gap-2 pl-6">
        <Button size="sm" variant="outline" onClick={onAccept} disabled={fault !== null}>
          Accept
        </Button>
        <Button size="sm" variant="ghost" onClick={onDismiss}>
          Dismiss
        </Button>
      </div>
    </li>
  );
}

function Preview({ tables }: { tables: PreviewTable[] }) {
  return (
    <Collapsible>
      <CollapsibleTrigger asChild>
        <Button variant="link" className="group h-6 gap-1 px-0 text-xs">
          <ChevronRightIcon
            className="size-3.5 transition-transform group-data-[state=open]:rotate-90"
            aria-hidden="true"
          />
          What the new {tables.length === 1 ? "table holds" : "tables hold"}
        </Button>
      </CollapsibleTrigger>
      <CollapsibleContent className="flex flex-col gap-3 pt-1">
        {tables.map((table) => (
          <figure key={table.table} className="rounded-md border">
            <figcaption className="tabular border-b px-2 py-1">
              <span className="font-medium">{table.table}</span>{" "}
              <span className="text-muted-foreground">{plural(table.row_count, "row")}</span>
            </figcaption>
            <Table className="text-xs" scrolled={`First rows of ${table.table}`}>
              <TableHeader>
                <TableRow>
                  {table.columns.map((column) => (
                    <TableHead key={column} className="h-7 px-2">
                      {column}
                    </TableHead>
                  ))}
                </TableRow>
              </TableHeader>
              <TableBody>
                {table.rows.map((row, i) => (
                  <TableRow key={i}>
                    {row.map((cell, j) => (
                      <TableCell key={j} className="px-2 py-1 whitespace-nowrap">
                        {cell ?? <span className="text-muted-foreground">empty</span>}
                      </TableCell>
                    ))}
                  </TableRow>
                ))}
              </TableBody>
            </Table>
          </figure>
        ))}
      </CollapsibleContent>
    </Collapsible>
  );
}
