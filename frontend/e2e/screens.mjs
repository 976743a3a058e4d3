// Photographs every screen at 1440 and 380 px, light and dark, in several states; checks each with axe, for
// sideways overflow and for messages in the console. Usage: node e2e/screens.mjs [folder] [name filter]
import { mkdir } from "node:fs/promises";
import path from "node:path";

import AxeBuilder from "@axe-core/playwright";
import { chromium } from "playwright-core";

import { startFakeApi } from "./fake-api.mjs";

const [folder = "screens", filter = ""] = process.argv.slice(2);
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";

const openFirstFile = async (page) => {
  await page
    .getByRole("button", { name: /orders\.csv/ })
    .first()
    .click();
  await page.getByRole("grid").waitFor();
};
const dropBadFiles = async (page) => {
  await page.locator('input[type="file"]').setInputFiles([
    { name: "more.csv", mimeType: "text/csv", buffer: Buffer.from("a,b\n1,2\n") },
    { name: "book.xlsx", mimeType: "application/octet-stream", buffer: Buffer.from("PK") },
  ]);
  await page.getByText("spreadsheet").waitFor();
};
const openPalette = async (page) => {
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").waitFor();
};

const screens = [
  { name: "landing", path: "/", scenario: "signed-out" },
  { name: "landing-oidc", path: "/", scenario: "oidc" },
  {
    name: "login-local",
    path: "/auth/login?next=/portal/upload&reason=expired",
    scenario: "signed-out",
  },
  { name: "login-oidc", path: "/auth/login", scenario: "oidc" },
  { name: "callback-denied", path: "/auth/callback?error=access_denied&state=x", scenario: "oidc" },
  { name: "portal", path: "/portal", scenario: "full" },
  { name: "portal-empty", path: "/portal", scenario: "empty" },
  { name: "portal-error", path: "/portal", scenario: "error" },
  { name: "portal-loading", path: "/portal", scenario: "slow" },
  { name: "palette", path: "/portal", scenario: "full", act: openPalette },
  { name: "upload", path: "/portal/upload", scenario: "full" },
  { name: "upload-open", path: "/portal/upload", scenario: "full", act: openFirstFile },
  { name: "upload-refused", path: "/portal/upload", scenario: "full", act: dropBadFiles },
  { name: "upload-empty", path: "/portal/upload", scenario: "empty" },
  { name: "upload-error", path: "/portal/upload", scenario: "error" },
  { name: "settings", path: "/portal/settings", scenario: "full" },
  { name: "not-found", path: "/no/such/page", scenario: "full" },
].filter(({ name }) => name.includes(filter));

const expectedMessages = /Failed to load resource|status of (4|5)\d\d/;

await mkdir(folder, { recursive: true });
const server = await startFakeApi();
const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu"],
});
let faults = 0;
const report = (line) => {
  faults += 1;
  console.log(line);
};

for (const width of [1440, 380]) {
  for (const theme of ["light", "dark"]) {
    for (const screen of screens) {
      const label = `${screen.name}-${width}-${theme}`;
      const context = await browser.newContext({
        viewport: { width, height: width === 380 ? 800 : 900 },
        colorScheme: theme,
        reducedMotion: "reduce",
      });
      await context.addCookies([{ name: "scenario", value: screen.scenario, url: server.url }]);
      const page = await context.newPage();
      page.on("console", (message) => {
        if (
          ["error", "warning"].includes(message.type()) &&
          !expectedMessages.test(message.text())
        ) {
          report(`${label}: console: ${message.text().slice(0, 300)}`);
        }
      });
      page.on("pageerror", (error) => report(`${label}: ${error.message}`));
      page.on("request", (request) => {
        if (!request.url().startsWith(server.url) && !/^(data|blob):/.test(request.url())) {
          report(`${label}: request to ${request.url()}`);
        }
      });
      await page.goto(server.url + screen.path);
      await page.waitForTimeout(screen.scenario === "error" ? 4000 : 700);
      try {
        await screen.act?.(page);
      } catch (error) {
        report(`${label}: ${String(error).split("\n")[0]}`);
      }
      await page.waitForTimeout(300);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      if (overflow > 0) report(`${label}: ${overflow} px wider than the window`);
      const { violations } = await new AxeBuilder({ page }).analyze();
      for (const { id, impact, nodes } of violations) {
        report(
          `${label}: axe ${impact} ${id}: ${nodes
            .map(({ target }) => target.join(" "))
            .slice(0, 4)
            .join(" | ")}`,
        );
      }
      await page.screenshot({
        path: path.join(folder, `${label}.png`),
        fullPage: screen.name.startsWith("landing"),
      });
      await context.close();
    }
  }
}
await browser.close();
server.stop();
console.log(`${screens.length * 4} screens, ${faults} faults`);
process.exitCode = faults > 0 ? 1 : 0;
