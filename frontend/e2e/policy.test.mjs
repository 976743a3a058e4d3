// What the page's Content-Security-Policy refuses is refused by the browser, and the server hears of it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startApp } from "./support/app.mjs";
import { launchBrowser, openContext } from "./support/browser.mjs";

let app;
let browser;

before(async () => {
  app = await startApp();
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await app?.stop();
});

async function violations(directive) {
  const metrics = await (await fetch(`${app.url}/metrics`)).text();
  const found = new RegExp(`^csp_violations_total\\{directive="${directive}"\\} (\\d+)`, "m").exec(
    metrics,
  );
  return Number(found?.[1] ?? 0);
}

test("F84: a picture from elsewhere and a script in the page are refused and reported", async () => {
  const context = await openContext(browser);
  const requested = [];
  context.on("request", (request) => requested.push(request.url()));
  const page = await context.newPage();
  await page.goto(`${app.url}/`);
  await page.evaluate(() => {
    const picture = document.createElement("img");
    picture.src = "https://elsewhere.example/pixel.png?secret=1";
    const script = document.createElement("script");
    script.textContent = "window.hasRun = true";
    document.body.append(picture, script);
  });
  assert.equal(await page.evaluate(() => "hasRun" in window), false);
  const deadline = Date.now() + 15_000;
  while (Date.now() < deadline) {
    if ((await violations("img-src")) > 0 && (await violations("script-src")) > 0) break;
    await page.waitForTimeout(100);
  }
  assert.ok((await violations("img-src")) > 0, "the picture was reported");
  assert.ok((await violations("script-src")) > 0, "the script was reported");
  assert.ok(!app.log().includes("secret=1"), "no more than the origin is logged");
  await context.close();
});
