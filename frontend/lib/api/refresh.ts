import { toApiError } from "@/lib/api/error";

let pending: Promise<boolean> | null = null;

/**
 * Renews the session once, however many requests found it expired at the same time. `false` when it has ended; throws
 * an {@link ApiError} when the server did not say (too many requests, busy, out of reach): the session may well live.
 */
export function refreshSession(): Promise<boolean> {
  pending ??= renew().finally(() => {
    pending = null;
  });
  return pending;
}

async function renew(): Promise<boolean> {
  const response = await fetch("/api/auth/refresh", {
    method: "POST",
    credentials: "same-origin",
  }).catch(() => {
    throw toApiError(0, null);
  });
  // Also where it says nothing new: an answer that is not read keeps its connection.
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return true;
  if (response.status === 401) return false;
  throw toApiError(response.status, body, response.headers.get("retry-after"));
}
