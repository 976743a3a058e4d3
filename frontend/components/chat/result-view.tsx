"use client";

import { DownloadIcon } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { toast } from "sonner";

import { ResultGrid } from "@/components/chat/result-grid";
import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { Skeleton } from "@/components/ui/skeleton";
import { ToggleGroup, ToggleGroupItem } from "@/components/ui/toggle-group";
import { type ExportWish, useExport } from "@/hooks/use-query-sql";
import { errorMessage } from "@/lib/api/error";
import { chartModel, type ChartModel } from "@/lib/chat/chart";
import { formatCell } from "@/lib/chat/format";
import type { ChartHint, ChartKind, ResultSet } from "@/lib/chat/types";

const ResultChart = dynamic(
  () => import("@/components/chat/result-chart").then((m) => m.ResultChart),
  {
    ssr: false,
    loading: () => <Skeleton className="m-3 h-72" />,
  },
);

/** A result by hand: chart or rows. */
export function ResultView({ result }: { result: ResultSet }) {
  const [view, setView] = useState<"table" | "chart">("table");
  const drawable = chartModel(result) !== null;
  return (
    <div>
      {drawable && (
        <ToggleGroup
          type="single"
          value={view}
          onValueChange={(v) => v && setView(v as "table" | "chart")}
          aria-label="Show the result as"
          className="m-2"
        >
          <ToggleGroupItem value="table">Table</ToggleGroupItem>
          <ToggleGroupItem value="chart">Chart</ToggleGroupItem>
        </ToggleGroup>
      )}
      {view === "chart" && drawable ? (
        <ChartView result={result} />
      ) : (
        <ResultGrid columns={result.columns} rows={result.rows} />
      )}
    </div>
  );
}

const KIND_WORDS: Record<ChartKind, string> = {
  bar: "Bars",
  line: "Line",
  area: "Area",
  scatter: "Dots",
  pie: "Parts",
  number: "Number",
};

/** The chart with the kinds that fit it. */
export function ChartView({ result, hint }: { result: ResultSet; hint?: ChartHint }) {
  const [wanted, setWanted] = useState<ChartKind>();
  const model = chartModel(result, hint, wanted);
  if (!model)
    return (
      <p className="p-4 text-muted-foreground">This result has nothing to draw; see the table.</p>
    );
  if (model.kind === "number") return <BigNumber model={model} />;
  return (
    <div>
      {model.kinds.length > 1 && (
        <ToggleGroup
          type="single"
          value={model.kind}
          onValueChange={(v) => v && setWanted(v as ChartKind)}
          aria-label="Kind of chart"
          className="mx-3 mt-3"
        >
          {model.kinds.map((kind) => (
            <ToggleGroupItem key={kind} value={kind} className="h-6.5 px-2 text-xs">
              {KIND_WORDS[kind]}
            </ToggleGroupItem>
          ))}
        </ToggleGroup>
      )}
      <ResultChart model={model} name={model.series[0]?.name ?? "chart"} />
      {model.left_out > 0 && (
        <p className="px-4 pb-2 text-xs text-muted-foreground">
          The chart shows the first {model.points.length} of {result.rows.length} rows.
        </p>
      )}
    </div>
  );
}

function BigNumber({ model }: { model: ChartModel }) {
  const point = model.points[0];
  return (
    <dl className="flex flex-wrap gap-x-12 gap-y-4 px-5 py-6">
      {model.series.map((s) => {
        const value = point?.[s.key] ?? null;
        return (
          <div key={s.key}>
            <dt className="text-muted-foreground">
              {point && model.xName ? `${seriesName(s.name)}, ${point.label}` : seriesName(s.name)}
            </dt>
            <dd
              className="tabular mt-1 text-4xl font-semibold tracking-tight"
              title={String(value)}
            >
              {formatCell(value, { name: s.name, type: "REAL" })}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

const seriesName = (name: string) =>
  /^count\s*\(\s*\*\s*\)$/i.test(name) ? "Number of rows" : name;

/** The whole result as a file. */
export function ExportButtons({ schemaId, sql }: { schemaId: string; sql: string }) {
  const download = useExport(schemaId);
  const start = (wish: Omit<ExportWish, "sql">) =>
    download.mutate({ sql, ...wish }, { onError: (error) => toast.error(errorMessage(error)) });
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="ghost" size="sm" disabled={download.isPending}>
          <DownloadIcon aria-hidden="true" />
          {download.isPending ? "Exporting…" : "Export"}
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        <DropdownMenuItem onSelect={() => start({ format: "csv" })}>
          All rows as CSV
        </DropdownMenuItem>
        <DropdownMenuItem onSelect={() => start({ format: "csv", bom: true })}>
          All rows as CSV for Excel
        </DropdownMenuItem>
        <DropdownMenuItem onSelect={() => start({ format: "json" })}>
          All rows as JSON
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
