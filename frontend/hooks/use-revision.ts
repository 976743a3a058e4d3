"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { queryKeys } from "@/hooks/query-keys";
import { apiPath, requestJson } from "@/lib/chat/request";
import type { Difference, UndoAnswer } from "@/lib/er/revision";

const path = (dataset: string) => `${apiPath`/api/schema/${dataset}`}/revision`;

/** What the changes that wait would change; asked again whenever another `version` of them is stored. */
export function useDifference(dataset: string, version: unknown, enabled: boolean) {
  return useQuery({
    queryKey: [...queryKeys.schema(dataset), "difference", version],
    queryFn: ({ signal }) => requestJson<Difference>(`${path(dataset)}/difference`, { signal }),
    enabled,
    placeholderData: (before) => before,
  });
}

/** Begins changes; gives the id of their schema. */
export function useBeginRevision(dataset: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => requestJson<{ id: string }>(path(dataset), { method: "POST", body: {} }),
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.schemas }),
  });
}

export function useDropRevision(dataset: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => requestJson<unknown>(path(dataset), { method: "DELETE" }),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.schema(dataset) }),
  });
}

/** Brings the version before back, or says what that would lose. */
export function useUndoRevision(dataset: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ dryRun }: { dryRun: boolean }) =>
      requestJson<UndoAnswer>(`${path(dataset)}/undo${dryRun ? "?dry_run=true" : ""}`, {
        method: "POST",
        body: { confirm: !dryRun },
      }),
    onSuccess: async (answer) => {
      if (answer.undone) await client.invalidateQueries({ queryKey: queryKeys.schemas });
    },
  });
}
