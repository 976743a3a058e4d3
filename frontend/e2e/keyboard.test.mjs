// The path by keyboard alone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startApp } from "./support/app.mjs";
import { answer, arrive, launchBrowser, openContext, watch } from "./support/browser.mjs";

const maxTabs = 60;

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

/** Presses Tab until `locator` has the focus, then Enter; the focus must be visible. */
async function tabTo(page, locator) {
  await locator.waitFor();
  for (let i = 0; i < maxTabs; i += 1) {
    await page.keyboard.press("Tab");
    if (await locator.evaluate((element) => element === document.activeElement)) {
      const isMarked = await locator.evaluate((element) => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
        return (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
      });
      assert.ok(isMarked, "the focus is visible");
      return;
    }
  }
  assert.fail(`${locator} is not reached within ${maxTabs} presses of Tab`);
}

async function press(page, locator) {
  await tabTo(page, locator);
  await page.keyboard.press("Enter");
}

test("sign in, sample data, import, ask, palette and sign-out by keyboard alone", async () => {
  const context = await openContext(browser);
  const watched = await watch(context, app.url);
  const page = await context.newPage();
  await page.goto(app.url);
  await press(page, page.getByRole("button", { name: "Continue on this computer" }));
  await arrive(page, "**/portal");
  await press(page, page.getByRole("button", { name: "Try the sample data" }));
  await arrive(page, "**/portal/schema/generate**");
  await press(page, page.getByRole("button", { name: /Generate schema from 4 files/ }));
  await arrive(page, "**/portal/schema/review**");
  const tables = page.getByRole("tab", { name: "Tables" });
  await tabTo(page, tables);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.getByRole("tabpanel", { name: "SQL" }).waitFor();
  await press(page, page.getByRole("button", { name: /Approve & import/ }));
  await press(page, page.getByRole("link", { name: "Ask a question" }));
  await arrive(page, "**/portal/query**");
  const field = page.getByRole("textbox", { name: "Your question" });
  await field.waitFor();
  await page.keyboard.press("Escape");
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press("/");
  assert.ok(await field.evaluate((element) => element === document.activeElement));
  assert.equal(await field.inputValue(), "", "the slash itself is not typed");
  await page.keyboard.type("How many customers are there?");
  await page.keyboard.press("Enter");
  await answer(page).getByText("420").first().waitFor();

  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.type("Upload files");
  await page.keyboard.press("Enter");
  await arrive(page, "**/portal/upload");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("Sign out");
  await page.keyboard.press("Enter");
  await arrive(page, `${app.url}/`);
  watched.assertClean();
  await context.close();
});
