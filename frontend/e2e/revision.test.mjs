// An approved dataset is changed: what changes is shown before it is applied, conversations stay, and it can be undone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startApp } from "./support/app.mjs";
import {
  launchBrowser,
  openContext,
  pageFaults,
  settle,
  signInLocally,
  watch,
} from "./support/browser.mjs";

const customers = "id,name,size\n1,Ann,5\n2,Bob,6\n3,Cleo,7\n";

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

/** A dataset of one file, approved, with a conversation. Gives its id. */
async function approved(context) {
  await signInLocally(context, app);
  const headers = { origin: app.url };
  const file = { name: "customers.csv", mimeType: "text/csv", buffer: Buffer.from(customers) };
  const sent = await context.request.post(`${app.url}/api/csv/upload`, {
    headers,
    multipart: { file },
  });
  const csv_ids = [(await sent.json()).id];
  const url = `${app.url}/api/schema`;
  const made = await context.request.post(`${url}/generate`, { headers, data: { csv_ids } });
  const { id } = await made.json();
  const done = await context.request.post(`${url}/${id}/approve`, { headers });
  assert.ok(done.ok(), await done.text());
  const messages = [{ role: "user", content: "How many customers are there?" }];
  const data = { schema_id: id, messages };
  const asked = await context.request.post(`${app.url}/api/chat`, { headers, data });
  assert.ok(asked.ok(), await asked.text());
  return id;
}

test("a dataset is changed, asked as before, and brought back", async () => {
  const context = await openContext(browser, { width: 1280 });
  const watched = await watch(context, app.url);
  const id = await approved(context);
  const page = await context.newPage();
  await page.goto(`${app.url}/portal/schema/review?id=${id}`);
  const changes = page.getByRole("region", { name: "Changes" });
  await changes.getByRole("button", { name: "Change it" }).click();
  await changes.getByRole("heading", { name: "Changes to customers" }).waitFor();
  await changes.getByText("Nothing is changed yet.").waitFor();

  await page.getByRole("button", { name: "Rename table customers" }).click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("clients");
  await page.keyboard.press("Enter");
  await changes.getByText("customers is called clients").waitFor();
  await changes.getByText("Only names change: no file is read, and all data stay.").waitFor();
  await settle(page);
  assert.deepEqual(await pageFaults(page), []);

  await page.getByRole("button", { name: /^Apply the changes to 1 table/ }).click();
  await page.waitForURL((url) => url.searchParams.get("id") === id);
  const undo = changes.getByRole("button", { name: "Undo the last changes" });
  await undo.waitFor();
  await page.getByText("clients", { exact: true }).first().waitFor();
  await settle(page);
  assert.deepEqual(await pageFaults(page), []);
  const kept = await context.request.get(`${app.url}/api/conversations?schema_id=${id}`);
  assert.equal((await kept.json()).conversations.length, 1);

  await undo.click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByText(/Nothing is lost/).waitFor();
  await dialog.getByRole("button", { name: "Undo the changes" }).click();
  await changes.getByRole("link", { name: "See the changes" }).click();
  await changes.getByText("customers is called clients").waitFor();
  await changes.getByRole("button", { name: "Throw away" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Throw away" }).click();
  await changes.getByRole("button", { name: "Change it" }).waitFor();
  watched.assertClean();
  await context.close();
});
