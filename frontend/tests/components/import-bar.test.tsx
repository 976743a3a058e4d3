import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { ImportBar } from "@/components/schema/import-bar";
import type { useApprove } from "@/hooks/use-approve";
import type { SchemaEditor } from "@/hooks/use-schema-editor";
import type { Forecast } from "@/lib/er/model";
import { renderWithCache } from "./support";

const table = {
  rows_in: 424,
  row_count: 424,
  merged: 0,
  quarantined: 0,
  added: 0,
  emptied: [],
  reasons: [],
};
const lossy: Forecast = {
  tables: [
    {
      ...table,
      name: "bills",
      row_count: 420,
      quarantined: 4,
      emptied: [{ column: "amount", cells: 17 }],
    },
    { ...table, name: "customers" },
  ],
  references: [],
  loses_much: true,
};

function show(forecast: Forecast | null, onOpen = vi.fn()) {
  const start = vi.fn();
  const approval = { state: "idle", tables: {}, latest: null, result: null, error: null };
  const editor = {
    schema: { tables: [{}, {}] },
    problems: [],
    saveState: "saved",
    readOnly: false,
  };
  renderWithCache(
    <ImportBar
      schemaId="s1"
      editor={editor as unknown as SchemaEditor}
      rows={848}
      forecast={forecast}
      onOpen={onOpen}
      approval={{ ...approval, start, cancel: vi.fn() } as unknown as ReturnType<typeof useApprove>}
    />,
  );
  return start;
}

describe("ImportBar", () => {
  it("tells the losses and imports only when they are agreed to", async () => {
    const user = userEvent.setup();
    const start = show(lossy);
    await user.click(screen.getByRole("button", { name: /Approve & import/ }));
    expect(start).not.toHaveBeenCalled();
    const dialog = screen.getByRole("alertdialog");
    expect(dialog).toHaveTextContent("Of 848 rows: 4 rows set aside, 17 cells left empty.");
    expect(dialog).toHaveTextContent("bills: 4 rows set aside, 17 cells left empty");
    expect(dialog).not.toHaveTextContent("customers");
    await user.click(screen.getByRole("button", { name: "Not yet" }));
    expect(start).not.toHaveBeenCalled();
    await user.click(screen.getByRole("button", { name: /Approve & import/ }));
    await user.click(screen.getByRole("button", { name: "Import without them" }));
    expect(start).toHaveBeenCalledWith(true);
  });

  it("asks nothing where next to nothing is lost", async () => {
    const user = userEvent.setup();
    const start = show({ ...lossy, loses_much: false });
    await user.click(screen.getByRole("button", { name: /Approve & import/ }));
    expect(start).toHaveBeenCalledOnce();
    expect(start).not.toHaveBeenCalledWith(true);
  });

  it("tells what would be stored, with a way to where it is not as in the files", async () => {
    const user = userEvent.setup();
    const onOpen = vi.fn();
    show(
      {
        ...lossy,
        tables: lossy.tables.map((t) =>
          t.name === "bills"
            ? {
                ...t,
                reasons: [
                  { reason: "id is empty", rows: 1 },
                  { reason: "an earlier row has the same id", rows: 3 },
                ],
              }
            : t,
        ),
      },
      onOpen,
    );
    const status = screen.getByRole("status");
    expect(status).toHaveTextContent(
      "844 rows will be stored;17 cells become empty;4 rows set aside",
    );
    expect(screen.getByRole("button", { name: /import 2 tables, 844 rows/ })).toBeVisible();
    await user.click(screen.getByRole("button", { name: "17 cells become empty" }));
    expect(onOpen).toHaveBeenCalledWith({ kind: "column", table: "bills", column: "amount" });
    await user.click(screen.getByRole("button", { name: "4 rows set aside" }));
    await user.click(screen.getByRole("menuitem", { name: "bills: 1 row, id is empty" }));
    await waitFor(() => expect(onOpen).toHaveBeenLastCalledWith({ kind: "table", table: "bills" }));
  });

  it("says that there is no problem only where all is stored as it stands", () => {
    show({ tables: [{ ...table, name: "bills" }], references: [], loses_much: false });
    expect(screen.getByRole("status")).toHaveTextContent(/^No problems/);
  });
});
