import type {
  ColumnEdits,
  ColumnMeaning,
  ColumnType,
  Meaning,
  MeaningEdits,
  Metric,
  MetricEdit,
  Role,
  TableEdits,
} from "@/lib/api/types";

/** What each role says of a column, in words. */
export const roleNames: Record<Role, string> = {
  identifier: "Identifier",
  label: "Name",
  category: "Category",
  flag: "Yes or no",
  time: "Time",
  year: "Year",
  additive: "Amount, can be summed",
  quantity: "Count of things",
  price: "Price of one",
  level: "Measurement, averaged",
  ordinal: "Class or rank",
  coordinate: "Coordinate",
  text: "Free text",
};

const anyType: Role[] = ["identifier", "label", "category"];
const numbers: Role[] = ["additive", "quantity", "price", "level", "ordinal", "year", "coordinate"];
const isNumber = (type: ColumnType) => ["INTEGER", "REAL", "DECIMAL"].includes(type);

/** Roles that a column of the type can have; the server checks keys too. */
export function fittingRoles(type: ColumnType): Role[] {
  if (type === "INTEGER") return [...anyType, "flag", ...numbers];
  if (isNumber(type)) return [...anyType, ...numbers];
  if (type === "BOOLEAN") return [...anyType, "flag"];
  if (type === "TEXT") return [...anyType, "flag", "text"];
  return [...anyType, "time"];
}

/** Whether a unit has a place there. */
export const takesUnit = (column: ColumnMeaning) => isNumber(column.type);

/** `a, b` as words, each once. */
export function splitWords(text: string): string[] {
  const words = text.split(/[,;\n]/).map((word) => word.trim().replace(/\s+/g, " "));
  const seen = new Set<string>();
  return words.filter((word) => {
    const key = word.toLowerCase();
    if (!word || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** The words that the user put there; the others are not theirs to take away. */
export function ownWords(words: { word: string; source: string }[]): string[] {
  return words.filter(({ source }) => source === "user").map(({ word }) => word);
}

/** Without the parts that say nothing, so that these are as derived again. */
function tidy<T extends object>(edits: T): T {
  const says = (value: unknown) =>
    value !== undefined && !(Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(edits).filter(([, value]) => says(value))) as T;
}

/** The edits with this change of a table; `undefined` puts a part back to what was derived. */
export function editTable(
  edits: MeaningEdits,
  table: string,
  change: Omit<Partial<TableEdits>, "table">,
): MeaningEdits {
  const others = (edits.tables ?? []).filter((known) => known.table !== table);
  const before = edits.tables?.find((known) => known.table === table) ?? { table };
  const after = tidy<TableEdits>({ ...before, ...change });
  return { ...edits, tables: Object.keys(after).length > 1 ? [...others, after] : others };
}

/** The same for a column. */
export function editColumn(
  edits: MeaningEdits,
  table: string,
  column: string,
  change: Omit<Partial<ColumnEdits>, "column">,
): MeaningEdits {
  const known = edits.tables?.find((one) => one.table === table)?.columns ?? [];
  const before = known.find((one) => one.column === column) ?? { column };
  const after = tidy<ColumnEdits>({ ...before, ...change });
  const others = known.filter((one) => one.column !== column);
  const columns = Object.keys(after).length > 1 ? [...others, after] : others;
  return editTable(edits, table, { columns });
}

const isSame = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

/** The edits with this metric, in the place of the one that had the name `before`. */
export function putMetric(
  edits: MeaningEdits,
  metric: MetricEdit,
  before: string | null,
): MeaningEdits {
  const rest = before === null ? edits : dropMetric(edits, before, false);
  return { ...rest, metrics: [...(rest.metrics ?? []), metric] };
}

/** Without the metric: one of the user's own goes, a derived one is left out. */
export function dropMetric(edits: MeaningEdits, name: string, derived: boolean): MeaningEdits {
  const metrics = (edits.metrics ?? []).filter((known) => !isSame(known.name, name));
  const without = edits.without_metrics ?? [];
  return { ...edits, metrics, without_metrics: derived ? [...without, name] : without };
}

/** `sum of quantity × unit_price in order_items, divided by orders` */
export function describeMetric(metric: Pick<Metric, "function" | "columns" | "table" | "per">) {
  const of = metric.columns.join(" × ");
  const functions: Record<Metric["function"], string> = {
    sum: `sum of ${of} in ${metric.table}`,
    average: `average of ${of} in ${metric.table}`,
    count: `number of ${metric.table}`,
    count_distinct: `number of different ${of} in ${metric.table}`,
    minimum: `lowest ${of} in ${metric.table}`,
    maximum: `highest ${of} in ${metric.table}`,
  };
  return functions[metric.function] + (metric.per ? `, divided by ${metric.per}` : "");
}

export const functionNames: Record<Metric["function"], string> = {
  sum: "Sum",
  average: "Average",
  count: "Number of rows",
  count_distinct: "Number of different values",
  minimum: "Lowest",
  maximum: "Highest",
};

/** What a metric can be divided by: metrics that are not divided themselves, then tables. */
export function divisors(meaning: Meaning, name: string): string[] {
  const metrics = meaning.metrics
    .filter((metric) => metric.per === null && !isSame(metric.name, name))
    .map((metric) => metric.name);
  const tables = meaning.tables.map(({ table }) => table);
  return [...metrics, ...tables.filter((table) => !metrics.some((one) => isSame(one, table)))];
}

/** The columns a function can be taken of. */
export function columnsFor(meaning: Meaning, table: string, wanted: Metric["function"]): string[] {
  const columns = meaning.tables.find((known) => known.table === table)?.columns ?? [];
  if (wanted === "count") return [];
  if (wanted === "count_distinct") return columns.map(({ column }) => column);
  const measures = ["additive", "quantity", "price", "level"];
  return columns
    .filter(({ type, role }) =>
      wanted === "sum"
        ? measures.includes(role)
        : isNumber(type)
          ? role !== "identifier"
          : role === "time" && wanted !== "average",
    )
    .map(({ column }) => column);
}
