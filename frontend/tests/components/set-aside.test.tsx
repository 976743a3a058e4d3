import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import { SetAsidePanel } from "@/components/schema/set-aside-panel";
import { Toaster } from "@/components/ui/sonner";
import { renderWithCache } from "./support";

let query = new URLSearchParams();
vi.mock("next/navigation", () => ({
  usePathname: () => "/portal/schema/review",
  useSearchParams: () => query,
}));

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
beforeEach(() => {
  query = new URLSearchParams();
});
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const count = (value: string, of: number) => ({ value, count: of });
const file = { csv_id: "a", file: "people.csv", count: 2 };
const row = (id: number, line: number, raw: string) => ({
  id,
  table: "people",
  csv_id: "a",
  file: "people.csv",
  line,
  column: "ID",
  reason: `"${raw.split(",")[0]}" is not a whole number`,
  kind: "not a whole number",
  raw,
  mended: false,
});
const cell = {
  id: 7,
  table: "people",
  table_column: "age",
  csv_id: "a",
  file: "people.csv",
  line: 5,
  column: "Age",
  reason: "not a whole number",
  text: "old",
  mended: false,
  has_row: true,
};
const field = (column: string, text: string, more = {}) => ({
  column,
  type: "TEXT",
  source_column: column,
  origin: "field",
  text,
  is_known: true,
  required: false,
  is_key: false,
  refers_to: null,
  ...more,
});

/** Rows 1 and 2 are set aside until they are mended; `asked` gets the queries of the list, `mended` what was stored. */
function serve() {
  let left = [row(1, 3, "x,Bob"), row(2, 4, "y,Cleo")];
  const asked: string[] = [];
  const mended: unknown[] = [];
  const fits = (id: string | undefined) => id !== undefined && /^\d+$/.test(id);
  const refuse = (errors: { field: string; message: string }[]) =>
    HttpResponse.json(
      { title: "Unprocessable Entity", status: 422, code: "does_not_fit", detail: "No.", errors },
      { status: 422, headers: { "content-type": "application/problem+json" } },
    );
  server.use(
    http.get("*/api/schema/s1/quarantine", ({ request }) => {
      const url = new URL(request.url);
      asked.push(url.search);
      const search = url.searchParams.get("search") ?? "";
      const rows = left.filter((own) => own.raw.includes(search));
      const facets = {
        tables: [count("people", rows.length)],
        columns: [count("ID", rows.length)],
        reasons: [count("not a whole number", 1), count("too long", 1)],
        files: [file],
      };
      return HttpResponse.json({ rows, total: rows.length, offset: 0, facets });
    }),
    http.get("*/api/schema/s1/quarantine/:id", ({ params }) => {
      const own = left.find(({ id }) => id === Number(params.id));
      if (!own) return new HttpResponse(null, { status: 404 });
      const [id = "", name = ""] = own.raw.split(",");
      const fields = [
        field("id", id, { source_column: "ID", type: "INTEGER", is_key: true, required: true }),
        field("name", name),
      ];
      return HttpResponse.json({ row: own, is_cut: false, fields });
    }),
    http.post("*/api/schema/s1/quarantine/:id/mend", async ({ request, params }) => {
      const body = (await request.json()) as { values: { id?: string }; dry_run?: boolean };
      if (!fits(body.values.id))
        return refuse([{ field: "values.id", message: '"x" is not a whole number' }]);
      if (!body.dry_run) {
        mended.push(body.values);
        left = left.filter(({ id }) => id !== Number(params.id));
      }
      return HttpResponse.json({ stored: !body.dry_run, fitting: 1, merged: 0, refused: [] });
    }),
    http.post("*/api/schema/s1/quarantine/mend", async ({ request }) => {
      const body = (await request.json()) as {
        rows: { id: number; values: { id?: string } }[];
        dry_run?: boolean;
      };
      const [first, ...others] = body.rows;
      const ok = fits(first?.values.id);
      if (!body.dry_run) mended.push(body.rows);
      return HttpResponse.json({
        stored: !body.dry_run && ok,
        fitting: ok ? 1 : 0,
        merged: 0,
        refused: (ok ? others : body.rows).map(({ id }) => ({
          id,
          errors: [{ field: "values.id", message: "an earlier row has the same id" }],
        })),
      });
    }),
    http.get("*/api/schema/s1/emptied", () =>
      HttpResponse.json({
        cells: [cell],
        total: 1,
        offset: 0,
        facets: { tables: [], columns: [], reasons: [], files: [file] },
      }),
    ),
    http.get("*/api/schema/s1/emptied/7", () =>
      HttpResponse.json({
        cell,
        type: "INTEGER",
        why_not: null,
        row: [
          { column: "id", value: 5 },
          { column: "age", value: null },
        ],
      }),
    ),
    http.post("*/api/schema/s1/emptied/7/mend", async ({ request }) => {
      const body = (await request.json()) as { text: string; dry_run?: boolean };
      if (!fits(body.text))
        return refuse([{ field: "text", message: `"${body.text}" is not a whole number` }]);
      if (!body.dry_run) mended.push(body.text);
      return HttpResponse.json({ stored: !body.dry_run, fitting: 1, merged: 0, refused: [] });
    }),
  );
  return { asked, mended };
}

const show = (rows = 2, cells = 1) =>
  renderWithCache(
    <>
      <SetAsidePanel schemaId="s1" rows={rows} cells={cells} />
      <Toaster />
    </>,
  );

