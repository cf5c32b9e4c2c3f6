#!/usr/bin/env bash
# Write requirements*.txt and package-lock.json anew from pyproject.toml and package.json.
set -euo pipefail
cd "$(dirname "$0")/.."

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
python3 -m venv "$tools/venv"
"$tools/venv/bin/pip" install -q uv

compile() {
  "$tools/venv/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
    --no-header --no-emit-index-url --no-emit-find-links --output-file "$@"
}
compile requirements.txt --upgrade pyproject.toml
compile requirements-dev.txt --upgrade --constraint requirements.txt --group dev pyproject.toml
compile requirements-node.txt --upgrade --group node
npm install --package-lock-only --ignore-scripts --no-audit --no-fund
