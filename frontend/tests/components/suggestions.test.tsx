import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { SuggestionCard } from "@/components/schema/suggestion-card";
import type { Suggestion } from "@/lib/er/model";
import { renderWithCache } from "./support";

const suggestion: Suggestion = {
  id: "s",
  kind: "split_table",
  title: "Split customers off orders",
  evidence: {
    why: ["customer_id decides customer_name: 40 different values in 600 rows."],
    cells_saved: 1720,
    exceptions: [],
    loss: null,
    proof: { rows: 600, same: 600, text: "joined back: 600 of 600 rows are the same" },
    preview: [
      {
        table: "customers",
        row_count: 40,
        columns: ["customer_id", "customer_name"],
        rows: [
          ["1", "Ada"],
          ["2", null],
        ],
      },
    ],
    safe: true,
  },
  patch: {},
};

function show(change: { fault?: string | null; evidence?: unknown } = {}) {
  const onAccept = vi.fn();
  renderWithCache(
    <ul>
      <SuggestionCard
        suggestion={{ ...suggestion, evidence: change.evidence ?? suggestion.evidence }}
        fault={change.fault ?? null}
        onAccept={onAccept}
        onDismiss={vi.fn()}
      />
    </ul>,
  );
  return onAccept;
}

describe("SuggestionCard", () => {
  it("says why, what was compared, and shows the new tables when asked to", async () => {
    const onAccept = show();
    expect(screen.getByText(/customer_id decides customer_name/)).toBeVisible();
    expect(screen.getByText("Joined back: 600 of 600 rows are the same.")).toBeVisible();
    expect(screen.queryByText("Ada")).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "What the new table holds" }));
    expect(screen.getByText("Ada")).toBeVisible();
    expect(screen.getByText("empty")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Accept" }));
    expect(onAccept).toHaveBeenCalledOnce();
  });

  it("says what would be lost", () => {
    show({ evidence: { loss: "1 row of customers would be set aside." } });
    expect(screen.getByText("1 row of customers would be set aside.")).toBeVisible();
  });

  it("cannot be accepted once it does not fit any more", async () => {
    const onAccept = show({ fault: "orders has no column city any more" });
    expect(
      screen.getByText(/The schema has changed since: orders has no column city/),
    ).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Accept" }));
    expect(onAccept).not.toHaveBeenCalled();
  });
});
