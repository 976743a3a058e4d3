"use client";

import { useState } from "react";

import { Choice, SavedText, Source } from "@/components/meaning/fields";
import type { ColumnMeaning, MeaningEdits, Role, TableMeaning } from "@/lib/api/types";
import {
  editColumn,
  editTable,
  fittingRoles,
  ownWords,
  roleNames,
  splitWords,
  takesUnit,
} from "@/lib/meaning";

interface TableMeaningCardProps {
  table: TableMeaning;
  edits: MeaningEdits;
  saving: boolean;
  onEdit: (edits: MeaningEdits) => void;
}

/** What a table's rows are called and dated by, and what each column is for. */
export function TableMeaningCard({ table, edits, saving, onEdit }: TableMeaningCardProps) {
  const times = table.columns.filter(({ role }) => role === "time");
  const name = table.table;
  return (
    <section aria-label={name} className="overflow-hidden rounded-xl border bg-card shadow-card">
      <header className="grid gap-3 border-b bg-muted/50 p-4 sm:grid-cols-2">
        <h2 className="font-mono font-medium sm:col-span-2">{name}</h2>
        <div className="grid gap-1 text-sm">
          <span className="text-muted-foreground">Other words for its rows</span>
          <SavedText
            label={`Other words for ${name}`}
            value={ownWords(table.words).join(", ")}
            placeholder="deals, purchases"
            disabled={saving}
            onSave={(text) => onEdit(editTable(edits, name, { words: splitWords(text) }))}
          />
        </div>
        {(times.length > 0 || table.time_source === "user") && (
          <div className="grid gap-1 text-sm">
            <span className="flex items-center gap-2 text-muted-foreground">
              The date that counts <Source source={table.time_source} />
            </span>
            <Choice
              aria-label={`The date that counts in ${name}`}
              value={table.time ?? ""}
              disabled={saving}
              onChange={(e) => onEdit(editTable(edits, name, { time: e.target.value || null }))}
            >
              <option value="">None</option>
              {times.map(({ column }) => (
                <option key={column}>{column}</option>
              ))}
            </Choice>
          </div>
        )}
      </header>
      <ul className="divide-y">
        {table.columns.map((column) => (
          <ColumnMeaningRow
            key={column.column}
            table={name}
            column={column}
            edits={edits}
            saving={saving}
            onEdit={onEdit}
          />
        ))}
      </ul>
    </section>
  );
}

interface ColumnMeaningRowProps {
  table: string;
  column: ColumnMeaning;
  edits: MeaningEdits;
  saving: boolean;
  onEdit: (edits: MeaningEdits) => void;
}

function ColumnMeaningRow({ table, column, edits, saving, onEdit }: ColumnMeaningRowProps) {
  const name = `${table}.${column.column}`;
  const change = (part: Parameters<typeof editColumn>[3]) =>
    onEdit(editColumn(edits, table, column.column, part));
  /** Yes or no was chosen, and the value that means yes is still to be said: both are saved together. */
  const [asksYes, setAsksYes] = useState(false);
  const choose = (role: Role) => {
    const incomplete = role === "flag" && column.yes === null;
    setAsksYes(incomplete);
    if (incomplete) return;
    // What means yes goes with the flag.
    change({ role, ...(role === "flag" ? {} : { yes: undefined }) });
  };
  const roles = fittingRoles(column.type);
  // Derived of what is stored, beyond what the type alone allows.
  const shown = roles.includes(column.role) ? roles : [column.role, ...roles];
  return (
    <li className="grid items-center gap-2 px-4 py-2 sm:grid-cols-[minmax(0,3fr)_minmax(0,3fr)_minmax(0,4fr)_minmax(0,2fr)]">
      <span className="flex min-w-0 items-center gap-2">
        <span className="truncate font-mono text-sm" title={column.column}>
          {column.column}
        </span>
        <Source source={column.role_source} />
      </span>
      <Choice
        aria-label={`What ${name} is`}
        value={asksYes ? "flag" : column.role}
        disabled={saving}
        onChange={(e) => choose(e.target.value as Role)}
      >
        {shown.map((role) => (
          <option key={role} value={role}>
            {roleNames[role]}
          </option>
        ))}
      </Choice>
      <SavedText
        label={`Other words for ${name}`}
        value={ownWords(column.words).join(", ")}
        placeholder="Other words"
        disabled={saving}
        onSave={(text) => change({ words: splitWords(text) })}
      />
      {asksYes || column.role === "flag" ? (
        <SavedText
          label={`What means yes in ${name}`}
          value={column.yes ?? ""}
          placeholder="Value for yes"
          disabled={saving}
          onSave={(text) => {
            if (asksYes && text === "") return;
            setAsksYes(false);
            change({ yes: text || undefined, ...(asksYes ? { role: "flag" as const } : {}) });
          }}
        />
      ) : takesUnit(column) ? (
        <SavedText
          label={`Unit of ${name}`}
          value={column.unit ?? ""}
          placeholder="Unit"
          disabled={saving}
          onSave={(text) => change({ unit: text || null })}
        />
      ) : (
        <span />
      )}
    </li>
  );
}
