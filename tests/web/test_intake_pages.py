"""导入反馈: upload, preview, names matched once, rows confirmed, taken over; hostile and oversized files."""

import io
import re
import secrets
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.core.errors import Invalid
from app.ledgers.cases import Case
from app.ledgers.intake import ImportBatch, ImportRow
from app.people import Mandate, UnitAlias
from app.web import intake_reading
from tests.client import Visit, visit
from tests.documents.hostile import HOSTILE
from tests.story import Story
from tests.workflows.imports import GOOD, HEAD, ROWS


def workbook(*rows: Any) -> bytes:
    """Return a ledger as an office would send it."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("整改台账")
        for number, row in enumerate([("填报日期：2026年2月20日",), HEAD, *(rows or ROWS)]):
            sheet.write_row(number, 0, row)
    return kept.getvalue()


def upload(visitor: Visit, content: bytes, name: str = "台账.xlsx", layout: str = "rectification") -> TestResponse:
    """Hand a file in; the body is written out here, since the test client would leave large ones in open files."""
    fields = {"csrf_token": visitor.token, "_key": secrets.token_hex(8), "layout": layout, "sheet": ""}
    parts = [f'Content-Disposition: form-data; name="{key}"\r\n\r\n{value}'.encode() for key, value in fields.items()]
    parts.append(f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode() + content)
    body = b"".join(b"--x\r\n" + part + b"\r\n" for part in parts) + b"--x--\r\n"
    return visitor.client.post("/imports", data=body, content_type="multipart/form-data; boundary=x")


def handed_in(visitor: Visit, *rows: Any) -> str:
    """Hand a ledger in and return the address of its preview."""
    answer = upload(visitor, workbook(*rows))
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def version(page: str) -> str:
    """Return the version that a page's forms carry."""
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return found[1]


def count(story: Story, model: type) -> int:
    with story.cast.database.session(read_only=True) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_only_the_people_who_take_feedback_in_find_the_page(story: Story, app: Flask) -> None:
    for who, status in (("supervisor", 200), ("inspector", 200), ("head_a", 404), ("assessor", 404), ("admin", 404)):
        assert visit(app, story, who).get("/imports").status_code == status


def test_preview_names_wrong_rows_with_column_and_reason(story: Story, app: Flask) -> None:
    supervisor = visit(app, story, "supervisor")
    page = supervisor.get(handed_in(supervisor)).text
    assert "2026年2月30日不存在" in page
    assert "没有名为“县水务站”的单位" in page
    assert "现在可以导入 <strong>2</strong> 行" in page
    assert "1 行待核对、1 行可能重复、2 行有误" in page
    assert (count(story, Case), count(story, ImportRow)) == (0, 6)


def test_rows_are_taken_over_once_and_lead_to_their_cases(story: Story, app: Flask) -> None:
    supervisor = visit(app, story, "supervisor")
    address = handed_in(supervisor)
    seen = version(supervisor.get(address).text)
    assert supervisor.post(f"{address}/apply", {"version": seen}).status_code == 303
    assert supervisor.post(f"{address}/apply", {"version": seen}).status_code == 409
    assert count(story, Case) == 2
    page = supervisor.get(address).text
    assert "已导入" in page
    case_address = re.search(r'href="(/cases/\d+)"', page)
    assert case_address
    assert "河道垃圾堆积" in supervisor.get(case_address[1]).text


def test_double_click_gives_the_same_answer(story: Story, app: Flask) -> None:
    supervisor = visit(app, story, "supervisor")
    address = handed_in(supervisor)
    form = {"version": version(supervisor.get(address).text), "_key": "einmal"}
    answers = [supervisor.post(f"{address}/apply", form) for _ in range(2)]
    assert [(answer.status_code, answer.location) for answer in answers] == [(303, address)] * 2
    assert count(story, Case) == 2


def test_same_file_handed_in_again_leads_to_the_open_preview(story: Story, app: Flask, instance: Path) -> None:
    supervisor = visit(app, story, "supervisor")
    content = workbook()
    assert upload(supervisor, content).location == upload(supervisor, content).location
    assert count(story, ImportBatch) == 1
    assert len(list((instance / "imports").iterdir())) == 1


