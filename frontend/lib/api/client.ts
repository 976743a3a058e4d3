import createClient from "openapi-fetch";

import { toApiError, type ApiError } from "@/lib/api/error";
import { authorizedFetch } from "@/lib/api/fetch";
import type { paths } from "@/types/api";

/** Typed client of the server's API: same origin, session by cookie. */
export const api = createClient<paths>({
  baseUrl: typeof window === "undefined" ? "http://localhost" : window.location.origin,
  credentials: "same-origin",
  fetch: authorizedFetch,
});

interface Outcome<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a good answer; throws an {@link ApiError} otherwise. */
export async function unwrap<T>(call: Promise<Outcome<T>>): Promise<NonNullable<T>> {
  const { data, error, response } = await call;
  if (!response.ok) {
    throw toApiError(response.status, error, response.headers.get("retry-after"));
  }
  return (data ?? {}) as NonNullable<T>;
}

export type { ApiError };
