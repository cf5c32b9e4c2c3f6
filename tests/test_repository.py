"""The house rules that a linter does not know, asked of every file under version control."""

import ast
import re
import subprocess
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LENT = ROOT.parent / "shared" / "data"  # real office files, lent beside some checkouts and never ours to publish
SELF = "tests/test_repository.py"  # names what it forbids

REGISTRIES = re.compile(
    r"pypi\.org|pythonhosted|npmjs\.org|npmmirror|--index-url|--find-links|file://|(deb|archive)\.(debian|ubuntu)\."
)
MACHINE_PATHS = re.compile(r"(?<![\w.])/(work|root)/|/opt/(wheels|pypi)|/home/\w+/|/tmp/brief|\.pyenv")
SECRETS = re.compile(
    r"BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|gh[pousr]_\w{30}"
    r"|(?i:(secret|token|api_?key|passw(or)?d)\w*)\s*=\s*f?[\"'](?![\"'])[^\"'{}]{12,}[\"']"
)
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "services", "service", "managers", "manager", "misc"}
COMMITTING = ("app/cli", "app/web/", "app/api/", "app/notices/worker", "app/core/db.py")
MODULE_LINES, FUNCTION_LINES, TEMPLATE_LINES = 300, 40, 120


def list_files(*patterns: str) -> list[Path]:
    """Return the files under version control, and new ones that are not ignored."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", *patterns]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def name_of(file: Path) -> str:
    """Return a file's name inside the project."""
    return file.relative_to(ROOT).as_posix()


def find_lines(pattern: re.Pattern[str], *among: str) -> list[str]:
    """Return `file:line` of every line that matches."""
    places = []
    for file in list_files(*among):
        content = file.read_bytes()
        if b"\0" in content or name_of(file) == SELF:
            continue
        lines = content.decode().splitlines()
        places += [f"{name_of(file)}:{number}" for number, line in enumerate(lines, 1) if pattern.search(line)]
    return places


def find_nodes(wanted: Callable[[ast.AST], bool]) -> Iterator[tuple[str, int]]:
    """Yield file and line of every wanted node of our Python."""
    for file in list_files("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if wanted(node):
                yield name_of(file), getattr(node, "lineno", 1)


def lines_of(file: Path) -> int:
    """Count the lines of a file."""
    return len(file.read_text().splitlines())


def test_no_file_names_a_package_registry() -> None:
    assert find_lines(REGISTRIES) == []


def test_no_lock_records_where_a_package_came_from() -> None:
    assert find_lines(re.compile('"resolved"'), "package-lock.json") == []


def test_every_locked_package_has_a_hash() -> None:
    for lock in list_files("requirements*.txt"):
        packages = re.split(r"\n(?=\S)", lock.read_text().strip())
        assert packages
        assert [package.split()[0] for package in packages if "--hash=sha256:" not in package] == []


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    assert find_lines(MACHINE_PATHS) == []


def test_no_secret_is_written_down() -> None:
    assert [place for place in find_lines(SECRETS) if not place.startswith("tests/")] == []


@pytest.mark.skipif(not LENT.exists(), reason="no lent office files beside this checkout")
def test_no_lent_file_is_copied_into_the_project() -> None:
    lent = [file for file in LENT.rglob("*") if file.is_file() and file.name != "README.md"]
    names, digests = {file.name for file in lent}, {sha256(file.read_bytes()).digest() for file in lent}
    assert names
    ours = list_files()
    assert [name_of(file) for file in ours if file.name in names] == []
    assert [name_of(file) for file in ours if sha256(file.read_bytes()).digest() in digests] == []


def test_only_the_edges_commit() -> None:
    def is_commit(node: ast.AST) -> bool:
        return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"

    places = [(file, line) for file, line in find_nodes(is_commit) if file.startswith("app/")]
    assert [f"{file}:{line}" for file, line in places if not file.startswith(COMMITTING)] == []


def test_modules_and_templates_stay_short() -> None:
    long = [(file, lines_of(file), MODULE_LINES) for file in list_files("*.py", ":!migrations/versions")]
    long += [(file, lines_of(file), TEMPLATE_LINES) for file in list_files("app/*.html")]
    assert [f"{name_of(file)}: {lines} lines" for file, lines, most in long if lines > most] == []


def test_functions_stay_short() -> None:
    def is_long(node: ast.AST) -> bool:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            return False
        return (node.end_lineno or node.lineno) - node.lineno + 1 > FUNCTION_LINES

    places = [f"{file}:{line}" for file, line in find_nodes(is_long) if not file.startswith("migrations/versions")]
    assert places == []


def test_modules_are_named_after_an_idea() -> None:
    assert [name_of(file) for file in list_files("*.py") if VAGUE_NAMES & set(re.split(r"[/_.]", name_of(file)))] == []


def test_nothing_is_left_to_do_without_an_issue() -> None:
    assert find_lines(re.compile(r"\b(TODO|FIXME|XXX)\b(?!\(#\d+\))"), "*.py", "*.html", "*.js", "*.sh", "*.md") == []


def test_a_forbidden_line_would_be_found() -> None:
    planted = {
        REGISTRIES: "--index-url https://example.org",
        MACHINE_PATHS: "cd /root/project",
        SECRETS: 'SECRET_KEY = "correct-horse-battery"',
    }
    assert all(pattern.search(line) for pattern, line in planted.items())
