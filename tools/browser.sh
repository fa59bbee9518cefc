#!/usr/bin/env bash
# Find a Chromium for the browser tests: one that is there, Playwright's own, or the distribution's.
set -u
for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
.venv/bin/playwright install chromium >/dev/null 2>&1 && exit 0
if command -v apt-get >/dev/null 2>&1; then
    sudo=""
    [ "$(id -u)" = 0 ] || sudo="sudo -n"
    export DEBIAN_FRONTEND=noninteractive
    { $sudo apt-get update -qq && $sudo apt-get install -y -qq --no-install-recommends chromium; } >/dev/null 2>&1 && exit 0
fi
echo "The browser tests need Chromium, and neither Playwright's own nor the distribution's could be installed." >&2
echo "Install it by hand (Debian: apt-get install chromium), then run make test again." >&2
exit 1
