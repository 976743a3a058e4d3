// Own files by the file chooser, one of them refused, and cells that would be dangerous if they were obeyed.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startApp } from "./support/app.mjs";
import {
  answer,
  arrive,
  ask,
  launchBrowser,
  openContext,
  signInLocally,
  watch,
} from "./support/browser.mjs";

const pngStart = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d]);
const csv = (name, text) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
const evilCell = "<img src=x onerror=alert(1)>";

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

test("own files: two are taken, a picture named .csv is refused in plain words", async () => {
  const context = await openContext(browser);
  const watched = await watch(context, app.url);
  await signInLocally(context, app);
  const page = await context.newPage();
  await page.goto(`${app.url}/portal/upload`);

  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Choose files" }).click();
  await (
    await chooser
  ).setFiles([
    csv("teams.csv", "team_id;team;city\n1;Otters;Malmö\n2;Herons;Ghent\n3;Lynxes;Graz\n"),
    csv(
      "players.csv",
      "player_id;player;team_id;salary\n" +
        "10;Ada;1;1200,50\n11;Bo;1;900,00\n12;Cy;2;1100,25\n13;Di;3;700,75\n14;Ed;2;950,00\n",
    ),
    {
      name: "picture.csv",
      mimeType: "text/csv",
      buffer: Buffer.concat([pngStart, Buffer.alloc(200)]),
    },
  ]);

  const files = page.getByRole("list", { name: "Files" });
  await files.getByRole("button", { name: /^teams\.csv/ }).waitFor();
  await files.getByRole("button", { name: /^players\.csv.*5 rows × 4 columns/s }).waitFor();
  const refused = files.getByRole("listitem").filter({ hasText: "picture.csv" });
  const words = await refused.getByRole("alert").innerText();
  assert.match(words, /image|picture|PNG|not a CSV|not text/i);
  assert.doesNotMatch(words, /\/(tmp|home|work)\//, "no path of the server's files");

  await files.getByRole("button", { name: /^players\.csv/ }).click();
  await page.getByRole("grid").getByText("Ada").waitFor();
  await page.getByRole("link", { name: /Generate schema from 2 files/ }).click();
  await page.getByRole("button", { name: /Generate schema from 2 files/ }).click();
  await arrive(page, "**/portal/schema/review**");
  await page.getByRole("button", { name: /Approve & import 2 tables, 8 rows/ }).click();
  await page.getByText("8 rows stored in 2 tables").waitFor();
  watched.assertClean();
  await context.close();
});

test("F84: markup in a cell is shown as the text that it is", async () => {
  const context = await openContext(browser);
  const watched = await watch(context, app.url);
  await signInLocally(context, app);
  const page = await context.newPage();
  await page.goto(`${app.url}/portal/upload`);
  await page
    .locator('input[type="file"]')
    .setInputFiles([
      csv(
        "notes.csv",
        `note_id,note,points\n1,${evilCell},3\n2,![x](http://127.0.0.1:9/leak.png),5\n3,plain,8\n`,
      ),
    ]);
  const row = page.getByRole("button", { name: /^notes\.csv/ });
  await row.click();
  await page.getByRole("grid").getByText(evilCell).waitFor();
  await page.getByRole("link", { name: /Generate schema from 1 file/ }).click();
  await page.getByRole("button", { name: /Generate schema from 1 file/ }).click();
  await arrive(page, "**/portal/schema/review**");
  await page.getByRole("button", { name: /Approve & import 1 table/ }).click();
  await page.getByRole("link", { name: "Ask a question" }).click();
  await ask(page, "Show all notes");
  const proof = answer(page).getByRole("region", { name: "Proof of the answer" });
  await proof.waitFor();
  const table = proof.getByRole("tab", { name: "Table" });
  await table.click();
  await proof.getByRole("cell", { name: evilCell }).waitFor();
  assert.equal(await page.locator('img[src="x"], img[src*="leak"]').count(), 0);
  watched.assertClean();
  await context.close();
});
