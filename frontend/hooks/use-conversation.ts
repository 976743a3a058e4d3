"use client";

import { useQuery } from "@tanstack/react-query";

import { queryKeys } from "@/hooks/query-keys";
import { apiPath, requestJson } from "@/lib/chat/request";
import type { ChatMessage } from "@/lib/chat/types";

interface StoredConversation {
  id: string;
  schema_id: string;
  title: string;
  messages: ChatMessage[];
}

/** A stored conversation with its messages; read anew each time it is opened. */
export function useConversation(id: string | null) {
  return useQuery({
    queryKey: [...queryKeys.conversations(), "messages", id],
    queryFn: ({ signal }) =>
      requestJson<StoredConversation>(apiPath`/api/conversations/${id ?? ""}`, { signal }),
    enabled: id !== null,
    gcTime: 0,
    staleTime: Infinity,
  });
}
