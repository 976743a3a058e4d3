"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { queryKeys } from "@/hooks/query-keys";
import { api, unwrap } from "@/lib/api/client";
import type { CsvUpload } from "@/lib/api/types";

export function useCsvUploads() {
  return useQuery({
    queryKey: queryKeys.csvUploads,
    queryFn: async () => (await unwrap(api.GET("/api/csv/list"))).csv_files as CsvUpload[],
  });
}

export function useRemoveCsv() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(api.DELETE("/api/csv/{id}", { params: { path: { id } } })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: queryKeys.csvUploads }),
  });
}

/** Loads the bundled sample files as uploads of this user. */
export function useLoadSamples() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async () => (await unwrap(api.POST("/api/samples/load"))).csv_files as CsvUpload[],
    onSuccess: () => queryClient.invalidateQueries({ queryKey: queryKeys.csvUploads }),
  });
}
