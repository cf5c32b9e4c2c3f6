#!/usr/bin/env bash
# Make .venv with the locked libraries; make it anew when Python or the lock changed or the environment is broken.
set -euo pipefail
cd "$(dirname "$0")/.."
source setup/say.sh

python=${PYTHON:-python3}
command -v "$python" >/dev/null || need "python3" "没有找到 Python，请先安装 3.11 或更高版本"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || stop "需要 Python 3.11 或更高版本，现在是 $("$python" -V)"

# what the environment was made of: the interpreter, its place, and the lock
made_of="$("$python" -c 'import sys; print(sys.version, sys.base_prefix)') $PWD $(sha256sum <requirements.txt)"
stamp=.venv/made-of
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$made_of" ] && .venv/bin/python -c 'import flask' 2>/dev/null; then
  exit 0
fi

"$python" -c 'import ensurepip, venv' 2>/dev/null || install python3-venv
if [ -f "$stamp" ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
  say "正在建立 Python 环境 .venv"
  rm -rf .venv
  "$python" -m venv .venv
fi
say "正在安装锁定的 Python 依赖"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
printf '%s' "$made_of" >"$stamp"
