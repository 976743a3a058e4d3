"use client";

import { useQuery, type UseQueryResult } from "@tanstack/react-query";

import { queryKeys } from "@/hooks/query-keys";
import { apiPath, requestJson } from "@/lib/chat/request";
import type { components } from "@/types/api";

type Schemas = components["schemas"];

/** A place in a file where something was not stored. */
export interface FilePlace {
  file: string;
  line: number;
  column?: string | null;
  reason: string;
  /** The record or the cell, as it was written. */
  text: string;
}

export const PLACES_PAGE = 50;

export type PlacesPage = UseQueryResult<{ places: FilePlace[]; total: number }>;

function usePlaces<Page extends { total: number }>(
  id: string,
  kind: "quarantine" | "emptied",
  offset: number,
  placesOf: (page: Page) => FilePlace[],
): PlacesPage {
  return useQuery({
    queryKey: [...queryKeys.schema(id), kind, offset],
    queryFn: async ({ signal }) => {
      const path = `${apiPath`/api/schema/${id}`}/${kind}?offset=${offset}&limit=${PLACES_PAGE}`;
      const page = await requestJson<Page>(path, { signal });
      return { places: placesOf(page), total: page.total };
    },
  });
}

/** Rows that were set aside. */
export function useQuarantine(id: string, offset: number) {
  return usePlaces<Schemas["QuarantineResponse"]>(id, "quarantine", offset, ({ rows }) =>
    rows.map(({ raw, ...row }) => ({ ...row, text: raw })),
  );
}

/** Cells whose text did not fit. */
export function useEmptied(id: string, offset: number) {
  return usePlaces<Schemas["EmptiedResponse"]>(id, "emptied", offset, ({ cells }) => cells);
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
