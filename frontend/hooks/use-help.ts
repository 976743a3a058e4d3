"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { queryKeys } from "@/hooks/query-keys";
import { apiPath, requestJson } from "@/lib/chat/request";
import type { Help } from "@/lib/er/help";

const POLL_MS = 1_500;

/** A model's help with a schema, looked at again while it is under way; starting and stopping it. */
export function useHelp(id: string, enabled: boolean) {
  const client = useQueryClient();
  const path = `${apiPath`/api/schema/${id}`}/help`;
  const query = useQuery({
    queryKey: queryKeys.help(id),
    queryFn: ({ signal }) => requestJson<Help>(path, { signal }),
    enabled,
    refetchInterval: ({ state }) => (state.data?.state === "running" ? POLL_MS : false),
  });
  const change = useMutation({
    mutationFn: (method: "POST" | "DELETE") => requestJson<Help>(path, { method }),
    onSuccess: (help) => client.setQueryData(queryKeys.help(id), help),
  });
  const help = query.data ?? null;
  const count = help?.changes.length ?? 0;
  // Statements and the name of the engine follow what was taken over.
  useEffect(() => {
    if (count > 0) void client.invalidateQueries({ queryKey: queryKeys.schema(id) });
  }, [client, id, count]);
  return {
    help,
    error: change.error,
    start: () => change.mutate("POST"),
    stop: () => change.mutate("DELETE"),
    isPending: change.isPending,
  };
}
