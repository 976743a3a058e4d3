"use client";

import { useMutation } from "@tanstack/react-query";

import { apiPath, requestJson } from "@/lib/chat/request";

/** Takes back exactly what an approved write stored. */
export function useUndoWrite() {
  return useMutation({
    mutationFn: (approvalId: string) =>
      requestJson<unknown>(apiPath`/api/writes/${approvalId}/undo`, { method: "POST", body: {} }),
  });
}
