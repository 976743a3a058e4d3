import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";

import { RevisionBar } from "@/components/schema/revision-bar";
import type { SchemaResource } from "@/lib/er/model";
import { renderWithCache } from "./support";

const router = { push: vi.fn(), replace: vi.fn() };
vi.mock("next/navigation", () => ({ useRouter: () => router }));

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => {
  server.resetHandlers();
  vi.clearAllMocks();
});
afterAll(() => server.close());

const approved = {
  id: "d1",
  name: "Shop",
  csv_upload_ids: [],
  schema_json: { tables: [], relationships: [] },
  create_statements: [],
  status: "executed",
  created_at: "2026-01-01T00:00:00Z",
} as unknown as SchemaResource;
const draft = { ...approved, id: "r1", status: "generated", revises: "d1" } as SchemaResource;

const difference = (names_only: boolean) => ({
  dataset_id: "d1",
  revision_id: "r1",
  names_only,
  tables: [
    {
      before: "customers",
      after: "clients",
      columns: [],
      key: null,
      other_rows: false,
      rows_before: null,
      rows_after: null,
      inserted_rows: 0,
      mended_rows: 0,
      mended_cells: 0,
      carried_over: true,
    },
  ],
  references: [],
  meaning_dropped: [],
});

function show(resource: SchemaResource, state: "idle" | "done" = "idle") {
  const start = vi.fn();
  renderWithCache(
    <RevisionBar resource={resource} editor={{ saveState: "saved" }} approval={{ state, start }} />,
  );
  return start;
}

describe("RevisionBar", () => {
  it("is not there before the approval", () => {
    show({ ...approved, status: "generated" });
    expect(screen.queryByRole("region", { name: "Changes" })).toBeNull();
  });

  it("begins changes and goes to them", async () => {
    server.use(
      http.post("*/api/schema/d1/revision", () => HttpResponse.json({ id: "r1" }, { status: 201 })),
    );
    show(approved);
    await userEvent.click(screen.getByRole("button", { name: "Change it" }));
    await waitFor(() => expect(router.push).toHaveBeenCalledWith("/portal/schema/review?id=r1"));
  });

  it("leads to changes that wait, and begins no others", () => {
    show({ ...approved, revision: "r1", version_before: "2026-01-01T00:00:00Z" });
    const link = screen.getByRole("link", { name: "See the changes" });
    expect(link).toHaveAttribute("href", "/portal/schema/review?id=r1");
    expect(screen.queryByRole("button", { name: /Change it|Undo/ })).toBeNull();
  });

  it("says what undoing loses before it does", async () => {
    const answer = {
      undone: false,
      version_before: "2026-01-01T00:00:00Z",
      inserted_rows: 2,
      taken_back_rows: 0,
      mended_rows: 0,
      mended_cells: 0,
    };
    const bodies: unknown[] = [];
    server.use(
      http.post("*/api/schema/d1/revision/undo", async ({ request }) => {
        const dry = new URL(request.url).searchParams.get("dry_run");
        bodies.push([dry, await request.json()]);
        return HttpResponse.json({ ...answer, undone: dry === null });
      }),
    );
    show({ ...approved, version_before: "2026-01-01T00:00:00Z" });
    await userEvent.click(screen.getByRole("button", { name: "Undo the last changes" }));
    const dialog = await screen.findByRole("alertdialog");
    expect(dialog).toHaveTextContent("This would be lost: 2 rows added in the chat.");
    expect(bodies).toEqual([["true", { confirm: false }]]);
    await userEvent.click(screen.getByRole("button", { name: "Undo the changes" }));
    await waitFor(() => expect(bodies[1]).toEqual([null, { confirm: true }]));
  });

  it("shows what the changes come to, loads the files anew and throws them away", async () => {
    let dropped = false;
    server.use(
      http.get("*/api/schema/d1/revision/difference", () => HttpResponse.json(difference(true))),
      http.delete("*/api/schema/d1/revision", () => {
        dropped = true;
        return HttpResponse.json({ message: "gone" });
      }),
    );
    const start = show(draft);
    expect(await screen.findByText("customers is called clients")).toBeVisible();
    expect(screen.getByText(/no file is read/)).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Load the files anew" }));
    expect(start).toHaveBeenCalledWith(false, true);
    await userEvent.click(screen.getByRole("button", { name: "Throw away" }));
    expect(dropped).toBe(false);
    const dialog = screen.getByRole("alertdialog");
    expect(dialog).toHaveTextContent("Shop stays as it is.");
    await userEvent.click(
      screen.getAllByRole("button", { name: "Throw away" }).find((b) => dialog.contains(b))!,
    );
    await waitFor(() => expect(router.replace).toHaveBeenCalledWith("/portal/schema/review?id=d1"));
    expect(dropped).toBe(true);
  });

  it("goes to the dataset once the changes are applied", async () => {
    show(draft, "done");
    await waitFor(() => expect(router.replace).toHaveBeenCalledWith("/portal/schema/review?id=d1"));
  });
});
