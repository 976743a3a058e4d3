"use client";

import {
  CircleAlertIcon,
  DatabaseIcon,
  LoaderIcon,
  MessageCircleQuestionIcon,
  XIcon,
} from "lucide-react";
import Link from "next/link";
import { useRef, useState } from "react";

import { ConfirmDialog } from "@/components/portal/confirm-dialog";
import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { Progress } from "@/components/ui/progress";
import type { useApprove } from "@/hooks/use-approve";
import type { SchemaEditor } from "@/hooks/use-schema-editor";
import { outcomes, storedRows, type Outcome, type Place } from "@/lib/er/losses";
import { losses, type Forecast } from "@/lib/er/model";
import { percent } from "@/lib/er/progress";
import { formatNumber, plural } from "@/lib/format";

interface ImportBarProps {
  schemaId: string;
  /** It applies changes to an approved dataset. */
  applies?: boolean;
  editor: SchemaEditor;
  /** Rows of the files, for as long as nothing is forecast. */
  rows: number;
  forecast: Forecast | null;
  approval: ReturnType<typeof useApprove>;
  /** Shows where something happens. */
  onOpen: (place: Place) => void;
}

/** The foot of the review: what stands in the way, and the one next step. */
export function ImportBar(props: ImportBarProps) {
  const { schemaId, applies, editor, rows, forecast, approval, onOpen } = props;
  const [asking, setAsking] = useState(false);
  const tables = editor.schema.tables.length;
  const stored = forecast ? storedRows(forecast) : rows;
  const blocked = editor.saveState !== "saved" || tables === 0;
  return (
    <footer className="sticky bottom-0 z-20 border-t bg-background/95 px-4 py-3 backdrop-blur sm:px-6">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-52">
          {approval.state === "running" ? (
            <Running approval={approval} tables={tables} />
          ) : approval.state === "failed" ? (
            <p role="alert" className="flex gap-2 text-destructive">
              <CircleAlertIcon className="mt-0.5 size-4 shrink-0" aria-hidden="true" />
              {approval.error}
            </p>
          ) : (
            <SaveWords editor={editor} forecast={forecast} onOpen={onOpen} />
          )}
        </div>
        {approval.state === "running" ? (
          <Button variant="outline" onClick={approval.cancel}>
            <XIcon aria-hidden="true" />
            Stop the import
          </Button>
        ) : editor.readOnly ? (
          <Button asChild>
            <Link href={`/portal/query?schema=${schemaId}`}>
              <MessageCircleQuestionIcon aria-hidden="true" />
              Ask a question
            </Link>
          </Button>
        ) : (
          <Button
            size="lg"
            className="w-full sm:w-auto"
            onClick={() => (forecast?.loses_much ? setAsking(true) : void approval.start())}
            disabled={blocked}
          >
            <DatabaseIcon aria-hidden="true" />
            <span className="tabular">
              {applies
                ? "Apply the changes to"
                : approval.state === "failed"
                  ? "Try again: import"
                  : "Approve & import"}{" "}
              {plural(tables, "table")}
              {stored > 0 && `, ${plural(stored, "row")}`}
            </span>
          </Button>
        )}
      </div>
      {forecast && (
        <ConfirmDialog
          open={asking}
          onOpenChange={setAsking}
          title="Import without all of the data?"
          description={lossWords(forecast)}
          action="Import without them"
          cancel="Not yet"
          onConfirm={() => void approval.start(true)}
        />
      )}
    </footer>
  );
}

/** The numbers of what would not be stored, by table. */
export function lossWords({ tables }: Forecast): string {
  const all = losses(tables);
  const words = ({ rows, cells }: { rows: number; cells: number }) =>
    [
      rows > 0 && `${plural(rows, "row")} set aside`,
      cells > 0 && `${plural(cells, "cell")} left empty`,
    ]
      .filter(Boolean)
      .join(", ");
  const rows = tables.reduce((sum, t) => sum + t.rows_in, 0);
  const each = tables
    .map((table) => ({ name: table.name, words: words(losses([table])) }))
    .filter((table) => table.words)
    .map((table) => `${table.name}: ${table.words}`);
  return `Of ${plural(rows, "row")}: ${words(all)}. ${each.join("; ")}. All of it is listed after the import, with file and line.`;
}

