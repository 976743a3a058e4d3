"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { queryKeys } from "@/hooks/query-keys";
import { api, unwrap } from "@/lib/api/client";

/** Conversations newest first; of one dataset, or of all. */
export function useConversations(schemaId?: string, limit = 100) {
  return useQuery({
    queryKey: [...queryKeys.conversations(schemaId), limit],
    queryFn: async () =>
      (
        await unwrap(
          api.GET("/api/conversations", {
            params: { query: { limit, ...(schemaId ? { schema_id: schemaId } : {}) } },
          }),
        )
      ).conversations,
  });
}

export function useRenameConversation() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id, title }: { id: string; title: string }) =>
      unwrap(api.PATCH("/api/conversations/{id}", { params: { path: { id } }, body: { title } })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: queryKeys.conversations() }),
  });
}

export function useRemoveConversation() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(api.DELETE("/api/conversations/{id}", { params: { path: { id } } })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: queryKeys.conversations() }),
  });
}
