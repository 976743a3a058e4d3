"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { queryKeys } from "@/hooks/query-keys";
import { api, unwrap } from "@/lib/api/client";
import type { SchemaJson, SchemaRecord, SchemaSummary } from "@/lib/api/types";
import type { components } from "@/types/api";

export function useSchemas() {
  return useQuery({
    queryKey: queryKeys.schemas,
    queryFn: async () => (await unwrap(api.GET("/api/schema/list"))).schemas as SchemaSummary[],
  });
}

export function useSchema(id: string | null) {
  return useQuery({
    queryKey: queryKeys.schema(id ?? ""),
    queryFn: async () => {
      const call = api.GET("/api/schema/{id}", { params: { path: { id: id ?? "" } } });
      return (await unwrap(call)) as SchemaRecord;
    },
    enabled: Boolean(id),
  });
}

export function useUpdateSchema(id: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (schema: SchemaJson) => {
      const body = { schema_json: schema } as components["schemas"]["UpdateSchemaRequest"];
      const call = api.PUT("/api/schema/{id}", { params: { path: { id } }, body });
      return (await unwrap(call)) as SchemaRecord;
    },
    onSuccess: (record) => queryClient.setQueryData(queryKeys.schema(id), record),
  });
}

export function useRemoveSchema() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(api.DELETE("/api/schema/{id}", { params: { path: { id } } })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: queryKeys.schemas }),
  });
}
