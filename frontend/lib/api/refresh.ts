let pending: Promise<boolean> | null = null;

/** Renews the session once, however many requests found it expired at the same time. */
export function refreshSession(): Promise<boolean> {
  pending ??= fetch("/api/auth/refresh", { method: "POST", credentials: "same-origin" })
    .then((response) => response.ok)
    .catch(() => false)
    .finally(() => {
      pending = null;
    });
  return pending;
}
