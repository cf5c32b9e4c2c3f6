#!/usr/bin/env bash
# Put what the pages need in the browser into app/web/static/vendor, from the locked npm packages.
set -euo pipefail
cd "$(dirname "$0")/.."
source setup/say.sh

vendor=app/web/static/vendor
made_of=$(cat package-lock.json setup/pages.sh setup/icons.txt setup/icons.py | sha256sum)
[ -f "$vendor/made-of" ] && [ -d node_modules/axe-core ] && [ "$(cat "$vendor/made-of")" = "$made_of" ] && exit 0

npm=(npm)
if ! { command -v npm && command -v node && node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)'; } >/dev/null 2>&1; then
  say "本机没有 Node，正在装入 .venv"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-node.txt
  export PATH="$PWD/.venv/bin:$PATH"
  npm=(.venv/bin/npm)
fi
say "正在准备页面所需的样式、脚本和图标"
"${npm[@]}" ci --silent

rm -rf "$vendor"
mkdir -p "$vendor"
cp node_modules/@tabler/core/dist/css/tabler.min.css \
  node_modules/@tabler/core/dist/js/tabler.min.js \
  node_modules/htmx.org/dist/htmx.min.js \
  node_modules/echarts/dist/echarts.min.js "$vendor/"
.venv/bin/python setup/icons.py node_modules/@tabler/icons/icons setup/icons.txt "$vendor/icons.svg"
printf '%s' "$made_of" >"$vendor/made-of"
