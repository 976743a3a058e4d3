// Takes the pictures of the landing page, light and dark, from a running server in local mode that has an approved
// dataset: BASE_URL=http://127.0.0.1:8000 node e2e/product-shot.mjs "question"
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

import { chromium } from "playwright-core";

const base = process.env.BASE_URL ?? "http://127.0.0.1:8000";
const question = process.argv[2] ?? "What is the average list price of products by category?";
const folder = path.join(import.meta.dirname, "..", "public", "screenshots");

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
const context = await browser.newContext({
  viewport: { width: 1360, height: 850 },
  deviceScaleFactor: 1.5,
  reducedMotion: "reduce",
});
const page = await context.newPage();
await page.goto(`${base}/auth/login`);
await page.getByRole("button", { name: "Continue on this computer" }).click();
await page.waitForURL(/\/portal/);
const { schemas } = await (await page.request.get(`${base}/api/schema/list`)).json();
const dataset = schemas.find(({ status }) => status === "executed");
if (!dataset) throw new Error("There is no approved dataset to ask");

await page.goto(`${base}/portal/query?schema=${dataset.id}`);
await page.getByRole("textbox").last().fill(question);
await page.keyboard.press("Enter");
await page.getByRole("tab", { name: "SQL" }).last().waitFor();
await page.waitForTimeout(2000);
await page.evaluate(() => document.activeElement?.blur());

/** Chromium itself turns the PNG into a WebP of a fifth of its size. */
function encodeWebp(source) {
  const image = new Image();
  image.src = source;
  return image.decode().then(() => {
    const canvas = document.createElement("canvas");
    canvas.width = image.width;
    canvas.height = image.height;
    canvas.getContext("2d").drawImage(image, 0, 0);
    return canvas.toDataURL("image/webp", 0.86);
  });
}

await mkdir(folder, { recursive: true });
const converter = await context.newPage();
for (const colorScheme of ["light", "dark"]) {
  await page.emulateMedia({ colorScheme });
  await page.waitForTimeout(1000);
  const png = await page.screenshot();
  const webp = await converter.evaluate(
    encodeWebp,
    `data:image/png;base64,${png.toString("base64")}`,
  );
  await writeFile(
    path.join(folder, `ask-${colorScheme}.webp`),
    Buffer.from(webp.split(",")[1], "base64"),
  );
}
await browser.close();
