// The real binary on a free port, with all its data in a temporary folder.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const binary = process.env.DQA_BINARY ?? path.join(here, "../../../target/debug/data-query-agent");
/** Nothing listens there: the built-in engine answers. */
const noModel = "http://127.0.0.1:9";
const startLimitMs = 30_000;

/** A port nobody uses at this moment. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function untilReady(url, child, output) {
  const deadline = Date.now() + startLimitMs;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) break;
    const isUp = await fetch(`${url}/health`).then(
      (response) => response.ok,
      () => false,
    );
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${binary} did not get ready:\n${output.join("").slice(-4000)}`);
}

/** Starts the service; `env` adds to its settings. All its data are in `folder`; `stop()` ends it and removes them. */
export async function startApp(env = {}, wantedPort = 0) {
  const folder = await mkdtemp(path.join(os.tmpdir(), "data-query-agent-e2e-"));
  const port = wantedPort || (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const output = [];
  const child = spawn(binary, ["serve"], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      NO_PROXY: "127.0.0.1,localhost",
      HOST: "127.0.0.1",
      PORT: String(port),
      FRONTEND_URL: url,
      DATABASE_URL: `sqlite://${path.join(folder, "metadata.db")}`,
      UPLOAD_DIR: path.join(folder, "uploads"),
      USER_DB_DIR: path.join(folder, "databases"),
      KEYS_DIR: path.join(folder, "keys"),
      OLLAMA_BASE_URL: noModel,
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.on("data", (chunk) => output.push(String(chunk)));
  child.stderr.on("data", (chunk) => output.push(String(chunk)));
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), 12_000);
    await ended;
    clearTimeout(timer);
    await rm(folder, { recursive: true, force: true });
  };
  child.once("error", (error) => output.push(String(error)));
  try {
    await untilReady(url, child, output);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, folder, stop, log: () => output.join("") };
}
