"use client";

import { PencilIcon, TriangleAlertIcon } from "lucide-react";
import { useState, type ReactNode } from "react";

import { ChartView, ExportButtons } from "@/components/chat/result-view";
import type { PlanTurns } from "@/components/chat/message-view";
import { ResultGrid } from "@/components/chat/result-grid";
import { SqlRunner } from "@/components/chat/sql-runner";
import { PlanChips } from "@/components/plan/plan-chips";
import { CopyButton } from "@/components/schema/copy-button";
import { SqlCode } from "@/components/schema/sql-code";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import { chartModel } from "@/lib/chat/chart";
import { confidenceWords } from "@/lib/chat/confidence";
import { formatMs } from "@/lib/chat/format";
import { formatSql } from "@/lib/chat/sql";
import type { Receipt } from "@/lib/chat/types";
import { formatNumber, plural } from "@/lib/format";
import type { Plan } from "@/lib/plan/types";

interface ReceiptCardProps {
  receipt: Receipt;
  schemaId: string;
  names: Record<string, string[]>;
  /** How its plan is changed; without it, no plan is shown. */
  turns?: PlanTurns;
}

/** The proof of an answer: its picture, its rows, its SQL and how it came about. */
export function ReceiptCard({ receipt, schemaId, names, turns }: ReceiptCardProps) {
  const drawable = chartModel(receipt, receipt.chart) !== null;
  const [tab, setTab] = useState(drawable ? "chart" : "table");
  const [editing, setEditing] = useState(false);
  const shown = receipt.rows.length;
  return (
    <section
      data-slot="card"
      aria-label="Proof of the answer"
      className="overflow-hidden rounded-xl border bg-card shadow-card"
    >
      {receipt.plan && turns && (
        <div className="border-b px-3 py-2.5">
          <AnswerPlan plan={receipt.plan} schemaId={schemaId} turns={turns} />
        </div>
      )}
      <Tabs value={tab} onValueChange={setTab} className="gap-0">
        <div className="flex flex-wrap items-center gap-2 border-b px-2 py-1.5">
          <TabsList className="h-8">
            {drawable && <TabsTrigger value="chart">Chart</TabsTrigger>}
            <TabsTrigger value="table">Table</TabsTrigger>
            <TabsTrigger value="sql">SQL</TabsTrigger>
            <TabsTrigger value="how">How</TabsTrigger>
          </TabsList>
          <p className="tabular ml-auto hidden text-xs text-muted-foreground sm:block">
            {plural(receipt.row_count, "row")} in {formatMs(receipt.elapsed_ms)}
          </p>
          <ExportButtons schemaId={schemaId} sql={receipt.sql} />
        </div>
        {receipt.truncated && (
          <p className="flex items-center gap-2 border-b bg-warning-soft px-4 py-2 text-xs text-warning">
            <TriangleAlertIcon className="size-3.5" aria-hidden="true" />
            Cut off: the result has more rows than are shown. The export has them all.
          </p>
        )}
        {drawable && (
          <TabsContent value="chart" className="outline-none">
            <ChartView result={receipt} hint={receipt.chart} />
          </TabsContent>
        )}
        <TabsContent value="table" className="outline-none">
          <ResultGrid columns={receipt.columns} rows={receipt.rows} />
          {receipt.row_count > shown && (
            <p className="tabular border-t px-4 py-2 text-xs text-muted-foreground">
              The first {formatNumber(shown)} of {formatNumber(receipt.row_count)} rows. The export
              has them all.
            </p>
          )}
        </TabsContent>
        <TabsContent
          value="sql"
          className="outline-none"
          forceMount={editing || undefined}
          hidden={tab !== "sql"}
        >
          {editing ? (
            <SqlRunner schemaId={schemaId} initial={formatSql(receipt.sql)} names={names} />
          ) : (
            <ReceiptSql sql={formatSql(receipt.sql)} onEdit={() => setEditing(true)} />
          )}
        </TabsContent>
        <TabsContent value="how" className="outline-none">
          <How receipt={receipt} />
        </TabsContent>
      </Tabs>
    </section>
  );
}

function AnswerPlan({ plan, schemaId, turns }: { plan: Plan; schemaId: string; turns: PlanTurns }) {
  const { document } = plan;
  const { columns, disabled, step } = turns;
  return (
    <PlanChips
      plan={plan}
      desk={{
        schemaId,
        document,
        columns,
        disabled,
        onChange: (changes, words) => step(words, { document, changes }),
      }}
    />
  );
}

function ReceiptSql({ sql, onEdit }: { sql: string; onEdit: () => void }) {
  return (
    <div>
      <SqlCode sql={sql} label="SQL of the answer" className="p-4" />
      <div className="flex items-center gap-1 border-t px-2 py-1.5">
        <Button variant="outline" size="sm" onClick={onEdit}>
          <PencilIcon aria-hidden="true" />
          Edit and run
        </Button>
        <CopyButton text={sql} label="Copy the SQL" showLabel />
      </div>
    </div>
  );
}

function How({ receipt }: { receipt: Receipt }) {
  const failed = receipt.attempts.filter((a) => a.error);
  const sureness = confidenceWords(receipt.confidence);
  return (
    <dl className="grid gap-x-6 gap-y-3 p-4 sm:grid-cols-[8rem_1fr]">
      {receipt.restatement && <Fact name="What was asked">{receipt.restatement}</Fact>}
      {sureness && (
        <Fact name="How sure">
          <span className="tabular">{sureness}</span>
        </Fact>
      )}
      <Fact name="Tables">
        <span className="flex flex-wrap gap-1">
          {receipt.tables.map((t) => (
            <Badge key={t} variant="secondary">
              {t}
            </Badge>
          ))}
        </span>
      </Fact>
      {receipt.matched_values.length > 0 && (
        <Fact name="Your words">
          <ul className="flex flex-col gap-1">
            {receipt.matched_values.map((m) => (
              <li key={`${m.phrase}:${m.table}.${m.column}`}>
                “{m.phrase}” is <strong className="font-medium">{m.value}</strong> in {m.table}.
                {m.column}
              </li>
            ))}
          </ul>
        </Fact>
      )}
      <Fact name="Attempts">
        {failed.length === 0 ? (
          "The first statement worked."
        ) : (
          <ol className="flex flex-col gap-2">
            {failed.map((a, i) => (
              <li key={i} className="overflow-hidden rounded-md border">
                <SqlCode
                  sql={a.sql}
                  label={`Attempt ${i + 1}`}
                  className="bg-muted/40 py-2 text-xs"
                />
                <p className="border-t px-3 py-1.5 text-xs text-warning">{a.error}</p>
              </li>
            ))}
            <li>Then the statement under SQL worked.</li>
          </ol>
        )}
      </Fact>
      <Fact name="Engine">
        {receipt.engine === "built-in" ? "Built in, without a model" : `Model ${receipt.engine}`}
      </Fact>
      <Fact name="Result">
        <span className="tabular">
          {plural(receipt.row_count, "row")} in {formatMs(receipt.elapsed_ms)}
          {receipt.truncated ? ", cut off" : ", complete"}
        </span>
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="contents">
      <dt className="text-muted-foreground max-sm:-mb-2">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}
