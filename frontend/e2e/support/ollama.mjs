// A small Ollama whose answers are written in the test.
import { createServer } from "node:http";

const model = "slow-coder:1b";
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function bodyOf(request) {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text ? JSON.parse(text) : {};
}

/** `reply(body)` gives what the model says: `{ words: [text], pauseMs, calls? }`. */
export async function startOllama(reply) {
  const state = { chats: 0, running: 0, aborted: 0 };
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const json = (value) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(value));
    };
    if (request.url === "/api/version") return json({ version: "0.12.0" });
    if (request.url === "/api/tags") {
      const details = {
        format: "gguf",
        family: "qwen2",
        families: ["qwen2"],
        parameter_size: "1B",
      };
      return json({
        models: [
          {
            name: model,
            model,
            modified_at: "2026-01-01T00:00:00Z",
            size: 1_000_000_000,
            digest: "0",
            details,
          },
        ],
      });
    }
    if (request.url === "/api/show") {
      return json({
        license: "",
        modelfile: "",
        parameters: "",
        template: "",
        details: {},
        model_info: { "general.parameter_count": 1_000_000_000, "qwen2.context_length": 8192 },
        capabilities: ["completion", "tools"],
      });
    }
    if (request.url !== "/api/chat") {
      response.writeHead(404);
      return response.end();
    }
    state.chats += 1;
    state.running += 1;
    let open = true;
    response.on("close", () => {
      if (!response.writableEnded) state.aborted += 1;
      state.running -= 1;
      open = false;
    });
    const { words, pauseMs } = reply(body, state.chats);
    response.writeHead(200, { "content-type": "application/x-ndjson" });
    const line = (content, done) =>
      response.write(
        `${JSON.stringify({
          model,
          created_at: "2026-01-01T00:00:00Z",
          message: { role: "assistant", content },
          done,
          ...(done ? { done_reason: "stop" } : {}),
        })}\n`,
      );
    response.flushHeaders();
    for (const word of words) {
      await pause(pauseMs);
      if (!open) return;
      line(word, false);
    }
    line("", true);
    response.end();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${server.address().port}`, state, stop, model };
}
