import type { ColumnType } from "@/lib/api/types";

const numericTypes = new Set<ColumnType>(["INTEGER", "REAL", "DECIMAL"]);

export function isNumeric(type: ColumnType | undefined): boolean {
  return type !== undefined && numericTypes.has(type);
}

const plainNumber = /^-?\d+(\.\d+)?$/;
const safeDigits = 15;

/** A number with thousands separators and all its decimals; other text as it is. */
export function formatCell(value: string, type: ColumnType | undefined): string {
  if (!isNumeric(type) || !plainNumber.test(value)) return value;
  const digits = value.replace(/\D/g, "").replace(/^0+/, "");
  if (digits.length > safeDigits) return value;
  const decimals = value.split(".")[1]?.length ?? 0;
  return new Intl.NumberFormat(undefined, {
    minimumFractionDigits: Math.min(decimals, 20),
    maximumFractionDigits: Math.min(decimals, 20),
  }).format(Number(value));
}

const nameOrdinal = /(^|[^a-z])(id|year|zip|postcode|postal_code|phone|code|no|nr)$/i;

/** Numbers that name a thing rather than count it read worse with separators. */
export function isNameLike(column: string): boolean {
  return nameOrdinal.test(column.replace(/([a-z])([A-Z])/g, "$1_$2"));
}
