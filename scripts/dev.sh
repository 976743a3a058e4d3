#!/usr/bin/env bash
# The server on :8000 and `next dev` on :3000, which passes /api on to it. Ctrl+C ends both.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --bin data-query-agent
trap 'kill 0' EXIT
FRONTEND_URL="${FRONTEND_URL:-http://localhost:3000}" DEBUG=true "${CARGO_TARGET_DIR:-target}/debug/data-query-agent" serve &
cd frontend
API_URL="http://127.0.0.1:${PORT:-8000}" npm run --silent dev
