// Photographs every page with the sample data loaded. Usage: npm run screenshots -- FOLDER [NAME FILTER]
import { mkdir } from "node:fs/promises";
import path from "node:path";

import { startApp } from "./support/app.mjs";
import { launchBrowser, loadSampleDataset, openContext, settle } from "./support/browser.mjs";
import { screens } from "./support/screens.mjs";

const [folder = "screenshots", filter = ""] = process.argv.slice(2);
await mkdir(folder, { recursive: true });
const app = await startApp();
const browser = await launchBrowser();
try {
  const first = await openContext(browser);
  const dataset = await loadSampleDataset(first, app);
  const cookies = await first.cookies();
  for (const width of [1440, 380]) {
    for (const theme of ["light", "dark"]) {
      for (const screen of screens(dataset).filter(({ name }) => name.includes(filter))) {
        const context = await openContext(browser, { width, theme });
        if (!screen.isPublic) await context.addCookies(cookies);
        const page = await context.newPage();
        await page.goto(app.url + screen.path);
        await settle(page);
        await screen.act?.(page);
        await page.mouse.move(0, 0);
        await page.waitForTimeout(400);
        await page.screenshot({ path: path.join(folder, `${screen.name}-${width}-${theme}.png`) });
        await context.close();
      }
    }
  }
} finally {
  await browser.close();
  await app.stop();
}
