"use client";

import { useQuery } from "@tanstack/react-query";

import { queryKeys } from "@/hooks/query-keys";
import { apiPath, requestJson } from "@/lib/chat/request";

interface QuarantinedRow {
  table?: string;
  file: string;
  line: number;
  column: string | null;
  reason: string;
  raw: string | (string | null)[];
}

export interface Quarantine {
  rows: QuarantinedRow[];
  total: number;
}

export const QUARANTINE_PAGE = 50;

export function useQuarantine(id: string, offset: number, enabled: boolean) {
  return useQuery({
    queryKey: [...queryKeys.schema(id), "quarantine", offset],
    queryFn: ({ signal }) =>
      requestJson<Quarantine>(
        `${apiPath`/api/schema/${id}/quarantine`}?offset=${offset}&limit=${QUARANTINE_PAGE}`,
        { signal },
      ),
    enabled,
  });
}

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