def test_same_file_after_it_was_applied_changes_nothing(story: Story, app: Flask) -> None:
    supervisor = visit(app, story, "supervisor")
    for status in (303, 409):
        address = str(upload(supervisor, workbook(GOOD)).location)
        assert supervisor.post(f"{address}/apply", {"version": "1"}).status_code == status
    assert "无变化" in supervisor.get(address).text


def test_rows_that_bring_no_title_show_their_text_alone(story: Story, app: Flask) -> None:
    story.assign(story.log(title="老街污水", text="老街污水直排河道"), "A")
    supervisor = visit(app, story, "supervisor")
    sent = supervisor.get(str(supervisor.post("/exports?layout=rectification&state=all").location))
    again = supervisor.get(f"{upload(supervisor, sent.data).location}?kind=unchanged").text
    assert "老街污水直排河道" in again
    assert "没有内容" not in again


def test_doubtful_rows_and_duplicates_wait_for_a_tick(story: Story, app: Flask) -> None:
    supervisor = visit(app, story, "supervisor")
    address = handed_in(supervisor)
    page = supervisor.get(f"{address}?show=doubtful").text
    assert "2026-04-30" in page
    answer = supervisor.post(f"{address}/choices", {"version": version(page), "all": "1", "show": "doubtful"})
    assert answer.status_code == 303
    page = supervisor.get(f"{address}?show=duplicate").text
    ticks = {"version": version(page), "shown": "8", "row": "8", "show": "duplicate"}
    assert supervisor.post(f"{address}/choices", ticks).status_code == 303
    page = supervisor.get(address).text
    assert "现在可以导入 <strong>4</strong> 行" in page
    supervisor.post(f"{address}/apply", {"version": version(page)})
    assert count(story, Case) == 4


def test_stale_preview_is_refused(story: Story, app: Flask) -> None:
    supervisor = visit(app, story, "supervisor")
    address = handed_in(supervisor)
    supervisor.post(f"{address}/choices", {"version": "1", "all": "1"})
    answer = supervisor.post(f"{address}/apply", {"version": "1"})
    assert answer.status_code == 409
    assert "您看到的是第 1 版，现在是第 2 版" in answer.text
    assert supervisor.post(f"{address}/apply", {"version": "x"}).status_code == 422
    assert count(story, Case) == 0


def test_unknown_name_is_matched_once(story: Story, app: Flask) -> None:
    supervisor = visit(app, story, "supervisor")
    address = handed_in(supervisor)
    page = supervisor.get(address).text
    assert "“县水务站”是" in page
    unit = str(story.cast.units["B"])
    form = {"version": version(page), "said": ["县水务站", "县教育局"], "unit": [unit, unit]}
    assert supervisor.post(f"{address}/units", form).status_code == 303
    assert "现在可以导入 <strong>3</strong> 行" in supervisor.get(address).text
    with story.cast.database.session(read_only=True) as session:
        assert session.scalars(select(UnitAlias.name)).all() == ["县水务站"]


def test_name_cannot_be_matched_with_a_unit_of_another_county(story: Story, app: Flask) -> None:
    supervisor = visit(app, story, "supervisor")
    address = handed_in(supervisor)
    form = {"version": "1", "said": "县水务站", "unit": str(story.cast.units["Y"])}
    assert supervisor.post(f"{address}/units", form).status_code == 422
    assert count(story, UnitAlias) == 0


def test_import_of_another_county_does_not_exist(story: Story, app: Flask) -> None:
    address = handed_in(visit(app, story, "supervisor"))
    outsider = visit(app, story, "outsider")
    for path in (address, "/imports/987654"):
        assert outsider.get(path).status_code == 404
        for act in ("apply", "choices", "units", "corrections", "cancel"):
            assert outsider.post(f"{path}/{act}", {"version": "1"}).status_code == 404
            assert outsider.get(f"{path}/{act}").status_code == 405
    assert "台账.xlsx" not in outsider.get("/imports").text
    assert count(story, Case) == 0


