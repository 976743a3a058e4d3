"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { queryKeys } from "@/hooks/query-keys";
import { api, unwrap } from "@/lib/api/client";
import type { SchemaJson, SchemaRecord } from "@/lib/api/types";

export function useSchemas() {
  return useQuery({
    queryKey: queryKeys.schemas,
    queryFn: async () => (await unwrap(api.GET("/api/schema/list"))).schemas,
  });
}

export function useSchema(id: string | null) {
  return useQuery({
    queryKey: queryKeys.schema(id ?? ""),
    queryFn: () => unwrap(api.GET("/api/schema/{id}", { params: { path: { id: id ?? "" } } })),
    enabled: Boolean(id),
  });
}

export function useUpdateSchema(id: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (schema: SchemaJson) =>
      unwrap(
        api.PUT("/api/schema/{id}", {
          params: { path: { id } },
          body: { schema_json: schema },
        }),
      ),
    onSuccess: (record: SchemaRecord) => queryClient.setQueryData(queryKeys.schema(id), record),
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
