import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";

import { AuthGate } from "@/components/auth/auth-gate";
import { renderWithCache } from "./support";

const replace = vi.hoisted(() => vi.fn());
vi.mock("next/navigation", () => ({
  useRouter: () => ({ replace }),
  usePathname: () => "/portal/settings",
}));

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => {
  server.resetHandlers();
  replace.mockClear();
});
afterAll(() => server.close());

const base = "http://localhost:3000";
const nobody = { is_authenticated: false, user_id: null, user: null };
const ann = { is_authenticated: true, user_id: "1", user: { id: "1" } };
const refreshGives = (status: number, detail: string) =>
  server.use(
    http.post(`${base}/api/auth/refresh`, () => HttpResponse.json({ detail }, { status })),
  );

it("keeps the page and offers to try again when the session cannot be renewed for the moment", async () => {
  server.use(http.get(`${base}/api/auth/status`, () => HttpResponse.json(nobody)));
  refreshGives(429, "Too many requests. Try again in 3 s.");
  renderWithCache(<AuthGate>the portal</AuthGate>);
  expect(await screen.findByRole("alert")).toHaveTextContent("Too many requests");
  expect(screen.getByRole("alert")).not.toHaveTextContent("does not answer");
  expect(replace).not.toHaveBeenCalled();

  server.use(http.get(`${base}/api/auth/status`, () => HttpResponse.json(ann)));
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("the portal")).toBeVisible();
});

it("leads to the sign-in page and back when the session has ended", async () => {
  server.use(http.get(`${base}/api/auth/status`, () => HttpResponse.json(nobody)));
  refreshGives(401, "Sign in first.");
  renderWithCache(<AuthGate>the portal</AuthGate>);
  await vi.waitFor(() =>
    expect(replace).toHaveBeenCalledWith("/auth/login?next=%2Fportal%2Fsettings"),
  );
});
