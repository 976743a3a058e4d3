"use client";

import { useQuery } from "@tanstack/react-query";

import { queryKeys } from "@/hooks/query-keys";
import { api, unwrap } from "@/lib/api/client";

/** Which engine answers: a model that is reachable, or the built-in one. */
export function useLlm() {
  return useQuery({
    queryKey: queryKeys.llm,
    queryFn: () => unwrap(api.GET("/api/llm")),
    refetchInterval: 60_000,
  });
}
