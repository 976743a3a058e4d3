import type { Chip, ChipKind, Plan } from "./types";
import { ADDABLE } from "./words";

export interface BuilderRow {
  name: string;
  chips: Chip[];
  addable: { kind: ChipKind; name: string }[];
  /** What its "+" says. */
  hint: string;
}

const ROWS: { name: string; kinds: ChipKind[]; hint: string }[] = [
  { name: "Show", kinds: ["rows", "shown", "measure"], hint: "figure" },
  { name: "By", kinds: ["group"], hint: "group" },
  { name: "Where", kinds: ["where", "having"], hint: "filter" },
  { name: "When", kinds: ["period"], hint: "period" },
  { name: "Top", kinds: ["order", "limit"], hint: "order or limit" },
];

const FIRST = [
  { kind: "measure", name: "A figure: how many, how much" },
  { kind: "rows", name: "The rows of a table" },
] as const;

/** The lines of the builder: the parts of a plan by what they are for, and what each line can get. */
export function builderRows(plan: Plan | undefined): BuilderRow[] {
  const isCut = plan?.chips.some(({ kind }) => kind === "limit");
  const hasColumns = plan?.chips.some(({ kind }) => kind === "shown");
  return ROWS.map(({ name, kinds, hint }) => {
    const chips = plan?.chips.filter(({ kind }) => kinds.includes(kind)) ?? [];
    if (!plan && name === "Show")
      return { name, chips, addable: [...FIRST], hint: "choose what to see" };
    const addable = ADDABLE.filter(({ kind }) => kinds.includes(kind)).filter(
      ({ kind }) => kind !== "limit" || !isCut,
    );
    if (name === "Top" && isCut) return { name, chips, addable, hint: "order" };
    if (name !== "Show" || !hasColumns) return { name, chips, addable, hint };
    const column = { kind: "shown" as const, name: "Column" };
    return { name, chips, addable: [column, ...addable], hint: "column or figure" };
  });
}
