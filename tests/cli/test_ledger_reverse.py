"""`flask ledger reverse`, and imports by layouts of the authority's own."""

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from app.core.db import Database
from app.ledgers.cases import Case
from app.ledgers.intake import Choice, ImportBatch, Sketch
from app.workflows import Context
from app.workflows.layout_keeping import add_layout
from config import Settings
from tests.cli.test_ledger_import import count, write
from tests.client import app_for
from tests.people import Cast, make_cast
from tests.story import Story
from tests.workflows.imports import HEAD, ROWS


@pytest.fixture
def cast(database: Database) -> Cast:
    return make_cast(database, "2026-03-02")


@pytest.fixture
def application(cast: Cast, instance: Path) -> Flask:
    settings = Settings(instance=instance, database_url=cast.database.url, owner_url=cast.database.owner_url)
    return app_for(settings, cast.clock, cast.database)


def run(application: Flask, *arguments: object) -> Result:
    with application.app_context():
        return application.test_cli_runner().invoke(args=["ledger", *map(str, arguments)])


@pytest.fixture
def batch(application: Flask, cast: Cast, tmp_path: Path) -> int:
    """An import of three cases."""
    write(tmp_path / "台账.xlsx", [("填报日期：2026年2月20日",), HEAD, *ROWS])
    assert (
        run(
            application, "import", tmp_path / "台账.xlsx", "--layout", "整改台账", "--apply", "--take-doubtful"
        ).exit_code
        == 0
    )
    with cast.database.session(read_only=True) as session:
        return session.scalars(select(ImportBatch.id)).one()


def states(cast: Cast) -> list[str]:
    with cast.database.session(read_only=True) as session:
        return list(session.scalars(select(Case.state).order_by(Case.id)))


def test_reverse_voids_the_cases_of_the_import(application: Flask, cast: Cast, batch: int) -> None:
    result = run(application, "reverse", batch, "--reason", "报错了表")
    assert result.exit_code == 0, result.output
    assert "已撤销“台账.xlsx”：作废 3 件、恢复 0 件。" in result.output
    assert states(cast) == ["voided"] * 3
    again = run(application, "reverse", batch, "--reason", "报错了表")
    assert (again.exit_code, "已经撤销" in again.stderr) == (1, True)


def test_reverse_names_what_has_moved_on_and_what_to_do(application: Flask, cast: Cast, batch: int) -> None:
    with cast.database.session(read_only=True) as session:
        first = session.scalars(select(Case.id).order_by(Case.id)).first()
    assert first is not None
    Story(cast).case("supervisor", first, "admit")
    refused = run(application, "reverse", batch, "--reason", "报错了表")
    assert refused.exit_code == 1
    assert "已是“已建账”" in refused.stderr
    assert "--leave-moved" in refused.stderr
    assert states(cast) == ["ledgered", "reported", "reported"]
    done = run(application, "reverse", batch, "--reason", "报错了表", "--leave-moved")
    assert "作废 2 件、恢复 0 件、保留原样 1 件" in done.output


def test_reverse_knows_only_imports_of_the_authority(application: Flask, cast: Cast, batch: int) -> None:
    for arguments in ((batch, "--as", "outsider", "--authority", "X"), (987654,)):
        result = run(application, "reverse", *arguments, "--reason", "试")
        assert (result.exit_code, "没有编号为" in result.stderr) == (1, True), result.output
    assert states(cast) == ["reported"] * 3


def test_a_layout_of_the_authoritys_own_is_known_by_name(application: Flask, cast: Cast, tmp_path: Path) -> None:
    with cast.begin("supervisor") as (session, actor):
        columns = (Choice(("隐患内容",), "text"), Choice(("来文",), "source"), Choice(("何时",), "found_on"))
        add_layout(Context(session, actor, cast.clock.now()), cast.units["C"], Sketch("我们的表", "我们的表", columns))
    path = tmp_path / "我们.xlsx"
    write(path, [("隐患内容", "来文", "何时"), ("路灯不亮", "专项督查", "2026年2月2日")])
    said = run(application, "import", path, "--layout", "我们的表", "--apply", "--take-doubtful")
    assert "已登记 1 行" in said.output, said.output
    assert count(cast, Case) == 1
    other = run(application, "import", path, "--layout", "我们的表", "--authority", "X")
    assert (other.exit_code, "没有名为“我们的表”的台账版式" in other.stderr) == (1, True)
