"""台账版式: a layout made from a workbook of the office, used on the screen, for the way out and the way in."""

import io
import secrets
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.audit import Event
from app.core.sheet import Sheet
from app.ledgers.intake import OwnLayout, layout_of
from app.web.layout_page import page_data, title_of_sheet
from tests.client import Visit, visit
from tests.story import Story

TITLE = ("县农业农村局问题整改表",) + ("",) * 6
UPPER = ("序号", "存在问题", "整改分工", "", "整改期限", "进度描述", "满意度")
LOWER = ("", "", "牵头单位", "责任人", "", "", "")
ROWS = ((1, "水渠坍塌", "县水利局", "张三", "2026年5月20日", "已进场", "高"),)
SIGNED = ("经办人：", "", "", "分管领导：", "", "", "")


def workbook(*rows: Sequence[Any]) -> bytes:
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("农业")
        for number, row in enumerate(rows or (TITLE, UPPER, LOWER, *ROWS, SIGNED)):
            sheet.write_row(number, 0, row)
        if not rows:
            for place in (0, 1, 4, 5, 6):
                sheet.merge_range(1, place, 2, place, UPPER[place])
            sheet.merge_range(1, 2, 1, 3, UPPER[2])
    return kept.getvalue()


def upload(visitor: Visit, path: str, content: bytes, **fields: str) -> TestResponse:
    """Send a file; the body is written out here, since the test client would leave it in open files."""
    given = {"csrf_token": visitor.token, "_key": secrets.token_hex(8), "sheet": "", **fields}
    parts = [f'Content-Disposition: form-data; name="{key}"\r\n\r\n{value}'.encode() for key, value in given.items()]
    parts.append(b'Content-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\n' + content)
    body = b"".join(b"--x\r\n" + part + b"\r\n" for part in parts) + b"--x--\r\n"
    return visitor.client.post(path, data=body, content_type="multipart/form-data; boundary=x")


def made(visitor: Visit, **changes: str) -> TestResponse:
    """Make the layout of the workbook as the page proposes it, with changes."""
    assert upload(visitor, "/layouts", workbook()).status_code == 303
    fields = ["serial", "text", "lead", "person", "due_on", "progress", ""]
    form = {"name": "农业整改表", "top": "2", "depth": "2"}
    form |= {f"field-{number}": field for number, field in enumerate(fields)}
    return visitor.post("/layouts/new", form | changes)


def test_the_page_finds_the_header_and_guesses_what_its_columns_hold(story: Story, app: Flask) -> None:
    visitor = visit(app, story, "supervisor")
    assert upload(visitor, "/layouts", workbook()).location == "/layouts/new"
    page = visitor.get("/layouts/new").text
    assert 'name="top" min="1" max="5" value="2"' in page
    for words in ("整改分工 / 牵头单位", "整改分工 / 责任人", "满意度", "例：水渠坍塌"):
        assert words in page
    assert '<option value="lead" selected>' in page
    assert '<option value="text" selected>' in page
    assert "满意度</strong>" in page
    one_row = visitor.get("/layouts/new?top=3&depth=1").text
    assert "整改分工 / 牵头单位" not in one_row


def test_title_is_what_stands_alone_above_the_header_and_names_a_sheet_without_a_name() -> None:
    rows = (
        ("附件1", None),
        ("县农业农村局问题整改表",) * 2,
        ("（9月）",) * 2,
        ("填报单位：云岭县农业农村局督查股",) * 2,
        ("序号", "存在问题"),
    )
    assert title_of_sheet(Sheet("附件1", rows, ("附件1",)), 4) == "县农业农村局问题整改表"
    assert page_data(Sheet("附件1", rows, ("附件1",)), {})["name"] == "县农业农村局问题整改表"
    assert page_data(Sheet("农业", rows, ("农业",)), {})["name"] == "农业"
    assert title_of_sheet(Sheet("农业", rows[4:], ("农业",)), 0) == ""


