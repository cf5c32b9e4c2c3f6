"""`flask ledger export`: the file a person gets is what that person sees, and that it was made is on record."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from app.audit import Event
from app.documents.workbook import read_sheet
from app.ledgers.cases import CaseSource
from tests.client import make_app
from tests.databases import Databases
from tests.stock import ready_story
from tests.story import Story


@pytest.fixture
def story(databases: Databases) -> Iterator[Story]:
    made = ready_story(databases)
    yield made
    made.cast.database.dispose()


@pytest.fixture
def application(story: Story, instance: Path) -> Flask:
    return make_app(story, instance)


def export(application: Flask, out: Path, *arguments: str, who: str = "supervisor", layout: str = "整改台账") -> Result:
    given = ["--layout", layout, "--as", who, "--out", str(out), *arguments]
    with application.app_context():
        return application.test_cli_runner().invoke(args=["ledger", "export", *given])


def rows(path: Path, below: str = "序号") -> list[dict[str, Any]]:
    """Return the rows of a workbook below its header, by the words of the lowest header row."""
    found = read_sheet(path).rows
    depth = next(number for number, row in enumerate(found) if row[0] == below)
    while found[depth + 1][0] == below:
        depth += 1
    body = [row for row in found[depth + 1 :] if isinstance(row[0], int)]
    return [dict(zip(map(str, found[depth]), row, strict=True)) for row in body]


def test_the_file_holds_what_is_on_record_of_each_open_case_by_deadline(
    story: Story, application: Flask, tmp_path: Path
) -> None:
    late, early = story.log(title="晚", text="晚到期的问题"), story.log(title="早", text="=早到期的问题")
    story.assign(late, "A", "B", due_on="2026-04-20")
    story.assign(early, "T", due_on="2026-03-20")
    story.to_work(late)
    story.log(title="没有交办", text="没有交办的问题")
    result = export(application, tmp_path / "a.xlsx")
    assert result.exit_code == 0, result.output
    assert "已导出 3 件" in result.output
    first, second, third = rows(tmp_path / "a.xlsx")
    assert (first["反馈问题"], first["牵头单位"], first["整改时限"]) == ("=早到期的问题", "东山镇", date(2026, 3, 20))
    assert (second["配合单位"], second["责任领导"], second["整改措施"]) == ("县水利局", "县级分管领导r", "清理河道")
    assert (second["反馈来源"], second["是否完成"], second["整改目标"]) == ("督查活动", "否", "河道无垃圾")
    assert (third["牵头单位"], third["督考编号"]) == (None, "登记3")
    assert second["督考编号"] == "2026-0001"


def test_a_unit_gets_its_own_cases_and_not_what_others_reported(
    story: Story, application: Flask, tmp_path: Path
) -> None:
    shared, foreign = story.log(text="两家的问题"), story.log(text="别家的问题")
    story.assign(shared, "A", "B")
    story.assign(foreign, "T")
    story.to_work(shared)
    assert export(application, tmp_path / "b.xlsx", who="head_b").exit_code == 0
    (only,) = rows(tmp_path / "b.xlsx")
    assert (only["反馈问题"], only["整改措施"], only["责任人"]) == ("两家的问题", None, None)
    assert export(application, tmp_path / "x.xlsx", who="outsider").exit_code == 0
    assert rows(tmp_path / "x.xlsx") == []


def test_filters_narrow_the_file_as_they_narrow_the_list(story: Story, application: Flask, tmp_path: Path) -> None:
    for lead, due_on in (("A", "2026-03-20"), ("B", "2026-04-20"), ("A", "2026-05-20")):
        story.assign(story.log(text=f"{lead} {due_on}"), lead, due_on=due_on)

    def texts(*arguments: str) -> list[str]:
        assert export(application, tmp_path / "a.xlsx", *arguments).exit_code == 0
        return [str(row["反馈问题"]) for row in rows(tmp_path / "a.xlsx")]

    assert texts("--unit", "县住建局") == ["A 2026-03-20", "A 2026-05-20"]
    assert texts("--unit", "A", "--from", "2026-04-01") == ["A 2026-05-20"]
    assert texts("--text", "B 20") == ["B 2026-04-20"]
    assert texts("--state", "ended") == []


def test_an_export_is_on_record_with_its_filters_rows_and_digest(
    story: Story, application: Flask, tmp_path: Path
) -> None:
    story.log()
    export(application, tmp_path / "a.xlsx", "--source", "inspection")
    with story.cast.database.session(read_only=True) as session:
        (event,) = session.scalars(select(Event).where(Event.kind == "export.make"))
    assert event.actor_id == story.cast.persons["supervisor"]
    assert event.data["layout"] == "rectification"
    assert (event.data["filters"], event.data["rows"]) == ({"source": "inspection"}, 1)
    assert len(event.data["sha256"]) == 64


def test_contacts_of_citizens_never_leave(story: Story, application: Flask, tmp_path: Path) -> None:
    story.log(contact="13800000000", source_kind="hotline", discovery="citizen")
    assert story.newest(CaseSource).contact == "13800000000"
    for layout in ("网络问政", "整改台账", "环保督察一览表"):
        assert export(application, tmp_path / "a.xlsx", layout=layout).exit_code == 0
        assert not [row for row in read_sheet(tmp_path / "a.xlsx").rows if "13800000000" in map(str, row)]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--layout", "没有的版式"), "没有名为“没有的版式”的台账版式"),
        (("--as", "nobody"), "没有用户名为“nobody”的账号"),
        (("--unit", "没有的单位"), "没有名为“没有的单位”的单位"),
        (("--out", "no/such/folder/a.xlsx"), "没有这个文件夹"),
    ],
)
def test_what_cannot_be_exported_is_said_plainly(
    story: Story, application: Flask, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    result = export(application, tmp_path / "a.xlsx", *arguments)
    assert result.exit_code == 1
    assert said in result.output
