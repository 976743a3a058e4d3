import type { Relationship, SchemaJson } from "./model";

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** Shop-floor notation: `orders.customer_id`, `lines.(order_id, line_no)`. */
export function side(table: string, columns: string[]): string {
  return columns.length === 1 ? `${table}.${columns[0]}` : `${table}.(${columns.join(", ")})`;
}

/** The statement that counts the evidence again: distinct values, those found, rows without a match. */
export function evidenceQuery(r: Relationship): string {
  const columns = r.from_columns.map(quote).join(", ");
  const present = r.from_columns.map((c) => `${quote(c)} IS NOT NULL`).join(" AND ");
  const on = r.from_columns
    .map((c, i) => `t.${quote(r.to_columns[i] ?? c)} = f.${quote(c)}`)
    .join(" AND ");
  return [
    "WITH f AS (",
    `  SELECT ${columns}, COUNT(*) AS n`,
    `  FROM ${quote(r.from_table)}`,
    `  WHERE ${present}`,
    `  GROUP BY ${columns}`,
    "), checked AS (",
    "  SELECT n, EXISTS (",
    `    SELECT 1 FROM ${quote(r.to_table)} AS t`,
    `    WHERE ${on}`,
    "  ) AS found",
    "  FROM f",
    ")",
    "SELECT COUNT(*) AS distinct_values,",
    "       COALESCE(SUM(found), 0) AS matched,",
    "       COALESCE(SUM(CASE WHEN found THEN 0 ELSE n END), 0) AS orphan_rows",
    "FROM checked",
  ].join("\n");
}

/** "910 of 910 values found, no orphans"; null when nothing was counted. */
export function evidenceWords(r: Relationship, locale?: string): string | null {
  const { distinct = 0, matched = 0, orphan_rows = 0 } = r.evidence ?? {};
  if (distinct === 0) return null;
  const n = new Intl.NumberFormat(locale);
  const orphans =
    orphan_rows === 0
      ? "no orphans"
      : `${n.format(orphan_rows)} orphan ${orphan_rows === 1 ? "row" : "rows"}`;
  return `${n.format(matched)} of ${n.format(distinct)} values found, ${orphans}`;
}

export type Strength = "strong" | "likely" | "weak";

/** The word that stands beside the number. */
export function strength(confidence: number): Strength {
  if (confidence >= 0.9) return "strong";
  return confidence >= 0.6 ? "likely" : "weak";
}

/** Index of the relationship that a column's reference stands for, or -1. */
export function relationshipIndex(schema: SchemaJson, table: string, column: string): number {
  return (schema.relationships ?? []).findIndex(
    (r) => r.from_table === table && r.from_columns.includes(column),
  );
}
