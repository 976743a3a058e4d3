"use client";

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { queryKeys } from "@/hooks/query-keys";
import { ApiError } from "@/lib/api/error";
import { apiFetch, ensureOk } from "@/lib/api/fetch";
import { downloadBlob } from "@/lib/chat/download";
import { apiPath, requestJson } from "@/lib/chat/request";
import type { FieldError } from "@/lib/er/model";
import {
  placesOfCells,
  placesOfRows,
  placesQuery,
  type CellDetail,
  type PlaceFilter,
  type PlaceKind,
  type RowDetail,
} from "@/lib/er/set-aside";
import type { components } from "@/types/api";

type Schemas = components["schemas"];
export type MendAnswer = Schemas["MendResponse"];

export const PLACES_PAGE = 50;
/** Most rows that are changed at once. */
export const MANY = 1_000;
const TYPING_PAUSE_MS = 300;

const pathOf = (id: string, kind: PlaceKind) => `${apiPath`/api/schema/${id}`}/${kind}`;
const keyOf = (id: string, kind: PlaceKind) => [...queryKeys.schema(id), kind] as const;

async function readPlaces(id: string, kind: PlaceKind, query: string, signal?: AbortSignal) {
  const path = `${pathOf(id, kind)}?${query}`;
  if (kind === "quarantine")
    return placesOfRows(await requestJson<Schemas["QuarantineResponse"]>(path, { signal }));
  return placesOfCells(await requestJson<Schemas["EmptiedResponse"]>(path, { signal }));
}

/** A part of what an import set aside, or left empty. */
export function usePlaces(id: string, kind: PlaceKind, filter: PlaceFilter, offset: number) {
  return useQuery({
    queryKey: [...keyOf(id, kind), "list", filter, offset],
    queryFn: ({ signal }) =>
      readPlaces(id, kind, placesQuery(filter, { offset, limit: PLACES_PAGE }), signal),
    placeholderData: keepPreviousData,
  });
}

/** All that the filter lets through, as many as can be changed at once. */
export function useAllPlaces(id: string, kind: PlaceKind, filter: PlaceFilter) {
  return useQuery({
    queryKey: [...keyOf(id, kind), "all", filter],
    queryFn: ({ signal }) => readPlaces(id, kind, placesQuery(filter, { limit: MANY }), signal),
  });
}

export function useRowDetail(id: string, row: number) {
  return useQuery({
    queryKey: [...keyOf(id, "quarantine"), "one", row],
    queryFn: ({ signal }) =>
      requestJson<RowDetail>(`${pathOf(id, "quarantine")}/${row}`, { signal }),
  });
}

export function useCellDetail(id: string, cell: number) {
  return useQuery({
    queryKey: [...keyOf(id, "emptied"), "one", cell],
    queryFn: ({ signal }) =>
      requestJson<CellDetail>(`${pathOf(id, "emptied")}/${cell}`, { signal }),
  });
}

/** What the server says of a change before it is made. */
export interface Check {
  answer: MendAnswer | null;
  /** What does not fit. */
  errors: FieldError[];
}

/** The value as it was when typing last paused. */
export function usePaused<T>(value: T): T {
  const [paused, setPaused] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(value), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return paused;
}

/** Asks the server whether `body` would fit, each time that typing pauses; `part` is the address behind the list's. */
export function useCheck(id: string, kind: PlaceKind, part: string, body: string) {
  const paused = usePaused(body);
  const check = useQuery({
    queryKey: [...keyOf(id, kind), "check", part, paused],
    queryFn: async ({ signal }): Promise<Check> => {
      const asked = { ...(JSON.parse(paused) as object), dry_run: true };
      try {
        const path = `${pathOf(id, kind)}/${part}`;
        const answer = await requestJson<MendAnswer>(path, { method: "POST", body: asked, signal });
        return { answer, errors: [] };
      } catch (error) {
        if (error instanceof ApiError && error.code === "does_not_fit")
          return { answer: null, errors: error.fields };
        throw error;
      }
    },
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 0,
    gcTime: 0,
  });
  return { ...check, isChecking: check.isFetching || paused !== body };
}

/** Forgets what was read of the dataset: rows, counts and lists are other ones now. A check belongs to an editor that closes. */
function useForget() {
  const client = useQueryClient();
  return () =>
    client.invalidateQueries({
      queryKey: queryKeys.schemas,
      predicate: ({ queryKey }) => !queryKey.includes("check"),
    });
}

/** Makes a change for good; `part` is the address behind the list's. */
export function useMend(id: string, kind: PlaceKind, part: string) {
  const forget = useForget();
  return useMutation({
    mutationFn: (body: string) =>
      requestJson<MendAnswer>(`${pathOf(id, kind)}/${part}`, {
        method: "POST",
        body: JSON.parse(body) as object,
      }),
    onSuccess: () => void forget(),
  });
}

/** Takes back what was put into the database. */
export function useUndoMend(id: string, kind: PlaceKind) {
  const forget = useForget();
  return useMutation({
    mutationFn: (entry: number) =>
      requestJson<{ message: string }>(`${pathOf(id, kind)}/${entry}/undo`, {
        method: "POST",
        body: {},
      }),
    onSuccess: () => void forget(),
  });
}

export function useDownloadPlaces(id: string, kind: PlaceKind) {
  return useMutation({
    mutationFn: async ({ filter, bom }: { filter: PlaceFilter; bom: boolean }) => {
      const query = placesQuery(filter, bom ? { bom: "true" } : {});
      const response = await ensureOk(await apiFetch(`${pathOf(id, kind)}/export?${query}`));
      const name = kind === "quarantine" ? "rows-set-aside" : "emptied-cells";
      downloadBlob(await response.blob(), `${name}.csv`);
    },
  });
}
