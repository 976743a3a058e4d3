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

/** What is known of the schema stays as it is; its name changes in it and in the list. */
export function useRenameSchema() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id, name }: { id: string; name: string }) =>
      unwrap(api.PATCH("/api/schema/{id}", { params: { path: { id } }, body: { name } })),
    onSuccess: ({ id, name }) => {
      queryClient.setQueryData<SchemaRecord>(queryKeys.schema(id), (known) =>
        known ? { ...known, name } : known,
      );
      queryClient.setQueryData<SchemaSummary[]>(queryKeys.schemas, (list) =>
        list?.map((schema) => (schema.id === id ? { ...schema, name } : schema)),
      );
    },
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
