import { describe, expect, it } from "vitest";

import type { Meaning } from "@/lib/api/types";
import {
  columnsFor,
  describeMetric,
  divisors,
  dropMetric,
  editColumn,
  editTable,
  fittingRoles,
  ownWords,
  putMetric,
  splitWords,
} from "@/lib/meaning";
import { column, ordersMeaning } from "../meaning";

const orders = ordersMeaning(0, "day", [
  column("id", { type: "INTEGER", role: "identifier" }),
  column("amount", { type: "DECIMAL", role: "additive" }),
  column("day", { type: "DATE", role: "time" }),
  column("state", {}),
]);

const meaning: Meaning = {
  ...orders,
  metrics: [
    ...orders.metrics.map((metric) => ({
      ...metric,
      words: [{ word: "sales", source: "data" as const }],
    })),
    {
      name: "AOV",
      words: [],
      table: "orders",
      function: "sum",
      columns: ["amount"],
      per: "orders",
      source: "user",
    },
  ],
};

describe("edits", () => {
  it("keep what else was said, and only what says something", () => {
    let edits = editTable({}, "orders", { words: ["deals"] });
    edits = editColumn(edits, "orders", "amount", { role: "level" });
    edits = editColumn(edits, "orders", "amount", { unit: "EUR" });
    edits = editTable(edits, "orders", { time: null });
    expect(edits.tables).toEqual([
      {
        table: "orders",
        words: ["deals"],
        columns: [{ column: "amount", role: "level", unit: "EUR" }],
        time: null,
      },
    ]);
    edits = editColumn(edits, "orders", "amount", { role: undefined, unit: undefined });
    edits = editTable(edits, "orders", { words: [], time: undefined });
    expect(edits.tables).toEqual([]);
  });

  it("put a metric in the place of the one that is changed", () => {
    const metric = { name: "AOV", table: "orders", function: "count" } as const;
    const edits = putMetric({}, metric, null);
    const renamed = putMetric(edits, { ...metric, name: "basket" }, "aov");
    expect(renamed.metrics?.map(({ name }) => name)).toEqual(["basket"]);
    expect(dropMetric(renamed, "basket", false).metrics).toEqual([]);
    expect(dropMetric({}, "revenue", true).without_metrics).toEqual(["revenue"]);
  });
});

describe("words", () => {
  it("are split at commas, each once", () => {
    expect(splitWords(" deals,  big   deals;Deals,")).toEqual(["deals", "big deals"]);
  });

  it("of the user are told from the others", () => {
    const words = [
      { word: "sales", source: "data" },
      { word: "takings", source: "user" },
    ];
    expect(ownWords(words)).toEqual(["takings"]);
  });
});

describe("choices", () => {
  it("of roles fit the type", () => {
    expect(fittingRoles("TEXT")).not.toContain("additive");
    expect(fittingRoles("DATE")).toEqual(["identifier", "label", "category", "time"]);
    expect(fittingRoles("DECIMAL")).not.toContain("flag");
    expect(fittingRoles("INTEGER")).toContain("flag");
  });

  it("of columns fit the figure", () => {
    expect(columnsFor(meaning, "orders", "sum")).toEqual(["amount"]);
    expect(columnsFor(meaning, "orders", "maximum")).toEqual(["amount", "day"]);
    expect(columnsFor(meaning, "orders", "average")).toEqual(["amount"]);
    expect(columnsFor(meaning, "orders", "count")).toEqual([]);
    expect(columnsFor(meaning, "orders", "count_distinct")).toHaveLength(4);
  });

  it("of divisors leave out what is divided itself", () => {
    expect(divisors(meaning, "")).toEqual(["revenue", "orders"]);
    expect(divisors(meaning, "Revenue")).toEqual(["orders"]);
  });
});

it("says a metric in words", () => {
  expect(meaning.metrics.map(describeMetric)).toEqual([
    "sum of amount in orders",
    "sum of amount in orders, divided by orders",
  ]);
});
