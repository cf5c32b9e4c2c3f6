"""导出台账 on the page: the ledger in a layout, a short one at once, a long one by the worker, and only for the asker."""

import io
import re
from datetime import timedelta
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import event, select, update
from werkzeug.test import TestResponse

from app.audit import Event
from app.cli.export_duty import ExportDuty
from app.core.clock import Moment
from app.core.leases import LEASE
from app.documents import ledger_files
from app.documents.workbook import write_ledger
from app.ledgers.exports import Export
from app.people import Mandate, Parameter
from app.workflows.exporting import claim_export, say_progress
from tests.client import Visit, visit
from tests.story import Story


@pytest.fixture
def cases(story: Story) -> list[int]:
    """Three assigned cases: two of A, one of B."""
    made = []
    for lead, title in (("A", "甲一"), ("B", "乙一"), ("A", "甲二")):
        made.append(story.log(title=title, text=f"{title}的问题"))
        story.assign(made[-1], lead)
    return made


def only_long(story: Story) -> None:
    """Let every export be a long one."""
    with story.cast.database.begin() as session:
        session.add(Parameter(authority_id=story.cast.units["C"], name="export_direct_rows", value=0))


def ask(visitor: Visit, query: str = "") -> TestResponse:
    return visitor.post(f"/exports?layout=rectification{query}")


def work(story: Story, instance: Path) -> None:
    """Let the worker's duty run once."""
    ExportDuty(story.cast.database, story.cast.clock, instance, watch=0)()


def texts(answer: TestResponse) -> list[str]:
    """Return the problems in a workbook that was sent."""
    assert answer.status_code == 200
    sheet = load_workbook(io.BytesIO(answer.data)).worksheets[0]
    return [str(row[3]) for row in sheet.iter_rows(min_row=5, values_only=True) if isinstance(row[0], int)]


def events(story: Story) -> list[str]:
    with story.cast.database.session(read_only=True) as session:
        query = select(Event.kind).where(Event.kind.startswith("export.")).order_by(Event.id)
        return list(session.scalars(query))


def change(story: Story, **values: Any) -> None:
    with story.cast.database.begin() as session:
        session.execute(update(Export).values(**values))


def test_a_short_ledger_is_sent_at_once_exactly_as_filtered(story: Story, app: Flask, cases: list[int]) -> None:
    visitor = visit(app, story, "supervisor")
    answer = ask(visitor, f"&unit={story.cast.units['A']}")
    assert (answer.status_code, answer.location) == (303, "/exports/1/file")
    sent = visitor.get(answer.location)
    assert texts(sent) == ["甲一的问题", "甲二的问题"]
    assert sent.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E6%95%B4")
    assert texts(visitor.get(answer.location)) == ["甲一的问题", "甲二的问题"]
    assert events(story) == ["export.ask", "export.make", "export.fetch", "export.fetch"]


def test_the_page_shows_the_ledger_in_the_columns_of_the_layout(story: Story, app: Flask, cases: list[int]) -> None:
    page = visit(app, story, "supervisor").get("/sheets?layout=rectification&state=all").text
    assert '<th scope="colgroup" colspan="4" rowspan="1">责任体系</th>' in page
    assert page.index("责任体系") < page.index(">配合单位</th>")
    assert "甲一的问题" in page
    assert "共 3 件" in page
    page = visit(app, story, "head_b").get("/sheets?layout=environment").text
    assert "责任人被处理情况" in page
    assert "乙一的问题" in page
    assert "甲一的问题" not in page


def test_the_ledger_leads_to_its_layouts_with_the_same_filters(story: Story, app: Flask, cases: list[int]) -> None:
    visitor = visit(app, story, "supervisor")
    page = visitor.get(f"/cases?unit={story.cast.units['B']}").text
    (address,) = re.findall(r'href="(/sheets[^"]*)"', page)
    page = visitor.get(address).text
    assert "乙一的问题" in page
    assert "甲一的问题" not in page


