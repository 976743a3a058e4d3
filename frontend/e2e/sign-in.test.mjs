// Signing in with a real OpenID provider that runs on this machine.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { freePort, startApp } from "./support/app.mjs";
import { arrive, launchBrowser, openContext, watch } from "./support/browser.mjs";
import { startProvider } from "./support/provider.mjs";

let provider;
let app;
let browser;

before(async () => {
  const [appPort, providerPort] = [await freePort(), await freePort()];
  provider = await startProvider(providerPort, `http://127.0.0.1:${appPort}`);
  app = await startApp(provider.env, appPort);
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await app?.stop();
  await provider?.stop();
});

async function open() {
  const context = await openContext(browser);
  const watched = await watch(context, app.url);
  const page = await context.newPage();
  return { context, watched, page };
}

/** From our page to the provider's, and through its two steps. */
async function signInAtProvider(page, name) {
  await page.getByRole("button", { name: "Sign in with Test Provider" }).click();
  await arrive(page, `${provider.url}/interaction/**`);
  await page.locator('input[name="login"]').fill(name);
  await page.locator('input[name="password"]').fill("any");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}

test("sign in, consent, callback, reload, silent refresh after expiry, sign out", async () => {
  const { context, page } = await open();
  await page.goto(`${app.url}/portal/upload`);
  await arrive(page, "**/auth/login**");
  await signInAtProvider(page, "ada");
  await arrive(page, "**/portal/upload");
  await page.getByRole("button", { name: "Account menu, ada Doe" }).waitFor();
  assert.doesNotMatch(page.url(), /code=/, "the code does not stay in the address");

  const cookies = new Map((await context.cookies(app.url)).map((cookie) => [cookie.name, cookie]));
  for (const name of ["access_token", "refresh_token"]) {
    const cookie = cookies.get(name);
    assert.ok(cookie, `${name} is set`);
    assert.equal(cookie.httpOnly, true);
    assert.equal(cookie.sameSite, "Lax");
  }

  await page.reload();
  await page.getByRole("button", { name: "Account menu, ada Doe" }).waitFor();

  // What its expiry does, without the wait: the browser has no access token any more.
  await context.clearCookies({ name: "access_token" });
  const renewal = page.waitForResponse((response) => response.url().endsWith("/api/auth/refresh"));
  await page.reload();
  assert.equal((await renewal).status(), 200);
  await page.getByRole("button", { name: "Account menu, ada Doe" }).waitFor();
  const renewed = (await context.cookies(app.url)).find(({ name }) => name === "refresh_token");
  assert.notEqual(renewed?.value, cookies.get("refresh_token")?.value, "the refresh token rotates");

  await page.getByRole("button", { name: /^Account menu/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await arrive(page, `${app.url}/`);
  await page.getByRole("button", { name: "Sign in with Test Provider" }).waitFor();
  const left = (await context.cookies(app.url)).map(({ name }) => name);
  assert.ok(!left.includes("access_token") && !left.includes("refresh_token"), left.join());
  await context.close();
});

test("somebody who denies consent is told so and can try again", async () => {
  const { context, watched, page } = await open();
  await page.goto(`${app.url}/auth/login`);
  await page.getByRole("button", { name: "Sign in with Test Provider" }).click();
  await arrive(page, `${provider.url}/interaction/**`);
  await page.getByRole("link", { name: /Cancel/ }).click();
  await arrive(page, `${app.url}/auth/callback**`);
  await page.getByRole("heading", { name: "You did not allow the sign-in" }).waitFor();
  await page.getByRole("button", { name: "Sign in with Test Provider" }).waitFor();
  const names = (await context.cookies(app.url)).map(({ name }) => name);
  assert.ok(!names.includes("access_token"));
  await page.getByRole("link", { name: "Back to the start" }).click();
  await arrive(page, `${app.url}/`);
  watched.assertClean();
  await context.close();
});

test("a provider that was never reached is told before anybody leaves the page", async () => {
  const lost = await startApp({ ...provider.env, OIDC_ISSUER_URL: "http://127.0.0.1:9" });
  const { context, page } = await open();
  await page.goto(`${lost.url}/auth/login`);
  const button = page.getByRole("button", { name: "Sign in with Test Provider" });
  await button.click();
  await page.getByText("The sign-in with Test Provider cannot begin").waitFor();
  assert.equal(await button.isEnabled(), true, "one can try again");
  await context.close();
  await lost.stop();
});

test("a callback that this browser did not begin is refused and leads back", async () => {
  const { context, watched, page } = await open();
  await page.goto(`${app.url}/auth/callback?code=stolen&state=foreign`);
  await page.getByRole("heading", { name: "This sign-in is no longer valid" }).waitFor();
  await page.getByRole("link", { name: "Back to the start" }).waitFor();
  assert.deepEqual(await context.cookies(app.url), []);
  watched.assertClean();
  await context.close();
});

test("a provider that is down is named, and signs in once it is back", async () => {
  const { context, watched, page } = await open();
  await page.goto(`${app.url}/auth/login`);
  const button = page.getByRole("button", { name: "Sign in with Test Provider" });
  await button.click();
  await arrive(page, `${provider.url}/interaction/**`);
  await page.locator('input[name="login"]').fill("bo");
  await page.locator('input[name="password"]').fill("any");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).waitFor();
  // It goes away after it sent the code back: the exchange finds nobody.
  const exchange = "**/api/auth/google/callback";
  await context.route(exchange, async (route) => {
    await provider.stop();
    await route.continue();
  });
  await page.getByRole("button", { name: "Continue" }).click();
  await arrive(page, `${app.url}/auth/callback**`);
  await page.getByRole("heading", { name: "Test Provider does not answer" }).waitFor();
  await page.getByRole("link", { name: "Back to the start" }).waitFor();

  // The server was not restarted and the page not reloaded. The provider still knows who consented.
  await context.unroute(exchange);
  await provider.listen();
  await page.getByRole("button", { name: "Sign in with Test Provider" }).click();
  await arrive(page, `${app.url}/portal`);
  await page.getByRole("button", { name: "Account menu, bo Doe" }).waitFor();
  watched.assertClean();
  await context.close();
});