describe("SetAsidePanel", () => {
  it("opens a row at its bad field, says what the server says, and adds it back", async () => {
    const { mended } = serve();
    show();
    const list = await screen.findByRole("region", { name: "Rows set aside" });
    expect(within(list).getAllByRole("row")).toHaveLength(3);
    await userEvent.click(screen.getByRole("button", { name: /^Mend line 3 of people\.csv/ }));
    const sheet = await screen.findByRole("dialog", { name: "Line 3 of people.csv" });
    const id = await within(sheet).findByRole("textbox", { name: "id" });
    expect(id).toHaveFocus();
    expect(id).toHaveValue("x");
    expect(await within(sheet).findByText('"x" is not a whole number')).toBeVisible();
    expect(id).toBeInvalid();
    expect(within(sheet).getByLabelText("As it stands in the file")).toHaveTextContent("x,Bob");

    await userEvent.clear(id);
    await userEvent.type(id, "30");
    expect(await within(sheet).findByText("It fits, and can be added back.")).toBeVisible();
    await userEvent.keyboard("{Enter}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(mended).toEqual([{ id: "30" }]);
    expect(await screen.findByText("Line 3 was added to people")).toBeVisible();
    await waitFor(() => expect(screen.getAllByRole("row")).toHaveLength(2));
  });

  it("stores nothing that does not fit", async () => {
    const { mended } = serve();
    show();
    await userEvent.click(await screen.findByRole("button", { name: /^Mend line 4/ }));
    const sheet = await screen.findByRole("dialog");
    await userEvent.click(await within(sheet).findByRole("button", { name: "Add back" }));
    expect(await within(sheet).findByRole("textbox", { name: "id" })).toBeInvalid();
    expect(mended).toEqual([]);
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("searches, and takes the filter from the address", async () => {
    query = new URLSearchParams("why=too+long&find=Cleo");
    const { asked } = serve();
    show();
    expect(await screen.findByRole("searchbox")).toHaveValue("Cleo");
    await waitFor(() => expect(screen.getAllByRole("row")).toHaveLength(2));
    expect(asked[0]).toContain("reason=too+long&search=Cleo");
    expect(screen.getByRole("button", { name: /^too long/, pressed: true })).toBeVisible();
    await userEvent.type(screen.getByRole("searchbox"), " nobody");
    expect(await screen.findByText("Nothing matches")).toBeVisible();
  });

  it("moves between rows with the arrow keys", async () => {
    serve();
    show();
    const first = await screen.findByRole("button", { name: /^Mend line 3/ });
    first.focus();
    await userEvent.keyboard("{ArrowDown}");
    expect(screen.getByRole("button", { name: /^Mend line 4/ })).toHaveFocus();
    await userEvent.keyboard("{ArrowDown}{ArrowUp}");
    expect(first).toHaveFocus();
  });

  it("gives one column of all rows one value, and says how many fit", async () => {
    const { mended } = serve();
    show();
    await userEvent.click(await screen.findByRole("button", { name: "Mend these 2" }));
    const sheet = await screen.findByRole("dialog", { name: "Mend 2 rows at once" });
    expect(await within(sheet).findByText("None of them fits like this.")).toBeVisible();
    expect(within(sheet).getByRole("button", { name: "Add back" })).toBeDisabled();
    const choice = await within(sheet).findByRole("combobox", { name: "Column" });
    await within(choice).findByRole("option", { name: "id" });
    await userEvent.selectOptions(choice, "id");
    await userEvent.type(within(sheet).getByLabelText(/takes this value/), "9");
    expect(await within(sheet).findByText(/1 row would fit, 1 would not/)).toBeVisible();
    expect(within(sheet).getByText("Line 4: an earlier row has the same id")).toBeVisible();
    await userEvent.click(within(sheet).getByRole("button", { name: "Add back 1" }));
    await waitFor(() => expect(mended).toHaveLength(1));
    expect(mended[0]).toEqual([
      { id: 1, values: { id: "9" } },
      { id: 2, values: { id: "9" } },
    ]);
  });

  it("fills a cell beside its row", async () => {
    query = new URLSearchParams("list=cells");
    const { mended } = serve();
    show();
    await userEvent.click(await screen.findByRole("button", { name: /^Fill line 5/ }));
    const sheet = await screen.findByRole("dialog", { name: "Age on line 5 of people.csv" });
    const text = await within(sheet).findByRole("textbox", { name: "age" });
    expect(text).toHaveValue("old");
    expect(await within(sheet).findByText('"old" is not a whole number')).toBeVisible();
    expect(within(sheet).getByText("empty")).toBeVisible();
    await userEvent.clear(text);
    await userEvent.type(text, "61");
    expect(await within(sheet).findByText("It fits, and can be filled in.")).toBeVisible();
    await userEvent.click(within(sheet).getByRole("button", { name: "Fill the cell" }));
    await waitFor(() => expect(mended).toEqual(["61"]));
  });

  it("says that nothing is set aside", async () => {
    const facets = { tables: [], columns: [], reasons: [], files: [] };
    server.use(
      http.get("*/api/schema/s1/quarantine", () =>
        HttpResponse.json({ rows: [], total: 0, offset: 0, facets }),
      ),
    );
    show(0, 0);
    expect(await screen.findByText("Every row is in its table")).toBeVisible();
  });

  it("says why the list cannot be read", async () => {
    const broken = { title: "Error", status: 500, detail: "Not now.", code: "internal" };
    server.use(
      http.get("*/api/schema/s1/quarantine", () => HttpResponse.json(broken, { status: 500 })),
    );
    show();
    expect(await screen.findByRole("alert")).toHaveTextContent("Not now.");
  });
});