def test_pages_of_the_screen_follow_each_other(story: Story, app: Flask) -> None:
    for number in range(23):
        story.log(title=f"第{number:02}件", text=f"第{number:02}个问题")
    visitor = visit(app, story, "supervisor")
    first = visitor.get("/sheets").text
    (following,) = re.findall(r'href="(/sheets\?[^"]*)" rel="next"', first)
    second = visitor.get(following.replace("&amp;", "&")).text
    seen = re.findall(r"第\d\d个问题", first) + re.findall(r"第\d\d个问题", second)
    assert seen == [f"第{number:02}个问题" for number in range(23)]


def test_a_long_ledger_is_made_by_the_worker_while_its_page_tells_how_far(
    story: Story, app: Flask, instance: Path, cases: list[int]
) -> None:
    only_long(story)
    visitor = visit(app, story, "supervisor")
    address = str(ask(visitor).location)
    assert address == "/exports/1"
    page = visitor.get(address).text
    assert "排队中" in page
    assert 'hx-trigger="every 2s"' in page
    assert visitor.get(f"{address}/file").location == address
    change(story, state="running", worker="w", lease_until=story.cast.clock.now().at + LEASE)
    with story.cast.database.begin() as session:
        assert say_progress(session, 1, "w", story.cast.clock.now().at, (1000, 3000))
    assert "1000 / 3000 件" in visitor.get(address).text
    change(story, state="waiting")
    work(story, instance)
    page = visitor.get(address).text
    assert "已完成" in page
    assert "every 2s" not in page
    assert texts(visitor.get(f"{address}/file")) == ["甲一的问题", "乙一的问题", "甲二的问题"]
    assert "整改台账_20260302.xlsx" in visitor.get("/exports").text


def test_nobody_but_the_asker_gets_the_file(story: Story, app: Flask, instance: Path, cases: list[int]) -> None:
    visitor = visit(app, story, "supervisor")
    visitor.get(str(ask(visitor).location))
    for who in ("supervisor2", "inspector", "leader", "head_a", "outsider", "admin"):
        other = visit(app, story, who)
        assert [other.get(f"/exports/1{path}").status_code for path in ("", "/file")] == [404, 404]
        assert other.post("/exports/1/cancel").status_code == 404
        assert "整改台账_" not in other.get("/exports").text


def test_who_reaches_something_else_by_now_gets_nothing_any_more(
    story: Story, app: Flask, instance: Path, cases: list[int]
) -> None:
    visitor, head = visit(app, story, "supervisor"), visit(app, story, "head_a")
    visitor.get(str(ask(visitor).location))
    only_long(story)
    ask(head)
    with story.cast.database.begin() as session:
        moved = select(Mandate.id).where(Mandate.person_id == story.cast.persons["head_a"])
        session.execute(update(Mandate).where(Mandate.id.in_(moved)).values(unit_id=story.cast.units["B"]))
        mine = Mandate.person_id == story.cast.persons["supervisor"]
        session.execute(update(Mandate).where(mine).values(role="assessor"))
    assert visitor.get("/exports/1/file").status_code == 409
    work(story, instance)
    assert "任职有变化" in head.get("/exports/2").text
    assert list((instance / "exports").iterdir()) == [instance / "exports" / story.get(Export, 1).stored_name]


def test_one_person_has_one_export_under_way_and_so_many_an_hour(
    story: Story, app: Flask, instance: Path, cases: list[int]
) -> None:
    only_long(story)
    visitor = visit(app, story, "supervisor")
    ask(visitor)
    refused = ask(visitor)
    assert refused.status_code == 409
    assert "还没有完成" in refused.text
    assert visitor.post("/exports/1/cancel").status_code == 303
    assert "已取消" in visitor.get("/exports/1").text
    with story.cast.database.begin() as session:
        session.add(Parameter(authority_id=story.cast.units["C"], name="export_hourly", value=2))
    ask(visitor)
    work(story, instance)
    refused = ask(visitor)
    assert refused.status_code == 409
    assert "一小时内最多导出 2 次" in refused.text
    assert ask(visit(app, story, "inspector")).status_code == 303
    story.cast.clock.moment = Moment.of(story.cast.clock.now().at + timedelta(minutes=61))
    assert ask(visitor).status_code == 303


