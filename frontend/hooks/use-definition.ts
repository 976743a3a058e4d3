"use client";

import { useQuery } from "@tanstack/react-query";

import { queryKeys } from "@/hooks/query-keys";
import { api, unwrap } from "@/lib/api/client";
import type { DefinitionFormat } from "@/lib/er/definition";

/** The stored schema as text; asked for again whenever a change of it was stored. */
export function useDefinition(schemaId: string, format: DefinitionFormat) {
  return useQuery({
    queryKey: queryKeys.definition(schemaId, format),
    queryFn: () =>
      unwrap(
        api.GET("/api/schema/{id}/definition", {
          params: { path: { id: schemaId }, query: { format } },
          parseAs: "text",
        }),
      ),
  });
}
