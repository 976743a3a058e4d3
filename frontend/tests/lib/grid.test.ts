import { describe, expect, it } from "vitest";

import { columnWidth, moveCell, pagesFor } from "@/lib/grid";
import { makeProfile } from "../support";

describe("moveCell", () => {
  const size = { rows: 100, columns: 5 };
  const from = { row: 10, column: 2 };

  it.each([
    ["ArrowUp", 9, 2],
    ["ArrowDown", 11, 2],
    ["ArrowLeft", 10, 1],
    ["ArrowRight", 10, 3],
    ["Home", 10, 0],
    ["End", 10, 4],
    ["PageDown", 22, 2],
    ["PageUp", 0, 2],
  ])("%s", (key, row, column) => {
    expect(moveCell(from, key, size)).toEqual({ row, column });
  });

  it("stops at the edges", () => {
    expect(moveCell({ row: 0, column: 0 }, "ArrowUp", size)).toEqual({ row: 0, column: 0 });
    expect(moveCell({ row: 99, column: 4 }, "ArrowDown", size)).toEqual({ row: 99, column: 4 });
  });

  it("goes all the way with Control", () => {
    expect(moveCell(from, "End", size, true)).toEqual({ row: 99, column: 4 });
    expect(moveCell(from, "ArrowUp", size, true)).toEqual({ row: 0, column: 2 });
  });

  it("leaves other keys to the browser", () => {
    expect(moveCell(from, "Tab", size)).toBeNull();
  });
});

it("asks for the pages in sight and no others", () => {
  expect(pagesFor(0, 30, 200)).toEqual([0]);
  expect(pagesFor(190, 410, 200)).toEqual([0, 1, 2]);
  expect(pagesFor(0, -1, 200)).toEqual([]);
});

it("keeps columns between narrow and wide", () => {
  expect(columnWidth(makeProfile("a"), "a")).toBe(168);
  expect(columnWidth(makeProfile("a", { max_length: 5000 }), "a")).toBe(300);
});
