import { errorMessage } from "@/lib/api/error";
import type { CsvUpload } from "@/lib/api/types";
import { uploadFile } from "@/lib/api/upload";

export type UploadState = "waiting" | "sending" | "reading" | "failed" | "cancelled";

export interface UploadItem {
  id: string;
  name: string;
  sizeBytes: number;
  sentBytes: number;
  state: UploadState;
  /** Why it failed, in words. */
  error?: string;
  /** Sending it again could help. */
  canRetry: boolean;
}

interface Entry {
  item: UploadItem;
  file: File;
  controller: AbortController;
}

type Upload = typeof uploadFile;

const advice: [RegExp, string][] = [
  [/\.(xlsx?|ods|numbers)$/i, "This is a spreadsheet. Save it as CSV there, then drop it here."],
  [
    /\.(gz|zip|7z|rar|bz2|zst)$/i,
    "This is a compressed file. Unpack it first, then drop what is inside.",
  ],
  [
    /\.(png|jpe?g|gif|webp|pdf|docx?|pptx?|mp4|mp3)$/i,
    "This is not a table of text. Drop a CSV file.",
  ],
  [
    /\.(parquet|feather|sqlite|db)$/i,
    "This format is not read yet. Export it as CSV, then drop it here.",
  ],
];

/** Words for files that are refused before a byte is sent. */
export function refusal(file: File): string | undefined {
  const known = advice.find(([pattern]) => pattern.test(file.name));
  if (known) return known[1];
  return file.size === 0 ? "This file is empty." : undefined;
}

const parallelUploads = 2;

/** Uploads that go on while the user moves between pages; two at a time. */
export class UploadQueue {
  private entries: Entry[] = [];
  private snapshot: UploadItem[] = [];
  private readonly listeners = new Set<() => void>();
  private nextId = 1;
  /** Told of each file that arrived. */
  onStored: (upload: CsvUpload) => void = () => {};

  constructor(private readonly upload: Upload = uploadFile) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getSnapshot = (): UploadItem[] => this.snapshot;

  add(files: Iterable<File>): void {
    for (const file of files) {
      const error = refusal(file);
      this.entries.push({
        file,
        controller: new AbortController(),
        item: {
          id: String(this.nextId++),
          name: file.name,
          sizeBytes: file.size,
          sentBytes: 0,
          state: error ? "failed" : "waiting",
          canRetry: !error,
          ...(error ? { error } : {}),
        },
      });
    }
    this.publish();
    this.pump();
  }

  cancel(id: string): void {
    const entry = this.entries.find(({ item }) => item.id === id);
    if (!entry) return;
    entry.controller.abort();
    this.change(entry, { state: "cancelled", sentBytes: 0, canRetry: true });
    this.pump();
  }

  retry(id: string): void {
    const entry = this.entries.find(({ item }) => item.id === id);
    if (!entry) return;
    entry.controller = new AbortController();
    const { error: _error, ...item } = entry.item;
    entry.item = item;
    this.change(entry, { state: "waiting", sentBytes: 0 });
    this.pump();
  }

  dismiss(id: string): void {
    this.entries = this.entries.filter(({ item }) => item.id !== id);
    this.publish();
  }

  private pump(): void {
    const isBusy = ({ item }: Entry) => item.state === "sending" || item.state === "reading";
    while (this.entries.filter(isBusy).length < parallelUploads) {
      const next = this.entries.find(({ item }) => item.state === "waiting");
      if (!next) return;
      void this.run(next);
    }
  }

  private async run(entry: Entry): Promise<void> {
    const { controller } = entry;
    this.change(entry, { state: "sending" });
    try {
      const stored = await this.upload(
        entry.file,
        ({ sentBytes, totalBytes }) => {
          if (controller.signal.aborted) return;
          this.change(entry, { sentBytes, state: sentBytes >= totalBytes ? "reading" : "sending" });
        },
        controller.signal,
      );
      this.dismiss(entry.item.id);
      this.onStored(stored);
    } catch (error) {
      // A cancelled entry has its state already, and may be on its way again.
      if (!controller.signal.aborted) {
        this.change(entry, { state: "failed", error: errorMessage(error), canRetry: true });
      }
    }
    this.pump();
  }

  private change(entry: Entry, change: Partial<UploadItem>): void {
    entry.item = { ...entry.item, ...change };
    this.publish();
  }

  private publish(): void {
    this.snapshot = this.entries.map(({ item }) => item);
    for (const listener of this.listeners) listener();
  }
}

/** The page's one queue. */
export const uploadQueue = new UploadQueue();
