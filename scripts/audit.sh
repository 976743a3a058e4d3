#!/usr/bin/env bash
# Licences, sources and known faults of what we depend on. deny.toml explains the exceptions.
set -uo pipefail
cd "$(dirname "$0")/.."
failed=0
if command -v cargo-deny >/dev/null; then
  cargo deny --all-features check bans licenses sources || failed=1
  cargo deny check advisories || { echo "The advisory check failed, or its database could not be reached (see above)."; failed=1; }
else
  echo "SKIPPED: cargo-deny is not installed (cargo install cargo-deny --locked)."
fi
(cd frontend && npm audit --omit=dev) || failed=1
exit $failed
