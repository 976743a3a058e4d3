// Every page at two widths, light and dark: axe, sideways overflow, the policy.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startApp } from "./support/app.mjs";
import {
  launchBrowser,
  loadSampleDataset,
  openContext,
  pageFaults,
  settle,
  signInLocally,
  watch,
} from "./support/browser.mjs";
import { screens } from "./support/screens.mjs";

let app;
let browser;
let dataset;

before(async () => {
  app = await startApp();
  browser = await launchBrowser();
  const context = await openContext(browser);
  dataset = await loadSampleDataset(context, app);
  await context.close();
});
after(async () => {
  await browser?.close();
  await app?.stop();
});

/** Of a session that this test alone uses: one pass takes minutes, and an access token lives for five. */
async function freshCookies() {
  const context = await openContext(browser);
  await signInLocally(context, app);
  const cookies = await context.cookies();
  await context.close();
  return cookies;
}

for (const width of [1440, 380]) {
  for (const theme of ["light", "dark"]) {
    test(`every page at ${width} px, ${theme}: no serious fault, no sideways overflow`, async () => {
      const faults = [];
      const cookies = await freshCookies();
      for (const screen of screens(dataset)) {
        const context = await openContext(browser, { width, theme });
        if (!screen.isPublic) await context.addCookies(cookies);
        const watched = await watch(context, app.url);
        const page = await context.newPage();
        await page.goto(app.url + screen.path);
        await settle(page);
        await screen.act?.(page);
        for (const fault of await pageFaults(page)) faults.push(`${screen.name}: ${fault}`);
        for (const fault of watched.faults) faults.push(`${screen.name}: ${fault}`);
        await context.close();
      }
      assert.deepEqual(faults, []);
    });
  }
}
