"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { queryKeys } from "@/hooks/query-keys";
import { api, unwrap } from "@/lib/api/client";
import { ApiError } from "@/lib/api/error";
import type { Meaning, MeaningEdits } from "@/lib/api/types";

const keyOf = (id: string) => [...queryKeys.schema(id), "meaning"] as const;

/** What tables, columns and metrics of a dataset mean. */
export function useMeaning(id: string) {
  return useQuery({
    queryKey: keyOf(id),
    queryFn: (): Promise<Meaning> =>
      unwrap(api.GET("/api/schema/{id}/meaning", { params: { path: { id } } })),
  });
}

/** Saves all edits in the place of those before; somebody else's change meanwhile is shown, never overwritten. */
export function useEditMeaning(id: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (edits: MeaningEdits): Promise<Meaning> => {
      const version = queryClient.getQueryData<Meaning>(keyOf(id))?.version;
      return unwrap(
        api.PUT("/api/schema/{id}/meaning", { params: { path: { id } }, body: { edits, version } }),
      );
    },
    onSuccess: (meaning) => keep(queryClient, id, meaning),
    onError: (error) => {
      if (error instanceof ApiError && error.code === "meaning_changed") {
        void queryClient.invalidateQueries({ queryKey: keyOf(id) });
      }
    },
  });
}

export function useResetMeaning(id: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (): Promise<Meaning> =>
      unwrap(api.DELETE("/api/schema/{id}/meaning", { params: { path: { id } } })),
    onSuccess: (meaning) => keep(queryClient, id, meaning),
  });
}

function keep(queryClient: ReturnType<typeof useQueryClient>, id: string, meaning: Meaning) {
  queryClient.setQueryData(keyOf(id), meaning);
  // They are made of what words mean.
  void queryClient.invalidateQueries({ queryKey: [...queryKeys.schema(id), "suggestions"] });
}
