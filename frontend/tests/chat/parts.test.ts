import { describe, expect, it } from "vitest";
import { blocksOf, insertRows, isEmptyAnswer, stepSql, stepTitle, textOf } from "@/lib/chat/parts";
import { groupByDay, searchConversations } from "@/lib/chat/conversations";
import { EventParser } from "@/lib/chat/sse";
import type { ChatMessage } from "@/lib/chat/types";

const parts = [
  { type: "step-start" },
  { type: "tool-read_schema", toolCallId: "1", state: "output-available", input: {}, output: {} },
  {
    type: "tool-execute_sql_query",
    toolCallId: "2",
    state: "output-error",
    input: { query: "SELECT 1" },
    errorText: "no",
  },
  { type: "text", text: "Five.", state: "done" },
  { type: "text", text: "  ", state: "done" },
  {
    type: "tool-insert_data",
    toolCallId: "3",
    state: "approval-requested",
    input: { table: "t", data: { a: 1 } },
    approval: { id: "w" },
  },
] as unknown as ChatMessage["parts"];

describe("parts", () => {
  it("groups steps, keeps writes apart and drops empty text", () => {
    const blocks = blocksOf(parts);
    expect(blocks.map((b) => b.kind)).toEqual(["steps", "text", "write"]);
    const steps = blocks[0]?.kind === "steps" ? blocks[0].steps : [];
    expect(steps.map(stepTitle)).toEqual(["Read the tables", "A query did not work"]);
    expect(steps.map(stepSql)).toEqual([null, "SELECT 1"]);
    expect(blocks[2]?.kind === "write" && blocks[2].step.approval?.id).toBe("w");
    expect(textOf({ parts })).toContain("Five.");
  });

  it("shows the failure of a kept answer", () => {
    const kept = [
      { type: "data-error", data: { message: "The model did not answer." } },
    ] as ChatMessage["parts"];
    expect(blocksOf(kept)).toEqual([
      { kind: "error", key: "0", message: "The model did not answer." },
    ]);
  });

  it("knows an answer that says nothing", () => {
    expect(isEmptyAnswer({ id: "1", role: "assistant", parts: [{ type: "step-start" }] })).toBe(
      true,
    );
    expect(isEmptyAnswer({ id: "1", role: "user", parts: [] })).toBe(false);
  });

  it("reads one row or many from a write, and nothing from half a call", () => {
    expect(insertRows({ table: "t", data: { a: 1 } })).toEqual({
      table: "t",
      columns: ["a"],
      rows: [[1]],
    });
    expect(insertRows({ table: "t", data: [{ a: 1 }, { b: "x" }] })?.rows).toEqual([
      [1, null],
      [null, "x"],
    ]);
    expect(
      insertRows({ table: "t", data: { b: 2, a: 1, c: 3 } }, { t: ["a", "b"] })?.columns,
    ).toEqual(["a", "b", "c"]);
    expect(insertRows({ table: "t" })).toBeNull();
    expect(insertRows("x")).toBeNull();
  });
});

describe("conversations", () => {
  const now = new Date(2026, 10, 22, 12);
  const at = (id: string, day: number, title = id) => ({
    id,
    title,
    schema_id: "s",
    created_at: new Date(2026, 10, day, 9).toISOString(),
  });
  it("groups by day, newest first", () => {
    const groups = groupByDay(
      [at("a", 1), at("b", 22), at("c", 21), at("d", 22), at("e", 18)],
      now,
      "en",
    );
    expect(groups.map((g) => g.label)).toEqual(["Today", "Yesterday", "Wednesday", "November 1"]);
    expect(groups[0]?.items).toHaveLength(2);
  });
  it("finds by every word", () => {
    const items = [at("a", 1, "Top customers by spend"), at("b", 2, "Orders by month")];
    expect(searchConversations(items, "SPEND top").map((c) => c.id)).toEqual(["a"]);
    expect(searchConversations(items, "  ")).toHaveLength(2);
  });
});

describe("event stream", () => {
  it("joins events that arrive in pieces, with any line end, and skips comments", () => {
    const parser = new EventParser();
    const text = ': hi\n\nevent: progress\r\ndata: {"a":\r\ndata: 1}\r\n\r\ndata: x\n\n';
    const events = [...text].flatMap((c) => parser.push(c));
    expect(events).toEqual([
      { event: "progress", data: '{"a":\n1}' },
      { event: "message", data: "x" },
    ]);
  });
});
