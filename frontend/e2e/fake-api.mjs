// Serves the exported pages with an invented API behind them, to look at screens without the server.
// The cookie `scenario` chooses what it says: full (default), empty, error, slow, signed-out, oidc.
import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";

import { audit, conversations, files, schemas, sessions, summary, user } from "./fake-data.mjs";
import { answerChat, answerPlan } from "./fake-plans.mjs";

const out = path.join(import.meta.dirname, "..", "out");
const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
};

function policy() {
  const { scriptHashes } = JSON.parse(readFileSync(path.join(out, "csp.json"), "utf8"));
  const scripts = scriptHashes.map((hash) => `'${hash}'`).join(" ");
  return [
    "default-src 'self'",
    `script-src 'self' ${scripts}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

function sendPage(pathname, response) {
  const candidates = ["", ".html", "/index.html"].map((ending) =>
    path.join(out, pathname + ending),
  );
  const found = candidates.find((name) => existsSync(name) && statSync(name).isFile());
  const file = found ?? path.join(out, "404.html");
  response.writeHead(found ? 200 : 404, {
    "content-type": types[path.extname(file)] ?? "application/octet-stream",
    "content-security-policy": policy(),
  });
  createReadStream(file).pipe(response);
}

const problem = (status, code, detail) => ({ status, body: { status, code, title: code, detail } });
const ok = (body) => ({ status: 200, body });

function answer(method, pathname, query, scenario) {
  const isEmpty = scenario === "empty";
  const rows = /^\/api\/csv\/([^/]+)\/rows$/.exec(pathname);
  if (rows) {
    const file = files.find(({ upload }) => upload.id === rows[1]) ?? files[0];
    const offset = Number(query.get("offset") ?? 0);
    const limit = Number(query.get("limit") ?? 100);
    return ok({
      columns: file.upload.columns,
      rows: file.rows.slice(offset, offset + limit),
      offset,
      row_count: file.rows.length,
    });
  }
  const schema = /^\/api\/schema\/([0-9a-f-]{36})$/.exec(pathname);
  if (schema) {
    const found = schemas.find(({ id }) => id === schema[1]);
    return found ? ok(found) : problem(404, "not_found", "There is no such dataset.");
  }
  if (/^\/api\/schema\/[0-9a-f-]{36}\/help$/.test(pathname))
    return ok({ state: "none", model: null, pieces: [], changes: [], note: null });
  switch (`${method} ${pathname}`) {
    case "GET /api/auth/config":
      return ok(
        scenario === "oidc"
          ? { mode: "oidc", provider_name: "Google" }
          : { mode: "local", provider_name: "Google" },
      );
    case "GET /api/auth/status":
      return scenario === "signed-out" || scenario === "oidc"
        ? ok({ is_authenticated: false, user_id: null, user: null })
        : ok({ is_authenticated: true, user_id: user.id, user });
    case "POST /api/auth/refresh":
      return problem(401, "no_session", "No session.");
    case "GET /api/auth/sessions":
      return ok({ sessions });
    case "GET /api/audit":
      return ok({ entries: isEmpty ? [] : audit, next_cursor: null });
    case "GET /api/llm":
      return ok({
        provider: isEmpty ? "built-in" : "ollama",
        model: isEmpty ? null : "qwen2.5-coder:1.5b",
        reachable: !isEmpty,
        installed_models: isEmpty ? [] : ["qwen2.5-coder:1.5b", "llama3.2:3b"],
        server: isEmpty ? null : "127.0.0.1:11434",
        on_this_machine: true,
      });
    case "GET /api/csv/list":
      return ok({ csv_files: isEmpty ? [] : files.map(({ upload }) => upload) });
    case "GET /api/schema/list":
      return ok({ schemas: isEmpty ? [] : schemas.map(summary) });
    case "GET /api/conversations":
      return ok({ conversations: isEmpty ? [] : conversations });
    case "POST /api/samples/load":
      return ok({ csv_files: files.map(({ upload }) => upload) });
    case "POST /api/csv/upload":
      return problem(
        409,
        "csv_limit_reached",
        "You have 5 files, which is the most at one time. Remove one, then upload again.",
      );
    default:
      return problem(404, "not_found", "There is no such thing here.");
  }
}

async function readBody(request) {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text === "" ? {} : JSON.parse(text);
}

function sendEvents(events, response) {
  response.writeHead(200, {
    "content-type": "text/event-stream",
    "x-vercel-ai-ui-message-stream": "v1",
    "x-conversation-id": conversations[0].id,
  });
  const all = [{ type: "start" }, ...events, { type: "finish", finishReason: "stop" }];
  response.end(
    `${all.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("")}data: [DONE]\n\n`,
  );
}

/** Plans and chat depend on what was sent; everything else on the address alone. */
async function sendPlanOrTurn(pathname, request, response, turns) {
  const plan = /^\/api\/schema\/[0-9a-f-]{36}\/plan\/(options|preview)$/.exec(pathname);
  if (!plan && pathname !== "/api/chat") return false;
  const body = await readBody(request);
  if (!plan) {
    turns.push(body);
    sendEvents(answerChat(body), response);
    return true;
  }
  const { status, body: answered } = answerPlan(plan[1], body);
  sendJson(status, answered, response);
  return true;
}

function sendJson(status, body, response) {
  response.writeHead(status, {
    "content-type": status < 400 ? "application/json" : "application/problem+json",
  });
  response.end(JSON.stringify(body));
}

function readScenario(request) {
  return /(?:^|;\s*)scenario=([a-z-]+)/.exec(request.headers.cookie ?? "")?.[1] ?? "full";
}

/** Starts the server on a free port (or `port`); gives its address, and what was asked so far. */
export function startFakeApi(port = 0) {
  const turns = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (!url.pathname.startsWith("/api")) {
      sendPage(decodeURIComponent(url.pathname), response);
      return;
    }
    const scenario = readScenario(request);
    if (scenario === "full" && (await sendPlanOrTurn(url.pathname, request, response, turns)))
      return;
    request.resume();
    const isData =
      !url.pathname.startsWith("/api/auth/status") && url.pathname !== "/api/auth/config";
    const { status, body } =
      scenario === "error" && isData
        ? problem(500, "internal", "Something went wrong on the server. Your data is unchanged.")
        : answer(request.method ?? "GET", url.pathname, url.searchParams, scenario);
    const reply = () => sendJson(status, body, response);
    if (scenario === "slow" && isData) setTimeout(reply, 20_000).unref();
    else reply();
  });
  return new Promise((resolve) => {
    server.listen(port, "127.0.0.1", () => {
      const { port: bound } = server.address();
      resolve({ url: `http://127.0.0.1:${bound}`, turns, stop: () => server.close() });
    });
  });
}

if (process.argv[1] === import.meta.filename) {
  const { url } = await startFakeApi(Number(process.env.PORT ?? 4000));
  console.log(url);
}
