"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { queryKeys } from "@/hooks/query-keys";
import { useSettled } from "@/hooks/use-settled";
import { fetchOptions, type OptionsWish } from "@/lib/plan/client";

const TYPING_PAUSE_MS = 200;

/** What a pick list offers, for a search that is asked when the typing pauses. */
export function usePlanOptions(schemaId: string, wish: OptionsWish) {
  const search = useSettled(wish.search.trim(), TYPING_PAUSE_MS);
  const options = useQuery({
    queryKey: queryKeys.planOptions(schemaId, { ...wish, search }),
    queryFn: ({ signal }) => fetchOptions(schemaId, { ...wish, search }, signal),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const isLate = options.isPlaceholderData || search !== wish.search.trim();
  return { ...options, search, isLate };
}
