"use client";

import { CpuIcon, SparklesIcon } from "lucide-react";
import { useState } from "react";

import { RelationshipCard } from "@/components/schema/relationship-card";
import { SuggestionCard } from "@/components/schema/suggestion-card";
import { Alert, AlertDescription, AlertTitle } from "@/components/ui/alert";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import type { SchemaEditor } from "@/hooks/use-schema-editor";
import type { SchemaResource } from "@/lib/er/model";
import { patchFault } from "@/lib/er/patch";
import { evenedCells, hasSpellings } from "@/lib/er/spelling";

const FOLDED_LENGTH = 600;

/** What was decided and why: problems first, then the reasoning, suggestions, and each relationship with its numbers. */
export function DecisionsPanel({
  resource,
  editor,
}: {
  resource: SchemaResource;
  editor: SchemaEditor;
}) {
  const { schema, problems, readOnly, edit } = editor;
  const relationships = schema.relationships ?? [];
  const suggestions = readOnly ? [] : (schema.suggestions ?? []);
  return (
    <div className="flex flex-col gap-6">
      {editor.saveError && (
        <Alert variant="destructive">
          <AlertTitle>Your last change is not saved</AlertTitle>
          <AlertDescription>
            <p>{editor.saveError}</p>
            {problems.length > 0 && (
              <ul className="list-disc pl-4">
                {problems.map((p, i) => (
                  <li key={i}>
                    {[p.table, p.column].filter(Boolean).join(".")}
                    {p.table && ": "}
                    {p.message}
                  </li>
                ))}
              </ul>
            )}
            <div className="flex gap-2">
              <Button size="sm" variant="outline" onClick={editor.undo} disabled={!editor.canUndo}>
                Undo the change
              </Button>
              {problems.length === 0 && (
                <Button size="sm" variant="outline" onClick={editor.retrySave}>
                  Try again
                </Button>
              )}
            </div>
          </AlertDescription>
        </Alert>
      )}
      <Reasoning
        text={schema.reasoning || resource.llm_reasoning || ""}
        model={resource.llm_model ?? "built-in"}
      />
      {suggestions.length > 0 && (
        <section aria-labelledby="suggestions">
          <Heading id="suggestions" title="Suggestions" count={suggestions.length} />
          <ul className="mt-2 flex flex-col gap-2">
            {suggestions.map((s) => (
              <SuggestionCard
                key={s.id}
                suggestion={s}
                fault={patchFault(schema, s)}
                onAccept={() => edit({ kind: "accept_suggestion", id: s.id })}
                onDismiss={() => edit({ kind: "dismiss_suggestion", id: s.id })}
              />
            ))}
          </ul>
        </section>
      )}
      <section aria-labelledby="relationships">
        <Heading id="relationships" title="Relationships" count={relationships.length} />
        {relationships.length === 0 ? (
          <p className="mt-2 text-muted-foreground">
            No table points at another one. Where you know better, open a column’s menu and choose
            “Points at…”.
          </p>
        ) : (
          <ul className="mt-2 flex flex-col gap-2">
            {relationships.map((r, i) => (
              <RelationshipCard
                key={`${r.from_table}.${r.from_columns.join(",")}>${r.to_table}`}
                relationship={r}
                index={i}
                forecast={resource.forecast ?? null}
                schemaId={readOnly ? resource.id : null}
                error={problems.find((p) => p.relationship === i)?.message ?? null}
                onRemove={readOnly ? null : () => edit({ kind: "drop_relationship", index: i })}
                onOrphans={
                  readOnly ? null : (orphans) => edit({ kind: "set_orphans", index: i, orphans })
                }
                isText={hasSpellings(schema, r)}
                evened={evenedCells(
                  r,
                  readOnly ? (resource.load?.tables ?? null) : (resource.forecast?.tables ?? null),
                )}
                onEvenOut={
                  readOnly ? null : (evenOut) => edit({ kind: "set_even_out", index: i, evenOut })
                }
              />
            ))}
          </ul>
        )}
      </section>
    </div>
  );
}

function Heading({ id, title, count }: { id: string; title: string; count: number }) {
  return (
    <h2 id={id} className="flex items-center gap-2 text-base font-semibold">
      {title}
      <Badge variant="secondary" className="tabular">
        {count}
      </Badge>
    </h2>
  );
}

function Reasoning({ text, model }: { text: string; model: string }) {
  const [open, setOpen] = useState(false);
  const long = text.length > FOLDED_LENGTH;
  const builtIn = model === "built-in" || model === "builtin";
  return (
    <section aria-labelledby="reasoning">
      <div className="flex flex-wrap items-center gap-2">
        <h2 id="reasoning" className="text-base font-semibold">
          Reasoning
        </h2>
        <Badge variant="outline">
          {builtIn ? <CpuIcon aria-hidden="true" /> : <SparklesIcon aria-hidden="true" />}
          {builtIn ? "built-in rules, no model" : `model ${model}`}
        </Badge>
      </div>
      <p className="mt-2 leading-relaxed whitespace-pre-line text-muted-foreground">
        {long && !open
          ? `${text.slice(0, FOLDED_LENGTH).trimEnd()}…`
          : text || "Nothing was written down."}
      </p>
      {long && (
        <Button
          variant="link"
          className="h-6 px-0"
          onClick={() => setOpen(!open)}
          aria-expanded={open}
        >
          {open ? "Show less" : "Show all"}
        </Button>
      )}
    </section>
  );
}
