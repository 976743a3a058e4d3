"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { queryKeys } from "@/hooks/query-keys";
import { useSettled } from "@/hooks/use-settled";
import { fetchPreview } from "@/lib/plan/client";
import type { PlanChange, PlanDocument, PlanPreview, PlanStep } from "@/lib/plan/types";

const PAUSE_MS = 150;
/** Earlier steps stay at hand for as long as somebody builds. */
const KEPT_MS = 60 * 60_000;

/** A plan that is built step by step, with what it gives so far. Going back one step also ends a preview under way. */
export function usePlanPreview(schemaId: string, from?: PlanDocument) {
  const client = useQueryClient();
  const [steps, setSteps] = useState<PlanStep[]>(from ? [{ document: from, changes: [] }] : []);
  const wish = steps.at(-1);
  const settled = useSettled(wish, PAUSE_MS);
  const keyOf = (step: PlanStep | undefined) => queryKeys.planPreview(schemaId, step ?? {});
  const preview = useQuery({
    queryKey: keyOf(wish),
    queryFn: ({ signal }) => fetchPreview(schemaId, wish ?? { changes: [] }, signal),
    enabled: wish !== undefined && settled === wish,
    retry: false,
    staleTime: KEPT_MS,
    gcTime: KEPT_MS,
  });
  // What was last known stays in sight until the next is there, and when the next cannot be.
  const shown =
    preview.data ??
    steps
      .map((step) => client.getQueryData<PlanPreview>(keyOf(step)))
      .findLast((known) => known !== undefined);
  const isFailed = preview.isError;
  return {
    shown,
    isWorking: wish !== undefined && preview.isPending && !isFailed,
    error: preview.error,
    canGoBack: steps.length > 0,
    goBack: () => setSteps((known) => known.slice(0, -1)),
    retry: () => void preview.refetch(),
    change: (changes: PlanChange[]) =>
      setSteps((known) => [
        ...(isFailed ? known.slice(0, -1) : known),
        { document: shown?.plan.document, changes },
      ]),
  };
}
