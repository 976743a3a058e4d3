import type { Evening } from "@/lib/er/model";
import { eveningWords } from "@/lib/er/spelling";
import { formatNumber, plural } from "@/lib/format";
import type { components } from "@/types/api";

type Schemas = components["schemas"];
export type Difference = Schemas["DifferenceResponse"];
export type TableDifference = Schemas["TableDifferenceResponse"];
export type UndoAnswer = Schemas["UndoRevisionResponse"];

/** One change in words; `lost` where something goes with it. */
export interface ChangeLine {
  words: string;
  lost?: boolean;
}

function spellingWords(evenOut: Evening[]): string {
  return evenOut.length > 0
    ? `these count for nothing: ${eveningWords(evenOut)}`
    : "every difference of spelling counts";
}

/** Everything that changes would change, in the order of tables, references, meaning. */
export function changeLines(difference: Difference): ChangeLine[] {
  return [
    ...difference.tables.flatMap(tableLines),
    ...difference.references.map((r) => {
      const reference = `${r.from_table} (${r.from_columns.join(", ")}) → ${r.to_table} (${r.to_columns.join(", ")})`;
      if (r.change === "added") return { words: `New reference ${reference}` };
      if (r.change === "removed") return { words: `No more reference ${reference}` };
      const rules = [
        r.orphans && "another rule for rows without a partner",
        r.even_out && spellingWords(r.even_out.after as Evening[]),
      ].filter(Boolean);
      return { words: `${reference}: ${rules.join(", ")}` };
    }),
    ...difference.meaning_dropped.map((what) => ({
      words: `Your words: ${what} will be dropped`,
      lost: true,
    })),
  ];
}

function tableLines(table: TableDifference): ChangeLine[] {
  const { before, after } = table;
  const name = after ?? before ?? "";
  const lines: ChangeLine[] = [];
  if (before == null) lines.push({ words: `New table ${name}` });
  else if (after == null) lines.push({ words: `${name} goes`, lost: true });
  else if (before !== after) lines.push({ words: `${before} is called ${after}` });
  for (const column of table.columns) {
    const own = `${name}.${column.after ?? column.before}`;
    if (column.before == null) lines.push({ words: `${own} is new` });
    else if (column.after == null) lines.push({ words: `${own} is left out`, lost: true });
    else if (column.before !== column.after)
      lines.push({ words: `${name}.${column.before} is called ${column.after}` });
    if (column.column_type)
      lines.push({
        words: `${own}: ${column.column_type.after} instead of ${column.column_type.before}`,
      });
    if (column.constraints) lines.push({ words: `${own}: ${constraintWords(column.constraints)}` });
    if (column.misfits)
      lines.push({ words: `${own}: ${MISFITS[column.misfits.after] ?? "another rule"}` });
  }
  if (table.key) lines.push({ words: `${name}: ${keyWords(table.key.after)}` });
  if (table.other_rows) lines.push({ words: `${name} holds other rows of its file` });
  lines.push(...countLines(name, table), ...byHandLines(name, table));
  return lines;
}

const MISFITS: Record<string, string> = {
  set_aside: "rows with a value that does not fit are set aside",
  empty: "values that do not fit are left empty",
};

function constraintWords({ before, after }: { before: string[]; after: string[] }): string {
  const gone = before.filter((c) => !after.includes(c)).map((c) => `no more ${c}`);
  return [...after.filter((c) => !before.includes(c)), ...gone].join(", ");
}

const keyWords = (key: string[]) =>
  key.length === 0 ? "no primary key" : `the primary key is ${key.join(", ")}`;

function countLines(name: string, { rows_before: now, rows_after: then }: TableDifference) {
  if (!now || !then) return [];
  const lines: ChangeLine[] = [];
  const say = (what: string, before: number, after: number, more: "good" | "bad") => {
    if (before === after) return;
    lines.push({
      words: `${name}: ${formatNumber(after)} ${what} instead of ${formatNumber(before)}`,
      lost: more === "bad" ? after > before : after < before,
    });
  };
  say("rows stored", now.row_count, then.row_count, "good");
  say("rows set aside", now.quarantined, then.quarantined, "bad");
  say("cells left empty", now.emptied_cells, then.emptied_cells, "bad");
  return lines;
}

function byHandLines(name: string, table: TableDifference): ChangeLine[] {
  const parts = [
    table.inserted_rows > 0 && `${plural(table.inserted_rows, "row")} added in the chat`,
    table.mended_rows > 0 && `${plural(table.mended_rows, "row")} mended`,
    table.mended_cells > 0 && `${plural(table.mended_cells, "cell")} filled`,
  ].filter(Boolean);
  if (parts.length === 0) return [];
  const words = `${name}: ${parts.join(", ")}`;
  return table.carried_over
    ? [{ words: `${words}: carried over where they fit, else listed as set aside` }]
    : [{ words: `${words}: listed as set aside`, lost: true }];
}

/** What bringing the version before back would lose; null where nothing. */
export function lostSince(answer: UndoAnswer): string | null {
  const parts = [
    answer.inserted_rows > 0 && `${plural(answer.inserted_rows, "row")} added in the chat`,
    answer.taken_back_rows > 0 &&
      `the taking back of ${plural(answer.taken_back_rows, "row")}, which will be there again`,
    answer.mended_rows > 0 && `what was mended in ${plural(answer.mended_rows, "row")}`,
    answer.mended_cells > 0 && `what was filled into ${plural(answer.mended_cells, "cell")}`,
  ].filter(Boolean);
  return parts.length > 0 ? parts.join("; ") : null;
}
