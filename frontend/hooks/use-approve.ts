"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";

import { queryKeys } from "@/hooks/query-keys";
import { ApiError, errorMessage, toApiError } from "@/lib/api/error";
import { apiPath, requestEvents } from "@/lib/chat/request";
import type { ImportedTable } from "@/lib/er/model";
import type { Progress } from "@/lib/er/progress";

interface Import {
  state: "idle" | "running" | "done" | "failed";
  /** The last report of each table. */
  tables: Record<string, Progress>;
  latest: Progress | null;
  result: ImportedTable[] | null;
  error: string | null;
}

const IDLE: Import = { state: "idle", tables: {}, latest: null, result: null, error: null };

/** Approves and imports a schema, table by table; or applies it to the dataset that it is changes of. */
export function useApprove(id: string, dataset?: string | null) {
  const client = useQueryClient();
  const [run, setRun] = useState<Import>(IDLE);
  const abort = useRef<AbortController | null>(null);

  const start = useCallback(
    async (acceptLosses = false, fromFiles = false) => {
      const controller = new AbortController();
      abort.current = controller;
      setRun({ ...IDLE, state: "running" });
      let result: ImportedTable[] | null = null;
      try {
        await requestEvents(
          apiPath`/api/schema/${id}/approve`,
          { accept_losses: acceptLosses, from_files: fromFiles },
          (event, data) => {
            if (event === "progress") {
              const progress = data as Progress;
              setRun((r) => ({
                ...r,
                latest: progress,
                tables: progress.table ? { ...r.tables, [progress.table]: progress } : r.tables,
              }));
            } else if (event === "error")
              throw toApiError((data as { status?: number }).status ?? 500, data);
            else if (event === "done" || event === "result")
              result = (data as { tables?: ImportedTable[] }).tables ?? [];
          },
          controller.signal,
        );
        if (!result)
          throw new Error(
            "The connection ended before the import was done. Reload to see whether it finished.",
          );
        const tables: ImportedTable[] = result;
        setRun((r) => ({ ...r, state: "done", result: tables }));
        if (dataset) {
          // The changes are no schema of their own any more, and what was known of the dataset is of the version before.
          client.removeQueries({ queryKey: queryKeys.schema(dataset) });
          void client.invalidateQueries({ queryKey: queryKeys.schemas, exact: true });
          return;
        }
        void client.invalidateQueries({ queryKey: queryKeys.schema(id) });
        void client.invalidateQueries({ queryKey: queryKeys.schemas });
      } catch (error) {
        // What would be lost was counted just now: the next press shows it and asks.
        if (error instanceof ApiError && error.code === "losses_not_accepted")
          await client.invalidateQueries({ queryKey: queryKeys.schema(id) });
        if (controller.signal.aborted) setRun(IDLE);
        else setRun((r) => ({ ...r, state: "failed", error: errorMessage(error) }));
      }
    },
    [client, id, dataset],
  );

  const cancel = useCallback(() => abort.current?.abort(), []);
  return { ...run, start, cancel };
}
