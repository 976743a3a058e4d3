import type { PlanDocument } from "@/lib/plan/types";
import type { ChatMessage, Clarify, InsertInput, Receipt } from "./types";

type Part = ChatMessage["parts"][number];

export interface ToolStep {
  id: string;
  name: string;
  state: string;
  input: unknown;
  output: unknown;
  error: string | null;
  approval: { id: string; approved?: boolean; reason?: string } | null;
}

/** What a message shows, in order. Steps that follow each other stand together. */
export type Block =
  | { kind: "text"; key: string; text: string; streaming: boolean }
  | { kind: "reasoning"; key: string; text: string; streaming: boolean }
  | { kind: "steps"; key: string; steps: ToolStep[] }
  | { kind: "write"; key: string; step: ToolStep }
  | { kind: "receipt"; key: string; receipt: Receipt }
  | { kind: "clarify"; key: string; clarify: Clarify }
  | { kind: "error"; key: string; message: string };

export function blocksOf(parts: Part[]): Block[] {
  const blocks: Block[] = [];
  parts.forEach((part, index) => {
    const key = String(index);
    const last = blocks.at(-1);
    if (part.type === "text" || part.type === "reasoning") {
      if (part.text.trim() !== "" || part.state === "streaming")
        blocks.push({
          kind: part.type,
          key,
          text: part.text,
          streaming: part.state === "streaming",
        });
    } else if (part.type === "data-receipt") {
      blocks.push({ kind: "receipt", key, receipt: part.data });
    } else if (part.type === "data-clarify") {
      blocks.push({ kind: "clarify", key, clarify: part.data });
    } else if (part.type === "data-error") {
      blocks.push({ kind: "error", key, message: part.data.message });
    } else if (part.type.startsWith("tool-") || part.type === "dynamic-tool") {
      const step = stepOf(part as unknown as RawTool);
      if (step.name === "insert_data") blocks.push({ kind: "write", key, step });
      else if (last?.kind === "steps") last.steps.push(step);
      else blocks.push({ kind: "steps", key, steps: [step] });
    }
  });
  return blocks;
}

interface RawTool {
  type: string;
  toolName?: string;
  toolCallId: string;
  state: string;
  input?: unknown;
  output?: unknown;
  errorText?: string;
  approval?: { id: string; approved?: boolean; reason?: string };
}

function stepOf(part: RawTool): ToolStep {
  return {
    id: part.toolCallId,
    name: part.toolName ?? part.type.replace(/^tool-/, ""),
    state: part.state,
    input: part.input,
    output: part.output,
    error: part.errorText ?? null,
    approval: part.approval ?? null,
  };
}

/** One line for a step: what is done, and what came of it. */
export function stepTitle(step: ToolStep): string {
  const failed = step.state === "output-error";
  const done = step.state === "output-available";
  switch (step.name) {
    case "read_schema":
      return failed ? "Could not read the tables" : done ? "Read the tables" : "Reading the tables";
    case "execute_sql_query":
      return failed ? "A query did not work" : done ? "Ran a query" : "Running a query";
    default:
      return failed ? `${step.name} failed` : done ? `Used ${step.name}` : `Using ${step.name}`;
  }
}

export function stepSql(step: ToolStep): string | null {
  const input = step.input;
  if (!input || typeof input !== "object") return null;
  const sql = (input as { query?: unknown }).query ?? (input as { sql?: unknown }).sql;
  return typeof sql === "string" ? sql : null;
}

/** The rows that a write wants to store, as a grid in the table's order of columns; null while the call is incomplete. */
export function insertRows(
  input: unknown,
  order: Record<string, string[]> = {},
): { table: string; columns: string[]; rows: unknown[][] } | null {
  if (!input || typeof input !== "object") return null;
  const { table, data } = input as Partial<InsertInput>;
  if (typeof table !== "string" || !data || typeof data !== "object") return null;
  const records = (Array.isArray(data) ? data : [data]).filter((r) => r && typeof r === "object");
  const named = [...new Set(records.flatMap((r) => Object.keys(r)))];
  const known = (order[table] ?? []).filter((c) => named.includes(c));
  const columns = [...known, ...named.filter((c) => !known.includes(c))];
  return { table, columns, rows: records.map((r) => columns.map((c) => r[c] ?? null)) };
}

export function textOf(message: Pick<ChatMessage, "parts">): string {
  return message.parts.flatMap((p) => (p.type === "text" ? [p.text] : [])).join("\n\n");
}

/** True when the assistant's turn ended without anything to show. */
export function isEmptyAnswer(message: ChatMessage): boolean {
  return message.role === "assistant" && blocksOf(message.parts).length === 0;
}

/** An answer that has no result: it asks back, or says in words why there is none. */
export function isNotUnderstood(blocks: Block[]): boolean {
  return !blocks.some((block) => block.kind === "receipt" || block.kind === "write");
}

/** What was understood of a question without an answer: what the builder begins with. */
export function planBegun(blocks: Block[]): PlanDocument | undefined {
  const clarified = blocks.flatMap((block) => (block.kind === "clarify" ? [block.clarify] : []));
  return (
    clarified.find(({ plan }) => plan)?.plan ??
    clarified.flatMap(({ choices }) => choices).find(({ plan }) => plan)?.plan
  );
}
