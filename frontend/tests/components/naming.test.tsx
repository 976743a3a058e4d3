import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { InlineName } from "@/components/schema/inline-name";
import { datasetNameFault } from "@/lib/datasets";

function renderName() {
  const onRename = vi.fn();
  render(
    <InlineName
      name="Orders and 3 more"
      what="dataset"
      faultOf={datasetNameFault}
      onRename={onRename}
      readOnly={false}
    />,
  );
  return onRename;
}

async function begin() {
  await userEvent.click(screen.getByRole("button", { name: "Rename dataset Orders and 3 more" }));
  const field = screen.getByRole("textbox", { name: "New name of dataset Orders and 3 more" });
  await userEvent.clear(field);
  return field;
}

describe("a name that is changed in place", () => {
  it("is kept by Enter, once, without the blanks around it", async () => {
    const onRename = renderName();
    await userEvent.type(await begin(), "  Coffee shop {Enter}");
    expect(onRename.mock.calls).toEqual([["Coffee shop"]]);
    expect(screen.queryByRole("textbox")).toBeNull();
  });

  it("is kept when the field is left", async () => {
    const onRename = renderName();
    await userEvent.type(await begin(), "Coffee shop");
    await userEvent.tab();
    expect(onRename.mock.calls).toEqual([["Coffee shop"]]);
  });

  it("stays what it was on Escape, where it is the same, and where it cannot be had", async () => {
    const onRename = renderName();
    await userEvent.type(await begin(), "Coffee shop{Escape}");
    await userEvent.type(await begin(), "Orders and 3 more{Enter}");
    const field = await begin();
    await userEvent.type(field, " {Enter}");
    expect(screen.getByRole("alert")).toHaveTextContent("A name is needed.");
    expect(field).toHaveAttribute("aria-invalid", "true");
    await userEvent.tab();
    expect(screen.getByRole("button", { name: /^Rename dataset/ })).toBeVisible();
    expect(onRename).not.toHaveBeenCalled();
  });
});
