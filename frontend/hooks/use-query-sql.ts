"use client";

import { useMutation } from "@tanstack/react-query";

import { apiFetch, ensureOk } from "@/lib/api/fetch";
import { downloadBlob } from "@/lib/chat/download";
import { requestJson } from "@/lib/chat/request";
import type { ResultSet } from "@/lib/chat/types";

/** Runs a statement written by hand, in the same read-only sandbox as every answer. */
export function useQuerySql(schemaId: string) {
  return useMutation({
    mutationFn: (sql: string) =>
      requestJson<ResultSet>("/api/query", { method: "POST", body: { schema_id: schemaId, sql } }),
  });
}

/** Downloads the whole result, not only the rows shown. */
export function useExport(schemaId: string) {
  return useMutation({
    mutationFn: async ({ sql, format }: { sql: string; format: "csv" | "json" }) => {
      const response = await ensureOk(
        await apiFetch("/api/query/export", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ schema_id: schemaId, sql, format }),
        }),
      );
      downloadBlob(await response.blob(), `result.${format}`);
    },
  });
}
