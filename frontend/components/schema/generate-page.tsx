"use client";

import { FileSpreadsheetIcon, TriangleAlertIcon } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useCallback, useState } from "react";

import { EngineChoice } from "@/components/schema/engine-choice";
import { GenerateProgress } from "@/components/schema/generate-progress";
import { Alert, AlertDescription, AlertTitle } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Empty, EmptyDescription, EmptyIcon, EmptyTitle } from "@/components/ui/empty";
import { Label } from "@/components/ui/label";
import { Skeleton } from "@/components/ui/skeleton";
import { useCsvUploads, useLoadSamples } from "@/hooks/use-csv-uploads";
import { useGenerate, type Engine } from "@/hooks/use-generate";
import { useUrlState } from "@/hooks/use-url-state";
import { errorMessage } from "@/lib/api/error";
import { plural } from "@/lib/format";
import type { SchemaResource } from "@/lib/er/model";

export function GeneratePage() {
  const router = useRouter();
  const onDone = useCallback(
    (schema: SchemaResource) => router.push(`/portal/schema/review?id=${schema.id}`),
    [router],
  );
  const run = useGenerate(onDone);
  return (
    <div className="mx-auto flex w-full max-w-5xl flex-1 flex-col gap-6 px-4 py-8 sm:px-6">
      <header>
        <h1 className="text-2xl font-semibold">Generate a schema</h1>
        <p className="mt-1 max-w-prose text-muted-foreground">
          Your files become tables with types, keys and the references between them. You see the
          reasons and can change everything before any data is imported.
        </p>
      </header>
      {run.state === "running" ? (
        <GenerateProgress steps={run.steps} onCancel={run.cancel} />
      ) : (
        <>
          {run.error && (
            <Alert variant="destructive">
              <TriangleAlertIcon aria-hidden="true" />
              <AlertTitle>No schema came of it</AlertTitle>
              <AlertDescription>
                <p>{run.error}</p>
                <p>Your files are unchanged.</p>
              </AlertDescription>
            </Alert>
          )}
          <GenerateForm onStart={run.start} />
        </>
      )}
    </div>
  );
}

function GenerateForm({ onStart }: { onStart: ReturnType<typeof useGenerate>["start"] }) {
  const uploads = useCsvUploads();
  const samples = useLoadSamples();
  const [params, setParams] = useUrlState();
  const [engine, setEngine] = useState<Engine>("auto");
  const [normalize, setNormalize] = useState(false);
  if (uploads.isPending) return <Skeleton className="h-64" />;
  if (uploads.isError)
    return (
      <Alert variant="destructive">
        <AlertTitle>Your files could not be listed</AlertTitle>
        <AlertDescription>
          <p>{errorMessage(uploads.error)}</p>
          <Button size="sm" variant="outline" onClick={() => void uploads.refetch()}>
            Try again
          </Button>
        </AlertDescription>
      </Alert>
    );
  const files = uploads.data;
  if (files.length === 0)
    return (
      <Empty>
        <EmptyIcon>
          <FileSpreadsheetIcon />
        </EmptyIcon>
        <EmptyTitle>There are no files yet</EmptyTitle>
        <EmptyDescription>Upload CSV files, or try it with the sample data.</EmptyDescription>
        <div className="flex flex-wrap justify-center gap-2">
          <Button asChild>
            <Link href="/portal/upload">Upload files</Link>
          </Button>
          <Button variant="outline" onClick={() => samples.mutate()} disabled={samples.isPending}>
            {samples.isPending ? "Loading the sample data…" : "Try the sample data"}
          </Button>
        </div>
        {samples.isError && <p className="text-destructive">{errorMessage(samples.error)}</p>}
      </Empty>
    );
  const wanted = params.get("csv");
  const chosen = files
    .filter((f) => wanted === null || wanted.split(",").includes(f.id))
    .map((f) => f.id);
  const choose = (ids: string[]) =>
    setParams({ csv: ids.length === files.length ? null : ids.join(",") });
  const toggle = (id: string) =>
    choose(chosen.includes(id) ? chosen.filter((c) => c !== id) : [...chosen, id]);
  return (
    <form
      className="flex flex-col gap-6"
      onSubmit={(event) => {
        event.preventDefault();
        void onStart({ csv_ids: chosen, engine, normalize });
      }}
    >
      <fieldset className="rounded-xl border bg-card shadow-card">
        <legend className="sr-only">Files</legend>
        <div className="flex items-center justify-between px-4 py-3">
          <h2 className="font-semibold">Files</h2>
          <Button
            variant="ghost"
            size="sm"
            onClick={() => choose(chosen.length === files.length ? [] : files.map((f) => f.id))}
          >
            {chosen.length === files.length ? "Choose none" : "Choose all"}
          </Button>
        </div>
        <ul>
          {files.map((file) => (
            <li key={file.id} className="border-t">
              <Label className="flex w-full items-center gap-3 px-4 py-2.5 font-normal hover:bg-muted/50">
                <Checkbox
                  checked={chosen.includes(file.id)}
                  onCheckedChange={() => toggle(file.id)}
                />
                <span className="min-w-0 flex-1 truncate font-medium">
                  {file.original_filename || file.filename}
                </span>
                {file.warnings.length > 0 && (
                  <span className="text-xs text-warning">
                    {plural(file.warnings.length, "warning")}
                  </span>
                )}
                <span className="tabular shrink-0 text-muted-foreground">
                  {plural(file.row_count, "row")}
                  <span className="max-sm:hidden"> × {plural(file.columns.length, "column")}</span>
                </span>
              </Label>
            </li>
          ))}
        </ul>
      </fieldset>
      <EngineChoice value={engine} onChange={setEngine} />
      <Label className="flex items-start gap-3 rounded-xl border bg-card p-4 font-normal shadow-card">
        <Checkbox
          className="mt-0.5"
          checked={normalize}
          onCheckedChange={(on) => setNormalize(on === true)}
        />
        <span>
          <span className="font-medium">Split wide files into tables</span>
          <span className="mt-0.5 block text-muted-foreground">
            What a file repeats row by row, such as a customer’s name and city beside each order,
            becomes a table of its own, where joining it back gives the file. Otherwise it is only
            suggested.
          </span>
        </span>
      </Label>
      <div className="sticky bottom-0 -mx-4 flex border-t bg-background/95 px-4 py-3 backdrop-blur sm:-mx-6 sm:px-6">
        <Button
          type="submit"
          size="lg"
          disabled={chosen.length === 0}
          className="tabular max-sm:w-full"
        >
          {chosen.length === 0
            ? "Choose at least one file"
            : `Generate schema from ${plural(chosen.length, "file")}`}
        </Button>
      </div>
    </form>
  );
}
