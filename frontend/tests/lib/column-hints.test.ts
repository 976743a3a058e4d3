import { describe, expect, it } from "vitest";

import { columnHints, fileStem } from "@/lib/column-hints";
import { makeProfile, makeUpload } from "../support";

const unique = { is_unique: true, distinct_count: 10 };
const customers = makeUpload("a", "Customers.csv", [
  makeProfile("customer_id", unique),
  makeProfile("name", { type: "TEXT", ...unique }),
]);
const orders = makeUpload("b", "orders.csv", [
  makeProfile("order_id", unique),
  makeProfile("customer_id", { max: "9" }),
  makeProfile("quantity"),
]);

describe("columnHints", () => {
  it("marks the key and what refers to another file's key", () => {
    expect([...columnHints(orders, [customers, orders])]).toEqual([
      ["order_id", { kind: "key" }],
      ["customer_id", { kind: "reference", target: "customers" }],
    ]);
  });

  it("finds references to keys that are called id", () => {
    const cities = makeUpload("c", "cities.csv", [makeProfile("id", unique)]);
    const people = makeUpload("d", "people.csv", [
      makeProfile("City ID"),
      makeProfile("id", unique),
    ]);
    expect(columnHints(people, [cities]).get("City ID")).toEqual({
      kind: "reference",
      target: "cities",
    });
  });

  it("does not believe a name when the values lie outside", () => {
    const far = makeUpload("e", "orders.csv", [makeProfile("customer_id", { max: "5000" })]);
    expect(columnHints(far, [customers]).size).toBe(0);
  });

  it("takes no column with gaps for a key", () => {
    const gaps = makeUpload("f", "x.csv", [makeProfile("id", { ...unique, null_count: 1 })]);
    expect(columnHints(gaps, []).size).toBe(0);
  });
});

it("names a file as its user does", () => {
  expect(fileStem("Order Items (2).csv")).toBe("order_items_2");
});
