"use client";

import { PencilIcon, PlusIcon, XIcon } from "lucide-react";
import { useState } from "react";

import { Choice, Source } from "@/components/meaning/fields";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import type { Meaning, MeaningEdits, Metric, MetricEdit } from "@/lib/api/types";
import {
  columnsFor,
  describeMetric,
  divisors,
  dropMetric,
  functionNames,
  putMetric,
  splitWords,
} from "@/lib/meaning";

interface MetricListProps {
  meaning: Meaning;
  saving: boolean;
  /** Resolves to whether it was saved. */
  onEdit: (edits: MeaningEdits) => Promise<boolean>;
}

/** Figures that have a name, to change, add and take away. */
export function MetricList({ meaning, saving, onEdit }: MetricListProps) {
  /** The name that is being edited; empty for a new one, null for none. */
  const [editing, setEditing] = useState<string | null>(null);
  const save = async (metric: MetricEdit, before: string | null) => {
    if (await onEdit(putMetric(meaning.edits, metric, before))) setEditing(null);
  };
  return (
    <section aria-label="Metrics" className="overflow-hidden rounded-xl border bg-card shadow-card">
      <header className="flex items-center gap-2 border-b bg-muted/50 p-4">
        <h2 className="flex-1 font-medium">Metrics</h2>
        <Button
          variant="outline"
          size="sm"
          disabled={saving || editing !== null}
          onClick={() => setEditing("")}
        >
          <PlusIcon aria-hidden="true" /> Name a metric
        </Button>
      </header>
      {meaning.metrics.length === 0 && editing === null && (
        <p className="p-4 text-muted-foreground">
          None yet. Name a figure that you ask for often, such as revenue or average order value.
        </p>
      )}
      <ul className="divide-y">
        {meaning.metrics.map((metric) =>
          editing === metric.name ? (
            <li key={metric.name}>
              <MetricForm
                meaning={meaning}
                metric={metric}
                saving={saving}
                onCancel={() => setEditing(null)}
                onSave={(changed) => void save(changed, metric.name)}
              />
            </li>
          ) : (
            <li key={metric.name} className="flex items-center gap-3 px-4 py-3">
              <div className="grid min-w-0 flex-1">
                <span className="flex flex-wrap items-center gap-2 font-medium">
                  {metric.name}
                  <Source source={metric.source} />
                </span>
                <span className="text-sm text-muted-foreground">
                  {describeMetric(metric)}
                  {metric.words.length > 0 &&
                    ` · also ${metric.words.map(({ word }) => word).join(", ")}`}
                </span>
              </div>
              <Button
                variant="ghost"
                size="icon-sm"
                aria-label={`Change ${metric.name}`}
                disabled={saving || editing !== null}
                onClick={() => setEditing(metric.name)}
              >
                <PencilIcon />
              </Button>
              <Button
                variant="ghost"
                size="icon-sm"
                aria-label={`Remove ${metric.name}`}
                disabled={saving || editing !== null}
                onClick={() =>
                  void onEdit(dropMetric(meaning.edits, metric.name, metric.source !== "user"))
                }
              >
                <XIcon />
              </Button>
            </li>
          ),
        )}
        {editing === "" && (
          <li>
            <MetricForm
              meaning={meaning}
              metric={null}
              saving={saving}
              onCancel={() => setEditing(null)}
              onSave={(metric) => void save(metric, null)}
            />
          </li>
        )}
      </ul>
    </section>
  );
}

interface MetricFormProps {
  meaning: Meaning;
  metric: Metric | null;
  saving: boolean;
  onSave: (metric: MetricEdit) => void;
  onCancel: () => void;
}

function MetricForm({ meaning, metric, saving, onSave, onCancel }: MetricFormProps) {
  const [name, setName] = useState(metric?.name ?? "");
  const [words, setWords] = useState(metric?.words.map(({ word }) => word).join(", ") ?? "");
  const [table, setTable] = useState(metric?.table ?? meaning.tables[0]?.table ?? "");
  const [wanted, setWanted] = useState<Metric["function"]>(metric?.function ?? "sum");
  const [first, setFirst] = useState(metric?.columns[0] ?? "");
  const [second, setSecond] = useState(metric?.columns[1] ?? "");
  const [per, setPer] = useState(metric?.per ?? "");
  const columns = columnsFor(meaning, table, wanted);
  const chosen = columns.includes(first) ? first : (columns[0] ?? "");
  const times = columns.includes(second) && wanted !== "count_distinct" ? second : "";
  const needsColumn = wanted !== "count";
  const ready = name.trim() !== "" && table !== "" && (!needsColumn || chosen !== "");
  const submit = () =>
    onSave({
      name: name.trim(),
      words: splitWords(words),
      table,
      function: wanted,
      columns: needsColumn ? [chosen, times].filter(Boolean) : [],
      ...(per ? { per } : {}),
    });
  return (
    <form
      aria-label={metric ? `Change ${metric.name}` : "Name a metric"}
      className="grid gap-3 p-4 sm:grid-cols-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready && !saving) submit();
      }}
    >
      <Field label="Name">
        <Input
          autoFocus
          className="h-8"
          value={name}
          maxLength={60}
          placeholder="AOV"
          onChange={(e) => setName(e.target.value)}
        />
      </Field>
      <Field label="Other words, separated by commas">
        <Input
          className="h-8"
          value={words}
          placeholder="average order value"
          onChange={(e) => setWords(e.target.value)}
        />
      </Field>
      <Field label="Of the table">
        <Choice value={table} onChange={(e) => setTable(e.target.value)}>
          {meaning.tables.map((one) => (
            <option key={one.table}>{one.table}</option>
          ))}
        </Choice>
      </Field>
      <Field label="Figure">
        <Choice value={wanted} onChange={(e) => setWanted(e.target.value as Metric["function"])}>
          {Object.entries(functionNames).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Choice>
      </Field>
      {needsColumn && (
        <Field label="Of the column">
          <Choice value={chosen} onChange={(e) => setFirst(e.target.value)}>
            {columns.length === 0 && <option value="">No column fits</option>}
            {columns.map((column) => (
              <option key={column}>{column}</option>
            ))}
          </Choice>
        </Field>
      )}
      {needsColumn && wanted !== "count_distinct" && (
        <Field label="Times the column">
          <Choice value={times} onChange={(e) => setSecond(e.target.value)}>
            <option value="">None</option>
            {columns.map((column) => (
              <option key={column}>{column}</option>
            ))}
          </Choice>
        </Field>
      )}
      <Field label="Divided by">
        <Choice value={per} onChange={(e) => setPer(e.target.value)}>
          <option value="">Nothing</option>
          {divisors(meaning, name).map((one) => (
            <option key={one}>{one}</option>
          ))}
        </Choice>
      </Field>
      <div className="flex items-end gap-2 sm:col-span-2">
        <Button type="submit" size="sm" disabled={!ready || saving}>
          Save the metric
        </Button>
        <Button type="button" size="sm" variant="outline" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

function Field({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <label className="grid gap-1 text-sm">
      <span className="text-muted-foreground">{label}</span>
      {children}
    </label>
  );
}
