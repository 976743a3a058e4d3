"use client";

import { TablePropertiesIcon, UploadIcon } from "lucide-react";
import Link from "next/link";

import { ErrorState } from "@/components/error-state";
import { DatasetCard } from "@/components/portal/dataset-card";
import { EngineCard } from "@/components/portal/engine-card";
import { PageHeader } from "@/components/portal/page-header";
import { RecentQuestions } from "@/components/portal/recent-questions";
import { UnusedUploads } from "@/components/portal/unused-uploads";
import { Welcome } from "@/components/portal/welcome";
import { Button } from "@/components/ui/button";
import { Empty, EmptyDescription, EmptyIcon, EmptyTitle } from "@/components/ui/empty";
import { Skeleton } from "@/components/ui/skeleton";
import { useConversations } from "@/hooks/use-conversations";
import { useCsvUploads } from "@/hooks/use-csv-uploads";
import { useSchemas } from "@/hooks/use-schemas";
import { useTrySamples } from "@/hooks/use-try-samples";
import type { SchemaSummary } from "@/lib/api/types";
import { datasetRows, lastQuestions, unusedUploads } from "@/lib/datasets";

export function PortalHome() {
  const schemas = useSchemas();
  const uploads = useCsvUploads();

  if (schemas.isError || uploads.isError) {
    return (
      <div className="mx-auto grid w-full max-w-6xl gap-6 px-4 py-6 sm:px-6 lg:py-8">
        <PageHeader title="Your datasets" />
        <ErrorState
          title="Your datasets could not be read"
          error={schemas.error ?? uploads.error}
          onRetry={() => {
            void schemas.refetch();
            void uploads.refetch();
          }}
        />
      </div>
    );
  }
  if (!schemas.data || !uploads.data) return <HomeSkeleton />;
  const isFirstVisit = schemas.data.length === 0 && uploads.data.length === 0;
  const unused = unusedUploads(uploads.data, schemas.data);

  return (
    <div className="mx-auto grid w-full max-w-6xl gap-8 px-4 py-6 sm:px-6 lg:py-8">
      {isFirstVisit ? (
        <>
          <Welcome />
          <div className="mx-auto w-full max-w-4xl">
            <EngineCard />
          </div>
        </>
      ) : (
        <>
          <PageHeader
            title="Your datasets"
            description="Each is one database, made from your files and checked."
            actions={
              <Button asChild>
                <Link href="/portal/upload">
                  <UploadIcon /> Upload files
                </Link>
              </Button>
            }
          />
          <Datasets schemas={schemas.data} />
          <div className="grid gap-6 lg:grid-cols-[1fr_20rem]">
            <RecentQuestions />
            <div className="grid content-start gap-4">
              <UnusedUploads uploads={unused} />
              <EngineCard />
            </div>
          </div>
        </>
      )}
    </div>
  );
}

function Datasets({ schemas }: { schemas: SchemaSummary[] }) {
  const uploads = useCsvUploads().data ?? [];
  const questions = lastQuestions(useConversations().data ?? []);
  if (schemas.length === 0) return <NoDatasets />;
  return (
    <ul aria-label="Datasets" className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
      {schemas.map((schema) => (
        <li key={schema.id} className="grid min-w-0">
          <DatasetCard
            schema={schema}
            rows={datasetRows(schema, uploads)}
            lastQuestion={questions.get(schema.id)}
          />
        </li>
      ))}
    </ul>
  );
}

function NoDatasets() {
  const { trySamples, isLoading } = useTrySamples();
  return (
    <Empty>
      <EmptyIcon>
        <TablePropertiesIcon />
      </EmptyIcon>
      <EmptyTitle>No dataset yet</EmptyTitle>
      <EmptyDescription>
        Your files are here. Generate a schema from them to be able to ask, or try the sample data.
      </EmptyDescription>
      <div className="flex flex-wrap justify-center gap-2">
        <Button asChild>
          <Link href="/portal/schema/generate">Generate schema</Link>
        </Button>
        <Button variant="outline" onClick={trySamples} disabled={isLoading}>
          Try the sample data
        </Button>
      </div>
    </Empty>
  );
}

function HomeSkeleton() {
  return (
    <div
      role="status"
      aria-label="Loading your datasets"
      className="mx-auto grid w-full max-w-6xl gap-8 px-4 py-6 sm:px-6 lg:py-8"
    >
      <PageHeader title="Your datasets" description="Reading them…" />
      <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
        {[0, 1, 2].map((card) => (
          <Skeleton key={card} className="h-72 rounded-xl" />
        ))}
      </div>
      <Skeleton className="h-48 rounded-xl" />
    </div>
  );
}
