import type { ColumnProfile, HistogramBin, ValueCount } from "@/lib/api/types";
import { formatCell } from "@/lib/cell";
import { formatCompact, formatNumber, formatShare } from "@/lib/format";

interface ProfilePlotProps {
  profile: ColumnProfile;
  rowCount: number;
}

const plotWidth = 120;
const plotHeight = 36;

/** The shape of a column: a histogram for what can be measured, else its most frequent values. */
export function ProfilePlot({ profile, rowCount }: ProfilePlotProps) {
  const bins = profile.histogram;
  if (bins.length > 1) return <Histogram bins={bins} profile={profile} />;
  // Without repetition the most frequent values say nothing.
  const repeated = profile.top_values.filter(({ count }) => count > 1).slice(0, 2);
  if (repeated.length === 0) {
    return (
      <p className="flex h-9 items-center text-xs text-muted-foreground">
        {profile.is_unique ? "every value differs" : "hardly any value repeats"}
      </p>
    );
  }
  return <TopValues values={repeated} rowCount={rowCount} />;
}

function Histogram({ bins, profile }: { bins: HistogramBin[]; profile: ColumnProfile }) {
  const highest = Math.max(...bins.map(({ count }) => count), 1);
  const step = plotWidth / bins.length;
  const range = `${profile.min ?? ""} to ${profile.max ?? ""}`;
  return (
    <svg
      role="img"
      aria-label={`Histogram of ${profile.column}, ${range}`}
      viewBox={`0 0 ${plotWidth} ${plotHeight}`}
      preserveAspectRatio="none"
      className="h-9 w-full"
    >
      {bins.map((bin, index) => {
        const height = bin.count === 0 ? 0 : Math.max(1.5, (bin.count / highest) * plotHeight);
        return (
          <rect
            key={bin.low}
            x={index * step + 0.4}
            y={plotHeight - height}
            width={Math.max(0.8, step - 0.8)}
            height={height}
            className="fill-primary/65"
          >
            <title>{`${formatCompact(bin.low)} to ${formatCompact(bin.high)}: ${formatNumber(bin.count)}`}</title>
          </rect>
        );
      })}
      <rect y={plotHeight - 0.6} width={plotWidth} height="0.6" className="fill-border" />
    </svg>
  );
}

function TopValues({ values, rowCount }: { values: ValueCount[]; rowCount: number }) {
  return (
    <ul aria-label="Most frequent values" className="grid h-9 content-between">
      {values.map(({ value, count }) => {
        const share = rowCount > 0 ? count / rowCount : 0;
        return (
          <li
            key={value}
            title={`${value}: ${formatNumber(count)}`}
            className="relative flex h-4 items-center justify-between gap-2 overflow-hidden rounded-sm px-1 text-[0.6875rem] leading-none"
          >
            <span
              aria-hidden="true"
              className="absolute inset-y-0 left-0 rounded-sm bg-primary/18"
              style={{ width: `${Math.max(2, share * 100)}%` }}
            />
            <span className="relative truncate">{value === "" ? "(empty)" : value}</span>
            <span className="relative text-muted-foreground tabular-nums">
              {formatShare(share)}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** Smallest and largest value, and how much is missing, in one line each. */
export function profileFacts(profile: ColumnProfile, rowCount: number): string[] {
  const facts: string[] = [];
  const distinct = `${profile.distinct_exact ? "" : "~"}${formatCompact(profile.distinct_count)} distinct`;
  const nullShare = rowCount > 0 ? profile.null_count / rowCount : 0;
  facts.push(`${distinct} · ${formatShare(nullShare)} empty`);
  if (profile.min != null && profile.max != null) {
    const [low, high] = [profile.min, profile.max].map((value) =>
      // The time of day says little about a range.
      profile.type === "DATETIME" ? value.slice(0, 10) : formatCell(value, profile.type),
    );
    facts.push(low === high ? `always ${low}` : `${low} – ${high}`);
  }
  return facts;
}
