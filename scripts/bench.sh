#!/usr/bin/env bash
# Speed and memory of this build, printed, never judged. Run it on an otherwise idle machine.
set -euo pipefail
cd "$(dirname "$0")/.."
make release
node scripts/bench-service.mjs "${CARGO_TARGET_DIR:-target}/release/data-query-agent"
node scripts/bench-walls.mjs "${CARGO_TARGET_DIR:-target}/release/data-query-agent"
node scripts/bench-answers.mjs "${CARGO_TARGET_DIR:-target}/release/data-query-agent"
node scripts/bench-answers.mjs "${CARGO_TARGET_DIR:-target}/release/data-query-agent" --even
statements=$(mktemp)
trap 'rm -f "$statements"' EXIT
cargo run --release --locked --quiet -p store --example fuzz_sql -- print 5000 >"$statements"
node scripts/bench-hostile.mjs "${CARGO_TARGET_DIR:-target}/release/data-query-agent" "$statements"
cargo run --release --locked --quiet -p store --example query_cost
cargo bench --locked -p ingest