function SaveWords({
  editor,
  forecast,
  onOpen,
}: Pick<ImportBarProps, "editor" | "forecast" | "onOpen">) {
  const count = Math.max(editor.problems.length, editor.saveState === "failed" ? 1 : 0);
  if (editor.readOnly) return <p className="text-muted-foreground">Imported.</p>;
  const parts =
    forecast && count === 0 && editor.saveState === "saved"
      ? outcomes(editor.schema, forecast)
      : [];
  if (forecast && parts.length > 0)
    return (
      <p role="status" className="tabular flex flex-wrap gap-x-1.5">
        <span>{plural(storedRows(forecast), "row")} will be stored;</span>
        {parts.map((part, i) => (
          <span key={part.words} className="inline-flex">
            <OutcomeLink outcome={part} onOpen={onOpen} />
            {i < parts.length - 1 && ";"}
          </span>
        ))}
      </p>
    );
  return (
    <p role="status" className="flex items-center gap-2 text-muted-foreground">
      {editor.saveState === "pending" && (
        <LoaderIcon className="size-4 animate-spin" aria-hidden="true" />
      )}
      {count > 0 ? (
        <span className="font-medium text-destructive">
          {plural(count, "problem")} to solve before the import
        </span>
      ) : editor.saveState === "pending" ? (
        "Checking and saving your change…"
      ) : (
        "No problems. Changes are saved as you make them."
      )}
    </p>
  );
}

/** What happens, as a way to where it does: at once, or by a list where there are several places. */
function OutcomeLink({
  outcome: { words, places },
  onOpen,
}: {
  outcome: Outcome;
  onOpen: (place: Place) => void;
}) {
  const chosen = useRef<Place | null>(null);
  const [only, ...more] = places;
  if (!only) return <span className="text-warning">{words}</span>;
  const className = "h-auto px-0 py-0 font-medium text-warning underline";
  if (more.length === 0)
    return (
      <Button
        variant="link"
        className={className}
        title={only.words}
        onClick={() => onOpen(only.place)}
      >
        {words}
      </Button>
    );
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="link" className={className}>
          {words}
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent
        side="top"
        align="start"
        onCloseAutoFocus={(event) => {
          if (!chosen.current) return;
          // The focus goes to the place, not back to the words.
          event.preventDefault();
          onOpen(chosen.current);
          chosen.current = null;
        }}
        className="tabular max-h-80 max-w-[min(30rem,calc(100vw-2rem))] overflow-y-auto"
      >
        {places.map((place) => (
          <DropdownMenuItem
            key={place.words}
            className="[overflow-wrap:anywhere]"
            onSelect={() => {
              chosen.current = place.place;
            }}
          >
            {place.words}
          </DropdownMenuItem>
        ))}
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

function Running({
  approval,
  tables,
}: {
  approval: ReturnType<typeof useApprove>;
  tables: number;
}) {
  const { latest } = approval;
  const seen = Object.values(approval.tables);
  const finished = seen.filter(
    (p) => p.table !== latest?.table || (p.total > 0 && p.done >= p.total),
  ).length;
  const value = latest ? percent(latest) : null;
  const words = latest
    ? latest.table && latest.total > 0
      ? `${latest.table}: ${formatNumber(latest.done)} of ${formatNumber(latest.total)} rows`
      : latest.message
    : "Starting…";
  return (
    <div role="status">
      <p className="tabular flex justify-between gap-3">
        <span className="truncate">{words}</span>
        <span className="shrink-0 text-muted-foreground">
          {Math.min(finished, tables)} of {plural(tables, "table")}
        </span>
      </p>
      <Progress value={value} className="mt-1.5" aria-label="Progress of the import" />
    </div>
  );
}