def test_mandate_lost_between_preview_and_application(story: Story, app: Flask) -> None:
    inspector = visit(app, story, "inspector")
    address = handed_in(inspector)
    with story.cast.database.begin() as session:
        mandate = session.scalars(select(Mandate).where(Mandate.person_id == story.cast.persons["inspector"])).one()
        mandate.ends_on = story.cast.clock.now().day.replace(month=1)
    assert inspector.post(f"{address}/apply", {"version": "1"}).status_code == 404
    assert count(story, Case) == 0


@pytest.mark.parametrize(
    "name",
    [
        "nothing",
        "a web page called xlsx",
        "a cell at the far end",
        "300 MB of nothing",
        "a program",
        "a password",
    ],
)
def test_hostile_file_is_refused_beside_the_field(
    story: Story, app: Flask, instance: Path, tmp_path: Path, name: str
) -> None:
    ending, make, _ = HOSTILE[name]
    path = tmp_path / f"文件{ending}"
    make(path)
    answer = upload(visit(app, story, "supervisor"), path.read_bytes(), path.name)
    assert answer.status_code == 422
    assert 'id="file-error">' in answer.text
    assert '<option selected value="rectification">' in answer.text
    assert not list((instance / "imports").glob("*"))
    assert count(story, ImportRow) == 0


def test_file_of_seventy_megabytes_is_413(story: Story, app: Flask) -> None:
    answer = upload(visit(app, story, "supervisor"), bytes(70 * 2**20))
    assert answer.status_code == 413
    assert "文件太大" in answer.text


def test_missing_file_and_wrong_layout_are_said_at_their_fields(story: Story, app: Flask) -> None:
    supervisor = visit(app, story, "supervisor")
    answer = supervisor.post("/imports", {"layout": "rectification"})
    assert (answer.status_code, "请选择要导入的文件" in answer.text) == (422, True)
    answer = upload(supervisor, workbook(), layout="")
    assert (answer.status_code, "请选择台账版式" in answer.text) == (422, True)
    answer = upload(supervisor, workbook(), layout="online")
    assert (answer.status_code, "缺少列" in answer.text) == (422, True)


def test_second_file_waits_while_the_first_is_read(story: Story, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    supervisor = visit(app, story, "supervisor")
    inner: list[TestResponse] = []

    def slow(*_args: Any, **_more: Any) -> Any:
        monkeypatch.undo()
        inner.append(upload(visit(app, story, "supervisor"), workbook(GOOD)))
        raise Invalid({"file": "读不完。"})

    monkeypatch.setattr(intake_reading, "read_kept_file", slow)
    assert upload(supervisor, workbook()).status_code == 422
    assert [(answer.status_code, "还在读取" in answer.text) for answer in inner] == [(429, True)]
    assert upload(supervisor, workbook()).status_code == 303


def test_contacts_are_not_shown_and_text_stays_text(story: Story, app: Flask) -> None:
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ("留言编号", "留言用户", "留言主题", "留言时间", "留言详情"))
        sheet.write_row(1, 0, ("A-1", "张三13800000000", "<script>alert(1)</script>", "2026/2/1", "路灯<b>不亮</b>"))
    supervisor = visit(app, story, "supervisor")
    page = supervisor.get(str(upload(supervisor, kept.getvalue(), layout="online").location)).text
    assert "13800000000" not in page
    assert "<script>alert" not in page
    assert "&lt;b&gt;不亮" in page


def test_page_of_an_import_asks_a_constant_number_of_queries(story: Story, app: Flask) -> None:
    from sqlalchemy import event  # noqa: PLC0415

    supervisor = visit(app, story, "supervisor")
    asked: list[int] = []
    for rows in (5, 60):
        address = handed_in(supervisor, *((n, *GOOD[1:2], f"第{n}件事", *GOOD[3:]) for n in range(rows)))
        found: list[str] = []
        listener = lambda *args, found=found: found.append(args[2])  # noqa: E731
        event.listen(story.cast.database.engine, "before_cursor_execute", listener)
        assert supervisor.get(address).status_code == 200
        event.remove(story.cast.database.engine, "before_cursor_execute", listener)
        asked.append(len(found))
    assert asked[0] == asked[1]
