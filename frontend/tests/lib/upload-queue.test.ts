import { describe, expect, it, vi } from "vitest";

import { toApiError } from "@/lib/api/error";
import type { uploadFile } from "@/lib/api/upload";
import { refusal, UploadQueue } from "@/lib/upload-queue";
import { makeUpload } from "../support";

const file = (name: string, content = "a,b\n1,2\n") => new File([content], name);

/** Uploads that end when the test says so. */
function controlledUploads() {
  const calls: {
    name: string;
    progress: Parameters<typeof uploadFile>[1];
    finish: () => void;
    fail: (error: unknown) => void;
  }[] = [];
  const upload: typeof uploadFile = (sent, progress, signal) =>
    new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
      calls.push({
        name: sent.name,
        progress,
        finish: () => resolve(makeUpload(sent.name, sent.name, [])),
        fail: reject,
      });
    });
  return { calls, upload };
}

const settle = () => new Promise((resolve) => setTimeout(resolve));

describe("UploadQueue", () => {
  it("sends two at a time and the next as soon as one is done", async () => {
    const { calls, upload } = controlledUploads();
    const queue = new UploadQueue(upload);
    const stored = vi.fn();
    queue.onStored = stored;
    queue.add([file("a.csv"), file("b.csv"), file("c.csv")]);
    expect(calls.map(({ name }) => name)).toEqual(["a.csv", "b.csv"]);
    calls[0]?.finish();
    await settle();
    expect(calls.map(({ name }) => name)).toEqual(["a.csv", "b.csv", "c.csv"]);
    expect(stored).toHaveBeenCalledOnce();
    expect(queue.getSnapshot().map(({ name }) => name)).toEqual(["b.csv", "c.csv"]);
  });

  it("tells sending from reading", () => {
    const { calls, upload } = controlledUploads();
    const queue = new UploadQueue(upload);
    queue.add([file("a.csv")]);
    calls[0]?.progress({ sentBytes: 3, totalBytes: 8 });
    expect(queue.getSnapshot()[0]).toMatchObject({ state: "sending", sentBytes: 3 });
    calls[0]?.progress({ sentBytes: 8, totalBytes: 8 });
    expect(queue.getSnapshot()[0]?.state).toBe("reading");
  });

  it("keeps the server's words and sends again on retry", async () => {
    const { calls, upload } = controlledUploads();
    const queue = new UploadQueue(upload);
    queue.add([file("a.csv")]);
    calls[0]?.fail(toApiError(409, { code: "file_limit", detail: "You have 5 files." }));
    await settle();
    const [item] = queue.getSnapshot();
    expect(item).toMatchObject({ state: "failed", error: "You have 5 files.", canRetry: true });
    queue.retry(item?.id ?? "");
    expect(queue.getSnapshot()[0]).toMatchObject({ state: "sending" });
    expect(queue.getSnapshot()[0]?.error).toBeUndefined();
    expect(calls).toHaveLength(2);
  });

  it("cancels, and what was cancelled does not come back as a failure", async () => {
    const { calls, upload } = controlledUploads();
    const queue = new UploadQueue(upload);
    queue.add([file("a.csv"), file("b.csv"), file("c.csv")]);
    queue.cancel(queue.getSnapshot()[0]?.id ?? "");
    await settle();
    expect(queue.getSnapshot()[0]?.state).toBe("cancelled");
    expect(calls.map(({ name }) => name)).toEqual(["a.csv", "b.csv", "c.csv"]);
  });

  it("refuses what cannot be CSV before a byte is sent", () => {
    const { calls, upload } = controlledUploads();
    const queue = new UploadQueue(upload);
    queue.add([file("book.xlsx"), file("data.csv.gz"), file("empty.csv", "")]);
    expect(calls).toHaveLength(0);
    expect(
      queue.getSnapshot().every(({ state, canRetry }) => state === "failed" && !canRetry),
    ).toBe(true);
    expect(refusal(file("data.tsv"))).toBeUndefined();
  });
});
