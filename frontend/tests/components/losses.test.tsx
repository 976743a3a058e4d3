import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";

import { ColumnRow } from "@/components/schema/column-row";
import { ImportResult } from "@/components/schema/import-result";
import { RelationshipCard } from "@/components/schema/relationship-card";
import type { Column, Relationship, SchemaResource } from "@/lib/er/model";
import { renderWithCache } from "./support";

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const relationship: Relationship = {
  from_table: "orders",
  from_columns: ["customer_id"],
  to_table: "customers",
  to_columns: ["id"],
  evidence: { distinct: 910, matched: 612, orphan_rows: 450 },
};

function showCard(change: Partial<Relationship>, onOrphans: (() => void) | null) {
  renderWithCache(
    <ul>
      <RelationshipCard
        relationship={{ ...relationship, ...change }}
        index={0}
        forecast={null}
        schemaId={null}
        error={null}
        onRemove={null}
        onOrphans={onOrphans}
      />
    </ul>,
  );
}

describe("RelationshipCard", () => {
  it("lets one choose what becomes of rows without a partner", async () => {
    const onOrphans = vi.fn();
    showCard({}, onOrphans);
    expect(screen.getByText("450 orders name 298 customers that are not there")).toBeVisible();
    const choice = screen.getByRole("combobox", { name: /without a partner: orders.customer_id/ });
    expect(choice).toHaveDisplayValue("Keep these orders (default)");
    await userEvent.selectOptions(choice, "Set these orders aside");
    expect(onOrphans).toHaveBeenCalledWith("set_aside");
  });

  it("asks nothing where all have a partner, and only tells once imported", () => {
    showCard({ evidence: { distinct: 9, matched: 9, orphan_rows: 0 } }, vi.fn());
    expect(screen.queryByRole("combobox")).toBeNull();
    showCard({ orphans: "placeholder" }, null);
    expect(screen.queryByRole("combobox")).toBeNull();
    expect(screen.getByText("Keep them and add placeholder customers")).toBeVisible();
  });
});

describe("ColumnRow", () => {
  const column: Column = { name: "amount", type: "INTEGER" };
  const notice = {
    table: "orders",
    column: "amount",
    part: "type",
    relationship: null,
    message: "7 values would not fit INTEGER, and they are left empty: ten, two",
  };
  const showRow = (isKey: boolean, edit = vi.fn()) => {
    const table = { name: "orders", source: { csv_id: "a" }, columns: [column] };
    renderWithCache(
      <ul>
        <ColumnRow
          table={table}
          column={column}
          isKey={isKey}
          reference={null}
          inComposite={false}
          summary={null}
          warning="In the file this is TEXT."
          targets={[]}
          problems={[]}
          notices={[notice]}
          readOnly={false}
          edit={edit}
        />
      </ul>,
    );
    return edit;
  };

  it("tells the values that do not fit and lets one choose what becomes of them", async () => {
    const edit = showRow(false);
    expect(screen.getByText(/7 values would not fit INTEGER/)).toBeVisible();
    expect(screen.queryByText(/In the file this is/)).toBeNull();
    const choice = screen.getByRole("combobox", { name: "Values that do not fit: amount" });
    expect(choice).toHaveDisplayValue("become empty (default)");
    await userEvent.selectOptions(choice, "set the rows aside");
    const at = { table: "orders", column: "amount" };
    expect(edit).toHaveBeenCalledWith({ kind: "set_misfits", ...at, misfits: "set_aside" });
  });

  it("offers no choice for a key, whose rows cannot be kept", () => {
    showRow(true);
    expect(screen.getByText(/7 values would not fit INTEGER/)).toBeVisible();
    expect(screen.queryByRole("combobox", { name: /do not fit/ })).toBeNull();
  });
});

describe("ImportResult", () => {
  const resource = { id: "s1", executed_at: null } as SchemaResource;
  const cell = (i: number) => ({
    table: "orders",
    table_column: "amount",
    csv_id: "a",
    file: "orders.csv",
    line: i + 2,
    column: "Amount",
    reason: "amount is not INTEGER",
    text: `text ${i}`,
  });

  it("counts what was lost even where the lists cannot be read", async () => {
    const broken = { title: "Error", status: 500, detail: "Not now.", code: "internal" };
    server.use(http.get("*/api/schema/s1/:list", () => HttpResponse.json(broken, { status: 500 })));
    const table = { name: "orders", row_count: 900, quarantined: 2 };
    renderWithCache(<ImportResult resource={resource} result={[table]} />);
    expect(await screen.findByRole("alert")).toHaveTextContent("Not now.");
    expect(screen.getByText(/^2 rows set aside because they break a rule/)).toBeVisible();
  });

  it("lists emptied cells with file, line, column and text, page by page", async () => {
    server.use(
      http.get("*/api/schema/s1/quarantine", () =>
        HttpResponse.json({ rows: [], total: 0, offset: 0 }),
      ),
      http.get("*/api/schema/s1/emptied", ({ request }) => {
        const offset = Number(new URL(request.url).searchParams.get("offset"));
        const count = Math.min(60 - offset, 50);
        const cells = Array.from({ length: count }, (_, i) => cell(offset + i));
        return HttpResponse.json({ cells, total: 60, offset });
      }),
    );
    const emptied = [{ column: "amount", cells: 60 }];
    const table = { name: "orders", row_count: 900, quarantined: 0, emptied };
    renderWithCache(<ImportResult resource={resource} result={[table]} />);
    expect(await screen.findByText(/60 cells left empty, because the text/)).toBeVisible();
    expect(screen.getByText("60 cells empty")).toBeVisible();
    expect(screen.queryByText(/The tables can no longer be changed/)).toBeNull();
    await userEvent.click(screen.getByText("Cells left empty (60)"));
    const list = await screen.findByRole("region", { name: "Cells left empty" });
    const first = within(list).getByRole("row", { name: /text 0$/ });
    expect(first).toHaveTextContent("orders.csv2Amountamount is not INTEGERtext 0");
    await userEvent.click(screen.getByRole("button", { name: "Later" }));
    expect(await screen.findByText("51–60 of 60")).toBeVisible();
    expect(await screen.findByText("text 59")).toBeVisible();
    expect(screen.queryByRole("region", { name: "Rows set aside" })).toBeNull();
  });
});
