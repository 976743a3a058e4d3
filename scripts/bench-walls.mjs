// A thousand mixed bad requests at a service with data in it: each refused, the service still answering, and memory and
// disk a minute later as before, the processes that carry out statements counted with it. Linux (/proc).
// Usage: node scripts/bench-walls.mjs [BINARY] [REQUESTS]
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const binary = resolve(process.argv[2] ?? "target/release/data-query-agent");
const count = Number(process.argv[3] ?? 1000);
const atOnce = 16;
const folder = mkdtempSync(join(tmpdir(), "dqa-walls-"));
const port = 18900 + Math.floor(Math.random() * 200);
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const show = (what, value) => console.log(`${what.padEnd(62)} ${value}`);

const settings = {
  PORT: String(port), DATABASE_URL: `sqlite://${folder}/data/metadata.db`, UPLOAD_DIR: `${folder}/data/uploads`, USER_DB_DIR: `${folder}/data/databases`,
  KEYS_DIR: `${folder}/keys`, OLLAMA_BASE_URL: "http://127.0.0.1:9", MAX_CSV_FILES: "20", ACCESS_TOKEN_EXPIRE_MINUTES: "60", BODY_IDLE_TIMEOUT_MS: "2000",
};
const server = spawn(binary, ["serve"], { cwd: folder, env: { PATH: process.env.PATH, ...settings }, stdio: ["ignore", "ignore", "ignore"] });
let ended = false;
server.once("exit", () => { ended = true; });

const memoryMb = (field = "VmRSS", pid = server.pid) => Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;
// Of each child that lives: a thread has the list of those that it started.
function workersMb() {
  const sizes = [];
  for (const thread of readdirSync(`/proc/${server.pid}/task`)) {
    try {
      const children = readFileSync(`/proc/${server.pid}/task/${thread}/children`, "utf8").split(" ").filter(Boolean);
      for (const child of children) sizes.push(memoryMb("VmRSS", child));
    } catch {
      // The thread or the worker has just ended.
    }
  }
  return sizes;
}
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
const diskBytes = (path) => readdirSync(path, { withFileTypes: true })
  .map((entry) => (entry.isDirectory() ? diskBytes(join(path, entry.name)) : statSync(join(path, entry.name)).size))
  .reduce((sum, size) => sum + size, 0);

// Not fetch: it does not send every header, and not a body that breaks off.
function send(method, path, { headers = {}, body, leaves } = {}) {
  return new Promise((done) => {
    const request = http.request({ host: "127.0.0.1", port, method, path, headers, agent: false, setHost: !("host" in headers) }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => done({ status: response.statusCode, text: Buffer.concat(chunks).toString() }));
      response.on("error", () => done({ status: response.statusCode, text: "" }));
    });
    // A server that refuses a large body may close the connection while it is still being sent.
    request.on("error", (error) => done({ status: 0, text: String(error) }));
    if (leaves) setTimeout(() => request.destroy(), leaves);
    if (body) request.write(body);
    request.end();
  });
}

let token = "";
const signed = (more = {}) => ({ authorization: `Bearer ${token}`, ...more });
const json = (method, path, value, more = {}) => {
  const body = typeof value === "string" ? value : JSON.stringify(value);
  return send(method, path, { headers: signed({ "content-type": "application/json", "content-length": Buffer.byteLength(body), ...more }), body });
};
function upload(name, bytes, more = {}) {
  const head = Buffer.concat([Buffer.from('--b\r\nContent-Disposition: form-data; name="file"; filename="'), Buffer.from(name, "latin1"), Buffer.from('"\r\n\r\n')]);
  const body = Buffer.concat([head, Buffer.from(bytes), Buffer.from("\r\n--b--\r\n")]);
  return send("POST", "/api/csv/upload", { headers: signed({ "content-type": "multipart/form-data; boundary=b", "content-length": body.length, ...more }), body });
}

