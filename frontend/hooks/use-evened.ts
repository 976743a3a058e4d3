"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { queryKeys } from "@/hooks/query-keys";
import { apiPath, requestJson } from "@/lib/chat/request";
import type { Relationship } from "@/lib/er/model";
import type { components } from "@/types/api";

/** The first cells of the referring column that are stored in another spelling; nothing is asked for none. */
export function useEvened(schemaId: string, relationship: Relationship, limit: number) {
  const { from_table: table, from_columns } = relationship;
  const column = from_columns[0] ?? "";
  const query = new URLSearchParams({ table, column, limit: String(limit) });
  return useQuery({
    queryKey: [...queryKeys.schema(schemaId), "evened", table, column, limit],
    queryFn: ({ signal }) =>
      requestJson<components["schemas"]["EvenedResponse"]>(
        `${apiPath`/api/schema/${schemaId}`}/evened?${query}`,
        { signal },
      ),
    enabled: limit > 0,
    placeholderData: keepPreviousData,
  });
}
