"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";

import { queryKeys } from "@/hooks/query-keys";
import { errorMessage, toApiError } from "@/lib/api/error";
import { requestEvents } from "@/lib/chat/request";
import type { SchemaResource } from "@/lib/er/model";
import { withProgress, type Progress, type Step } from "@/lib/er/progress";

export type Engine = "auto" | "llm" | "builtin";

export interface GenerateRequest {
  csv_ids: string[];
  engine: Engine;
  /** Splits wide files where nothing is lost by it. */
  normalize: boolean;
}

interface Run {
  state: "idle" | "running" | "failed";
  steps: Step[];
  error: string | null;
}

const IDLE: Run = { state: "idle", steps: [], error: null };

/** Runs a generation and keeps what it reports; `onDone` gets the schema. */
export function useGenerate(onDone: (schema: SchemaResource) => void) {
  const client = useQueryClient();
  const [run, setRun] = useState<Run>(IDLE);
  const abort = useRef<AbortController | null>(null);

  const start = useCallback(
    async (request: GenerateRequest) => {
      abort.current?.abort();
      const controller = new AbortController();
      abort.current = controller;
      setRun({ ...IDLE, state: "running" });
      let schema: SchemaResource | null = null;
      try {
        await requestEvents(
          "/api/schema/generate",
          request,
          (event, data) => {
            if (event === "progress")
              setRun((r) => ({ ...r, steps: withProgress(r.steps, data as Progress) }));
            else if (event === "error")
              throw toApiError((data as { status?: number }).status ?? 500, data);
            else if (event === "schema" || event === "result") schema = data as SchemaResource;
          },
          controller.signal,
        );
        if (!schema)
          throw new Error(
            "The connection ended before the schema was ready. Nothing was kept; try again.",
          );
        const ready: SchemaResource = schema;
        client.setQueryData(queryKeys.schema(ready.id), ready);
        void client.invalidateQueries({ queryKey: queryKeys.schemas });
        onDone(ready);
      } catch (error) {
        if (controller.signal.aborted) return;
        setRun((r) => ({ ...r, state: "failed", error: errorMessage(error) }));
      }
    },
    [client, onDone],
  );

  const cancel = useCallback(() => {
    abort.current?.abort();
    setRun(IDLE);
  }, []);

  return { ...run, start, cancel };
}
