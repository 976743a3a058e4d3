import type { Cell } from "./types";

const NUMERIC = /^(INT|INTEGER|BIGINT|REAL|DOUBLE|FLOAT|NUMERIC|DECIMAL)/i;
/** Whole numbers that name something rather than count it. */
const LABEL = /(^|[_\s])(id|ids|year|zip|postcode|code|phone|no|nr)$/i;

export function isNumericType(type: string): boolean {
  return NUMERIC.test(type);
}

export function isLabelColumn(name: string): boolean {
  return LABEL.test(name) || /[a-z](Id|ID)$/.test(name);
}

export interface CellStyle {
  name: string;
  type: string;
}

/** The cell as people read it. The raw value stays in `String(value)`. */
export function formatCell(
  value: Cell,
  column: CellStyle,
  locale?: string,
  fraction?: number,
): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (/^BOOL/i.test(column.type) && (value === 0 || value === 1)) return value === 1 ? "yes" : "no";
  if (typeof value === "number" && fraction !== undefined)
    return new Intl.NumberFormat(locale, {
      minimumFractionDigits: fraction,
      maximumFractionDigits: fraction,
    }).format(value);
  if (typeof value === "number") return formatNumber(value, column.name, locale);
  // integers beyond 2^53 come as text
  if (/^INT/i.test(column.type) && /^-?\d{16,19}$/.test(value) && !isLabelColumn(column.name))
    return new Intl.NumberFormat(locale).format(BigInt(value));
  return value;
}

export function formatNumber(value: number, name = "", locale?: string): string {
  if (Number.isInteger(value) && isLabelColumn(name)) return String(value);
  if (Number.isInteger(value)) return new Intl.NumberFormat(locale).format(value);
  const small = Math.abs(value) < 1;
  return new Intl.NumberFormat(
    locale,
    small ? { maximumSignificantDigits: 4 } : { maximumFractionDigits: 2 },
  ).format(value);
}

export function formatMs(ms: number): string {
  if (ms < 1) return "under 1 ms";
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}

/** Digits after the point for a whole column, so that its points stand under each other; undefined where each value decides. */
export function columnFraction(values: Cell[]): number | undefined {
  const numbers = values.filter((v) => typeof v === "number");
  const broken = numbers.filter((v) => !Number.isInteger(v));
  if (broken.length === 0 || numbers.some((v) => v !== 0 && Math.abs(v) < 0.1)) return undefined;
  return broken.every((v) => Number.isInteger(Math.round(v * 1e6) / 1e5)) ? 1 : 2;
}

/** Order of two cells: empty ones last, numbers by value, text by the locale with numbers inside it by value. */
export function compareCells(a: Cell, b: Cell, direction: 1 | -1): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  if (typeof a === "number" && typeof b === "number") return (a - b) * direction;
  return String(a).localeCompare(String(b), undefined, { numeric: true }) * direction;
}
