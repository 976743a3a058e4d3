#!/usr/bin/env bash
# Generated requests over openapi.json against the running release binary: no 5xx, no answer that breaks the contract.
# Needs Python; installs schemathesis into a folder of its own below target/.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=target/schemathesis
[ -x "$venv/bin/schemathesis" ] || { python3 -m venv "$venv" && "$venv/bin/pip" install -q schemathesis; }
folder=$(mktemp -d)
port=$((18900 + RANDOM % 90))
DATABASE_URL="sqlite://$folder/metadata.db" UPLOAD_DIR="$folder/uploads" USER_DB_DIR="$folder/databases" KEYS_DIR="$folder/keys" PORT=$port \
  RATE_LIMIT_PER_MINUTE=0 RATE_LIMIT_SIGN_IN_PER_MINUTE=0 RATE_LIMIT_UPLOAD_PER_MINUTE=0 RATE_LIMIT_GENERATE_PER_MINUTE=0 RATE_LIMIT_CHAT_PER_MINUTE=0 \
  ACCESS_TOKEN_EXPIRE_MINUTES=60 OLLAMA_BASE_URL=http://127.0.0.1:9 "${CARGO_TARGET_DIR:-target}/release/data-query-agent" serve >"$folder/log" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null; rm -rf "$folder"' EXIT
until curl -sf "http://127.0.0.1:$port/health" >/dev/null; do sleep 0.2; done
token=$(curl -sf -X POST "http://127.0.0.1:$port/api/auth/local" | python3 -c 'import json,sys; print(json.load(sys.stdin)["access_token"])')
# Every check but one: a body of the right form may still be refused, for SQL with a mistake, a file that is no CSV, or a
# sign-in that nobody began. Routes that would sign the run itself out are left out; metrics are text for another reader.
"$venv/bin/schemathesis" run "http://127.0.0.1:$port/api/openapi.json" --header "Authorization: Bearer $token" \
  --exclude-checks positive_data_acceptance \
  --exclude-path-regex '^/api/auth/(logout|account|sessions)|^/metrics' --max-examples "${EXAMPLES:-50}" --workers 2 "$@"
