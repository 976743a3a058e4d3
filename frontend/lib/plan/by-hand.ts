import { columnWords, operatorWords, valueCount, type PlanColumn } from "./columns";
import type { FilterOperator, PlanChange } from "./types";

/** A change that was typed: itself and its words, or what is wrong with it. */
export type Written =
  { change: PlanChange; label: string; fault?: undefined } | { fault: string; change?: undefined };

/** A filter from what stands in the fields of its form. */
export function writtenFilter(
  column: PlanColumn,
  operator: FilterOperator,
  texts: string[],
): Written {
  const values = texts.slice(0, valueCount(operator)).map((text) => text.trim());
  if (values.length < valueCount(operator) || values.includes(""))
    return { fault: values.length > 1 ? "Fill in both values." : "Fill in a value." };
  const read = column.family === "number" ? values.map(readNumber) : values;
  if (read.some((value) => typeof value === "number" && Number.isNaN(value)))
    return { fault: `“${columnWords(column.name)}” holds numbers: write one, such as 12.5.` };
  const [from, until] = read;
  if (values.length > 1 && from !== undefined && until !== undefined && from > until)
    return { fault: "The first value is above the second." };
  const said = values.map((v) => (column.family === "text" ? `“${v}”` : v)).join(" and ");
  const words = `${columnWords(column.name)} ${operatorWords(operator, column.family)}`;
  return {
    change: { where: { column: column.id, operator, values: read } },
    label: said === "" ? words : `${words} ${said}`,
  };
}

/** With a comma or a point before the fraction, and with marks between thousands; NaN for anything else. */
function readNumber(text: string): number {
  const plain = text.replaceAll(/[\s_’']/g, "");
  if (/^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(plain)) return Number(plain.replaceAll(",", ""));
  if (/^[+-]?\d{1,3}(\.\d{3})+,\d+$/.test(plain))
    return Number(plain.replaceAll(".", "").replace(",", "."));
  return Number(plain.replace(",", "."));
}

/** A period from its first and last day, as `YYYY-MM-DD`; either may be open. */
export function writtenPeriod(column: PlanColumn, from: string, last: string): Written {
  if (from === "" && last === "") return { fault: "Choose the first day, the last day or both." };
  if (from !== "" && last !== "" && from > last)
    return { fault: "The first day is after the last day." };
  const ends = [from && `from ${from}`, last && `to ${last}`].filter(Boolean).join(" ");
  return {
    change: {
      period: { column: column.id, from: from || null, until: last ? dayAfter(last) : null },
    },
    label: `${columnWords(column.name)} ${ends}`,
  };
}

function dayAfter(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + 1);
  return date.toISOString().slice(0, 10);
}

const MOST_ROWS = 1_000_000;

export function writtenLimit(text: string): Written {
  const limit = Number(text.trim());
  if (text.trim() === "" || !Number.isInteger(limit) || limit < 1 || limit > MOST_ROWS)
    return { fault: "Write a whole number from 1 to 1,000,000." };
  return { change: { limit }, label: `first ${limit}` };
}
