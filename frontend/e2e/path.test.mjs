// A newcomer's path, from the first page to signing out, without a model.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startApp } from "./support/app.mjs";
import {
  answer,
  arrive,
  ask,
  launchBrowser,
  openContext,
  question,
  settle,
  watch,
} from "./support/browser.mjs";

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

test("the whole path: sample data, review, import, answer with its proof, history, sign-out", async () => {
  const context = await openContext(browser);
  const watched = await watch(context, app.url);
  const page = await context.newPage();

  await page.goto(app.url);
  await page.getByRole("button", { name: "Continue on this computer" }).click();
  await arrive(page, "**/portal");
  await page.getByRole("button", { name: "Try the sample data" }).click();
  await arrive(page, "**/portal/schema/generate**");
  await page.getByRole("button", { name: /Generate schema from 4 files/ }).click();

  await arrive(page, "**/portal/schema/review**");
  const decisions = page.getByRole("complementary", { name: "Decisions" });
  await decisions
    .getByText(/customer_id/)
    .first()
    .waitFor();
  for (const table of ["customers", "orders", "order_items", "products"]) {
    await page.getByRole("tabpanel").getByText(table, { exact: true }).first().waitFor();
  }
  await page.getByRole("tab", { name: "Graph" }).click();
  await page.locator(".react-flow__node").nth(3).waitFor();
  assert.equal(await page.locator(".react-flow__node").count(), 4);
  await page.getByRole("tab", { name: "SQL" }).click();
  const definition = page.getByRole("region", { name: "The tables in SQLite" });
  await definition.waitFor();
  const statements = await definition.innerText();
  assert.match(statements, /CREATE TABLE/);
  assert.match(statements, /REFERENCES/);
  assert.match(statements, /STRICT/);
  await page.getByRole("tab", { name: "Tables" }).click();

  await page.getByRole("button", { name: /Approve & import 4 tables/ }).click();
  await page
    .getByRole("region", { name: "Import" })
    .getByText(/rows? stored in 4 tables/)
    .waitFor();
  await page.getByRole("link", { name: "Ask a question" }).click();
  await arrive(page, "**/portal/query**");

  await ask(page, question);
  const proof = answer(page).getByRole("region", { name: "Proof of the answer" });
  await proof.waitFor();
  await proof.getByRole("tab", { name: "Chart" }).click();
  await proof.locator("svg.recharts-surface").first().waitFor();
  await proof.getByRole("tab", { name: "Table" }).click();
  assert.equal(await proof.getByRole("row").count(), 6, "a heading and five rows");
  await proof.getByRole("tab", { name: "SQL" }).click();
  const sql = await proof.getByRole("tabpanel", { name: "SQL" }).innerText();
  assert.match(sql, /SELECT/i);
  assert.match(sql, /LIMIT\s+5/i);
  await proof.getByRole("tab", { name: "How" }).click();
  await proof.getByText("Built in, without a model").waitFor();
  const words = await answer(page).innerText();
  assert.ok(words.length > 40, `an answer in words, not only its proof: ${words}`);

  await arrive(page, /[?&]c=/);
  await page.reload();
  await answer(page).getByRole("region", { name: "Proof of the answer" }).waitFor();
  const history = page.getByRole("complementary", { name: "Conversations" });
  await history.getByRole("button", { name: question, exact: true }).waitFor();
  await page.goto(`${app.url}/portal`);
  await page
    .getByRole("link", { name: new RegExp(question.replace("?", "\\?")) })
    .first()
    .click();
  await answer(page).getByRole("region", { name: "Proof of the answer" }).waitFor();

  await page.getByRole("button", { name: /^Account menu/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await arrive(page, `${app.url}/`);
  await page.getByRole("button", { name: "Continue on this computer" }).waitFor();
  await page.goto(`${app.url}/portal`);
  await arrive(page, "**/auth/login**");

  watched.assertClean();
  await context.close();
});

const budgetBytes = 350_000;
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

test("the first load of the portal's pages stays within its budget of compressed JavaScript", async () => {
  for (const path of ["/portal", "/portal/query", "/portal/upload"]) {
    const context = await openContext(browser);
    await context.request.post(`${app.url}/api/auth/local`, { headers: { origin: app.url } });
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    const scripts = new Map();
    session.on("Network.requestWillBeSent", ({ requestId, type, initiator }) => {
      if (type === "Script")
        scripts.set(requestId, { isFirst: initiator.type === "parser", bytes: 0 });
    });
    session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      const script = scripts.get(requestId);
      if (script) script.bytes = encodedDataLength;
    });
    await page.goto(app.url + path);
    await settle(page);
    const all = [...scripts.values()];
    const sum = (list) => list.reduce((total, { bytes }) => total + bytes, 0);
    const first = all.filter(({ isFirst }) => isFirst);
    console.log(
      `${path}: first load ${kilobytes(sum(first))} in ${first.length} scripts; with what comes after ${kilobytes(sum(all))} in ${all.length}`,
    );
    assert.ok(first.length > 0);
    assert.ok(sum(first) < budgetBytes, `${path} loads ${sum(first)} bytes of scripts at first`);
    await context.close();
  }
});
