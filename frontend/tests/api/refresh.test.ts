import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";

import { api, unwrap } from "@/lib/api/client";
import * as navigation from "@/lib/api/navigation";
import { refreshSession } from "@/lib/api/refresh";

const server = setupServer();
const goToLogin = vi.spyOn(navigation, "goToLogin").mockImplementation(() => {});

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => {
  server.resetHandlers();
  goToLogin.mockClear();
});
afterAll(() => server.close());

const base = "http://localhost:3000";
const refused = (status: number, headers: Record<string, string> = {}) =>
  HttpResponse.json({ status, code: `code_${status}`, detail: "Words." }, { status, headers });
const refreshGives = (answer: () => Response) =>
  server.use(http.post(`${base}/api/auth/refresh`, answer));
const listAfterExpiry = () => {
  server.use(http.get(`${base}/api/csv/list`, () => refused(401)));
  return unwrap(api.GET("/api/csv/list"));
};

describe("a renewal that is not answered", () => {
  it.each([
    ["too many requests", () => refused(429, { "retry-after": "7" }), 429, "code_429"],
    ["a busy server", () => refused(503), 503, "code_503"],
    ["a gateway's own page", () => new Response("<html>", { status: 502 }), 502, "http_502"],
    ["no connection", () => HttpResponse.error(), 0, "unreachable"],
  ])(
    "by %s is an error of the request, not the end of the session",
    async (_, answer, status, code) => {
      refreshGives(answer);
      await expect(listAfterExpiry()).rejects.toMatchObject({ status, code });
      expect(goToLogin).not.toHaveBeenCalled();
    },
  );

  it("says when it may be tried again, and is tried again", async () => {
    refreshGives(() => refused(429, { "retry-after": "7" }));
    await expect(refreshSession()).rejects.toMatchObject({ retryAfterSeconds: 7 });
    refreshGives(() => HttpResponse.json({}));
    await expect(refreshSession()).resolves.toBe(true);
  });
});

it("ends the session where the server says that it has ended", async () => {
  refreshGives(() => refused(401));
  await expect(refreshSession()).resolves.toBe(false);
  await expect(listAfterExpiry()).rejects.toMatchObject({ status: 401 });
  expect(goToLogin).toHaveBeenCalledWith("expired");
});
