"""The pages of the workflows are what the tables say: the matrices under docs/workflows are the golden files."""

import re
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.cli.docs import pages, read_page
from app.people import Role
from app.workflows import WORKFLOWS
from config import ROOT, Settings

FOLDER = ROOT / "docs" / "workflows"


@pytest.fixture
def application(tmp_path: Path) -> Flask:
    """An application whose root lies in a folder of the test's own, and whose database cannot be reached."""
    made = create_app(Settings(tmp_path / "instance", "postgresql://nobody@localhost:1/none"))
    made.root_path = str(tmp_path / "app")
    return made


def matrix_of(text: str) -> list[list[str]]:
    """Return the cells of the state × role matrix of a page."""
    table = text.split("## 状态 × 角色")[1].split("## 条件")[0]
    rows = [line.strip("|").split("|") for line in table.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows]


@pytest.mark.parametrize("name", sorted(pages()))
def test_page_says_what_the_table_says(name: str) -> None:
    assert read_page(FOLDER / name) == pages()[name], "run `make docs` and read what changed"


def test_no_page_is_left_of_a_workflow_that_is_gone() -> None:
    assert {file.name for file in FOLDER.glob("*.md")} == set(pages())


@pytest.mark.parametrize("name", sorted(WORKFLOWS))
def test_matrix_has_every_state_and_every_move_of_a_role(name: str) -> None:
    workflow, (heads, _, *rows) = WORKFLOWS[name], matrix_of(pages()[f"{name}.md"])
    by_label = {role.label: role for role in Role}
    cells = {
        (row[0], role): set(cell.split("、")) for row in rows for role, cell in zip(heads[1:], row[1:], strict=True)
    }
    states = {**workflow.states, "new": "新建"}
    assert set(workflow.states.values()) <= {row[0] for row in rows}
    for state, word in states.items():
        for head in heads[1:]:
            moves = {t.label for t in workflow.transitions if state in t.source and by_label[head] in t.roles}
            assert cells.get((word, head), {"—"}) == (moves or {"—"})


@pytest.mark.parametrize("name", sorted(WORKFLOWS))
def test_diagram_has_an_arrow_for_every_move(name: str) -> None:
    drawn = set(re.findall(r"^  (\S+) --> (\S+) :", pages()[f"{name}.md"], re.MULTILINE))
    for row in WORKFLOWS[name].transitions:
        for source in row.source:
            dest = source if row.dest == "=" else row.dest
            assert ("[*]" if source == "new" else source, dest) in drawn


def test_pages_are_written_without_a_database_and_then_agree(application: Flask, tmp_path: Path) -> None:
    run = application.test_cli_runner().invoke
    assert run(args=["docs", "--check"]).exit_code == 1
    assert run(args=["docs"]).exit_code == 0
    assert run(args=["docs", "--check"]).exit_code == 0
    case = tmp_path / "docs" / "workflows" / "case.md"
    case.write_text(case.read_text(encoding="utf-8").replace("督查室主任", "联络员"), encoding="utf-8")
    (case.parent / "gone.md").write_text(pages()["plan.md"], encoding="utf-8")
    (case.parent / "by-hand.md").write_text("# 手写\n", encoding="utf-8")
    result = run(args=["docs", "--check"])
    assert (result.exit_code, "case.md、gone.md" in result.stderr) == (1, True)
    assert run(args=["docs"]).exit_code == 0
    assert not (case.parent / "gone.md").exists()
    assert (case.parent / "by-hand.md").exists()
    assert run(args=["docs", "--check"]).exit_code == 0
