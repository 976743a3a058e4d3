"use client";

import { FileUpIcon, UploadIcon } from "lucide-react";
import { useState } from "react";
import { useDropzone } from "react-dropzone";

import { ErrorState } from "@/components/error-state";
import { PageHeader } from "@/components/portal/page-header";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { DropArea } from "@/components/upload/drop-area";
import { FileRow } from "@/components/upload/file-row";
import { GenerateBar } from "@/components/upload/generate-bar";
import { QueueRow } from "@/components/upload/queue-row";
import { useCsvUploads } from "@/hooks/use-csv-uploads";
import { useSchemas } from "@/hooks/use-schemas";
import { useUploadQueue } from "@/hooks/use-upload-queue";
import type { CsvUpload, SchemaSummary } from "@/lib/api/types";
import { unusedUploads, usedIn } from "@/lib/datasets";

/** Files chosen by default: those without a schema, or all when each has one. */
function defaultChoice(uploads: CsvUpload[], schemas: SchemaSummary[]): Set<string> {
  const unused = unusedUploads(uploads, schemas);
  return new Set((unused.length > 0 ? unused : uploads).map(({ id }) => id));
}

export function UploadPage() {
  const uploads = useCsvUploads();
  const schemas = useSchemas();
  const { items, queue } = useUploadQueue();
  const [overrides, setOverrides] = useState<ReadonlyMap<string, boolean>>(new Map());
  const { getRootProps, getInputProps, isDragActive, open } = useDropzone({
    noClick: true,
    noKeyboard: true,
    onDrop: (files) => queue.add(files),
  });

  const files = uploads.data ?? [];
  const byDefault = defaultChoice(files, schemas.data ?? []);
  const chosen = files.filter(({ id }) => overrides.get(id) ?? byDefault.has(id));
  const choose = (id: string, isChosen: boolean) =>
    setOverrides((before) => new Map(before).set(id, isChosen));
  const isEmpty = uploads.data?.length === 0 && items.length === 0;

  return (
    <div
      {...getRootProps({ role: "presentation" })}
      tabIndex={-1}
      className="flex flex-1 flex-col outline-none"
    >
      <input {...getInputProps({ "aria-label": "CSV files" })} />
      <div className="mx-auto grid w-full max-w-6xl grid-cols-[minmax(0,1fr)] content-start gap-5 px-4 py-6 sm:px-6 lg:py-8">
        <PageHeader
          title="Upload"
          description="Drop CSV files anywhere on this page. Open one to see its columns and rows."
          actions={
            !isEmpty && (
              <Button variant="outline" onClick={open}>
                <UploadIcon /> Add files
              </Button>
            )
          }
        />
        {uploads.isError && (
          <ErrorState
            title="Your files could not be read"
            error={uploads.error}
            onRetry={() => void uploads.refetch()}
          />
        )}
        {uploads.isPending && <ListSkeleton />}
        {isEmpty && <DropArea onChoose={open} />}
        {(items.length > 0 || files.length > 0) && (
          <ul aria-label="Files" className="grid grid-cols-[minmax(0,1fr)] gap-3">
            {items.map((item) => (
              <QueueRow key={`queue-${item.id}`} item={item} queue={queue} />
            ))}
            {files.map((upload) => (
              <FileRow
                key={upload.id}
                upload={upload}
                others={files}
                usedIn={usedIn(upload, schemas.data ?? [])}
                isChosen={chosen.includes(upload)}
                onChoose={(isChosen) => choose(upload.id, isChosen)}
              />
            ))}
          </ul>
        )}
      </div>
      {files.length > 0 && <GenerateBar chosen={chosen} pendingCount={pendingCount(items)} />}
      {isDragActive && <DropOverlay />}
    </div>
  );
}

function pendingCount(items: { state: string }[]): number {
  return items.filter(({ state }) => ["waiting", "sending", "reading"].includes(state)).length;
}

function ListSkeleton() {
  return (
    <div role="status" aria-label="Loading your files" className="grid gap-3">
      {[0, 1, 2].map((row) => (
        <Skeleton key={row} className="h-[4.25rem] rounded-xl" />
      ))}
    </div>
  );
}

function DropOverlay() {
  return (
    <div className="pointer-events-none fixed inset-0 z-40 flex items-center justify-center bg-background/80 p-6 backdrop-blur-sm">
      <div className="flex h-full w-full flex-col items-center justify-center gap-3 rounded-2xl border-2 border-dashed border-primary bg-success-soft/60 text-primary">
        <FileUpIcon aria-hidden="true" className="size-10" />
        <p className="text-lg font-semibold">Let go to upload</p>
      </div>
    </div>
  );
}
