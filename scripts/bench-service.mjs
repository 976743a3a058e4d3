// Measures a release binary as a process: start, idle memory, slow clients, open streams, the end. Linux (/proc).
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import net from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const binary = resolve(process.argv[2] ?? "target/release/data-query-agent");
const folder = mkdtempSync(join(tmpdir(), "dqa-bench-"));
const port = 18700 + Math.floor(Math.random() * 200);
const base = `http://127.0.0.1:${port}`;
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const memoryMb = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;
const show = (what, value) => console.log(`${what.padEnd(62)} ${value}`);

// A model server that accepts a chat and then says nothing, so that streams stay open.
const silent = createServer((request, response) => {
  if (request.url === "/api/chat") return;
  const replies = {
    "/api/version": { version: "0.0.0" },
    "/api/tags": { models: [{ name: "silent:1b", model: "silent:1b", size: 1, modified_at: "2026-01-01T00:00:00Z", digest: "0", details: {} }] },
    "/api/show": { capabilities: ["completion"], details: {}, model_info: {} },
  };
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(replies[request.url] ?? {}));
});
await new Promise((done) => silent.listen(0, "127.0.0.1", done));

function start() {
  const settings = {
    PORT: String(port), DATABASE_URL: `sqlite://${folder}/metadata.db`, UPLOAD_DIR: `${folder}/uploads`, USER_DB_DIR: `${folder}/databases`,
    KEYS_DIR: `${folder}/keys`, OLLAMA_BASE_URL: `http://127.0.0.1:${silent.address().port}`, OLLAMA_MODEL: "silent:1b", RATE_LIMIT_CHAT_PER_MINUTE: "0",
  };
  return spawn(binary, ["serve"], { cwd: folder, env: { PATH: process.env.PATH, ...settings }, stdio: ["ignore", "ignore", "ignore"] });
}

async function untilReady() {
  for (;;) {
    try {
      if ((await fetch(`${base}/health`)).ok) return;
    } catch {
      await sleep(5);
    }
  }
}

async function json(path, options = {}) {
  const response = await fetch(base + path, { ...options, headers: { "content-type": "application/json", ...options.headers } });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

// First start makes the signing key; the second is what users see every day.
let server = start();
await untilReady();
server.kill("SIGTERM");
await new Promise((done) => server.once("exit", done));
const started = performance.now();
server = start();
await untilReady();
show("ready to answer after start, ms", (performance.now() - started).toFixed(0));
await sleep(2000);
show("memory when idle, MB", memoryMb(server.pid).toFixed(1));

// 500 clients that send a header byte a second, while a healthy one asks on.
const slow = Array.from({ length: 500 }, () => {
  const socket = net.connect(port, "127.0.0.1");
  const each = { closedAfter: null };
  const begun = performance.now();
  socket.write("GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
  const drip = setInterval(() => socket.write("a"), 1000);
  const end = () => { clearInterval(drip); each.closedAfter ??= (performance.now() - begun) / 1000; };
  socket.on("close", end).on("error", () => {});
  each.socket = socket;
  return each;
});
const times = [];
const until = performance.now() + 15_000;
while (performance.now() < until) {
  const asked = performance.now();
  await (await fetch(`${base}/health`)).text();
  times.push(performance.now() - asked);
  await sleep(10);
}
times.sort((a, b) => a - b);
const closed = slow.filter((each) => each.closedAfter !== null);
show("slow-header clients closed within 15 s, of 500", closed.length);
show("the last of them closed after, s", Math.max(...closed.map((each) => each.closedAfter)).toFixed(1));
show("a healthy client's p99 meanwhile, ms", times[Math.floor(times.length * 0.99)].toFixed(1));
slow.forEach((each) => each.socket.destroy());

// A dataset to ask about.
const { access_token: token } = await json("/api/auth/local", { method: "POST" });
const headers = { authorization: `Bearer ${token}` };
const { csv_files: files } = await json("/api/samples/load", { method: "POST", headers });
const schema = await json("/api/schema/generate", { method: "POST", headers, body: JSON.stringify({ csv_ids: files.map((file) => file.id) }) });
await json(`/api/schema/${schema.id}/approve`, { method: "POST", headers });

// Files that are made to use memory up (docs/SECURITY.md, case 82): each is refused.
const peakMb = (pid) => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;
const hostile = {
  "an unclosed quote": `a,b\n1,"${"x".repeat(10_000_000)}`,
  "a field of 10 MB": `a,b\n1,${"x".repeat(10_000_000)}\n`,
  "100,000 columns": `${Array.from({ length: 100_000 }, (_, index) => `column${index}`).join(",")}\n1\n`,
};
const peakBefore = peakMb(server.pid);
for (const [what, text] of Object.entries(hostile)) {
  const form = new FormData();
  form.append("file", new Blob([text]), "hostile.csv");
  const response = await fetch(`${base}/api/csv/upload`, { method: "POST", headers, body: form });
  if (response.status !== 422) throw new Error(`${what}: ${response.status}`);
}
show("peak memory that three hostile files of 10 MB add, MB", (peakMb(server.pid) - peakBefore).toFixed(1));

async function openStreams(count) {
  const streams = [];
  for (let done = 0; done < count; done += 50) {
    const batch = Array.from({ length: Math.min(50, count - done) }, async () => {
      const response = await fetch(`${base}/api/chat`, {
        method: "POST", headers: { ...headers, "content-type": "application/json" },
        body: JSON.stringify({ schema_id: schema.id, messages: [{ role: "user", content: "Tell me something about the customers' habits" }] }),
      });
      if (!response.ok) throw new Error(`chat: ${response.status}`);
      const stream = { text: "", response };
      stream.ended = (async () => {
        const decoder = new TextDecoder();
        try {
          for await (const chunk of response.body) stream.text += decoder.decode(chunk, { stream: true });
        } catch {
          stream.broken = true;
        }
      })();
      return stream;
    });
    streams.push(...(await Promise.all(batch)));
  }
  return streams;
}

const before = memoryMb(server.pid);
const many = await openStreams(1000);
await sleep(2000);
const open = many.filter((stream) => !stream.text.includes('"type":"finish"') && !stream.broken);
show("idle streams open", open.length);
show("memory that they cost together, MB", (memoryMb(server.pid) - before).toFixed(1));
for (const stream of many) await stream.response.body.cancel().catch(() => {});
server.kill("SIGKILL");
await new Promise((done) => server.once("exit", done));

server = start();
await untilReady();
const hundred = await openStreams(100);
await sleep(500);
const told = performance.now();
server.kill("SIGTERM");
await new Promise((done) => server.once("exit", done));
show("SIGTERM with 100 open streams: ended after, s", ((performance.now() - told) / 1000).toFixed(2));
await Promise.all(hundred.map((stream) => stream.ended));
show("streams that had a last event, of 100", hundred.filter((stream) => /"type":"(abort|finish|error)"/.test(stream.text) && stream.text.trimEnd().endsWith("[DONE]")).length);
silent.closeAllConnections();
silent.close();
rmSync(folder, { recursive: true, force: true });
