#!/usr/bin/env bash
# Format, lints and import rules of both halves.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo fmt --all --check
node scripts/check-imports.mjs
node scripts/check-api-docs.mjs
node scripts/check-negative-tests.mjs
cargo clippy --workspace --all-targets --locked --quiet -- -D warnings
cd frontend
npm run --silent lint
npm run --silent typecheck
