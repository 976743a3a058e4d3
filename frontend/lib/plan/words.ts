import type { Chip, ChipKind } from "./types";

/** What can be added to a plan, as "+ add" offers it. */
export const ADDABLE: { kind: ChipKind; name: string }[] = [
  { kind: "where", name: "Filter" },
  { kind: "group", name: "Group" },
  { kind: "measure", name: "Measure" },
  { kind: "period", name: "Period" },
  { kind: "order", name: "Order" },
  { kind: "limit", name: "Limit" },
];

const NAMES: Record<ChipKind, string> = {
  rows: "Rows",
  shown: "Column",
  measure: "Measure",
  group: "Group",
  where: "Filter",
  period: "Period",
  having: "Filter of the figures",
  order: "Order",
  limit: "Limit",
};

export function kindName(kind: ChipKind): string {
  return NAMES[kind];
}

const ADDED: Record<ChipKind, (label: string) => string> = {
  rows: (label) => `Show ${label}`,
  shown: (label) => `Show ${label} as well`,
  measure: (label) => `${label} as well`,
  group: (label) => `Also ${label}`,
  where: (label) => `Only where ${label}`,
  period: (label) => `Only ${label}`,
  having: (label) => `Only where ${label}`,
  order: (label) => `In order: ${label}`,
  limit: (label) => `Only the ${label}`,
};

/** A change as the user's line in the conversation. */
export const changeWords = {
  add: (kind: ChipKind, label: string) => ADDED[kind](label),
  replace: (chip: Chip, label: string) => `${capital(label)} instead of ${chip.label}`,
  remove: (chip: Chip) => `Without ${chip.label}`,
};

function capital(text: string): string {
  const [first = ""] = text;
  return first.toUpperCase() + text.slice(first.length);
}
