"use client";

import { useQuery } from "@tanstack/react-query";

import { queryKeys } from "@/hooks/query-keys";
import { apiPath, requestJson } from "@/lib/chat/request";

/** Questions that this data can answer. */
export function useQuestionSuggestions(id: string | null) {
  return useQuery({
    queryKey: [...queryKeys.schema(id ?? ""), "suggestions"],
    queryFn: ({ signal }) =>
      requestJson<{ questions: string[] }>(apiPath`/api/schema/${id ?? ""}/suggestions`, {
        signal,
      }),
    enabled: Boolean(id),
    staleTime: 5 * 60_000,
    retry: false,
  });
}
