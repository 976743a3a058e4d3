// Questions that are not answered from their words alone are brought to the right answer by clicks: a choice, a chip, the
// builder. Against the real service, without a model.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startApp } from "./support/app.mjs";
import {
  answer,
  ask,
  launchBrowser,
  loadSampleDataset,
  openContext,
  watch,
} from "./support/browser.mjs";

/** More clicks than these are no help. */
const mostClicks = 4;

let app;
let browser;
let context;
let watched;
let page;
let clicks;

before(async () => {
  app = await startApp();
  browser = await launchBrowser();
  context = await openContext(browser);
  const { schemaId } = await loadSampleDataset(context, app);
  watched = await watch(context, app.url);
  page = await context.newPage();
  await page.goto(`${app.url}/portal/query?schema=${schemaId}`);
});
after(async () => {
  await browser?.close();
  await app?.stop();
});

const proof = () => answer(page).getByRole("region", { name: "Proof of the answer" });

async function click(locator) {
  clicks += 1;
  await locator.click();
}

const pressButton = (name, within = page) => click(within.getByRole("button", { name }));

/** Asks, does what `steps` do, and reads the table of the answer. */
async function steered(question, steps) {
  clicks = 0;
  const answers = page.getByRole("article", { name: "Answer" });
  const before = await answers.count();
  await ask(page, question);
  await answers.nth(before).waitFor();
  await steps();
  await proof().waitFor();
  assert.ok(clicks <= mostClicks, `${question}: ${clicks} clicks`);
  await proof().getByRole("tab", { name: "Table" }).click();
  const rows = await proof().getByRole("row").allInnerTexts();
  return rows.slice(1).map((row) => row.split(/\s*[\t\n]\s*/));
}

test("a reading that is not sure enough is taken by one click", async () => {
  const rows = await steered("how many orders did the average customer place?", () =>
    pressButton(/number of different customers.*7\.18/),
  );
  assert.match(rows[0].join(" "), /7\.18/);
});

test("of two readings the one that is meant is taken by one click", async () => {
  const rows = await steered("median price", () => pressButton(/median list price.*16\.2/));
  assert.match(rows[0].join(" "), /16\.2/);
});

test("the builder begins with what was understood, and asks it", async () => {
  const rows = await steered('how many units of "Filter Papers 100" were sold', async () => {
    await pressButton("Build it instead", answer(page));
    const dialog = page.getByRole("dialog", { name: "Build a question" });
    await dialog
      .getByText(/product name is “Filter Papers 100”/)
      .first()
      .waitFor();
    await pressButton("Ask", dialog);
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });
  assert.equal(rows.length, 1);
});

test("shares of the total are built from what was understood", async () => {
  const rows = await steered(
    "revenue of each channel as a percentage of the total, 2024 only",
    async () => {
      await pressButton("Build it instead", answer(page));
      await pressButton("Ask", page.getByRole("dialog", { name: "Build a question" }));
      await page.getByRole("dialog").waitFor({ state: "detached" });
    },
  );
  const shares = rows.map((row) => Number.parseFloat(row.at(-1)));
  const total = shares.reduce((sum, share) => sum + share, 0);
  assert.ok(rows.length > 1 && Math.abs(total - 100) < 0.1, JSON.stringify(rows));
});

test("a figure that was not read is added as a chip", async () => {
  const rows = await steered(
    "how many products in each category, and what do they cost on average?",
    async () => {
      await pressButton(/Counts all products, for each category/);
      await proof().waitFor();
      const chips = answer(page).getByRole("list", { name: "How the question was read" });
      await pressButton("add", chips);
      await click(page.getByRole("button", { name: "Measure", exact: true }));
      await click(page.getByRole("option", { name: /Average list price/ }));
      await chips.getByText(/Average list price/i).waitFor();
    },
  );
  const beans = rows.find(([category]) => category === "Beans");
  assert.equal(beans[1], "12");
  assert.match(beans[2], /^\d+\.\d/);
});

test("nothing went wrong on the way", async () => {
  watched.assertClean();
  await context.close();
});
