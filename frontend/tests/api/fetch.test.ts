import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";

import { api, unwrap } from "@/lib/api/client";
import { ApiError, errorMessage, toApiError } from "@/lib/api/error";
import * as navigation from "@/lib/api/navigation";

const server = setupServer();
const goToLogin = vi.spyOn(navigation, "goToLogin").mockImplementation(() => {});

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => {
  server.resetHandlers();
  goToLogin.mockClear();
});
afterAll(() => server.close());

const base = "http://localhost:3000";
const noSession = () =>
  HttpResponse.json({ status: 401, code: "signed_out", detail: "Sign in." }, { status: 401 });

it("renews an expired session once for all requests that found it expired", async () => {
  let refreshes = 0;
  let isFresh = false;
  server.use(
    http.get(`${base}/api/csv/list`, () =>
      isFresh ? HttpResponse.json({ csv_files: [], next_cursor: null }) : noSession(),
    ),
    http.post(`${base}/api/auth/refresh`, async () => {
      refreshes += 1;
      await new Promise((resolve) => setTimeout(resolve, 20));
      isFresh = true;
      return HttpResponse.json({});
    }),
  );
  const results = await Promise.all([1, 2, 3].map(() => unwrap(api.GET("/api/csv/list"))));
  expect(results.map(({ csv_files: files }) => files)).toEqual([[], [], []]);
  expect(refreshes).toBe(1);
  expect(goToLogin).not.toHaveBeenCalled();
});

it("repeats the body of a request after the renewal", async () => {
  const bodies: unknown[] = [];
  server.use(
    http.patch(`${base}/api/conversations/:id`, async ({ request }) => {
      bodies.push(await request.json());
      return bodies.length === 1 ? noSession() : HttpResponse.json({ title: "Sales" });
    }),
    http.post(`${base}/api/auth/refresh`, () => HttpResponse.json({})),
  );
  await unwrap(
    api.PATCH("/api/conversations/{id}", {
      params: { path: { id: "1" } },
      body: { title: "Sales" },
    }),
  );
  expect(bodies).toEqual([{ title: "Sales" }, { title: "Sales" }]);
});

it("leads to sign-in when the session cannot be renewed", async () => {
  server.use(
    http.get(`${base}/api/csv/list`, noSession),
    http.post(`${base}/api/auth/refresh`, noSession),
  );
  await expect(unwrap(api.GET("/api/csv/list"))).rejects.toMatchObject({ status: 401 });
  expect(goToLogin).toHaveBeenCalledWith("expired");
});

it("does not try to renew when signing in itself is refused", async () => {
  server.use(http.post(`${base}/api/auth/local`, noSession));
  await expect(unwrap(api.POST("/api/auth/local"))).rejects.toBeInstanceOf(ApiError);
  expect(goToLogin).not.toHaveBeenCalled();
});

it("hands on the problem's code, words and fields", async () => {
  server.use(
    http.put(`${base}/api/schema/:id`, () =>
      HttpResponse.json(
        {
          title: "Unprocessable",
          detail: "The schema has a problem.",
          code: "invalid_schema",
          errors: [{ field: "tables[0].name", message: "is used twice" }, "junk"],
        },
        { status: 422, headers: { "content-type": "application/problem+json" } },
      ),
    ),
  );
  const call = unwrap(
    api.PUT("/api/schema/{id}", {
      params: { path: { id: "1" } },
      body: { schema_json: { tables: [] } },
    }),
  );
  await expect(call).rejects.toMatchObject({
    status: 422,
    code: "invalid_schema",
    detail: "The schema has a problem.",
    fields: [{ field: "tables[0].name", message: "is used twice" }],
  });
});

it("says in plain words that the server cannot be reached", async () => {
  server.use(http.get(`${base}/api/llm`, () => HttpResponse.error()));
  await expect(unwrap(api.GET("/api/llm"))).rejects.toMatchObject({
    status: 0,
    code: "unreachable",
  });
});

it("has words for answers that are no problem document", () => {
  expect(errorMessage(toApiError(502, "<html>"))).toMatch(/could not be reached/);
  expect(toApiError(429, null, "12").retryAfterSeconds).toBe(12);
  expect(toApiError(418, null).code).toBe("http_418");
});
