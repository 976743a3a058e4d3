import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";

import { ReceiptCard } from "@/components/chat/receipt-card";
import type { Receipt } from "@/lib/chat/types";
import { renderWithCache } from "./support";

const receipt: Receipt = {
  sql: "SELECT COUNT(*) AS number_of_orders FROM orders",
  columns: [{ name: "number_of_orders", type: "INTEGER" }],
  rows: [[2600]],
  row_count: 1,
  truncated: false,
  elapsed_ms: 2,
  tables: ["orders"],
  matched_values: [],
  attempts: [{ sql: "SELECT COUNT(*) AS number_of_orders FROM orders" }],
  engine: "built-in",
};

/** Opens How of a receipt with this confidence. */
async function openHow(confidence: Receipt["confidence"]) {
  renderWithCache(<ReceiptCard receipt={{ ...receipt, confidence }} schemaId="s1" names={{}} />);
  await userEvent.click(screen.getByRole("tab", { name: "How" }));
}

it("says under How how sure an answer is", async () => {
  await openHow(0.834);
  expect(screen.getByText("How sure")).toBeVisible();
  expect(screen.getByText(/^Likely right: 83 in 100/)).toBeVisible();
});

it("says that it is unsure of an unlikely one", async () => {
  await openHow(0.62);
  expect(screen.getByText(/^Unsure: right in only 62 of 100/)).toBeVisible();
});

it("says nothing where the confidence is not known", async () => {
  await openHow(null);
  expect(screen.getByText("Engine")).toBeVisible();
  expect(screen.queryByText("How sure")).toBeNull();
});