for (let tries = 0; (await send("GET", "/health")).status !== 200; tries += 1) {
  if (ended || tries > 2000) throw new Error("the service does not start");
  await sleep(20);
}
token = JSON.parse((await send("POST", "/api/auth/local", { headers: { "content-length": 0 } })).text).access_token;
const { csv_files: files } = JSON.parse((await json("POST", "/api/samples/load", {})).text);
const generate = async () => JSON.parse((await json("POST", "/api/schema/generate", { csv_ids: files.map(({ id }) => id) })).text);
const schema = await generate();
const draft = await generate();
if ((await json("POST", `/api/schema/${schema.id}/approve`, {})).status !== 200) throw new Error("the sample data was not imported");
const sql = (text, path = "/api/query", more = {}) => json("POST", path, { schema_id: schema.id, sql: text, ...more });
const ask = (content) => json("POST", "/api/chat", { schema_id: schema.id, messages: [{ role: "user", content }] });
const conversation = /"conversationId":"([^"]+)/.exec((await ask("How many orders are there?")).text)[1];
const nobody = "0190a1b2-0000-7000-8000-000000000000";
const edited = (change) => { const copy = structuredClone(draft.schema_json); change(copy); return copy; };

// Each must be refused with one of its statuses; 0: the connection was closed while the rest of a body was on its way.
const kinds = [
  ["a file over the limit", [413, 0], () => upload("big.csv", Buffer.alloc(11 << 20, "a,b\n"))],
  ["a file that is no CSV", [415], () => upload("a.csv", Buffer.from("PK\x03\x04" + "\0".repeat(5000), "latin1"))],
  ["an unclosed quote of 5 MB", [422], () => upload("a.csv", `a,b\n1,"${"x".repeat(5 << 20)}`)],
  ["50,000 columns", [422], () => upload("a.csv", `${Array.from({ length: 50_000 }, (_, at) => `c${at}`).join(",")}\n1\n`)],
  ["a control character in a file name", [422], () => upload("a\x01b.csv", "a,b\n1,2\n")],
  ["a body that breaks off", [400, 408, 0], () => send("POST", "/api/csv/upload", { headers: signed({ "content-type": "multipart/form-data; boundary=b", "content-length": 9_000_000 }), body: Buffer.from('--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\na,b\n1,2\n'), leaves: 200 })],
  ["a body of JSON over 8 MB", [413, 0], () => json("POST", "/api/query", { schema_id: schema.id, sql: "x".repeat(9 << 20) })],
  ["malformed JSON", [400], () => json("POST", "/api/query", "{\"sql\": ")],
  ["7 MB of reasoning", [422], () => json("PUT", `/api/schema/${draft.id}`, { schema_json: edited((copy) => { copy.reasoning = "x".repeat(7_000_000); }) })],
  ["a thousand reasons of 1,000 characters", [422], () => json("PUT", `/api/schema/${draft.id}`, { schema_json: edited((copy) => { copy.relationships[0].evidence.reasons = Array(1_000).fill("x".repeat(1_000)); }) })],
  ["a hidden character in a name", [422], () => json("PUT", `/api/schema/${draft.id}`, { schema_json: edited((copy) => { copy.tables[0].name = "or\u202eders"; }) })],
  ["an edit of what is imported", [409], () => json("PUT", `/api/schema/${schema.id}`, { schema_json: schema.schema_json })],
  ["a statement that writes", [422], () => sql("DELETE FROM orders")],
  ["stacked statements", [422], () => sql("SELECT 1; DROP TABLE orders")],
  ["a statement without end", [422], () => sql("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n")],
  ["a sort that spills", [422], () => sql("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 100000) SELECT x FROM n ORDER BY printf('%60000d', x)")],
  ["a huge string", [422], () => sql("SELECT hex(zeroblob(400000000))")],
  ["600 UNIONs", [422], () => sql(Array(600).fill("SELECT 1").join(" UNION ALL "))],
  ["150 KB of SQL", [422], () => sql(`SELECT '${"x".repeat(150_000)}'`)],
  ["an export of a denied statement", [422], () => sql("ATTACH 'x' AS y", "/api/query/export")],
  ["an export whose reader leaves", [0, 200], () => send("POST", "/api/query/export", { headers: signed({ "content-type": "application/json" }), body: JSON.stringify({ schema_id: schema.id, sql: "SELECT a.*, b.* FROM orders a, orders b LIMIT 200000" }), leaves: 100 })],
  ["a question of 5,000 characters", [422], () => ask("x".repeat(5_000))],
  ["an answer to nothing", [422], () => json("POST", "/api/chat", { schema_id: schema.id, messages: [] })],
  ["regenerating what is not there", [404], () => json("POST", "/api/chat", { schema_id: schema.id, conversation_id: conversation, trigger: "regenerate-message", messageId: nobody, messages: [{ role: "user", content: "x" }] })],
  ["unknown ids", [404], () => json("DELETE", `/api/csv/${nobody}`, {})],
  ["unknown files", [404], () => json("POST", "/api/schema/generate", { csv_ids: [nobody] })],
  ["another site's origin", [403], () => json("POST", "/api/query", {}, { origin: "https://evil.example" })],
  ["a foreign host", [421], () => send("GET", "/api", { headers: { host: "evil.example" } })],
  ["headers of 300 KB", [431, 0], () => send("GET", "/api", { headers: { "x-long": "x".repeat(300_000) } })],
  ["a token that is none", [401], () => send("GET", "/api/csv/list", { headers: { authorization: `Bearer ${"a.".repeat(400)}` } })],
  ["a method that is not there", [405], () => send("DELETE", "/api/query", { headers: signed() })],
  ["a report over 16 KB", [413, 0], () => send("POST", "/api/csp-reports", { headers: { "content-type": "application/csp-report", "content-length": 20_000 }, body: "x".repeat(20_000) })],
];

