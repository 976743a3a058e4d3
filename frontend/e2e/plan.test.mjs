// The plan of an answer in people's hands: chips, pick lists, the builder, choices; against an invented API.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startFakeApi } from "./fake-api.mjs";
import { schemas } from "./fake-data.mjs";
import {
  answer,
  ask,
  launchBrowser,
  openContext,
  pageFaults,
  settle,
  watch,
} from "./support/browser.mjs";

const dataset = schemas.find(({ status }) => status === "executed").id;

let api;
let browser;

before(async () => {
  api = await startFakeApi();
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  api?.stop();
});

/** The page where questions are asked, with what the chat has sent. */
async function openAsk(options) {
  const context = await openContext(browser, options);
  const watched = await watch(context, api.url);
  const page = await context.newPage();
  const { turns } = api;
  turns.length = 0;
  await page.goto(`${api.url}/portal/query?schema=${dataset}`);
  await page.getByRole("textbox", { name: "Your question" }).waitFor();
  const close = async () => {
    watched.assertClean();
    await context.close();
  };
  return { page, turns, close };
}

async function openAnswer(options) {
  const opened = await openAsk(options);
  await ask(opened.page, "Which country spent the most in 2024?");
  await chips(opened.page).waitFor();
  return opened;
}

const chips = (page) => answer(page).getByRole("list", { name: "How the question was read" });
const chip = (page, name) => chips(page).getByRole("button", { name });
const focused = (locator) => locator.evaluate((element) => element === document.activeElement);

/** Waits for the answer after so many, which says `text`. */
async function nextAnswer(page, count, text) {
  const answers = page.getByRole("article", { name: "Answer" });
  await answers.nth(count).waitFor();
  await chip(page, text).waitFor();
}

test("a chip is changed by keyboard, and the change is a turn of its own", async () => {
  const { page, turns, close } = await openAnswer();
  await chip(page, "Group: by country").focus();
  await page.keyboard.press("Enter");
  const search = page.getByPlaceholder("Search…");
  await search.waitFor();
  assert.ok(await focused(search), "typing searches at once");
  await page.getByRole("option", { name: /by country.*now/ }).waitFor();
  await page.keyboard.type("month");
  await page.getByRole("option", { name: "by country" }).waitFor({ state: "detached" });
  await page.keyboard.press("Enter");
  await nextAnswer(page, 1, "by month of ordered at");
  const { messages, plan } = turns.at(-1);
  assert.equal(messages.at(-1).parts[0].text, "By month of ordered at instead of by country");
  assert.equal(plan.document.parts[1].label, "by country", "the plan goes back as it came");
  assert.equal(plan.changes.length, 1);
  assert.deepEqual(plan.changes[0].put.chip, "group.0");
  await close();
});

test("Escape closes a list without a turn and gives the focus back", async () => {
  const { page, turns, close } = await openAnswer();
  const group = chip(page, "Group: by country");
  await group.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("option").first().waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("option").first().waitFor({ state: "detached" });
  await page.waitForFunction(() => document.activeElement?.textContent?.includes("by country"));
  assert.equal(turns.length, 1);
  await close();
});

test("an assumed part says why, and is removed", async () => {
  const { page, turns, close } = await openAnswer();
  await chip(page, "Period: ordered at: 2024 assumed").click();
  await page.getByText("Two dates fit; ordered at is when orders happen.").waitFor();
  await page.getByRole("button", { name: "Remove" }).click();
  await nextAnswer(page, 1, "highest first");
  assert.deepEqual(turns.at(-1).plan.changes, [{ remove: "period.0" }]);
  assert.equal(await chips(page).getByText("ordered at: 2024").count(), 0);
  await close();
});

