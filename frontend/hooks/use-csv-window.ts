"use client";

import { useQueries } from "@tanstack/react-query";

import { queryKeys } from "@/hooks/query-keys";
import { api, unwrap } from "@/lib/api/client";
import { pagesFor } from "@/lib/grid";

const pageSize = 200;

/** Rows of a file around what is in sight, fetched page by page as one scrolls. */
export function useCsvWindow(id: string, first: number, last: number) {
  const pages = pagesFor(first, last, pageSize);
  const results = useQueries({
    queries: pages.map((page) => ({
      queryKey: [...queryKeys.csvUpload(id), "rows", page],
      queryFn: () =>
        unwrap(
          api.GET("/api/csv/{id}/rows", {
            params: { path: { id }, query: { offset: page * pageSize, limit: pageSize } },
          }),
        ),
      staleTime: Infinity,
    })),
  });
  const rowAt = (index: number): (string | null)[] | undefined => {
    const position = pages.indexOf(Math.floor(index / pageSize));
    return results[position]?.data?.rows[index % pageSize];
  };
  const failed = results.find(({ isError }) => isError);
  return { rowAt, failed };
}
