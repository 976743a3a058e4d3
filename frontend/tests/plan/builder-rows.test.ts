import { expect, it } from "vitest";

import { builderRows } from "@/lib/plan/builder-rows";
import { columnInLabel, type PlanColumn } from "@/lib/plan/columns";
import type { Chip, ChipKind } from "@/lib/plan/types";

const chip = (kind: ChipKind): Chip => ({
  id: `${kind}.0`,
  kind,
  label: kind,
  removable: true,
  changeable: true,
});
const rowsOf = (...kinds: ChipKind[]) => builderRows({ document: {}, chips: kinds.map(chip) });

it("begins with a figure or the rows of a table", () => {
  const [show] = builderRows(undefined);
  expect(show?.addable.map(({ kind }) => kind)).toEqual(["measure", "rows"]);
});

it("puts every part of a plan into one line", () => {
  const kinds: ChipKind[] = ["rows", "shown", "measure", "group", "where", "period", "having"];
  const all: ChipKind[] = [...kinds, "order", "limit"];
  const lines = rowsOf(...all).flatMap(({ chips }) => chips.map(({ kind }) => kind));
  expect(lines.toSorted()).toEqual(all.toSorted());
});

it("offers columns for a list alone, and no second limit", () => {
  const kindsOf = (name: string, ...kinds: ChipKind[]) =>
    rowsOf(...kinds)
      .find((row) => row.name === name)
      ?.addable.map(({ kind }) => kind);
  expect(kindsOf("Show", "measure")).toEqual(["measure"]);
  expect(kindsOf("Show", "rows", "shown")).toEqual(["shown", "measure"]);
  expect(kindsOf("Top", "measure")).toEqual(["order", "limit"]);
  expect(kindsOf("Top", "measure", "limit")).toEqual(["order"]);
});

it("finds the column that a chip speaks of by its longest name", () => {
  const columns = ["at", "ordered_at", "status"].map((name): PlanColumn => ({
    id: `orders.${name}`,
    table: "orders",
    name,
    family: "text",
  }));
  expect(columnInLabel("ordered at: 2024", columns)?.id).toBe("orders.ordered_at");
  expect(columnInLabel("statuses are many", columns)).toBeUndefined();
});
