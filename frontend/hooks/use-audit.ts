"use client";

import { useInfiniteQuery } from "@tanstack/react-query";

import { queryKeys } from "@/hooks/query-keys";
import { api, unwrap } from "@/lib/api/client";

/** What was done under this account, newest first, page by page. */
export function useAudit() {
  return useInfiniteQuery({
    queryKey: queryKeys.audit,
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET("/api/audit", {
          params: { query: { limit: 25, ...(pageParam ? { cursor: pageParam } : {}) } },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? null,
  });
}
