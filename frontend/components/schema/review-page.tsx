"use client";

import { DatabaseIcon, TriangleAlertIcon } from "lucide-react";
import Link from "next/link";
import { useSearchParams } from "next/navigation";

import { SchemaReview } from "@/components/schema/schema-review";
import { Button } from "@/components/ui/button";
import { Empty, EmptyDescription, EmptyIcon, EmptyTitle } from "@/components/ui/empty";
import { Skeleton } from "@/components/ui/skeleton";
import { useSchema, useSchemas } from "@/hooks/use-schemas";
import { ApiError, errorMessage } from "@/lib/api/error";
import { formatRelative, plural } from "@/lib/format";

export function ReviewPage() {
  const id = useSearchParams().get("id");
  const schema = useSchema(id);
  if (!id) return <ChooseSchema />;
  if (schema.isPending) return <ReviewSkeleton />;
  if (schema.isError) {
    const gone = schema.error instanceof ApiError && schema.error.status === 404;
    return (
      <Empty className="m-6">
        <EmptyIcon>
          <TriangleAlertIcon />
        </EmptyIcon>
        <EmptyTitle>
          {gone ? "There is no such schema" : "The schema could not be loaded"}
        </EmptyTitle>
        <EmptyDescription>{errorMessage(schema.error)}</EmptyDescription>
        <div className="flex gap-2">
          {!gone && <Button onClick={() => void schema.refetch()}>Try again</Button>}
          <Button variant="outline" asChild>
            <Link href="/portal/schema/generate">Generate a schema</Link>
          </Button>
        </div>
      </Empty>
    );
  }
  // Changes that were applied or taken back make it another schema.
  const version = `${schema.data.id} ${schema.data.version_before ?? ""}`;
  return <SchemaReview key={version} resource={schema.data} />;
}

function ChooseSchema() {
  const schemas = useSchemas();
  if (schemas.isPending) return <ReviewSkeleton />;
  const list = schemas.data ?? [];
  if (list.length === 0)
    return (
      <Empty className="m-6">
        <EmptyIcon>
          <DatabaseIcon />
        </EmptyIcon>
        <EmptyTitle>There is no schema to review yet</EmptyTitle>
        <EmptyDescription>
          Upload your files, or try the sample data, then generate a schema from them.
        </EmptyDescription>
        <Button asChild>
          <Link href="/portal/upload">Upload files</Link>
        </Button>
      </Empty>
    );
  return (
    <div className="mx-auto w-full max-w-2xl p-6">
      <h1 className="text-xl font-semibold">Which schema?</h1>
      <ul className="mt-4 flex flex-col gap-2">
        {list.map((s) => (
          <li key={s.id}>
            <Link
              href={`/portal/schema/review?id=${s.id}`}
              className="flex items-center justify-between gap-4 rounded-lg border bg-card px-4 py-3 shadow-card outline-none hover:bg-accent focus-visible:ring-[3px] focus-visible:ring-ring/60"
            >
              <span className="truncate font-medium">{s.name}</span>
              <span className="tabular shrink-0 text-muted-foreground">
                {plural(s.outline.table_count, "table")} ·{" "}
                {s.status === "executed" ? "imported" : "to review"} ·{" "}
                {formatRelative(s.created_at)}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

function ReviewSkeleton() {
  return (
    <div
      className="grid flex-1 gap-6 p-6 lg:grid-cols-[3fr_2fr]"
      aria-busy="true"
      aria-label="Loading the schema"
    >
      <div className="flex flex-col gap-4">
        <Skeleton className="h-9 w-52" />
        <Skeleton className="h-48" />
        <Skeleton className="h-64" />
      </div>
      <div className="hidden flex-col gap-4 lg:flex">
        <Skeleton className="h-28" />
        <Skeleton className="h-32" />
        <Skeleton className="h-32" />
      </div>
    </div>
  );
}