test("a filter is added from the list, and another one is written", async () => {
  const { page, turns, close } = await openAnswer();
  await chip(page, "add").click();
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByPlaceholder("Search…").fill("ger");
  await page.getByRole("option", { name: "country is “France”" }).waitFor({ state: "detached" });
  await page.keyboard.press("Enter");
  await nextAnswer(page, 1, "country is “Germany”");
  await chip(page, "add").click();
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByRole("button", { name: "Write a filter…" }).click();
  await page.getByLabel("Column", { exact: true }).selectOption("order_items.quantity");
  await page.getByLabel("Condition").selectOption("between");
  await page.getByLabel("From").fill("2");
  await page.getByRole("button", { name: "Apply" }).click();
  await page.getByRole("alert").getByText("Fill in both values.").waitFor();
  await page.getByLabel("Until").fill("1,000");
  await page.keyboard.press("Enter");
  await nextAnswer(page, 2, "quantity between 2 and 1000");
  assert.deepEqual(turns.at(-1).plan.changes, [
    { where: { column: "order_items.quantity", operator: "between", values: [2, 1000] } },
  ]);
  await close();
});

test("a question is built and asked by keyboard alone", async () => {
  const { page, turns, close } = await openAsk();
  await page.getByRole("button", { name: "Build a question" }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Build a question" });
  await dialog.waitFor();
  const pick = async (button, text) => {
    for (let i = 0; i < 30 && !(await focused(button)); i += 1) await page.keyboard.press("Tab");
    assert.ok(await focused(button), `${button} is reached by Tab`);
    await page.keyboard.press("Enter");
    await page.keyboard.type(text);
    await page.waitForTimeout(400);
    await page.keyboard.press("Enter");
  };
  const start = dialog.getByRole("button", { name: "choose what to see" });
  await start.waitFor();
  await page.waitForFunction(() => document.activeElement?.closest('[role="dialog"]'));
  for (let i = 0; i < 10 && !(await focused(start)); i += 1) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "The rows of a table" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await page.getByRole("option", { name: "Total amount" }).waitFor();
  await page.keyboard.press("Enter");
  await dialog.getByText("Total amount.").waitFor();
  await pick(dialog.getByRole("button", { name: "group", exact: true }), "country");
  await dialog.getByText("Total amount, by country.").waitFor();
  await dialog.getByText("6 rows; the first 5 are:").waitFor();
  const send = dialog.getByRole("button", { name: "Ask" });
  for (let i = 0; i < 30 && !(await focused(send)); i += 1) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await nextAnswer(page, 0, "by country");
  const { messages, plan } = turns.at(-1);
  assert.equal(messages.at(-1).parts[0].text, "Total amount, by country.");
  assert.deepEqual(plan.changes, []);
  assert.deepEqual(
    plan.document.parts.map(({ label }) => label),
    ["Total amount", "by country"],
  );
  assert.ok(await focused(page.getByRole("textbox", { name: "Your question" })));
  await close();
});

test("a change that does not fit is said, undone, and the rest of the question kept", async () => {
  const { page, close } = await openAsk();
  await page.getByRole("button", { name: "Build a question" }).click();
  const dialog = page.getByRole("dialog", { name: "Build a question" });
  await dialog.getByRole("button", { name: "choose what to see" }).click();
  await page.getByRole("button", { name: "A figure" }).click();
  await page.getByRole("option", { name: "Number of orders" }).click();
  await dialog.getByText("Number of orders.").waitFor();
  await dialog.getByRole("button", { name: "group", exact: true }).click();
  await page.getByRole("option", { name: "by city" }).click();
  await dialog.getByRole("alert").getByText("Orders have nothing to do with cities.").waitFor();
  assert.ok(await dialog.getByRole("button", { name: "Ask" }).isDisabled());
  await dialog.getByRole("button", { name: "Undo this change" }).click();
  await dialog.getByText("Number of orders.").waitFor();
  assert.ok(await dialog.getByRole("button", { name: "Ask" }).isEnabled());
  await close();
});

test("a choice shows what it gives and sends its plan", async () => {
  const { page, turns, close } = await openAsk();
  await ask(page, "Which country is best?");
  await page.getByRole("button", { name: /Number of orders.*Germany, 1,204/ }).click();
  await nextAnswer(page, 1, "Number of orders");
  assert.equal(turns.at(-1).plan.document.parts[0].label, "Number of orders");
  await close();
});

test("what was not understood is built instead, from the likeliest reading", async () => {
  const { page, close } = await openAsk();
  await ask(page, "Which country is best?");
  await page.getByRole("button", { name: "Build it instead" }).click();
  const dialog = page.getByRole("dialog", { name: "Build a question" });
  await dialog.getByRole("button", { name: "Measure: Total amount" }).waitFor();
  await page.keyboard.press("Escape");
  await ask(page, "How is the weather?");
  await answer(page).getByText("Nothing in this data is called “weather”.").waitFor();
  await answer(page).getByRole("button", { name: "Build it instead" }).click();
  await dialog.getByRole("button", { name: "choose what to see" }).waitFor();
  await close();
});

test("a question that did not get away is back in the field, and sent once", async () => {
  const { page, turns, close } = await openAsk();
  await page.route("**/api/chat", (route) => route.abort(), { times: 1 });
  await ask(page, "Which country spent the most?");
  await page.getByRole("alert").getByText("Your question is back in the field below.").waitFor();
  const field = page.getByRole("textbox", { name: "Your question" });
  assert.equal(await field.inputValue(), "Which country spent the most?");
  await ask(page, "Which country spent the most in 2024?");
  await chips(page).waitFor();
  assert.equal(await page.getByRole("article", { name: "You asked" }).count(), 1);
  assert.equal(turns.length, 1);
  assert.equal(await field.inputValue(), "");
  await close();
});

test("a step that did not get away is tried again with its plan", async () => {
  const { page, turns, close } = await openAnswer();
  await page.route("**/api/chat", (route) => route.abort(), { times: 1 });
  await chip(page, "Order: highest first").click();
  await page.getByRole("button", { name: "Remove" }).click();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("article", { name: "Answer" }).nth(1).waitFor();
  assert.deepEqual(turns.at(-1).plan.changes, [{ remove: "order.0" }]);
  await close();
});

for (const width of [1440, 380])
  for (const theme of ["light", "dark"])
    test(`chips, lists, forms, choices and the builder at ${width} px, ${theme}: no serious fault`, async () => {
      const faults = [];
      const folder = process.env.SCREENSHOTS;
      const { page, close } = await openAnswer({ width, theme });
      const look = async (name) => {
        await settle(page);
        for (const fault of await pageFaults(page)) faults.push(`${name}: ${fault}`);
        if (folder) await page.screenshot({ path: `${folder}/${name}-${width}-${theme}.png` });
      };
      const dialog = page.getByRole("dialog", { name: "Build a question" });
      await look("chips");
      await chip(page, "Period: ordered at: 2024 assumed").click();
      await page.getByRole("option").first().waitFor();
      await look("list");
      await page.getByRole("button", { name: "Other dates…" }).click();
      await look("period");
      await page.keyboard.press("Escape");
      await chip(page, "add").click();
      await page.getByRole("button", { name: "Filter", exact: true }).waitFor();
      await look("add");
      await page.getByRole("button", { name: "Filter", exact: true }).click();
      await page.getByRole("button", { name: "Write a filter…" }).click();
      await look("filter");
      await page.keyboard.press("Escape");
      await ask(page, "Which country is best?");
      await page.getByRole("button", { name: "Build it instead" }).waitFor();
      await look("choices");
      await page.getByRole("button", { name: "Build a question" }).click();
      await dialog.getByRole("button", { name: "choose what to see" }).waitFor();
      await look("builder-empty");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Build it instead" }).click();
      await dialog.getByText("Germany").waitFor();
      await look("builder");
      await dialog.getByRole("button", { name: "filter", exact: true }).click();
      await page.getByRole("option").first().waitFor();
      await look("builder-list");
      await page.getByRole("option").first().click();
      await dialog.getByRole("button", { name: "group", exact: true }).click();
      await page.getByRole("option", { name: "by city" }).click();
      await dialog.getByRole("alert").waitFor();
      await look("builder-refused");
      await close();
      assert.deepEqual(faults, []);
    });
