import type { Cell, ResultColumn } from "@/lib/chat/types";

/** The plan itself as the server wrote it: kept and sent back, never looked into. */
export type PlanDocument = Record<string, unknown>;

export type ChipKind =
  "rows" | "shown" | "measure" | "group" | "where" | "period" | "having" | "order" | "limit";

/** One part of a plan, in words. Its id holds its place: another plan has other ids. */
export interface Chip {
  id: string;
  kind: ChipKind;
  label: string;
  /** Why it is there, where the question did not say it. */
  assumed?: string;
  removable: boolean;
  changeable: boolean;
}

export interface Plan {
  document: PlanDocument;
  chips: Chip[];
}

export type FilterOperator =
  "is" | "is_not" | "more_than" | "less_than" | "between" | "contains" | "empty" | "not_empty";

export type PlanChange =
  /** From a pick list, sent back as it came. */
  | { put: unknown }
  /** The id of a chip. */
  | { remove: string }
  | { where: { column: string; operator: FilterOperator; values: (string | number)[] } }
  | { limit: number }
  /** `until` is the day after the last one. */
  | { period: { column: string; from: string | null; until: string | null } };

export interface PlanOption {
  label: string;
  detail?: string;
  current: boolean;
  change: PlanChange;
}

/** What a pick list is of: what can stand in the place of a chip, or what can be added. */
export type PickTarget = { chip: string } | { add: ChipKind };

export interface PlanOptions {
  options: PlanOption[];
  /** There are more than are listed: a search finds them. */
  more: boolean;
}

/** What a plan gives, in its first rows. */
export interface PlanPreview {
  plan: Plan;
  restatement: string;
  sql: string;
  columns: ResultColumn[];
  rows: Cell[][];
  row_count: number;
  truncated?: boolean;
}

/** A turn of a conversation made by hand: the plan to go on from, and what becomes of it. */
export interface PlanStep {
  document?: PlanDocument;
  changes: PlanChange[];
}
