#!/usr/bin/env bash
# Every check that needs no network but the package registries. Prints what it skips and why; under CI nothing is skipped.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s\n' "$1"; }

step "Format and lints"
scripts/lint.sh

step "Rust tests"
cargo test --workspace --locked --quiet

step "Generated files"
cargo build --locked --quiet --bin data-query-agent
cargo run --locked --quiet --bin data-query-agent -- openapi | diff -u openapi.json - || { echo "openapi.json is not what the code says: run 'make gen'" >&2; exit 1; }
(cd frontend && npm run --silent gen:check)

step "Front end: unit tests"
(cd frontend && npm test --silent)

step "Browser tests"
scripts/e2e.sh

printf '\nAll checks passed.\n'
