// The pages that are checked and photographed, with the sample data loaded.

const openTab = (name) => async (page) => {
  await page.getByRole("tab", { name, exact: true }).first().click();
  if (name === "Graph") await page.locator(".react-flow__node").first().waitFor();
  if (name === "Chart") await page.locator("svg.recharts-surface").first().waitFor();
};

async function openFirstFile(page) {
  await page
    .getByRole("button", { name: /orders\.csv/ })
    .first()
    .click();
  await page.getByRole("grid").waitFor();
}

async function openPalette(page) {
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").waitFor();
}

/** Name, path and what to do there; `isPublic` ones are seen before signing in. */
export function screens({ schemaId, conversationId }) {
  const review = `/portal/schema/review?id=${schemaId}`;
  const query = `/portal/query?schema=${schemaId}`;
  return [
    { name: "landing", path: "/", isPublic: true },
    { name: "login", path: "/auth/login", isPublic: true },
    { name: "callback-denied", path: "/auth/callback?error=access_denied&state=x", isPublic: true },
    { name: "not-found", path: "/no/such/page", isPublic: true },
    { name: "portal", path: "/portal" },
    { name: "palette", path: "/portal", act: openPalette },
    { name: "upload", path: "/portal/upload" },
    { name: "upload-open", path: "/portal/upload", act: openFirstFile },
    { name: "generate", path: "/portal/schema/generate" },
    { name: "review", path: review },
    { name: "review-graph", path: `${review}&tab=graph`, act: openTab("Graph") },
    { name: "review-sql", path: `${review}&tab=sql` },
    { name: "review-dbml", path: `${review}&tab=sql&format=dbml` },
    { name: "query-empty", path: query },
    { name: "query", path: `${query}&c=${conversationId}`, act: openTab("Chart") },
    { name: "query-table", path: `${query}&c=${conversationId}`, act: openTab("Table") },
    { name: "query-how", path: `${query}&c=${conversationId}`, act: openTab("How") },
    { name: "query-sql", path: `${query}&mode=sql` },
    { name: "settings", path: "/portal/settings" },
  ];
}
