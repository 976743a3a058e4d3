import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { FileRow } from "@/components/upload/file-row";
import { GenerateBar } from "@/components/upload/generate-bar";
import { ProfileHeader } from "@/components/upload/profile-header";
import { QueueRow } from "@/components/upload/queue-row";
import { UploadQueue, type UploadItem } from "@/lib/upload-queue";
import { makeProfile, makeUpload } from "../support";
import { renderWithCache } from "./support";

const upload = makeUpload("1", "orders.csv", [makeProfile("order_id", { is_unique: true })], {
  row_count: 9102,
  rejected_count: 2,
  warnings: [{ line: 118, column: "date", code: "x", message: "No value." }],
});

describe("FileRow", () => {
  const onChoose = vi.fn();
  const row = (
    <ul>
      <FileRow upload={upload} others={[]} usedIn={[]} isChosen onChoose={onChoose} />
    </ul>
  );

  it("tells size, dialect, warnings and what was set aside", () => {
    renderWithCache(row);
    expect(screen.getByText(/9,102 rows × 1 column, 2 set aside/)).toBeVisible();
    expect(screen.getByText(/comma, UTF-8/)).toBeVisible();
    expect(screen.getByText(/1/, { selector: "[data-slot=badge]" })).toHaveTextContent("1 warning");
  });

  it("can be left out of the schema", async () => {
    renderWithCache(row);
    await userEvent.click(screen.getByRole("checkbox", { name: "Use orders.csv in the schema" }));
    expect(onChoose).toHaveBeenCalledWith(false);
  });

  it("asks before it removes", async () => {
    renderWithCache(row);
    await userEvent.click(screen.getByRole("button", { name: "Remove orders.csv" }));
    const dialog = screen.getByRole("alertdialog", { name: "Remove orders.csv?" });
    await userEvent.click(within(dialog).getByRole("button", { name: "Keep it" }));
    expect(screen.queryByRole("alertdialog")).not.toBeInTheDocument();
  });
});

describe("QueueRow", () => {
  const item: UploadItem = {
    id: "7",
    name: "orders.csv",
    sizeBytes: 2048,
    sentBytes: 1024,
    state: "sending",
    canRetry: true,
  };

  it("shows real progress and can be cancelled", async () => {
    const queue = new UploadQueue();
    const cancel = vi.spyOn(queue, "cancel");
    renderWithCache(
      <ul>
        <QueueRow item={item} queue={queue} />
      </ul>,
    );
    expect(screen.getByText("1 kB of 2 kB sent")).toBeVisible();
    expect(screen.getByRole("progressbar")).toHaveAttribute("aria-valuenow", "50");
    await userEvent.click(screen.getByRole("button", { name: /Cancel the upload of orders.csv/ }));
    expect(cancel).toHaveBeenCalledWith("7");
  });

  it("says why it failed and offers another try", async () => {
    const queue = new UploadQueue();
    const retry = vi.spyOn(queue, "retry");
    renderWithCache(
      <ul>
        <QueueRow item={{ ...item, state: "failed", error: "Larger than 10 MB." }} queue={queue} />
      </ul>,
    );
    expect(screen.getByRole("alert")).toHaveTextContent("Larger than 10 MB.");
    await userEvent.click(screen.getByRole("button", { name: "Retry orders.csv" }));
    expect(retry).toHaveBeenCalledWith("7");
  });
});

describe("GenerateBar", () => {
  it("leads to the schema of the chosen files", () => {
    renderWithCache(<GenerateBar chosen={[upload]} pendingCount={2} />);
    expect(screen.getByRole("link", { name: "Generate schema from 1 file" })).toHaveAttribute(
      "href",
      "/portal/schema/generate?csv=1",
    );
    expect(screen.getByText(/2 files still on the way/)).toBeVisible();
  });

  it("is closed while nothing is chosen", () => {
    renderWithCache(<GenerateBar chosen={[]} pendingCount={0} />);
    expect(screen.getByRole("button", { name: "Generate schema" })).toBeDisabled();
  });
});

describe("ProfileHeader", () => {
  it("shows the most frequent values of a text column with their shares", () => {
    const profile = makeProfile("status", {
      type: "TEXT",
      null_count: 5,
      distinct_count: 2,
      top_values: [
        { value: "delivered", count: 80 },
        { value: "returned", count: 15 },
      ],
    });
    renderWithCache(
      <ProfileHeader name="status" profile={profile} hint={undefined} rowCount={100} />,
    );
    const values = screen.getByRole("list", { name: "Most frequent values" });
    expect(values).toHaveTextContent("delivered80%");
    expect(screen.getByText("2 distinct · 5% empty")).toBeVisible();
  });

  it("names a key and a reference in words, not by colour alone", () => {
    const profile = makeProfile("id");
    const { rerender } = renderWithCache(
      <ProfileHeader name="id" profile={profile} hint={{ kind: "key" }} rowCount={10} />,
    );
    expect(screen.getByText("looks like a key")).toBeVisible();
    rerender(
      <ProfileHeader
        name="id"
        profile={profile}
        hint={{ kind: "reference", target: "customers" }}
        rowCount={10}
      />,
    );
    expect(screen.getByTitle("looks like a reference to customers")).toBeVisible();
  });
});
