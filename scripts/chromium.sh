#!/usr/bin/env bash
# Prints the path of a Chromium or Chrome on this machine; CHROMIUM names another one. Nothing where there is none.
for candidate in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable \
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
  [ -n "$candidate" ] || continue
  found=$(command -v "$candidate" 2>/dev/null) && { echo "$found"; exit 0; }
done
exit 0
