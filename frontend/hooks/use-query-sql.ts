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

export interface ExportWish {
  sql: string;
  format: "csv" | "json";
  /** A byte order mark first, by which Excel knows UTF-8; for CSV alone. */
  bom?: boolean;
}

/** Downloads the whole result, not only the rows shown. */
export function useExport(schemaId: string) {
  return useMutation({
    mutationFn: async ({ sql, format, bom = false }: ExportWish) => {
      const response = await ensureOk(
        await apiFetch(`/api/query/export${bom ? "?bom=true" : ""}`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ schema_id: schemaId, sql, format }),
        }),
      );
      downloadBlob(await response.blob(), `result.${format}`);
    },
  });
}
