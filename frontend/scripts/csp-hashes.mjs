// Lists the hashes of all inline scripts of the exported pages, for the Content-Security-Policy
// `script-src 'self' <hashes>`, in out/csp.json. Fails on what a policy without 'unsafe-inline' would block.
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

const outDirectory = path.join(import.meta.dirname, "..", "out");
const scriptPattern = /<script\b([^>]*)>([\s\S]*?)<\/script>/gi;
const handlerPattern = /<[a-z][^>]*\son[a-z]+\s*=/i;
const typePattern = /\btype\s*=\s*"([^"]*)"/i;
const executableTypes = new Set(["", "text/javascript", "module", "application/javascript"]);

const names = await readdir(outDirectory, { recursive: true });
const pages = names.filter((name) => name.endsWith(".html")).sort();
const hashes = new Set();

for (const page of pages) {
  const html = await readFile(path.join(outDirectory, page), "utf8");
  for (const [, attributes, body] of html.matchAll(scriptPattern)) {
    if (/\bsrc\s*=/i.test(attributes) || body === "") continue;
    const type = typePattern.exec(attributes)?.[1] ?? "";
    if (!executableTypes.has(type.toLowerCase())) continue;
    hashes.add(`sha256-${createHash("sha256").update(body, "utf8").digest("base64")}`);
  }
  if (handlerPattern.test(html.replace(scriptPattern, ""))) {
    throw new Error(`${page} has an inline event handler, which the policy would block`);
  }
}

const result = { scriptHashes: [...hashes].sort() };
await writeFile(path.join(outDirectory, "csp.json"), `${JSON.stringify(result)}\n`);
console.log(`csp.json: ${result.scriptHashes.length} inline scripts in ${pages.length} pages`);
