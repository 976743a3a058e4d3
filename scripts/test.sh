#!/usr/bin/env bash
# Every check that needs no network but the package registries. Prints what it skips and why; under CI nothing is skipped.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s\n' "$1"; }

step "Format and lints"
scripts/lint.sh

step "Rust tests"
cargo test --workspace --locked --quiet

step "Generated types"
# That openapi.json is what the code says is one of the Rust tests.
(cd frontend && npm run --silent gen:check)

step "Front end: unit tests"
(cd frontend && npm test --silent)

step "Evaluation: the judge and the exporter"
if command -v python3 >/dev/null; then
  python3 -m unittest discover --quiet --start-directory eval --top-level-directory .
elif [ "${CI:-}" = true ]; then
  echo "python3 is missing, and under CI nothing is skipped" >&2
  exit 1
else
  echo "Skipped: python3 is not installed."
fi

step "Browser tests"
# The binary that the Rust tests were built with; building it again without their features would take minutes.
DQA_BINARY="$(cd "${CARGO_TARGET_DIR:-target}" && pwd)/debug/data-query-agent" scripts/e2e.sh

printf '\nAll checks passed.\n'
