#!/usr/bin/env bash
# Ask of the code what a machine can ask: format, lint, types, imports, generated docs, migrations.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"

ruff format --check .
ruff check .
mypy & # takes as long as the rest together
types=$!
trap 'kill $types 2>/dev/null || true' EXIT
lint-imports --no-logo
flask docs --check
python -m pytest -q tests/test_repository.py tests/test_migrations.py
wait $types
