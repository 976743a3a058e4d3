const missing = "–";

/** Thousands separators in the user's locale. */
export function formatNumber(value: number, options?: Intl.NumberFormatOptions): string {
  if (!Number.isFinite(value)) return missing;
  return new Intl.NumberFormat(undefined, options).format(value);
}

/** `12.4K`, for places too small for all digits. */
export function formatCompact(value: number): string {
  if (Math.abs(value) < 1_000) {
    return formatNumber(value, { maximumSignificantDigits: 4 });
  }
  return formatNumber(value, { notation: "compact", maximumFractionDigits: 1 });
}

/** A share of 0 to 1 as per cent; small shares do not become 0%, nor nearly all 100%. */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.001)
    return `<${formatNumber(0.001, { style: "percent", maximumFractionDigits: 1 })}`;
  if (share < 1 && share > 0.999)
    return `>${formatNumber(0.999, { style: "percent", maximumFractionDigits: 1 })}`;
  return formatNumber(share, { style: "percent", maximumFractionDigits: share < 0.1 ? 1 : 0 });
}

const byteUnits = ["B", "kB", "MB", "GB", "TB"] as const;

/** Sizes by 1,024, as the server's limits count them. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes) || bytes < 0) return missing;
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < byteUnits.length - 1) {
    size /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || size >= 100 ? 0 : 1;
  return `${formatNumber(size, { maximumFractionDigits: digits })} ${byteUnits[unit]}`;
}

/** `1 file`, `4 files`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}

const relativeSteps: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 365 * 86_400],
  ["month", 30 * 86_400],
  ["week", 7 * 86_400],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** `3 hours ago`; "just now" within a minute. */
export function formatRelative(time: string | Date, now: Date = new Date()): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return missing;
  const seconds = (date.getTime() - now.getTime()) / 1_000;
  const formatter = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
  for (const [unit, length] of relativeSteps) {
    if (Math.abs(seconds) >= length) return formatter.format(Math.round(seconds / length), unit);
  }
  return "just now";
}

export function formatDateTime(time: string | Date): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return missing;
  return new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" }).format(
    date,
  );
}
