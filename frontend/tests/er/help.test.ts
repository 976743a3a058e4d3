import { describe, expect, it } from "vitest";

import { applyEdit } from "@/lib/er/edit";
import {
  changeBehind,
  helpRefusals,
  helpWords,
  withChange,
  type Help,
  type HelpChange,
} from "@/lib/er/help";
import { history, startHistory } from "@/lib/er/history";
import type { SchemaJson } from "@/lib/er/model";

const schema: SchemaJson = {
  tables: [
    {
      name: "loans",
      source: { csv_id: "1" },
      primary_key: ["id"],
      columns: [
        { name: "id", type: "INTEGER" },
        { name: "column_2", type: "TEXT" },
        { name: "lvl", type: "TEXT" },
      ],
    },
  ],
  relationships: [],
  indexes: [{ name: "i", table: "loans", columns: ["column_2"] }],
};

const change = (what: HelpChange["what"], value: string, column: string | null): HelpChange => ({
  what,
  table: "loans",
  column,
  value,
  refused: null,
});

const description = change("description", "One loan.", null);
const name = change("name", "kind", "column_2");
const word = change("word", "rank", "lvl");

describe("withChange", () => {
  it("describes, names and adds words, wherever they stand", () => {
    const [table] = [description, name, word].reduce(withChange, schema).tables;
    expect(table?.description).toBe("One loan.");
    expect(table?.columns.map((c) => c.name)).toEqual(["id", "kind", "lvl"]);
    expect(table?.columns[2]?.words).toEqual(["rank"]);
    expect(withChange(schema, name).indexes?.[0]?.columns).toEqual(["kind"]);
  });

  it("leaves what a person said, what is gone and what was refused", () => {
    const tables = schema.tables.map((t) => ({ ...t, description: "Ours." }));
    const ours = { ...schema, tables };
    expect(withChange(ours, description)).toBe(ours);
    expect(withChange(schema, { ...description, refused: "it repeats values" })).toBe(schema);
    expect(withChange(schema, { ...description, table: "gone" })).toBe(schema);
    const named = withChange(schema, name);
    expect(withChange(named, name)).toBe(named);
  });

  it("is taken back by one edit, which leaves the rest", () => {
    const helped = [description, name, word].reduce(withChange, schema);
    const back = applyEdit(helped, {
      kind: "take_back",
      table: "loans",
      column: null,
      change: description,
    });
    expect(back.tables[0]?.description).toBeUndefined();
    expect(back.tables[0]?.columns[2]?.words).toEqual(["rank"]);
    const unnamed = applyEdit(back, {
      kind: "take_back",
      table: "loans",
      column: "kind",
      change: name,
    });
    expect(unnamed.tables[0]?.columns[1]?.name).toBe("column_2");
  });

  it("stays when a person undoes what they did before it came", () => {
    const edited = history(startHistory(schema), {
      kind: "change",
      value: applyEdit(schema, { kind: "rename_column", table: "loans", column: "id", name: "no" }),
    });
    const helped = history(edited, {
      kind: "lay_over",
      change: (value) => withChange(value, description),
    });
    const undone = history(helped, { kind: "undo" });
    expect(undone.present.tables[0]?.columns[0]?.name).toBe("id");
    expect(undone.present.tables[0]?.description).toBe("One loan.");
  });
});

it("marks what the model said, and no longer what a person wrote over it", () => {
  const changes = [description, word];
  expect(changeBehind(changes, "description", "One loan.", false)).toBe(description);
  expect(changeBehind(changes, "description", "One loan, as we say.", false)).toBeUndefined();
  expect(changeBehind(changes, "word", "rank", true)).toBe(word);
});

it("says at which table the model is, and what was not taken over", () => {
  const piece = (table: string, state: Help["pieces"][number]["state"]) => ({
    id: `rows:${table}`,
    kind: "rows" as const,
    table,
    columns: [],
    state,
    message: null,
  });
  const help: Help = {
    state: "running",
    model: "test:1b",
    pieces: [piece("a", "done"), piece("b", "done"), piece("c", "running"), piece("d", "waiting")],
    changes: [{ ...description, refused: "it repeats values of the file" }],
    note: null,
  };
  expect(helpWords(help)).toBe("The model is looking at table 3 of 4");
  expect(helpWords({ ...help, state: "stopped", note: "Out of reach." })).toBe(
    "The model has answered 2 of 4 questions. Out of reach.",
  );
  expect(helpRefusals(help)).toEqual([
    "loans: “One loan.” was refused: it repeats values of the file",
  ]);
});
