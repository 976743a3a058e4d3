#!/usr/bin/env bash
# Licences, sources, import rules and known faults of what we depend on; deny.toml explains the exceptions. The lists of
# known faults are on the internet: where they cannot be had, it says what was not checked.
set -uo pipefail
cd "$(dirname "$0")/.."
failed=0
if command -v cargo-deny >/dev/null; then
  cargo deny --log-level error --all-features check --hide-inclusion-graph bans licenses sources || failed=1
  if cargo deny --log-level error fetch db; then
    cargo deny --log-level error check advisories || failed=1
  else
    echo "NOT CHECKED: known faults of crates. Their list (RustSec) cannot be had from here, see above."
  fi
else
  echo "NOT CHECKED: crates. cargo-deny is not installed (cargo install cargo-deny --locked)."
fi
found=$(cd frontend && npm audit 2>&1)
status=$?
echo "$found"
if grep -q "audit endpoint returned an error" <<<"$found"; then
  echo "NOT CHECKED: known faults of npm packages. The registry gives no list of them here, see above."
elif [ $status -ne 0 ]; then
  failed=1
fi
exit $failed
