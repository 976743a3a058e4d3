import { apiFetch, ensureOk } from "@/lib/api/fetch";
import { readEvents } from "./sse";

/** Tag for a path whose inserted parts are encoded. */
export function apiPath(parts: TemplateStringsArray, ...ids: string[]): string {
  return parts.reduce(
    (out, part, i) => out + part + (i < ids.length ? encodeURIComponent(ids[i] ?? "") : ""),
    "",
  );
}

function withBody(method: string, body: unknown, headers: Record<string, string>): RequestInit {
  if (body === undefined) return { method, headers };
  return {
    method,
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify(body),
  };
}

/** One request; throws an ApiError for any answer that is not 2xx. */
export async function requestJson<T>(
  url: string,
  options: { method?: string; body?: unknown; signal?: AbortSignal } = {},
): Promise<T> {
  const init = withBody(options.method ?? "GET", options.body, { accept: "application/json" });
  const response = await ensureOk(await apiFetch(url, { ...init, signal: options.signal }));
  return (await response.json()) as T;
}

/** A POST whose answer is a stream of events; `onEvent` gets each event's data, read as JSON. */
export async function requestEvents(
  url: string,
  body: unknown,
  onEvent: (event: string, data: unknown) => void,
  signal?: AbortSignal,
): Promise<void> {
  const init = withBody("POST", body, { accept: "text/event-stream" });
  const response = await ensureOk(await apiFetch(url, { ...init, signal }));
  if (!(response.headers.get("content-type") ?? "").includes("text/event-stream")) {
    onEvent("result", await response.json());
    return;
  }
  for await (const { event, data } of readEvents(response)) onEvent(event, parse(data));
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return data;
  }
}
