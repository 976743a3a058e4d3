"use client";

import { useQuery } from "@tanstack/react-query";
import { apiPath, requestJson } from "@/lib/chat/request";
import type { SchemaResource } from "@/lib/er/model";

export const schemaKey = (id: string) => ["schema", id] as const;

export function useSchema(id: string | null) {
  return useQuery({
    queryKey: schemaKey(id ?? ""),
    queryFn: ({ signal }) => requestJson<SchemaResource>(apiPath`/api/schema/${id ?? ""}`, { signal }),
    enabled: id !== null && id !== "",
  });
}

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
    queryKey: ["schema", id, "quarantine", offset],
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
    queryKey: ["schema", id, "suggestions"],
    queryFn: ({ signal }) =>
      requestJson<{ questions: string[] }>(apiPath`/api/schema/${id ?? ""}/suggestions`, { signal }),
    enabled: Boolean(id),
    staleTime: 5 * 60_000,
    retry: false,
  });
}
