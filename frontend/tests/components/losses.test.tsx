import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { ColumnRow } from "@/components/schema/column-row";
import { ImportResult } from "@/components/schema/import-result";
import {
  RelationshipCard,
  type RelationshipCardProps,
} from "@/components/schema/relationship-card";
import type { Column, Relationship, SchemaResource } from "@/lib/er/model";
import { renderWithCache } from "./support";

const relationship: Relationship = {
  from_table: "orders",
  from_columns: ["customer_id"],
  to_table: "customers",
  to_columns: ["id"],
  evidence: { distinct: 910, matched: 612, orphan_rows: 450 },
};

function showCard(
  change: Partial<Relationship>,
  onOrphans: (() => void) | null,
  spellings: Partial<Pick<RelationshipCardProps, "isText" | "evened" | "onEvenOut">> = {},
) {
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
        isText={false}
        evened={null}
        onEvenOut={null}
        {...spellings}
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

  it("lets differences of spelling count for nothing between two texts", async () => {
    const onEvenOut = vi.fn();
    const evened = { column: "customer_id", cells: 12, samples: [{ text: "ann ", stored: "ANN" }] };
    showCard({ even_out: ["case"] }, vi.fn(), { isText: true, evened, onEvenOut });
    expect(screen.getByRole("checkbox", { name: /Letter case/ })).toBeChecked();
    await userEvent.click(screen.getByRole("checkbox", { name: /Blanks/ }));
    expect(onEvenOut).toHaveBeenCalledWith(["blanks", "case"]);
    await userEvent.click(screen.getByRole("checkbox", { name: /Letter case/ }));
    expect(onEvenOut).toHaveBeenLastCalledWith([]);
    expect(
      screen.getByText("12 cells to be stored as the key has them: “ann ” as “ANN”"),
    ).toBeVisible();
  });

  it("does not speak of spellings between numbers, nor where all is found", () => {
    showCard({}, vi.fn(), { isText: false, onEvenOut: vi.fn() });
    const found = { evidence: { distinct: 9, matched: 9, orphan_rows: 0 } };
    showCard(found, vi.fn(), { isText: true, onEvenOut: vi.fn() });
    expect(screen.queryByRole("checkbox")).toBeNull();
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
          said={[]}
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

  it("says what was not stored, and opens either list", async () => {
    const onOpen = vi.fn();
    const emptied = [{ column: "amount", cells: 60 }];
    const table = { name: "orders", row_count: 900, quarantined: 2, mended: 1, emptied };
    renderWithCache(<ImportResult resource={resource} result={[table]} onOpen={onOpen} />);
    const said = screen.getByText(/^2 rows set aside because they break a rule/);
    expect(said).toHaveTextContent("60 cells left empty, because the text does not fit.");
    expect(said).toHaveTextContent("1 row was added back since.");
    expect(screen.getByText("2 aside, 60 cells empty")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Fill 60 cells" }));
    expect(onOpen).toHaveBeenLastCalledWith("cells");
    await userEvent.click(screen.getByRole("button", { name: "Mend 2 rows" }));
    expect(onOpen).toHaveBeenLastCalledWith("rows");
  });

  it("offers no list where all is in", () => {
    const table = { name: "orders", row_count: 900, quarantined: 0 };
    renderWithCache(<ImportResult resource={resource} result={[table]} onOpen={vi.fn()} />);
    expect(screen.getByText(/^Every row of your files is in/)).toBeVisible();
    expect(screen.queryByRole("button")).toBeNull();
  });
});
