// The schema's name, its graph and its definitions: renamed in place, drawn and taken away by hand and by keyboard, saved.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
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

/** The sample data as a schema that is not approved yet, by the API. Gives its id. */
async function generate(context) {
  await signInLocally(context, app);
  const headers = { origin: app.url };
  const send = async (path, data) => {
    const sent = await context.request.post(app.url + path, { headers, data });
    assert.ok(sent.ok(), await sent.text());
    return sent.json();
  };
  const { csv_files } = await send("/api/samples/load", {});
  const listed = await (await context.request.get(`${app.url}/api/csv/list`)).json();
  const files = csv_files.length > 0 ? csv_files : listed.csv_files;
  return (await send("/api/schema/generate", { csv_ids: files.map(({ id }) => id) })).id;
}

async function stored(context, id) {
  return (await context.request.get(`${app.url}/api/schema/${id}`)).json();
}

const arrows = ({ schema_json }) =>
  schema_json.relationships
    .map((r) => `${r.from_table}.${r.from_columns} > ${r.to_table}.${r.to_columns}`)
    .sort();

const row = (page, table, column) =>
  page.locator(`[data-table="${table}"][data-column="${column}"]`);

/** Drags from a column's handle to a place on another column's line. */
async function draw(page, [fromTable, fromColumn], [toTable, toColumn]) {
  const from = row(page, fromTable, fromColumn);
  await from.hover();
  const handle = await from.locator(".react-flow__handle-right").boundingBox();
  const target = await row(page, toTable, toColumn).boundingBox();
  await page.mouse.move(handle.x + handle.width / 2, handle.y + handle.height / 2);
  await page.mouse.down();
  await page.mouse.move(target.x + 40, target.y + target.height / 2, { steps: 12 });
  await page.mouse.move(target.x + target.width / 2, target.y + target.height / 2, { steps: 4 });
  await page.mouse.up();
}

