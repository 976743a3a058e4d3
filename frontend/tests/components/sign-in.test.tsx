import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { afterAll, beforeAll, expect, it, vi } from "vitest";

import { SignIn } from "@/components/auth/sign-in-button";
import { queryKeys } from "@/hooks/query-keys";
import { renderWithCache } from "./support";

vi.mock("next/navigation", () => ({ useRouter: () => ({ push: vi.fn() }) }));

const server = setupServer(
  http.get("http://localhost:3000/api/auth/google/start", () =>
    HttpResponse.json({ authorization_url: "#at-the-provider" }),
  ),
);
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterAll(() => server.close());

it("can begin again when the browser goes back from the provider to the page as it was left", async () => {
  renderWithCache(<SignIn next="/portal" />, (client) => {
    client.setQueryData(queryKeys.authConfig, { mode: "oidc", provider_name: "Google" });
    client.setQueryData([...queryKeys.authStatus, { silent: true }], {
      is_authenticated: false,
      user_id: null,
      user: null,
    });
  });
  const button = screen.getByRole("button", { name: "Sign in with Google" });
  fireEvent.click(button);
  await waitFor(() => expect(window.location.hash).toBe("#at-the-provider"));
  expect(button).toBeDisabled();
  act(() => {
    window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
  });
  await waitFor(() => expect(button).toBeEnabled());
});