async function each(calls) {
  let next = 0;
  await Promise.all(Array.from({ length: atOnce }, async () => {
    while (next < calls.length) await calls[next++]();
  }));
}

function memoryNow() {
  const [memory, workers] = [memoryMb(), workersMb()];
  return { memory, workers: workers.length, workersMemory: sum(workers), together: memory + sum(workers) };
}
// Not while requests run: files come and go.
const now = () => ({ ...memoryNow(), disk: diskBytes(join(folder, "data")) });

// Once through beforehand: what is built at the first need is no leak. Then a minute, so that both looks find the service
// as idle.
await each(kinds.map(([, , run]) => run));
await sleep(60_000);
const before = now();
let most = before;
const look = setInterval(() => { const found = memoryNow(); if (found.together > most.together) most = found; }, 50);
const wrong = new Map();
const statuses = new Map();
const begun = performance.now();
await each(Array.from({ length: count }, (_, at) => async () => {
  const [what, expected, run] = kinds[at % kinds.length];
  const { status, text } = await run();
  statuses.set(status, (statuses.get(status) ?? 0) + 1);
  if (!expected.includes(status) && status !== 429) wrong.set(`${what}: ${status} ${text.slice(0, 120)}`, (wrong.get(`${what}: ${status} ${text.slice(0, 120)}`) ?? 0) + 1);
}));
show(`${count} bad requests of ${kinds.length} kinds, ${atOnce} at once, took, s`, ((performance.now() - begun) / 1000).toFixed(1));
show("answers by status", [...statuses].sort(([a], [b]) => a - b).map(([status, times]) => `${status}: ${times}`).join(", "));
clearInterval(look);
const during = { ...now(), peak: memoryMb("VmHWM") };
await sleep(60_000);
const after = now();
const grown = (of) => `${((after[of] / before[of] - 1) * 100).toFixed(1)} %`;
const workers = ({ workers, workersMemory }) => `${workers} with ${workersMemory.toFixed(1)}`;
show("the service's memory before, at the end, peak, MB", `${before.memory.toFixed(1)}, ${during.memory.toFixed(1)}, ${during.peak.toFixed(1)}`);
show("the service's memory a minute later, MB, and how much more", `${after.memory.toFixed(1)}, ${grown("memory")}`);
show("workers before, at the end, a minute later, MB", [before, during, after].map(workers).join(", "));
show("together before, at most, a minute later, MB, and how much more", `${before.together.toFixed(1)}, ${most.together.toFixed(1)} (${workers(most)}), ${after.together.toFixed(1)}, ${grown("together")}`);
show("disk before, at the end, a minute later, KB, and how much more", `${(before.disk / 1024).toFixed(0)}, ${(during.disk / 1024).toFixed(0)}, ${(after.disk / 1024).toFixed(0)}, ${grown("disk")}`);
const health = await sql("SELECT count(*) FROM orders");
show("it still answers", !ended && health.status === 200);
for (const [what, times] of wrong) show(`NOT REFUSED AS IT SHOULD BE, ${times} times`, what);
server.kill("SIGTERM");
if (!ended) await new Promise((done) => server.once("exit", done));
rmSync(folder, { recursive: true, force: true });
