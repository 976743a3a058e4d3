// Hostile statements over HTTP, and what somebody else's requests cost meanwhile. The statements are those of
// `make fuzz-sql`, by query, explain and export. Fails when the service falls or answers with 5xx, a statement takes over
// 2.5 s (a download has a time of its own), or somebody else's SELECT 1 takes over 100 ms at p99. Linux (/proc).
// Usage: cargo run --release -p store --example fuzz_sql -- print 5000 >STATEMENTS
//        node scripts/bench-hostile.mjs BINARY STATEMENTS [SECONDS] [SENDERS]
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const binary = resolve(process.argv[2]);
const statements = readFileSync(process.argv[3], "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));
const seconds = Number(process.argv[4] ?? 60);
const senders = Number(process.argv[5] ?? 4);
const mostMs = 2_500;
const mostWaitMs = 100;
const folder = mkdtempSync(join(tmpdir(), "dqa-hostile-"));
const port = 19300 + Math.floor(Math.random() * 200);
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const show = (what, value) => console.log(`${what.padEnd(62)} ${value}`);

const settings = {
  PORT: String(port), DATABASE_URL: `sqlite://${folder}/metadata.db`, UPLOAD_DIR: `${folder}/uploads`, USER_DB_DIR: `${folder}/databases`,
  KEYS_DIR: `${folder}/keys`, OLLAMA_BASE_URL: "http://127.0.0.1:9", RATE_LIMIT_PER_MINUTE: "0", ACCESS_TOKEN_EXPIRE_MINUTES: "60",
};
const server = spawn(binary, ["serve"], { cwd: folder, env: { PATH: process.env.PATH, ...settings }, stdio: ["ignore", "ignore", "ignore"] });
let ended = false;
server.once("exit", () => { ended = true; });

const agent = new http.Agent({ keepAlive: true });
let token = "";
function send(method, path, body = "", headers = { "content-type": "application/json" }) {
  return new Promise((done) => {
    const all = { authorization: `Bearer ${token}`, "content-length": Buffer.byteLength(body), ...headers };
    const request = http.request({ host: "127.0.0.1", port, method, path, agent, headers: all }, (response) => {
      const chunks = [];
      let bytes = 0;
      // Of a download the beginning: joining hundreds of megabytes holds this process up, and is not to be measured.
      response.on("data", (chunk) => { if ((bytes += chunk.length) < 2_000_000) chunks.push(chunk); });
      // A download that fails on its way breaks off: its status has gone before.
      response.on("error", () => {});
      response.on("close", () => done({ status: response.statusCode, text: Buffer.concat(chunks).toString(), isWhole: response.complete }));
    });
    request.on("error", (error) => done({ status: 0, text: String(error), isWhole: false }));
    request.end(body);
  });
}
const json = (path, value) => send("POST", path, JSON.stringify(value));
function upload(name, text) {
  const body = `--b\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n${text}\r\n--b--\r\n`;
  return send("POST", "/api/csv/upload", body, { "content-type": "multipart/form-data; boundary=b" });
}

for (let tries = 0; (await send("GET", "/health")).status !== 200; tries += 1) {
  if (ended || tries > 2000) throw new Error("the service does not start");
  await sleep(20);
}
token = JSON.parse((await send("POST", "/api/auth/local")).text).access_token;
// The tables that the statements name, with as many rows.
const rows = (count, row) => Array.from({ length: count }, (_, at) => row(at + 1)).join("\n");
const note = (n) => (n % 3 ? "" : `x${String(n).padStart(199, "0")}`);
await upload("wide.csv", `n,s,r\n${rows(20_000, (n) => `${n},row ${n},${(n / 7).toFixed(4)}`)}`);
await upload("t.csv", `id,name,price,note\n${rows(1_999, (n) => `${n},row ${n},${(n / 7).toFixed(4)},${note(n)}`)}`);
const { csv_files: files } = JSON.parse((await send("GET", "/api/csv/list")).text);
const schema = JSON.parse((await json("/api/schema/generate", { csv_ids: files.map(({ id }) => id) })).text);
if ((await json(`/api/schema/${schema.id}/approve`, {})).status !== 200) throw new Error("the tables were not imported");

const faults = [];
const statuses = new Map();
let [slowestMs, next] = [0, 0];
const until = performance.now() + seconds * 1000;
const ways = ["/api/query", "/api/query", "/api/query/explain", "/api/query/export"];
async function attack() {
  while (performance.now() < until && !ended) {
    const sql = statements[next % statements.length];
    const way = ways[next % ways.length];
    next += 1;
    const begun = performance.now();
    const { status, text, isWhole } = await json(way, { schema_id: schema.id, sql });
    const tookMs = performance.now() - begun;
    const isDownload = way === "/api/query/export";
    const outcome = status === 422 ? `422 ${JSON.parse(text).code}` : `${status}${isWhole ? "" : ", broken off"}`;
    statuses.set(outcome, (statuses.get(outcome) ?? 0) + 1);
    if (!isDownload) slowestMs = Math.max(slowestMs, tookMs);
    if (status === 0 || status >= 500 || outcome.includes("statement_ended") || (!isDownload && tookMs > mostMs)) {
      faults.push(`${way}: ${outcome} after ${tookMs.toFixed(0)} ms: ${sql.slice(0, 300)}`);
    }
  }
}
const waits = [];
async function askMeanwhile() {
  while (performance.now() < until && !ended) {
    const begun = performance.now();
    const { status, text } = await json("/api/query", { schema_id: schema.id, sql: "SELECT 1" });
    waits.push(performance.now() - begun);
    if (status !== 200) faults.push(`SELECT 1: ${status} ${text.slice(0, 200)}`);
    await sleep(20);
  }
}
const memoryMb = (pid, field) => Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;
const most = { worker: 0, together: 0, service: 0 };
const look = setInterval(() => {
  if (ended) return;
  most.service = memoryMb(server.pid, "VmHWM");
  let together = memoryMb(server.pid, "VmRSS");
  for (const thread of readdirSync(`/proc/${server.pid}/task`)) {
    try {
      for (const child of readFileSync(`/proc/${server.pid}/task/${thread}/children`, "utf8").split(" ").filter(Boolean)) {
        together += memoryMb(child, "VmRSS");
        most.worker = Math.max(most.worker, memoryMb(child, "VmHWM"));
      }
    } catch {
      // The thread or the worker has just ended.
    }
  }
  most.together = Math.max(most.together, together);
}, 50);
await Promise.all([askMeanwhile(), ...Array.from({ length: senders }, attack)]);
clearInterval(look);

waits.sort((a, b) => a - b);
const p99 = waits[Math.floor(waits.length * 0.99)];
show(`hostile statements, ${senders} at once, by outcome`, [...statuses].sort().map(([outcome, times]) => `${outcome}: ${times}`).join("; "));
show("the slowest but for downloads, ms", slowestMs.toFixed(0));
show(`SELECT 1 meanwhile, ${waits.length} times: median, p99, most, ms`, [waits[waits.length >> 1], p99, waits.at(-1)].map((ms) => ms.toFixed(1)).join(", "));
show("peaks of the service, of a worker, of all together, MB", [most.service, most.worker, most.together].map((mb) => mb.toFixed(1)).join(", "));
if (ended) faults.push("the service fell");
faults.forEach((fault) => show("FAULT", fault));
server.kill("SIGTERM");
if (!ended) await new Promise((done) => server.once("exit", done));
rmSync(folder, { recursive: true, force: true });
process.exitCode = faults.length > 0 || p99 > mostWaitMs ? 1 : 0;
