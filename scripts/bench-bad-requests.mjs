// A thousand bad requests of all kinds against a binary, then a minute's rest: what memory and disk are left with. Linux.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const binary = resolve(process.argv[2] ?? "target/release/data-query-agent");
const folder = mkdtempSync(join(tmpdir(), "dqa-bad-"));
const port = 18_200 + Math.floor(Math.random() * 200);
const base = `http://127.0.0.1:${port}`;
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const show = (what, value) => console.log(`${what.padEnd(62)} ${value}`);
const settings = {
  PORT: String(port), DATABASE_URL: `sqlite://${folder}/metadata.db`, UPLOAD_DIR: `${folder}/uploads`, USER_DB_DIR: `${folder}/databases`,
  KEYS_DIR: `${folder}/keys`, OLLAMA_BASE_URL: "http://127.0.0.1:9", ACCESS_TOKEN_EXPIRE_MINUTES: "60",
  // An endless export would take a minute each.
  EXPORT_TIME_LIMIT_MS: "2000",
};
const server = spawn(binary, ["serve"], { cwd: folder, env: { PATH: process.env.PATH, ...settings }, stdio: "ignore" });
process.on("exit", () => {
  server.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** Resident memory of the service and all its workers, MB. */
function memoryMb() {
  const of = (pid) => {
    try {
      return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
    } catch {
      return 0;
    }
  };
  const threads = readdirSync(`/proc/${server.pid}/task`);
  const workers = threads.flatMap((thread) => {
    try {
      return readFileSync(`/proc/${server.pid}/task/${thread}/children`, "utf8").split(" ").filter(Boolean);
    } catch {
      return [];
    }
  });
  return { all: [server.pid, ...workers].reduce((sum, pid) => sum + of(pid), 0), workers: workers.length };
}
const diskKb = () => Number(execFileSync("du", ["-sk", folder]).toString().split("\t")[0]);

for (;;) {
  try {
    if ((await fetch(`${base}/health`)).ok) break;
  } catch {
    await sleep(20);
  }
}
const { access_token: token } = await (await fetch(`${base}/api/auth/local`, { method: "POST" })).json();
const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
const call = async (path, body, method = "POST", more = {}) => {
  const response = await fetch(base + path, { method, headers: { ...headers, ...more }, body: typeof body === "string" ? body : JSON.stringify(body) });
  try {
    return { status: response.status, body: await response.text() };
  } catch {
    // An export that failed on its way: the download breaks off.
    return { status: "broken off", body: "" };
  }
};
const { csv_files: files } = JSON.parse((await call("/api/samples/load", {})).body);
const schema = JSON.parse((await call("/api/schema/generate", { csv_ids: files.map((file) => file.id) })).body);
await call(`/api/schema/${schema.id}/approve`, {});
const table = schema.schema_json?.tables?.[0]?.name ?? schema.schema?.tables?.[0]?.name ?? "orders";

const nested = (open, close, times) => `${open.repeat(times)}SELECT 1${close.repeat(times)}`;
const statements = [
  nested("SELECT 1 FROM(", ")", 6000),
  nested("SELECT x + x AS x FROM (", ")", 40).replace("SELECT 1", `SELECT rowid AS x FROM ${table}`),
  "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT json_group_array(x) FROM c",
  "WITH RECURSIVE c (x) AS (SELECT 'a' UNION ALL SELECT x || x FROM c) SELECT max(x) FROM c",
  `SELECT median(a.rowid) FROM ${table} a, ${table} b, ${table} c`,
  `DROP TABLE ${table}`, "SELECT nosuch", "SELECT 1; SELECT 2", "SELECT 'x", "", "PRAGMA hard_heap_limit=1",
];
const kinds = [
  ...statements.flatMap((sql) => ["/api/query", "/api/query/explain", "/api/query/export"].map((path) => () => call(path, { schema_id: schema.id, sql }))),
  () => call("/api/query", "{"),
  () => call("/api/query", { schema_id: "no id", sql: "SELECT 1" }),
  () => call("/api/query", "x".repeat(200_000)),
  () => call("/api/schema/generate", { csv_ids: ["00000000-0000-0000-0000-000000000000"] }),
  () => call(`/api/schema/${schema.id}`, { schema_json: { tables: "none" } }, "PUT"),
  () => call("/api/chat", { schema_id: schema.id, messages: "none" }),
  () => call("/api/csv/upload", "not a form"),
  () => call("/api/csv/list", undefined, "GET", { authorization: "Bearer x.y.z" }),
];
// What the first use of each kind leaves for good (code, caches) is not what grows.
for (const kind of kinds) await kind();
await sleep(60_000);
const before = { memory: memoryMb(), disk: diskKb() };
const statuses = {};
let next = 0;
await Promise.all(Array.from({ length: 4 }, async () => {
  while (next < 1000) {
    const { status } = await kinds[next++ % kinds.length]();
    statuses[status] = (statuses[status] ?? 0) + 1;
  }
}));
const during = memoryMb();
await sleep(60_000);
const after = { memory: memoryMb(), disk: diskKb() };
show("answers of 1,000 bad requests by status", JSON.stringify(statuses));
show("memory before, at their end, a minute later, MB", [before.memory, during, after.memory].map((each) => each.all.toFixed(1)).join(", "));
show("workers before, at their end, a minute later", [before.memory, during, after.memory].map((each) => each.workers).join(", "));
show("disk before and a minute later, KB", `${before.disk}, ${after.disk}`);
process.exit(0);
