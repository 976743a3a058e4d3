// How long the built-in engine takes to answer over a large dataset: 50 tables, a million rows. Printed, never judged.
//   node scripts/bench-answers.mjs [BINARY] [--even]
// Most of the rows lie in one table, as in a shop; with --even each table has as many.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const given = process.argv.slice(2);
const even = given.includes("--even");
const binary = resolve(given.find((one) => !one.startsWith("--")) ?? "target/release/data-query-agent");
const folder = mkdtempSync(join(tmpdir(), "dqa-answers-"));
const port = 18900 + Math.floor(Math.random() * 90);
const base = `http://127.0.0.1:${port}`;
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const show = (what, value) => console.log(`${what.padEnd(62)} ${value}`);

// The same numbers every time.
let state = 20261122;
const random = (below) => {
  state = (state * 1103515245 + 12345) % 2147483648;
  return Math.floor((state / 2147483648) * below);
};
const pick = (list) => list[random(list.length)];
const day = (from, to) => new Date(Date.UTC(from, 0, 1) + random((to - from) * 365) * 86_400_000).toISOString().slice(0, 10);
const table = (name, header, count, row) => {
  const lines = [header];
  for (let at = 1; at <= count; at += 1) lines.push(row(at));
  return { name, rows: count, text: `${lines.join("\n")}\n` };
};
const countries = ["Germany", "France", "Spain", "Italy", "Poland", "Austria", "Norway", "Ireland"];
const tables = [
  table("customers", "customer_id,name,country,joined_on,newsletter", even ? 20_000 : 60_000, (at) => `${at},Customer ${at},${pick(countries)},${day(2019, 2026)},${pick(["yes", "no"])}`),
  table("products", "product_id,title,category,price", even ? 20_000 : 6_000, (at) => `${at},Product ${at},${pick(["Tea", "Coffee", "Mugs", "Kettles"])},${(random(9000) / 100 + 1).toFixed(2)}`),
  table("stores", "store_id,city,opened_on", even ? 20_000 : 200, (at) => `${at},City ${at},${day(2010, 2024)}`),
  table("orders", "order_id,customer_id,store_id,ordered_at,status", even ? 20_000 : 250_000, (at) => `${at},${1 + random(even ? 20_000 : 60_000)},${1 + random(even ? 20_000 : 200)},${day(2023, 2026)},${pick(["paid", "paid", "paid", "cancelled", "open"])}`),
  table("order_items", "item_id,order_id,product_id,quantity,unit_price", even ? 20_000 : 594_800, (at) => `${at},${1 + random(even ? 20_000 : 250_000)},${1 + random(even ? 20_000 : 6_000)},${1 + random(5)},${(random(9000) / 100 + 1).toFixed(2)}`),
];
const things = ["supplier", "warehouse", "shipment", "carrier", "invoice", "payment", "refund", "coupon", "campaign", "visit", "review", "ticket", "agent", "shift", "machine", "repair", "sensor", "reading", "alarm", "contract", "site", "meter", "tariff", "bill", "vehicle", "driver", "trip", "route", "course", "teacher", "student", "grade", "room", "booking", "guest", "patient", "doctor", "drug", "lab_test", "claim", "policy", "loan", "branch", "account", "transfer"];
things.forEach((thing, number) => {
  const parent = number > 0 ? things[number - 1] : null;
  const header = `${thing}_id,${thing}_name,${parent ? `${parent}_id,` : ""}${thing}_kind,started_on,amount_${number}`;
  tables.push(table(`${thing}s`, header, even ? 20_000 : 1_978, (at) => `${at},${thing} ${at},${parent ? `${1 + random(even ? 20_000 : 1_978)},` : ""}${pick(["basic", "plus", "premium"])},${day(2022, 2026)},${random(100_000) / 100}`));
});
const rows = tables.reduce((sum, one) => sum + one.rows, 0);

