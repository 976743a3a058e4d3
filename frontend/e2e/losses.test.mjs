// Rows without a partner and values that do not fit: told before the import, chosen by the user, listed afterwards.
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

const lines = (count, line) => Array.from({ length: count }, (_, i) => line(i + 1)).join("\n");
const customers = `id,name\n${lines(40, (i) => `${i},Customer ${i}`)}\n`;
/** 3 of 200 orders name customers 41 and 42; 1 amount is no number. */
const orders = `id,customer_id,amount\n${lines(200, (i) => {
  const customer = i > 197 ? 41 + (i % 2) : (i % 40) + 1;
  return `${i},${customer},${i === 7 ? "tbd" : i * 10}`;
})}\n`;

let app;
let browser;

before(async () => {
  app = await startApp({ MAX_CSV_FILES: "10" });
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await app?.stop();
});

/** Uploads both files and generates their schema, by the API; `amount` is made a number, `customer_id` a reference. Gives the
 *  schema's id. */
async function generate(context) {
  await signInLocally(context, app);
  const headers = { origin: app.url };
  const upload = async (name, text) => {
    const file = { name, mimeType: "text/csv", buffer: Buffer.from(text) };
    const sent = await context.request.post(`${app.url}/api/csv/upload`, {
      headers,
      multipart: { file },
    });
    assert.ok(sent.ok(), await sent.text());
    return (await sent.json()).id;
  };
  const csv_ids = [await upload("customers.csv", customers), await upload("orders.csv", orders)];
  const url = `${app.url}/api/schema`;
  const made = await context.request.post(`${url}/generate`, { headers, data: { csv_ids } });
  assert.ok(made.ok(), await made.text());
  const { id, schema_json } = await made.json();
  const table = schema_json.tables.find(({ name }) => name === "orders");
  table.columns.find(({ name }) => name === "amount").type = "INTEGER";
  schema_json.relationships = [
    {
      from_table: "orders",
      from_columns: ["customer_id"],
      to_table: "customers",
      to_columns: ["id"],
      cardinality: "many-to-one",
    },
  ];
  const saved = await context.request.put(`${url}/${id}`, { headers, data: { schema_json } });
  assert.ok(saved.ok(), await saved.text());
  return id;
}

test("rows without a partner are set aside where that is chosen, and emptied cells are listed", async () => {
  const context = await openContext(browser, { width: 1280 });
  const watched = await watch(context, app.url);
  const id = await generate(context);
  const page = await context.newPage();
  await page.goto(`${app.url}/portal/schema/review?id=${id}`);
  const foot = page.locator("footer");
  await foot.getByText("240 rows will be stored").waitFor();
  await foot.getByRole("button", { name: "1 cell becomes empty" }).waitFor();

  await foot.getByRole("button", { name: "3 rows without their partner" }).click();
  const decisions = page.getByRole("complementary", { name: "Decisions" });
  await decisions.getByText("3 orders name 2 customers that are not there").waitFor();
  const choice = decisions.getByRole("combobox", { name: /without a partner/ });
  await choice.selectOption("Set these orders aside");
  await foot.getByRole("button", { name: "3 rows set aside" }).waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await foot.getByRole("button", { name: "3 rows without their partner" }).waitFor();
  assert.equal(await choice.inputValue(), "keep");
  await page.getByRole("button", { name: "Redo" }).click();
  await foot.getByText("237 rows will be stored").waitFor();

  await page.getByRole("button", { name: /Approve & import 2 tables, 237 rows/ }).click();
  await page.getByRole("button", { name: "Import without them" }).click();
  const result = page.getByRole("region", { name: "Import", exact: true });
  await result.getByText("237 rows stored in 2 tables").waitFor();
  await result.getByRole("button", { name: "Mend 3 rows" }).click();
  const aside = page.getByRole("region", { name: "Rows set aside" });
  await aside.getByRole("row", { name: /orders\.csv 199 orders customer_id/ }).waitFor();
  await page.getByRole("tab", { name: "Emptied cells 1" }).click();
  const emptied = page.getByRole("region", { name: "Emptied cells" });
  await emptied.getByRole("row", { name: /orders\.csv 8 orders amount .* tbd/ }).waitFor();
  watched.assertClean();
  await context.close();
});

test("the choices stand on a narrow page too, where the foot opens the reasons", async () => {
  for (const theme of ["light", "dark"]) {
    const context = await openContext(browser, { width: 380, theme });
    const id = await generate(context);
    const page = await context.newPage();
    await page.goto(`${app.url}/portal/schema/review?id=${id}`);
    const foot = page.locator("footer");
    await foot.getByRole("button", { name: "1 cell becomes empty" }).click();
    const misfits = page.getByRole("combobox", { name: "Values that do not fit: amount" });
    await misfits.selectOption("set the rows aside");
    await foot.getByRole("button", { name: "1 row set aside" }).waitFor();
    await settle(page);
    assert.deepEqual(await pageFaults(page), []);
    await foot.getByRole("button", { name: "3 rows without their partner" }).click();
    const sheet = page.getByRole("dialog", { name: "Decisions" });
    await sheet.getByText("3 orders name 2 customers that are not there").waitFor();
    await sheet
      .getByRole("combobox", { name: /without a partner/ })
      .selectOption("Keep them and add placeholder customers");
    await sheet.getByText("The added rows of customers hold their key and nothing else.").waitFor();
    assert.deepEqual(await pageFaults(page), []);
    await page.keyboard.press("Escape");
    await foot.getByRole("button", { name: "2 placeholder rows added" }).waitFor();
    await context.close();
  }
});
