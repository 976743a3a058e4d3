// Settings: sessions seen and ended, what was done, and the account taken away with everything in it.
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";

import { startApp } from "./support/app.mjs";
import {
  arrive,
  launchBrowser,
  loadSampleDataset,
  openContext,
  settle,
  signInLocally,
  watch,
} from "./support/browser.mjs";

const firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0";

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

/** A browser of its own, signed in, with a page at `target`. */
async function openSignedIn(target, options = {}) {
  const context = await openContext(browser, options);
  await signInLocally(context, app);
  const watched = await watch(context, app.url);
  const page = await context.newPage();
  await page.goto(app.url + target);
  await settle(page);
  return { context, watched, page };
}

function section(page, name) {
  return page.getByRole("region", { name });
}

const sessions = (page) => section(page, "Where you are signed in");

/** The click after which a page has to ask the server. */
async function openSettings(page) {
  await page.getByRole("button", { name: /^Account menu/ }).click();
  await page.getByRole("menuitem", { name: "Settings" }).click();
}

async function assertSignedOut(page) {
  await arrive(page, "**/auth/login?**reason=expired**");
  await page.getByText("Your session has ended.").waitFor();
  await page.getByRole("button", { name: "Continue on this computer" }).waitFor();
}

async function filesIn(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

const dataFiles = async () =>
  (
    await Promise.all(["uploads", "databases"].map((name) => filesIn(path.join(app.folder, name))))
  ).flat();

test("a session that is ended in one browser is over in the other at its next click", async () => {
  const own = await openSignedIn("/portal/settings");
  const other = await openSignedIn("/portal", { userAgent: firefox });
  await own.page.reload();
  const list = sessions(own.page).getByRole("listitem");
  await list.filter({ hasText: "Firefox on Windows" }).waitFor();
  assert.equal(await list.count(), 2);
  const current = list.filter({ hasText: "This browser" });
  assert.equal(await current.count(), 1);
  assert.match(await current.innerText(), /Chrome on Linux/);
  assert.equal(await current.getByRole("button").count(), 0, "one's own is ended by signing out");

  await own.page.getByRole("button", { name: "End the session of Firefox on Windows" }).click();
  await own.page.getByText("The session was ended").waitFor();
  await list.filter({ hasText: "Firefox on Windows" }).waitFor({ state: "detached" });
  assert.equal(await list.count(), 1);

  await openSettings(other.page);
  await assertSignedOut(other.page);
  await own.page.reload();
  await current.waitFor();
  own.watched.assertClean();
  other.watched.assertClean();
  await Promise.all([own.context.close(), other.context.close()]);
});

test("signing out everywhere ends this browser's session and the others'", async () => {
  const own = await openSignedIn("/portal/settings");
  const other = await openSignedIn("/portal", { userAgent: firefox });
  await own.page.getByRole("button", { name: "Sign out everywhere" }).click();
  await arrive(own.page, `${app.url}/`);
  await own.page.getByRole("button", { name: "Continue on this computer" }).first().waitFor();
  const left = (await own.context.cookies(app.url)).map(({ name }) => name);
  assert.ok(!left.includes("access_token") && !left.includes("refresh_token"), left.join());

  await openSettings(other.page);
  await assertSignedOut(other.page);
  own.watched.assertClean();
  other.watched.assertClean();
  await Promise.all([own.context.close(), other.context.close()]);
});

test("the activity says in words what was done, newest first, and reads on", async () => {
  const context = await openContext(browser);
  await loadSampleDataset(context, app);
  const watched = await watch(context, app.url);
  const page = await context.newPage();
  await page.goto(`${app.url}/portal/settings`);
  const rows = section(page, "Your activity").getByRole("row");
  await rows.filter({ hasText: "Approved a schema and imported the data" }).waitFor();
  const older = page.getByRole("button", { name: "Show older" });
  while (await older.isVisible()) {
    const count = await rows.count();
    await older.click();
    await page.waitForFunction((before) => document.querySelectorAll("tr").length > before, count);
  }
  const said = (await rows.allInnerTexts()).slice(1).map((text) => text.split(/[\t\n]/)[0].trim());
  const approved = said.indexOf("Approved a schema and imported the data");
  const generated = said.indexOf("Generated a schema");
  const uploaded = said.indexOf("Uploaded a file");
  assert.ok(0 <= approved && approved < generated && generated < uploaded, said.join(", "));
  for (const earlier of ["Signed out everywhere", "Ended a session", "Signed in"]) {
    assert.ok(said.lastIndexOf(earlier) > uploaded, `${earlier} of: ${said.join(", ")}`);
  }
  watched.assertClean();
  await context.close();
});

test("the account goes only after its confirmation, and takes files and databases with it", async () => {
  const { context, watched, page } = await openSignedIn("/portal/settings");
  assert.ok((await dataFiles()).length > 1, "there is something to remove");
  const open = page.getByRole("button", { name: "Remove account" });
  const dialog = page.getByRole("dialog");
  const confirm = dialog.getByRole("button", { name: "Remove everything" });
  const field = dialog.getByRole("textbox");

  await open.click();
  assert.ok(await confirm.isDisabled(), "nothing is typed yet");
  await field.fill("remove");
  assert.ok(await confirm.isDisabled());
  await field.press("Enter");
  await dialog.getByRole("button", { name: "Keep the account" }).click();
  await dialog.waitFor({ state: "detached" });
  assert.ok((await dataFiles()).length > 1, "everything is still there");

  await open.click();
  assert.equal(await field.inputValue(), "", "what was typed before does not count");
  await field.fill("remove everything");
  await confirm.click();
  await arrive(page, `${app.url}/auth/login?reason=removed`);
  await page.getByText("Your account and everything in it has been removed.").waitFor();
  assert.deepEqual(await dataFiles(), []);
  const left = (await context.cookies(app.url)).map(({ name }) => name);
  assert.ok(!left.includes("access_token") && !left.includes("refresh_token"), left.join());

  await page.getByRole("button", { name: "Continue on this computer" }).click();
  await arrive(page, "**/portal");
  await page.getByRole("button", { name: "Try the sample data" }).waitFor();
  watched.assertClean();
  await context.close();
});
