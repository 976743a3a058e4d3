import type { ColumnType, SchemaJson } from "@/lib/er/model";
import type { FilterOperator } from "./types";

export type ColumnFamily = "number" | "date" | "text" | "boolean";

/** A column that a filter can be written for. */
export interface PlanColumn {
  /** `table.column`, as the server names it. */
  id: string;
  table: string;
  name: string;
  family: ColumnFamily;
}

const FAMILIES: Record<ColumnType, ColumnFamily> = {
  INTEGER: "number",
  REAL: "number",
  DECIMAL: "number",
  DATE: "date",
  DATETIME: "date",
  BOOLEAN: "boolean",
  TEXT: "text",
};

export function columnsOf(schema: Pick<SchemaJson, "tables">): PlanColumn[] {
  return schema.tables.flatMap((table) =>
    table.columns.map((column) => ({
      id: `${table.name}.${column.name}`,
      table: table.name,
      name: column.name,
      family: FAMILIES[column.type],
    })),
  );
}

const ALWAYS: FilterOperator[] = ["empty", "not_empty"];
const OPERATORS: Record<ColumnFamily, FilterOperator[]> = {
  number: ["more_than", "less_than", "between", "is", "is_not", ...ALWAYS],
  date: ["more_than", "less_than", "between", "is", "is_not", ...ALWAYS],
  text: ["is", "is_not", "contains", ...ALWAYS],
  boolean: ["is", "is_not", ...ALWAYS],
};

export function operatorsOf(family: ColumnFamily): FilterOperator[] {
  return OPERATORS[family];
}

const WORDS: Record<FilterOperator, string> = {
  is: "is",
  is_not: "is not",
  more_than: "is more than",
  less_than: "is less than",
  between: "is between",
  contains: "contains",
  empty: "is empty",
  not_empty: "is not empty",
};

export function operatorWords(operator: FilterOperator, family: ColumnFamily): string {
  if (family !== "date") return WORDS[operator];
  if (operator === "more_than") return "is after";
  return operator === "less_than" ? "is before" : WORDS[operator];
}

/** How many values an operator takes. */
export function valueCount(operator: FilterOperator): 0 | 1 | 2 {
  if (operator === "empty" || operator === "not_empty") return 0;
  return operator === "between" ? 2 : 1;
}

export function columnWords(name: string): string {
  return name.replaceAll("_", " ").toLowerCase();
}

/** The column that a chip speaks of: the one with the longest name that the label has, of the first tables first. */
export function columnInLabel(label: string, columns: PlanColumn[]): PlanColumn | undefined {
  const words = ` ${label.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, " ")} `;
  return columns
    .filter((column) => words.includes(` ${columnWords(column.name)} `))
    .reduce<PlanColumn | undefined>(
      (best, column) => (best && best.name.length >= column.name.length ? best : column),
      undefined,
    );
}
