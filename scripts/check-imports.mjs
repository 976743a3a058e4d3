// Who may import whom (ARCHITECTURE.md), checked over `cargo metadata`: direct dependencies of the workspace's crates.
import { execFileSync } from "node:child_process";

const metadata = JSON.parse(execFileSync("cargo", ["metadata", "--no-deps", "--format-version", "1", "--locked"], { maxBuffer: 1 << 26 }));
const own = {
  ingest: [],
  "schema-gen": ["ingest"],
  store: ["ingest", "schema-gen"],
  auth: ["store"],
  agent: ["ingest", "schema-gen", "store"],
  api: ["ingest", "schema-gen", "store", "auth", "agent"],
};
const onlyIn = {
  axum: "api", utoipa: "api", "utoipa-axum": "api", sqlx: "store", rusqlite: "store", "ollama-rs": "agent", oauth2: "auth", jsonwebtoken: "auth", csv: "ingest",
};
// The lower crates know nothing of async or the network.
const neverIn = { ingest: ["tokio", "reqwest", "futures"], "schema-gen": ["tokio", "reqwest", "futures"] };

const faults = [];
for (const { name, dependencies } of metadata.packages) {
  if (!own[name]) faults.push(`${name}: add it to scripts/check-imports.mjs`);
  for (const dependency of dependencies.filter((each) => each.kind !== "dev")) {
    if (own[dependency.name] && !own[name]?.includes(dependency.name)) faults.push(`${name} must not import ${dependency.name}`);
    if (onlyIn[dependency.name] && onlyIn[dependency.name] !== name) faults.push(`only ${onlyIn[dependency.name]} may import ${dependency.name}, not ${name}`);
    if (neverIn[name]?.includes(dependency.name)) faults.push(`${name} must not import ${dependency.name}`);
  }
}
if (faults.length) {
  console.error(faults.join("\n"));
  process.exit(1);
}
console.log(`imports: ${metadata.packages.length} crates, each imports only what it may`);
