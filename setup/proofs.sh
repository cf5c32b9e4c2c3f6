#!/usr/bin/env bash
# Add what the checks and tests need: development tools, a PostgreSQL server, Chromium and Chinese fonts.
set -euo pipefail
cd "$(dirname "$0")/.."
source setup/say.sh

made_of=$(cat .venv/made-of requirements-dev.txt | sha256sum)
if [ ! -f .venv/made-of-dev ] || [ "$(cat .venv/made-of-dev)" != "$made_of" ]; then
  say "正在安装检查与测试工具"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
  printf '%s' "$made_of" >.venv/made-of-dev
fi

missing=()
.venv/bin/python -m tests.programs postgresql || missing+=(postgresql)
.venv/bin/python -m tests.programs chromium || missing+=(chromium)
fc-list 2>/dev/null | grep -i 'cjk' >/dev/null || missing+=(fontconfig fonts-noto-cjk)
[ ${#missing[@]} -eq 0 ] || install "${missing[@]}"
# stands in for 楷体 on official papers; nothing fails without it, another open font does
if ! fc-list 2>/dev/null | grep -i 'wenkai' >/dev/null && apt-cache show fonts-lxgw-wenkai >/dev/null 2>&1; then
  (install fonts-lxgw-wenkai) || say "没有装上霞鹜文楷，公文里的楷体暂用其他字体"
fi