const questions = [
  "How many customers are there?", "How many orders were cancelled?", "orders per month in 2025", "customers by country",
  "How many customers are from Germany?", "top 10 products by quantity sold", "average price by category", "orders by status",
  "customers who never ordered anything", "share of orders that were cancelled", "median price", "total quantity by category",
  "which store had the most orders?", "orders per weekday", "number of drivers", "average amount 24 of vehicles by kind",
  "invoices started in 2024", "suppliers that are premium", "How many guests are there?", "the 5 most expensive products",
  "products whose price is above the average", "orders in march 2025", "customers with more than 10 orders", "sum of amount 4 by invoice kind",
  "how many readings does each sensor have", "who joined in 2025", "latest order", "customers that get the newsletter",
];

const server = spawn(binary, ["serve"], {
  cwd: folder, stdio: ["ignore", "ignore", "inherit"],
  env: {
    PATH: process.env.PATH, PORT: String(port), DATABASE_URL: `sqlite://${folder}/metadata.db`, UPLOAD_DIR: `${folder}/uploads`,
    USER_DB_DIR: `${folder}/databases`, KEYS_DIR: `${folder}/keys`, OLLAMA_BASE_URL: "http://127.0.0.1:9", RATE_LIMIT_CHAT_PER_MINUTE: "0",
    RATE_LIMIT_UPLOAD_PER_MINUTE: "0", RATE_LIMIT_PER_MINUTE: "0", MAX_UPLOAD_SIZE: "100000000", MAX_CSV_FILES: "100", RUST_LOG: "error",
  },
});
try {
  for (;;) {
    try {
      if ((await fetch(`${base}/health`)).ok) break;
    } catch {
      await sleep(20);
    }
  }
  const call = async (path, headers, body) => {
    const response = await fetch(base + path, { method: "POST", headers, body });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  const { access_token: token } = await (await call("/api/auth/local", {}, undefined)).json();
  const authorization = { authorization: `Bearer ${token}` };
  const headers = { ...authorization, "content-type": "application/json" };
  const ids = [];
  for (const one of tables) {
    const form = new FormData();
    form.append("file", new Blob([one.text]), `${one.name}.csv`);
    ids.push((await (await call("/api/csv/upload", authorization, form)).json()).id);
  }
  const schema = await (await call("/api/schema/generate", headers, JSON.stringify({ csv_ids: ids }))).json();
  const began = performance.now();
  await call(`/api/schema/${schema.id}/approve`, headers, JSON.stringify({ accept_losses: true }));
  show(`approval of ${tables.length} tables, ${rows} rows, s`, ((performance.now() - began) / 1000).toFixed(1));
  const ask = async (question) => {
    const asked = performance.now();
    const body = JSON.stringify({ schema_id: schema.id, engine: "builtin", messages: [{ role: "user", content: question }] });
    const text = await (await call("/api/chat", headers, body)).text();
    return { ms: performance.now() - asked, told: text.includes('"data-receipt"') };
  };
  show("the first question, ms", (await ask(questions[0])).ms.toFixed(0));
  const times = [];
  for (let round = 0; round < 3; round += 1) for (const question of questions) times.push({ question, ...(await ask(question)) });
  times.sort((one, two) => one.ms - two.ms);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
  show(`questions asked, of which answered`, `${times.length}, ${times.filter((one) => one.told).length}`);
  show("an answer, p50, ms", at(0.5).ms.toFixed(0));
  show("an answer, p95, ms", at(0.95).ms.toFixed(0));
  show("the slowest, ms", `${at(1).ms.toFixed(0)} (${at(1).question})`);
  for (const one of times.slice(-12).reverse()) if (process.env.SLOWEST) show(`  ${one.question}`, one.ms.toFixed(0));
} finally {
  server.kill("SIGTERM");
  await new Promise((done) => server.once("exit", done));
  rmSync(folder, { recursive: true, force: true });
}
