"use client";

import { useState } from "react";
import { toast } from "sonner";

import { ErrorState } from "@/components/error-state";
import { MetricList } from "@/components/meaning/metric-list";
import { TableMeaningCard } from "@/components/meaning/table-meaning";
import { ConfirmDialog } from "@/components/portal/confirm-dialog";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { useEditMeaning, useMeaning, useResetMeaning } from "@/hooks/use-meaning";
import { ApiError, errorMessage } from "@/lib/api/error";
import type { MeaningEdits } from "@/lib/api/types";

/** What the words of a dataset mean, to read and to mend. */
export function MeaningPanel({ schemaId }: { schemaId: string }) {
  const meaning = useMeaning(schemaId);
  const edit = useEditMeaning(schemaId);
  if (meaning.isPending) return <Skeleton className="h-64 rounded-xl" />;
  if (meaning.isError)
    return (
      <ErrorState
        title="What the words mean could not be read"
        error={meaning.error}
        onRetry={() => void meaning.refetch()}
      />
    );
  const save = async (edits: MeaningEdits) => {
    try {
      await edit.mutateAsync(edits);
      return true;
    } catch (error) {
      toast.error("Nothing was changed", { description: reason(error) });
      return false;
    }
  };
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-start gap-3">
        <p className="min-w-0 flex-1 text-muted-foreground">
          Questions are understood by these names, and by the words that you add. A change holds
          from your next question on.
        </p>
        <ResetButton schemaId={schemaId} disabled={edit.isPending || isEmpty(meaning.data.edits)} />
      </div>
      <MetricList meaning={meaning.data} saving={edit.isPending} onEdit={save} />
      {meaning.data.tables.map((table) => (
        <TableMeaningCard
          key={table.table}
          table={table}
          edits={meaning.data.edits}
          saving={edit.isPending}
          onEdit={(edits) => void save(edits)}
        />
      ))}
    </div>
  );
}

function ResetButton({ schemaId, disabled }: { schemaId: string; disabled: boolean }) {
  const reset = useResetMeaning(schemaId);
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button
        variant="outline"
        size="sm"
        disabled={disabled || reset.isPending}
        onClick={() => setAsking(true)}
      >
        Forget my changes
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title="Forget all of your words and metrics?"
        description="Everything is as it was read from the data again. This cannot be undone."
        action="Forget them"
        onConfirm={() =>
          reset.mutate(undefined, {
            onSuccess: () => toast.success("Your changes are forgotten"),
            onError: (error) =>
              toast.error("Nothing was changed", { description: errorMessage(error) }),
          })
        }
      />
    </>
  );
}

const isEmpty = (edits: MeaningEdits) =>
  Object.values(edits).every((part) => Array.isArray(part) && part.length === 0);

/** The field's own reason where there is one. */
function reason(error: unknown): string {
  const field = error instanceof ApiError ? error.fields[0]?.message : undefined;
  return field ?? errorMessage(error);
}