def test_an_export_whose_maker_died_is_made_by_another_and_never_by_two(
    story: Story, app: Flask, instance: Path, cases: list[int]
) -> None:
    only_long(story)
    visitor, at = visit(app, story, "supervisor"), story.cast.clock.now().at
    ask(visitor)
    claims = []
    for worker, moment in (("one", at), ("two", at), ("two", at + LEASE + timedelta(seconds=1))):
        with story.cast.database.begin() as session:
            claims.append(claim_export(session, worker, moment))
    assert claims == [1, None, 1]
    with story.cast.database.begin() as session:
        assert not say_progress(session, 1, "one", at, (1, 3))
        assert say_progress(session, 1, "two", at, (1, 3))
    story.cast.clock.moment = Moment.of(at + LEASE + timedelta(minutes=1))
    work(story, instance)
    assert len(texts(visitor.get("/exports/1/file"))) == 3


def test_a_worker_that_ends_lets_go_of_what_it_makes(
    story: Story, app: Flask, instance: Path, cases: list[int]
) -> None:
    only_long(story)
    ask(visit(app, story, "supervisor"))
    duty = ExportDuty(story.cast.database, story.cast.clock, instance, watch=0)
    asked = iter([False, True])
    duty.is_ending = lambda: next(asked, True)
    duty()
    assert story.get(Export, 1).state == "waiting"
    work(story, instance)
    assert story.get(Export, 1).state == "done"


def test_no_connection_waits_while_a_long_file_is_closed(
    story: Story, app: Flask, instance: Path, cases: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Closing the file of a million rows takes longer than the database lets a transaction stand idle."""
    only_long(story)
    ask(visit(app, story, "supervisor"))
    in_use: list[tuple[int, int]] = []
    pool: Any = story.cast.database.engine.pool

    def written(path: Path, layout: Any, face: Any, rows: Any) -> int:
        first = next(rows)
        reading = pool.checkedout()
        count = write_ledger(path, layout, face, chain([first], rows))
        in_use.append((reading, pool.checkedout()))
        return count

    monkeypatch.setattr(ledger_files, "write_ledger", written)
    work(story, instance)
    assert story.get(Export, 1).state == "done"
    assert in_use == [(1, 0)], "one snapshot while it is read, none after it"


def test_a_file_that_was_changed_is_not_sent(story: Story, app: Flask, instance: Path, cases: list[int]) -> None:
    visitor = visit(app, story, "supervisor")
    address = str(ask(visitor).location)
    visitor.get(address)
    path = instance / "exports" / story.get(Export, 1).stored_name
    path.write_bytes(path.read_bytes() + b"x")
    assert visitor.get(address).location == "/exports/1"
    assert "已不在或被改动" in visitor.get("/exports/1").text


def test_files_go_after_a_week_and_the_record_stays(story: Story, app: Flask, instance: Path, cases: list[int]) -> None:
    visitor = visit(app, story, "supervisor")
    address = str(ask(visitor).location)
    visitor.get(address)
    change(story, ended_at=story.cast.clock.now().at - timedelta(days=8))
    work(story, instance)
    assert "文件已清理" in visitor.get("/exports/1").text
    assert visitor.get(address).status_code == 409
    assert events(story)[-1] == "export.fetch"


def test_it_asks_the_database_as_often_for_many_rows_as_for_few(story: Story, app: Flask) -> None:
    visitor, counts = visit(app, story, "supervisor"), []
    for more in (2, 20):
        for number in range(more):
            story.assign(story.log(title=f"{more}-{number}"), "A", "B")
        seen: list[str] = []

        def note(*given: Any, seen: list[str] = seen) -> None:
            seen.append(given[2])

        event.listen(story.cast.database.engine, "before_cursor_execute", note)
        assert visitor.get(str(ask(visitor).location)).status_code == 200
        event.remove(story.cast.database.engine, "before_cursor_execute", note)
        counts.append(len([one for one in seen if one.lstrip().upper().startswith("SELECT")]))
    assert counts[0] == counts[1]
