import { ApiError, toApiError } from "@/lib/api/error";
import { goToLogin } from "@/lib/api/navigation";
import { refreshSession } from "@/lib/api/refresh";

/** Paths that answer for themselves when nobody is signed in. */
const ownAnswer = /^\/api\/auth\/(?!sessions|account)/;

/** `fetch` that renews an expired session once, repeats the request, and otherwise leads to sign-in. */
export async function authorizedFetch(request: Request): Promise<Response> {
  const path = new URL(request.url, window.location.href).pathname;
  const repeat = request.clone();
  const response = await send(request);
  if (response.status !== 401 || ownAnswer.test(path)) return response;
  if (await refreshSession()) {
    const second = await send(repeat);
    if (second.status !== 401) return second;
  }
  goToLogin("expired");
  return response;
}

async function send(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw toApiError(0, null);
  }
}

/** The same for callers that hold a path and options: event streams, downloads, the chat transport. */
export async function apiFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const target = input instanceof Request ? input : new URL(input, window.location.href);
  return authorizedFetch(new Request(target, { credentials: "same-origin", ...init }));
}

/** Throws an {@link ApiError} for any answer that is not 2xx. */
export async function ensureOk(response: Response): Promise<Response> {
  if (response.ok) return response;
  const text = await response.text().catch(() => "");
  throw toApiError(response.status, parseJson(text), response.headers.get("retry-after"));
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

export { ApiError };
