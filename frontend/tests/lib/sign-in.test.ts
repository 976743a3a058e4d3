import { describe, expect, it } from "vitest";

import { loginPath, safeNext } from "@/lib/api/navigation";
import {
  providerProblem,
  readCallback,
  rememberNext,
  serverProblem,
  takeNext,
} from "@/lib/sign-in";

describe("safeNext", () => {
  it.each([
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "https://evil.example/",
    "javascript:alert(1)",
    "portal",
    "/auth/login?next=/auth/login",
    "/portal\\..\\x",
  ])("E64: %s leads to the start", (next) => {
    expect(safeNext(next)).toBe("/");
  });

  it.each(["", null, undefined])("nothing asked for (%s) leads to the portal", (next) => {
    expect(safeNext(next)).toBe("/portal");
  });

  it("keeps pages of this site with query and fragment", () => {
    expect(safeNext("/portal/query?schema=1&c=2#last")).toBe("/portal/query?schema=1&c=2#last");
  });
});

it("remembers the page in hand when it sends to sign-in", () => {
  expect(loginPath("/portal/upload?x=1", "expired")).toBe(
    "/auth/login?next=%2Fportal%2Fupload%3Fx%3D1&reason=expired",
  );
  expect(loginPath("/portal")).toBe("/auth/login");
});

it("takes the remembered page once", () => {
  rememberNext("/portal/upload");
  expect(takeNext()).toBe("/portal/upload");
  expect(takeNext()).toBe("/portal");
});

it("reads what the provider sent", () => {
  expect(readCallback("?code=a&state=b&iss=https%3A%2F%2Fid")).toEqual({
    code: "a",
    state: "b",
    error: null,
    iss: "https://id",
  });
});

it("tells a refusal from a fault", () => {
  expect(providerProblem("access_denied", "Google").title).toBe("You did not allow the sign-in");
  expect(providerProblem("temporarily_unavailable", "Google").title).toBe(
    "Google has a problem right now",
  );
  expect(serverProblem(502, "", "Google").title).toBe("Google does not answer");
  expect(serverProblem(400, "", "Google").title).toBe("This sign-in is no longer valid");
  expect(serverProblem(403, "Not on the list.", "Google").detail).toBe("Not on the list.");
});
