"use client";

import { useRef } from "react";
import { DownloadIcon } from "lucide-react";
import {
  Area,
  AreaChart,
  Bar,
  BarChart,
  CartesianGrid,
  Cell as Slice,
  Legend,
  Line,
  LineChart,
  Pie,
  PieChart,
  ResponsiveContainer,
  Scatter,
  ScatterChart,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";

import { Button } from "@/components/ui/button";
import { saveChart } from "@/lib/chat/chart-image";
import type { ChartModel } from "@/lib/chat/chart";
import { formatNumber as formatValue } from "@/lib/chat/format";
import { formatCompact } from "@/lib/format";

const colour = (i: number) => `var(--chart-${(i % 5) + 1})`;
const TICK = { fill: "var(--muted-foreground)", fontSize: 12 };
const AXIS = { stroke: "var(--border)" };
const TOOLTIP = {
  contentStyle: {
    background: "var(--popover)",
    border: "1px solid var(--border)",
    borderRadius: 8,
    fontSize: 13,
  },
  labelStyle: { color: "var(--foreground)", fontWeight: 600 },
  itemStyle: { color: "var(--foreground)" },
  cursor: { fill: "var(--muted)", stroke: "var(--border)" },
  isAnimationActive: false,
} as const;

/** Draws a chart model. Loaded only when a chart is shown. */
export function ResultChart({ model, name }: { model: ChartModel; name: string }) {
  const box = useRef<HTMLDivElement>(null);
  const words = `${model.kind} chart of ${model.series.map((s) => s.name).join(", ")} by ${model.xName}, ${model.points.length} points. The Table tab has the values.`;
  const sideways = model.kind === "bar" && isSideways(model);
  const height = sideways
    ? Math.max(160, model.points.length * (model.series.length > 1 ? 44 : 34) + 40)
    : 300;
  return (
    <div className="group relative">
      <div
        ref={box}
        role="img"
        aria-label={words}
        style={{ height }}
        className="w-full px-2 pt-4 pb-1"
      >
        <ResponsiveContainer width="100%" height="100%">
          {drawing(model, sideways)}
        </ResponsiveContainer>
      </div>
      <div className="flex justify-end gap-1 px-2 pb-1">
        {(["png", "svg"] as const).map((format) => (
          <Button
            key={format}
            variant="ghost"
            size="sm"
            className="h-7 px-2 text-xs text-muted-foreground"
            aria-label={`Download the chart as ${format.toUpperCase()}`}
            onClick={() => box.current && void saveChart(box.current, name, format)}
          >
            <DownloadIcon className="size-3.5!" aria-hidden="true" />
            {format.toUpperCase()}
          </Button>
        ))}
      </div>
    </div>
  );
}

/** Long names stand beside their bars rather than under them. */
function isSideways({ points }: ChartModel): boolean {
  return points.length <= 15 && points.some((p) => p.label.length > 7);
}

function drawing(model: ChartModel, sideways: boolean) {
  const { series, points } = model;
  const margin = { top: 4, right: 16, bottom: 4, left: 4 };
  const value = (v: unknown, seriesName: unknown) =>
    [
      typeof v === "number" ? formatValue(v, String(seriesName)) : String(v ?? ""),
      String(seriesName),
    ] as [string, string];
  const tooltip = <Tooltip {...TOOLTIP} formatter={value} />;
  const legend =
    series.length > 1 ? <Legend iconSize={10} wrapperStyle={{ fontSize: 12 }} /> : null;
  const xAxis = (
    <XAxis dataKey="label" tick={TICK} axisLine={AXIS} tickLine={false} minTickGap={16} />
  );
  const yAxis = (
    <YAxis tick={TICK} axisLine={false} tickLine={false} tickFormatter={formatCompact} width={52} />
  );
  const grid = <CartesianGrid stroke="var(--border)" strokeDasharray="3 3" vertical={false} />;
  switch (model.kind) {
    case "line":
      return (
        <LineChart data={points} margin={margin}>
          {grid}
          {xAxis}
          {yAxis}
          {tooltip}
          {legend}
          {series.map((s, i) => (
            <Line
              key={s.key}
              dataKey={s.key}
              name={s.name}
              stroke={colour(i)}
              strokeWidth={2}
              dot={points.length <= 31 ? { r: 2.5 } : false}
              connectNulls={false}
              isAnimationActive={false}
            />
          ))}
        </LineChart>
      );
    case "area":
      return (
        <AreaChart data={points} margin={margin}>
          {grid}
          {xAxis}
          {yAxis}
          {tooltip}
          {legend}
          {series.map((s, i) => (
            <Area
              key={s.key}
              dataKey={s.key}
              name={s.name}
              stroke={colour(i)}
              fill={colour(i)}
              fillOpacity={0.2}
              strokeWidth={2}
              isAnimationActive={false}
            />
          ))}
        </AreaChart>
      );
    case "scatter":
      return (
        <ScatterChart margin={margin}>
          <CartesianGrid stroke="var(--border)" strokeDasharray="3 3" />
          <XAxis
            type="number"
            dataKey="x"
            name={model.xName}
            tick={TICK}
            axisLine={AXIS}
            tickLine={false}
            tickFormatter={formatCompact}
            domain={["auto", "auto"]}
          />
          <YAxis
            type="number"
            dataKey="s0"
            name={series[0]?.name}
            tick={TICK}
            axisLine={false}
            tickLine={false}
            tickFormatter={formatCompact}
            width={52}
            domain={["auto", "auto"]}
          />
          {tooltip}
          <Scatter
            data={points}
            name={series[0]?.name}
            fill={colour(0)}
            fillOpacity={0.7}
            isAnimationActive={false}
          />
        </ScatterChart>
      );
    case "pie":
      return (
        <PieChart margin={margin}>
          {tooltip}
          <Legend
            layout="vertical"
            align="right"
            verticalAlign="middle"
            iconSize={10}
            wrapperStyle={{ fontSize: 13 }}
          />
          <Pie
            data={points}
            dataKey="s0"
            nameKey="label"
            innerRadius="52%"
            outerRadius="88%"
            paddingAngle={1}
            stroke="var(--card)"
            isAnimationActive={false}
          >
            {points.map((p, i) => (
              <Slice key={i} fill={colour(i)} fillOpacity={i < 5 ? 1 : 0.55} />
            ))}
          </Pie>
        </PieChart>
      );
    default:
      return (
        <BarChart data={points} margin={margin} layout={sideways ? "vertical" : "horizontal"}>
          <CartesianGrid
            stroke="var(--border)"
            strokeDasharray="3 3"
            vertical={sideways}
            horizontal={!sideways}
          />
          {sideways ? (
            <XAxis
              type="number"
              tick={TICK}
              axisLine={false}
              tickLine={false}
              tickFormatter={formatCompact}
            />
          ) : (
            xAxis
          )}
          {sideways ? (
            <YAxis
              type="category"
              dataKey="label"
              tick={TICK}
              axisLine={AXIS}
              tickLine={false}
              width={128}
              tickFormatter={shorten}
              interval={0}
            />
          ) : (
            yAxis
          )}
          {tooltip}
          {legend}
          {series.map((s, i) => (
            <Bar
              key={s.key}
              dataKey={s.key}
              name={s.name}
              fill={colour(i)}
              radius={sideways ? [0, 4, 4, 0] : [4, 4, 0, 0]}
              maxBarSize={44}
              isAnimationActive={false}
            />
          ))}
        </BarChart>
      );
  }
}

const shorten = (label: string) => (label.length > 18 ? `${label.slice(0, 17)}…` : label);