/** Waits until what `read` gives is `wanted`. */
async function until(read, wanted) {
  let last;
  for (const end = Date.now() + 15_000; Date.now() < end;) {
    last = await read();
    if (JSON.stringify(last) === JSON.stringify(wanted)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.deepEqual(last, wanted);
}

const FOUND = [
  "order_items.order_id > orders.order_id",
  "order_items.product_id > products.product_id",
  "orders.customer_id > customers.customer_id",
];

test("references are drawn and taken away in the graph, by hand and by keyboard", async () => {
  const context = await openContext(browser, { width: 1360 });
  const watched = await watch(context, app.url);
  const id = await generate(context);
  const page = await context.newPage();
  await page.goto(`${app.url}/portal/schema/review?id=${id}&tab=graph`);
  const edges = page.locator(".react-flow__edge");
  await edges.nth(2).waitFor();
  const save = async () => arrows(await stored(context, id));
  await until(save, FOUND);

  // With the keyboard: the focus is on the edge, and stays among the edges.
  const edge = page.getByLabel(/^order_items product_id points at products product_id, any number/);
  await edge.focus();
  await page.keyboard.press("Delete");
  await until(save, [FOUND[0], FOUND[2]]);
  assert.equal(await edges.count(), 2);
  const focused = await page.evaluate(() =>
    document.activeElement?.closest(".react-flow__edge")?.getAttribute("aria-label"),
  );
  assert.match(focused ?? "", /points at/);

  // By hand: dropped anywhere on the line of the key.
  await draw(page, ["order_items", "product_id"], ["products", "product_id"]);
  await page.getByText("order_items.product_id points at products.product_id now").waitFor();
  await until(save, FOUND);
  await page.getByRole("button", { name: "Undo" }).click();
  await until(save, [FOUND[0], FOUND[2]]);
  await page.getByRole("button", { name: "Redo" }).click();
  await until(save, FOUND);

  // Not to what is no key, and the message offers the way that can be had.
  await draw(page, ["products", "product_id"], ["order_items", "quantity"]);
  await page.getByText(/order_items\.quantity is not a key/).waitFor();
  await until(save, FOUND);
  await page.getByRole("button", { name: "The other way" }).click();
  await until(save, [FOUND[0], FOUND[1], "order_items.quantity > products.product_id", FOUND[2]]);

  // A chosen edge says what it is and has its own way out.
  const wrong = page.getByLabel(/^order_items quantity points at/);
  await wrong.focus();
  await page.keyboard.press("Enter");
  await page
    .getByRole("button", {
      name: "Remove the reference order_items.quantity → products.product_id",
    })
    .click();
  await until(save, FOUND);
  watched.assertClean();
  await context.close();
});

test("the graph is arranged again and saved as a picture", async () => {
  const context = await openContext(browser, { width: 1360, acceptDownloads: true });
  const watched = await watch(context, app.url);
  const id = await generate(context);
  const page = await context.newPage();
  await page.goto(`${app.url}/portal/schema/review?id=${id}&tab=graph`);
  const node = page.locator('.react-flow__node[data-id="customers"]');
  const place = () => node.evaluate((element) => element.style.transform);
  await node.waitFor();
  const first = await place();
  const box = await node.boundingBox();
  await page.mouse.move(box.x + 40, box.y + 14);
  await page.mouse.down();
  await page.mouse.move(box.x - 60, box.y + 160, { steps: 8 });
  await page.mouse.up();
  const moved = await place();
  assert.notEqual(moved, first);
  // A change of the schema leaves the boxes where they are.
  await page.getByLabel(/^orders customer_id points at/).focus();
  await page.keyboard.press("Delete");
  await until(async () => page.locator(".react-flow__edge").count(), 2);
  assert.equal(await place(), moved);
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("button", { name: "Arrange" }).click();
  await until(place, first);

  const save = async (format) => {
    await page.getByRole("button", { name: "Save", exact: true }).click();
    const waiting = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: `as ${format}` }).click();
    const download = await waiting;
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  };
  const svg = await save("SVG");
  assert.equal(svg.name, "Orders and 3 more.svg");
  const text = svg.bytes.toString();
  for (const part of ["order_items", "customer_id", "2,600 rows", "DECIMAL"])
    assert.ok(text.includes(part), part);
  assert.doesNotMatch(text, /oklch|var\(|foreignObject|NaN|Infinity/);
  const png = await save("PNG");
  assert.equal(png.name, "Orders and 3 more.png");
  assert.equal(png.bytes.subarray(1, 4).toString(), "PNG");
  assert.ok(png.bytes.readUInt32BE(16) > 1000, "its width in points");
  watched.assertClean();
  await context.close();
});

test("the definition is shown in four languages, follows edits, is copied and taken along", async () => {
  const context = await openContext(browser, {
    width: 1360,
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const watched = await watch(context, app.url);
  const id = await generate(context);
  const page = await context.newPage();
  await page.goto(`${app.url}/portal/schema/review?id=${id}&tab=sql`);
  const shown = (label) => page.getByRole("region", { name: `The tables in ${label}` });
  assert.match(await shown("SQLite").innerText(), /CREATE TABLE "customers"[\s\S]*STRICT/);
  const parts = {
    PostgreSQL: [/"unit_price" numeric/, "Orders and 3 more.postgresql.sql"],
    DBML: [/Ref: "orders"."customer_id" > "customers"."customer_id"/, "Orders and 3 more.dbml"],
    Mermaid: [/"orders" }o--\|\| "customers" : "customer_id"/, "Orders and 3 more.mmd"],
  };
  for (const [label, [part, file]] of Object.entries(parts)) {
    await page.getByRole("radio", { name: label }).click();
    const text = await shown(label).innerText();
    assert.match(text, part);
    await page.getByRole("button", { name: /^Copy the/ }).click();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(copied, part);
    const waiting = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download as a file" }).click();
    const download = await waiting;
    assert.equal(download.suggestedFilename(), file);
    assert.equal(await readFile(await download.path(), "utf8"), copied);
  }
  // The address keeps the language; an edit elsewhere is in the text as soon as it is stored.
  await page.reload();
  await shown("Mermaid").waitFor();
  await page.getByRole("tab", { name: "Tables" }).click();
  await page.getByRole("button", { name: "Rename column city" }).click();
  await page.keyboard.type("town");
  await page.keyboard.press("Enter");
  await page.getByRole("tab", { name: "SQL" }).click();
  await until(async () => /\btext town\b/.test(await shown("Mermaid").innerText()), true);
  watched.assertClean();
  await context.close();
});

test("a dataset is renamed in its review, on its card and where one asks", async () => {
  const context = await openContext(browser, { width: 1360 });
  const watched = await watch(context, app.url);
  const { schemaId } = await loadSampleDataset(context, app);
  const page = await context.newPage();
  const rename = async (name) => {
    const field = page.getByRole("textbox", { name: /^New name of dataset/ });
    await field.fill(name);
    await page.keyboard.press("Enter");
    await field.waitFor({ state: "detached" });
    await until(async () => (await stored(context, schemaId)).name, name);
  };
  // After the approval too.
  await page.goto(`${app.url}/portal/schema/review?id=${schemaId}`);
  const title = page.getByRole("heading", { level: 1 });
  await title.getByRole("button", { name: /^Rename dataset/ }).click();
  const field = page.getByRole("textbox", { name: /^New name of dataset/ });
  await field.fill(" ");
  await page.getByText("A name is needed.").waitFor();
  await rename("Coffee shop");
  await title.getByText("Coffee shop").waitFor();

  await page.goto(`${app.url}/portal`);
  const card = page.getByRole("article").filter({ hasText: "Coffee shop" });
  await card.getByRole("button", { name: "More for Coffee shop" }).click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  await rename("Café 2024");
  await page.getByRole("link", { name: "Café 2024", exact: true }).click();

  await page.getByRole("button", { name: "Rename dataset Café 2024" }).click();
  await rename("The roastery");
  await page
    .getByRole("combobox", { name: "Data to ask about" })
    .getByText("The roastery")
    .waitFor();
  watched.assertClean();
  await context.close();
});

test("graph and definitions fit a narrow page, light and dark", async () => {
  for (const theme of ["light", "dark"]) {
    const context = await openContext(browser, { width: 380, theme });
    const id = await generate(context);
    const page = await context.newPage();
    for (const tab of ["graph", "sql", "sql&format=postgresql"]) {
      await page.goto(`${app.url}/portal/schema/review?id=${id}&tab=${tab}`);
      await settle(page);
      assert.deepEqual(await pageFaults(page), [], `${tab}, ${theme}`);
    }
    await context.close();
  }
});
