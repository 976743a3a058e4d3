"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { queryKeys } from "@/hooks/query-keys";
import { api, unwrap } from "@/lib/api/client";
import { refreshSession } from "@/lib/api/refresh";
import type { AuthStatus } from "@/lib/api/types";

async function readStatus(): Promise<AuthStatus> {
  return unwrap(api.GET("/api/auth/status"));
}

/** Who is signed in; renews an expired session silently before it says "nobody", and fails where that cannot be told. */
async function readStatusOrRefresh(): Promise<AuthStatus> {
  const status = await readStatus();
  if (status.is_authenticated || !(await refreshSession())) return status;
  return readStatus();
}

/** `silent` leaves an expired session alone, for pages that are open to everybody. */
export function useAuthStatus({ silent = false }: { silent?: boolean } = {}) {
  return useQuery({
    queryKey: [...queryKeys.authStatus, { silent }],
    queryFn: silent ? readStatus : readStatusOrRefresh,
    staleTime: 60_000,
  });
}

export function useAuthConfig() {
  return useQuery({
    queryKey: queryKeys.authConfig,
    queryFn: () => unwrap(api.GET("/api/auth/config")),
    staleTime: Infinity,
  });
}

export function useLocalSignIn() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.POST("/api/auth/local")),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["auth"] }),
  });
}

/** Forgets everything that was cached of this user once the server has ended the session. */
export function useSignOut() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.POST("/api/auth/logout")),
    onSuccess: () => queryClient.clear(),
  });
}
