import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";

import { MeaningPanel } from "@/components/meaning/meaning-panel";
import type { Meaning } from "@/lib/api/types";
import { column, ordersMeaning } from "../meaning";
import { renderWithCache } from "./support";

const derived = ordersMeaning(3, "ordered_on", [
  column("amount", { type: "DECIMAL", role: "additive" }),
  column("ordered_on", { type: "DATE", role: "time" }),
  column("shipped_on", { type: "DATE", role: "time" }),
  column("express", {}),
]);

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

/** The panel over a server that remembers what it was sent. */
function open(refusal?: { status: number; body: object }) {
  const sent: unknown[] = [];
  server.use(
    http.get("*/api/schema/s1/meaning", () => HttpResponse.json(derived)),
    http.put("*/api/schema/s1/meaning", async ({ request }) => {
      const body = (await request.json()) as { edits: Meaning["edits"] };
      sent.push(body);
      if (refusal) return HttpResponse.json(refusal.body, { status: refusal.status });
      return HttpResponse.json({ ...derived, version: 3 + sent.length, edits: body.edits });
    }),
  );
  renderWithCache(<MeaningPanel schemaId="s1" />);
  return { sent, user: userEvent.setup() };
}

it("saves a word when one leaves the field, with the version that it was made to", async () => {
  const { sent, user } = open();
  await user.type(await screen.findByLabelText("Other words for orders"), "deals, purchases");
  await user.tab();
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toEqual({
    version: 3,
    edits: { tables: [{ table: "orders", words: ["deals", "purchases"] }] },
  });
});

it("saves a role, the date that counts and a unit", async () => {
  const { sent, user } = open();
  await user.selectOptions(await screen.findByLabelText("What orders.amount is"), "level");
  await waitFor(() => expect(sent).toHaveLength(1));
  const date = screen.getByLabelText("The date that counts in orders");
  await waitFor(() => expect(date).toBeEnabled());
  await user.selectOptions(date, "shipped_on");
  await waitFor(() => expect(sent).toHaveLength(2));
  expect(sent[1]).toEqual({
    version: 4,
    edits: {
      tables: [
        {
          table: "orders",
          columns: [{ column: "amount", role: "level" }],
          time: "shipped_on",
        },
      ],
    },
  });
});

it("asks which value means yes before a flag is saved", async () => {
  const { sent, user } = open();
  await user.selectOptions(await screen.findByLabelText("What orders.express is"), "flag");
  expect(sent).toEqual([]);
  await user.type(screen.getByLabelText("What means yes in orders.express"), "K{Enter}");
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toMatchObject({
    edits: { tables: [{ columns: [{ column: "express", role: "flag", yes: "K" }] }] },
  });
});

it("names a metric that is divided by another one", async () => {
  const { sent, user } = open();
  await user.click(await screen.findByRole("button", { name: "Name a metric" }));
  const form = within(screen.getByRole("form", { name: "Name a metric" }));
  await user.type(form.getByLabelText("Name"), "AOV");
  await user.selectOptions(form.getByLabelText("Divided by"), "orders");
  await user.click(form.getByRole("button", { name: "Save the metric" }));
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toMatchObject({
    edits: {
      metrics: [
        { name: "AOV", table: "orders", function: "sum", columns: ["amount"], per: "orders" },
      ],
    },
  });
  await waitFor(() => expect(screen.queryByRole("form")).not.toBeInTheDocument());
});

it("keeps the form open where the server refuses", async () => {
  const refusal = {
    status: 422,
    body: { code: "invalid_meaning", errors: [{ field: "edits.metrics[0].name", message: "no" }] },
  };
  const { sent, user } = open(refusal);
  await user.click(await screen.findByRole("button", { name: "Name a metric" }));
  await user.type(screen.getByLabelText("Name"), "by");
  await user.click(screen.getByRole("button", { name: "Save the metric" }));
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(screen.getByRole("form", { name: "Name a metric" })).toBeVisible();
});

it("leaves a derived metric out when it is removed", async () => {
  const { sent, user } = open();
  await user.click(await screen.findByRole("button", { name: "Remove revenue" }));
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toMatchObject({ edits: { without_metrics: ["revenue"] } });
});
