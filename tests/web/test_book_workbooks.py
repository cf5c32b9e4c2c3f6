"""三张清单 and 三本账 as workbooks: what the page shows, on A4 across, short at once and long by the worker."""

import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from app.audit import Event
from app.ledgers.exports import Export
from app.ledgers.intake import load_books
from tests.client import Visit, make_app, visit
from tests.databases import Databases
from tests.story import Story
from tests.web.many import MANY, many_worked, worked
from tests.web.test_exports import only_long, work

LISTS, BOOKS = ("problems", "tasks", "duties"), ("times", "measures", "progress")
A4, ABOVE = 9, 3  # paper; rows above the first one: title, sides, header


def hand_out(visitor: Visit, path: str) -> TestResponse:
    """Ask for a workbook and follow to its file."""
    answer = visitor.post(f"{path}/workbook")
    assert answer.status_code == 303, answer.text
    return visitor.get(answer.location)


def sheet_of(answer: TestResponse) -> list[list[Any]]:
    """Return what stands in the shown columns, row by row."""
    sheet: Any = load_workbook(io.BytesIO(answer.data)).active
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", A4)
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.print_title_rows) == (True, "$3:$3")
    return [[cell.value for cell in row][:-1] for row in sheet.iter_rows()]


@pytest.mark.parametrize("which", LISTS + BOOKS)
def test_each_says_what_its_page_says(story: Story, app: Flask, which: str) -> None:
    case_id = worked(story)
    story.part("liaison_a", case_id, "A", "report_progress", text="=已清理一半")
    rows = sheet_of(hand_out(visit(app, story, "head_a"), f"/units/{story.cast.units['A']}/{which}"))
    layout = load_books()[f"book-{which}"]
    assert rows[0][0] == f"县住建局{layout.name}"
    assert rows[2] == [column.label for column in layout.shown]
    assert len(rows) == ABOVE + 2  # one row and the signatures
    said = dict(zip(rows[2], rows[3], strict=True))
    assert (said["序号"], said["编号"], said["问题"]) == (1, "2026-0001", "老街河道垃圾")
    own = {
        "problems": ("牵头单位", "县住建局"),
        "tasks": ("整改措施", "1. 清理河道"),
        "duties": ("措施责任人", "张三（0/1 条措施已完成）"),
        "times": ("签收期限", date(2026, 3, 4)),
        "measures": ("责任人", "张三"),
        "progress": ("最新进展", "=已清理一半"),
    }
    name, value = own[which]
    found = said[name]
    assert (found.date() if isinstance(found, datetime) else found) == value


def test_book_of_all_has_the_open_parts_of_every_unit_in_reach(story: Story, app: Flask) -> None:
    worked(story)
    rows = sheet_of(hand_out(visit(app, story, "supervisor"), "/books/times"))
    assert rows[0][0] == "全部单位时间账"
    assert [row[3] for row in rows[ABOVE:-1]] == ["县住建局", "县水利局"]
    own = sheet_of(hand_out(visit(app, story, "liaison_b"), "/books/times"))
    assert [row[3] for row in own[ABOVE:-1]] == ["县水利局"]


def test_long_one_is_made_by_the_worker_batch_by_batch(
    databases: Databases, instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = many_worked(databases)
    only_long(story)
    monkeypatch.setattr("app.documents.book_rows.BATCH", 20)
    app = make_app(story, instance)
    visitor = visit(app, story, "supervisor")
    page = hand_out(visitor, "/books/progress")
    assert "排队中" in page.text
    work(story, instance)
    export = story.newest(Export)
    assert (export.state, export.done, export.total) == ("done", 2 * MANY, 2 * MANY)
    rows = sheet_of(visitor.get(f"/exports/{export.id}/file"))
    assert len(rows) == ABOVE + 2 * MANY + 1
    assert len({(row[1], row[3]) for row in rows[ABOVE:-1]}) == 2 * MANY


def test_ended_cases_come_along_where_the_page_shows_them(story: Story, app: Flask) -> None:
    done = worked(story)
    story.do_measure(done)
    visitor, path = visit(app, story, "head_a"), f"/units/{story.cast.units['A']}/measures/workbook"
    assert len(sheet_of(visitor.get(visitor.post(path).location))) == ABOVE + 1
    rows = sheet_of(visitor.get(visitor.post(f"{path}?state=all").location))
    assert [row[-1] for row in rows[ABOVE:-1]] == ["1"]
    assert story.newest(Event, kind="export.make").data["filters"] == {
        "book": {"unit": story.cast.units["A"], "open": False}
    }


@pytest.mark.parametrize("who", ["head_b", "leader2", "outsider", "outsider_head", "admin", "organisation"])
def test_workbook_of_another_unit_does_not_exist(story: Story, app: Flask, who: str) -> None:
    worked(story)
    for which in LISTS + BOOKS:
        assert visit(app, story, who).post(f"/units/{story.cast.units['A']}/{which}/workbook").status_code == 404
    assert visit(app, story, "supervisor").post("/books/problems/workbook").status_code == 404
    assert visit(app, story, "supervisor").get("/books/times/workbook").status_code == 405
