#!/usr/bin/env bash
# The whole path in a real browser against the real binary.
set -euo pipefail
cd "$(dirname "$0")/.."
chromium=$(scripts/chromium.sh)
if [ -z "$chromium" ]; then
  if [ "${CI:-}" = "true" ]; then
    echo "No Chromium was found, and CI must not skip the browser tests." >&2
    exit 1
  fi
  echo "SKIPPED: no Chromium or Chrome was found. Install one, or name it in CHROMIUM, to run the browser tests."
  exit 0
fi
if [ -z "${DQA_BINARY:-}" ]; then
  cargo build --locked --quiet --bin data-query-agent
  DQA_BINARY="$(cd "${CARGO_TARGET_DIR:-target}" && pwd)/debug/data-query-agent"
fi
cd frontend
CHROMIUM="$chromium" DQA_BINARY="$DQA_BINARY" npm run --silent e2e
