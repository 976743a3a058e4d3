// Chromium, and what every page is watched for.
import assert from "node:assert/strict";

import AxeBuilder from "@axe-core/playwright";
import { chromium } from "playwright-core";

export const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
export const question = "Which 5 customers spent the most?";

export function launchBrowser() {
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
}

/** A context that looks like a desktop or, at 380 px, like a phone. */
export async function openContext(browser, options = {}) {
  const { width = 1440, theme = "light", ...rest } = options;
  const context = await browser.newContext({
    viewport: { width, height: width < 600 ? 800 : 900 },
    colorScheme: theme,
    reducedMotion: "reduce",
    locale: "en-GB",
    ...rest,
  });
  context.setDefaultTimeout(20_000);
  return context;
}

/** Collects what must not happen on a page of `origin`: policy violations, requests elsewhere, errors in scripts. */
export async function watch(context, origin) {
  const faults = [];
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`Content Security Policy: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  const isOurs = (url) => /^(data|blob|about):/.test(url) || url.startsWith(`${origin}/`);
  context.on("request", (request) => {
    const isInside =
      !request.isNavigationRequest() && request.frame().url().startsWith(`${origin}/`);
    if (isInside && !isOurs(request.url())) faults.push(`request to ${request.url()}`);
  });
  context.on("console", (message) => {
    if (/Content[- ]Security[- ]Policy/i.test(message.text())) faults.push(message.text());
  });
  context.on("weberror", (error) => faults.push(`script: ${error.error().message}`));
  context.on("dialog", (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return { faults, assertClean: () => assert.deepEqual(faults, []) };
}

/** Serious faults that axe finds, and sideways overflow, each as one line. */
export async function pageFaults(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const faults = violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, impact, nodes }) => {
      const where = nodes.slice(0, 3).map(({ target }) => target.join(" "));
      return `${impact} ${id}: ${where.join(" | ")}`;
    });
  const overflow = await page.evaluate(() => {
    const { scrollWidth } = document.scrollingElement;
    return scrollWidth - window.innerWidth;
  });
  if (overflow > 0) faults.push(`${overflow} px wider than the window`);
  return faults;
}

/** Waits until nothing says that it is loading. */
export async function settle(page) {
  await page.waitForLoadState("networkidle");
  await page.waitForFunction(
    () => !document.querySelector('[aria-label^="Loading"], [aria-busy="true"]'),
  );
}

export function answer(page) {
  return page.getByRole("article", { name: "Answer" }).last();
}

export async function ask(page, text) {
  await page.getByRole("textbox", { name: "Your question" }).fill(text);
  await page.getByRole("button", { name: "Ask", exact: true }).click();
}

async function post(context, app, path, data) {
  const response = await context.request.post(app.url + path, {
    headers: { origin: app.url },
    ...(data === undefined ? {} : { data }),
  });
  assert.ok(response.ok(), `${path}: ${response.status()} ${await response.text()}`);
  return response;
}

/** Signs in locally, by the API. */
export async function signInLocally(context, app) {
  await post(context, app, "/api/auth/local");
}

/** The sample data as an imported dataset with one question asked, by the API. Gives the schema's id. */
export async function loadSampleDataset(context, app, options = {}) {
  await signInLocally(context, app);
  const loaded = await (await post(context, app, "/api/samples/load")).json();
  const { id } = await (
    await post(context, app, "/api/schema/generate", {
      csv_ids: loaded.csv_files.map((file) => file.id),
      ...options,
    })
  ).json();
  await post(context, app, `/api/schema/${id}/approve`);
  const chat = await post(context, app, "/api/chat", {
    schema_id: id,
    messages: [{ role: "user", content: question }],
  });
  return { schemaId: id, conversationId: chat.headers()["x-conversation-id"] };
}

/** Waits for an address (`**` stands for anything); pages change without a load of their own. */
export function arrive(page, glob) {
  const pattern =
    glob instanceof RegExp
      ? glob.source
      : `^${glob
          .split("**")
          .map((part) => part.replace(/[.?+^$()[\]{}|\\]/g, "\\$&"))
          .join(".*")}$`;
  return page
    .waitForFunction((source) => new RegExp(source).test(window.location.href), pattern, {
      polling: 50,
    })
    .catch(() => {
      throw new Error(`${page.url()} instead of ${glob}`);
    });
}
