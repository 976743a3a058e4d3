import type { UIMessage } from "ai";

import type { Plan, PlanDocument } from "@/lib/plan/types";

export type Cell = string | number | boolean | null;

export interface ResultColumn {
  name: string;
  type: string;
}

export const CHART_KINDS = ["bar", "line", "area", "scatter", "pie", "number"] as const;
export type ChartKind = (typeof CHART_KINDS)[number];

export interface ChartHint {
  kind: ChartKind;
  x?: string;
  y: string[];
}

export interface MatchedValue {
  phrase: string;
  table: string;
  column: string;
  value: string;
}

export interface Attempt {
  sql: string;
  error?: string;
}

/** A result with or without the story of how it came about. */
export interface ResultSet {
  columns: ResultColumn[];
  rows: Cell[][];
  row_count: number;
  truncated: boolean;
  elapsed_ms: number;
}

/** The proof of an answer (docs/API.md, "Asking"). */
export interface Receipt extends ResultSet {
  sql: string;
  tables: string[];
  matched_values: MatchedValue[];
  attempts: Attempt[];
  engine: string;
  restatement?: string;
  chart?: ChartHint;
  /** Probability that the answer is right, where that can be told; 1 for a reading that the user picked. */
  confidence?: number | null;
  /** How the question was read, part by part; absent for statements that a model or a person wrote. */
  plan?: Plan;
}

export interface Clarify {
  /** Readings of the question asked, or other questions that could be asked. */
  kind: "readings" | "suggestions";
  question: string;
  choices: Choice[];
  /** What was understood of a question that got no answer. */
  plan?: PlanDocument;
}

export interface Choice {
  label: string;
  message: string;
  /** The first row of its result, in words. */
  preview?: string;
  /** Sent instead of words. */
  plan?: PlanDocument;
}

export interface Status {
  stage: string;
  message: string;
}

export interface ChatMetadata {
  conversationId?: string;
  engine?: string;
}

export type ChatMessage = UIMessage<
  ChatMetadata,
  {
    status: Status;
    receipt: Receipt;
    clarify: Clarify;
    error: { message: string };
    /** Of a turn that was made by hand; never shown. */
    plan: { document: PlanDocument };
  },
  {
    read_schema: { input: Record<string, never>; output: unknown };
    execute_sql_query: { input: { query: string }; output: unknown };
    insert_data: { input: InsertInput; output: unknown };
  }
>;

export interface InsertInput {
  table: string;
  data: Record<string, Cell> | Record<string, Cell>[];
}

export interface Conversation {
  id: string;
  title: string;
  schema_id: string;
  created_at: string;
  updated_at?: string;
}
