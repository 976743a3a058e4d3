// Rows that were set aside and cells that were emptied: found on the page, mended by keyboard, counted and asked about.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
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
/** 60 customers whose sizes have a decimal comma; one size is a word, three rows repeat a key, one has too many fields. */
const customers = `id;name;size
${lines(60, (i) => `${i};Customer ${i};${i},5`)}
61;=1+1;large
7;Zaphod;42,25
7;Trillian;43,75
8;Marvin;44,0
64;too;many;fields
`;

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

/** Imports the file by the API, with a key and a decimal size; gives the schema's id. */
async function imported(context) {
  await signInLocally(context, app);
  const headers = { origin: app.url };
  const file = { name: "customers.csv", mimeType: "text/csv", buffer: Buffer.from(customers) };
  const sent = await context.request.post(`${app.url}/api/csv/upload`, {
    headers,
    multipart: { file },
  });
  assert.ok(sent.ok(), await sent.text());
  const url = `${app.url}/api/schema`;
  const call = async (method, path, data) => {
    const answer = await context.request[method](url + path, { headers, data });
    assert.ok(answer.ok(), await answer.text());
    return answer.json();
  };
  const { id, schema_json } = await call("post", "/generate", {
    csv_ids: [(await sent.json()).id],
  });
  const [table] = schema_json.tables;
  table.primary_key = ["id"];
  table.columns.find((column) => column.name === "id").type = "INTEGER";
  table.columns.find((column) => column.name === "size").type = "DECIMAL";
  await call("put", `/${id}`, { schema_json });
  await call("post", `/${id}/approve`, { accept_losses: true });
  return id;
}

test("a row that was set aside is mended and added back by keyboard, and taken back", async () => {
  const context = await openContext(browser, { width: 1280 });
  const watched = await watch(context, app.url);
  const id = await imported(context);
  const page = await context.newPage();
  await page.goto(`${app.url}/portal/schema/review?id=${id}`);
  const result = page.getByRole("region", { name: "Import", exact: true });
  await result.getByText(/^4 rows set aside/).waitFor();
  await result.getByRole("button", { name: "Mend 4 rows" }).press("Enter");

  const list = page.getByRole("region", { name: "Rows set aside" });
  await list.getByRole("button", { name: /Mend line 63 / }).waitFor();
  assert.deepEqual(await pageFaults(page), []);
  await page.getByRole("button", { name: /an earlier row has the same id/ }).click();
  await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 3);
  await page.getByRole("searchbox").fill("zaphod");
  await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 1);
  await page.reload();
  assert.equal(await page.getByRole("searchbox").inputValue(), "zaphod");

  await list.getByRole("button", { name: /Mend line 63 / }).press("Enter");
  const sheet = page.getByRole("dialog", { name: "Line 63 of customers.csv" });
  const key = sheet.getByRole("textbox", { name: "id" });
  await sheet.getByText("an earlier row has the same id").first().waitFor();
  assert.ok(await key.evaluate((element) => element === document.activeElement));
  assert.deepEqual(await pageFaults(page), []);
  await page.keyboard.press("Control+a");
  await page.keyboard.type("seven");
  await sheet.getByRole("status").getByText('"seven" is not a whole number').waitFor();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("100");
  await sheet.getByText("It fits, and can be added back.").waitFor();
  await page.keyboard.press("Enter");
  await page.getByText("Line 63 was added to customers").waitFor();
  await page.getByText("Nothing matches").waitFor();
  await page.getByRole("tab", { name: "Rows set aside 3" }).waitFor();

  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("tab", { name: "Rows set aside 4" }).waitFor();
  await list.getByRole("button", { name: /Mend line 63 / }).waitFor();
  watched.assertClean();
  await context.close();
});

test("several rows take one value, a cell is filled, and the lists are downloaded", async () => {
  const context = await openContext(browser, { width: 1280 });
  const watched = await watch(context, app.url);
  const id = await imported(context);
  const page = await context.newPage();
  await page.goto(`${app.url}/portal/schema/review?id=${id}&tab=aside`);
  await page.getByRole("button", { name: "Download" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: "CSV", exact: true }).click();
  const text = await readFile(await (await download).path(), "utf8");
  assert.match(text, /^file,line,table,column,reason,raw text,id,name,size\r\n/);
  assert.match(text, /customers\.csv,63,customers,id,.*,7,Zaphod,"42,25"/);

  await page.getByRole("button", { name: "Mend these 4" }).click();
  const many = page.getByRole("dialog", { name: "Mend 4 rows at once" });
  await many.getByText("None of them fits like this.").waitFor();
  await many.getByRole("combobox", { name: "Column" }).selectOption("id");
  await many.getByLabel(/takes this value/).fill("200");
  await many.getByText("1 row would fit, 3 would not and stay set aside.").waitFor();
  await many.getByRole("button", { name: "Add back 1" }).click();
  await page.getByText("1 row added back").waitFor();

  await page.getByRole("tab", { name: "Emptied cells 1" }).click();
  await page.getByRole("button", { name: /Fill line 62 / }).click();
  const sheet = page.getByRole("dialog", { name: "size on line 62 of customers.csv" });
  await sheet.getByText('"large" is not a number').waitFor();
  await sheet.getByRole("textbox", { name: "size" }).fill("99,75");
  await sheet.getByText("It fits, and can be filled in.").waitFor();
  await sheet.getByRole("button", { name: "Fill the cell" }).click();
  await page.getByText("No cell was left empty for its text").waitFor();
  const sql = "SELECT count(*), max(size) FROM customers";
  const answer = await context.request.post(`${app.url}/api/query`, {
    headers: { origin: app.url },
    data: { schema_id: id, sql },
  });
  assert.deepEqual((await answer.json()).rows, [[62, 99.75]]);
  watched.assertClean();
  await context.close();
});

test("lists and editors fit a narrow page, light and dark", async () => {
  for (const theme of ["light", "dark"]) {
    const context = await openContext(browser, { width: 380, theme });
    const id = await imported(context);
    const page = await context.newPage();
    await page.goto(`${app.url}/portal/schema/review?id=${id}&tab=aside`);
    await page.getByRole("button", { name: /Mend line 63 / }).waitFor();
    await settle(page);
    assert.deepEqual(await pageFaults(page), []);
    await page.getByRole("button", { name: /Mend line 63 / }).click();
    const sheet = page.getByRole("dialog");
    await sheet.getByText("an earlier row has the same id").first().waitFor();
    assert.deepEqual(await pageFaults(page), []);
    await page.keyboard.press("Escape");
    await sheet.waitFor({ state: "hidden" });
    await page.getByRole("tab", { name: /Emptied cells/ }).click();
    await page.getByRole("button", { name: /Fill line 62 / }).click();
    await page.getByRole("dialog").getByText("The row as it is stored").waitFor();
    assert.deepEqual(await pageFaults(page), []);
    await context.close();
  }
});