def test_a_layout_made_here_serves_the_screen_the_way_out_and_the_way_in(story: Story, app: Flask) -> None:
    visitor = visit(app, story, "supervisor")
    assert made(visitor).location == "/layouts"
    assert "农业整改表" in visitor.get("/layouts").text
    answer = upload(visitor, "/imports", workbook(), layout="own-1")
    assert answer.status_code == 303
    preview = visitor.get(str(answer.location)).text
    assert "版式“农业整改表”" in preview
    assert "水渠坍塌" in preview
    case_id = story.log(text="路灯不亮")
    story.assign(case_id, "A")
    assert "路灯不亮" in visitor.get("/sheets?layout=own-1").text
    sent = visitor.get(str(visitor.post("/exports?layout=own-1").location))
    sheet = load_workbook(io.BytesIO(sent.data)).worksheets[0]
    assert sheet["A1"].value == "县农业农村局问题整改表"
    assert [sheet.cell(3, 3).value, sheet.cell(4, 3).value, sheet.cell(4, 4).value] == [
        "整改分工",
        "牵头单位",
        "责任人",
    ]
    assert [sheet.cell(5, place).value for place in (1, 2, 3, 7)] == [1, "路灯不亮", "县住建局", None]
    assert [sheet.cell(6, 1).value, sheet.cell(6, 4).value] == ["经办人：", "分管领导："]
    again = upload(visitor, "/imports", sent.data, layout="own-1")
    assert "现在没有可以导入的行" in visitor.get(str(again.location)).text


def test_words_in_brackets_stay_the_offices_own_and_columns_left_empty_are_named(story: Story, app: Flask) -> None:
    visitor = visit(app, story, "supervisor")
    rows = (
        ("序号", "存在问题（简述）", "整改成效（进展）", "满意度（高低）", "备用（留空）"),
        (1, "水渠坍塌", "已进场", "高", ""),
    )
    assert upload(visitor, "/layouts", workbook(*rows)).status_code == 303
    page = visitor.get("/layouts/new").text
    assert "整改成效（进展）</strong>" in page
    form = {"name": "农业整改表", "top": "1", "depth": "1"}
    form |= {f"field-{number}": field for number, field in enumerate(("serial", "text", "progress", "", ""))}
    assert visitor.post("/layouts/new", form).status_code == 303
    case_id = story.log(text="路灯不亮")
    story.assign(case_id, "A")
    sent = visitor.get(str(visitor.post("/exports?layout=own-1").location))
    sheet = load_workbook(io.BytesIO(sent.data)).worksheets[0]
    head = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "序号")
    assert head[:5] == rows[0]
    preview = visitor.get(str(upload(visitor, "/imports", workbook(*rows), layout="own-1").location)).text
    assert "水渠坍塌" in preview
    assert "这些列没有读取：满意度（高低）。" in preview
    again = visitor.get(str(upload(visitor, "/imports", sent.data, layout="own-1").location)).text
    assert "这些列没有读取" not in again


def test_columns_that_do_not_do_are_refused_and_said(story: Story, app: Flask) -> None:
    visitor = visit(app, story, "supervisor")
    for changes, said in (
        ({"field-1": ""}, "请指定哪一列是"),
        ({"field-2": "person"}, "选了两次"),
        ({"name": "整改台账"}, "已经有名为“整改台账”的版式"),
        ({"name": "a/b"}, "请给版式起个名字"),
    ):
        answer = made(visitor, **changes)
        assert answer.status_code == 422
        assert said in answer.text
    assert story.newest(OwnLayout) is None
    assert upload(visitor, "/layouts", b"no workbook").status_code == 422


def test_a_retired_layout_leaves_the_lists_and_what_used_it_stays(story: Story, app: Flask) -> None:
    visitor = visit(app, story, "supervisor")
    made(visitor)
    batch = str(upload(visitor, "/imports", workbook(), layout="own-1").location)
    assert visitor.post("/layouts/1/retire").status_code == 303
    visitor.get("/layouts")  # says once what was done
    assert "农业整改表" not in visitor.get("/layouts").text
    assert 'value="own-1"' not in visitor.get("/imports").text
    assert "农业整改表" in visitor.get(batch).text
    with story.cast.database.session(read_only=True) as session:
        kinds = list(session.scalars(select(Event.kind).where(Event.kind.startswith("layout.")).order_by(Event.id)))
        assert kinds == ["layout.add", "layout.retire"]
        assert layout_of(session, "own-1").name == "农业整改表"


def test_layouts_of_another_authority_do_not_exist(story: Story, app: Flask) -> None:
    made(visit(app, story, "supervisor"))
    outsider = visit(app, story, "outsider")
    assert "农业整改表" not in outsider.get("/layouts").text
    assert outsider.post("/layouts/1/retire").status_code == 404
    assert "农业整改表" not in outsider.get("/sheets?layout=own-1").text
    for who in ("head_a", "assessor", "admin"):
        assert visit(app, story, who).get("/layouts").status_code == 404
