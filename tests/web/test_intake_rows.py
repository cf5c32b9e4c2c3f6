"""导入反馈: wrong rows put right on the page, names remembered and forgotten, an import taken back."""

import re

from flask import Flask
from sqlalchemy import select

from app.ledgers.cases import Case
from app.ledgers.intake import ImportRow
from app.people import UnitAlias
from tests.client import visit
from tests.story import Story
from tests.web.test_intake_pages import count, handed_in, upload, version, workbook
from tests.workflows.imports import GOOD, IMPOSSIBLE, UNKNOWN


def fields(page: str) -> dict[str, str]:
    """Return what stands in the hidden and typed inputs of the rows on a page."""
    found = dict(re.findall(r'<input type="hidden" name="(seen-\d+)" value="([^"]*)"', page))
    return found | dict(re.findall(r'<input class="form-control" id="cell-[^"]*" name="([^"]*)" value="([^"]*)"', page))


def test_wrong_cells_stand_on_the_page_with_their_reason_and_are_put_right_together(story: Story, app: Flask) -> None:
    supervisor = visit(app, story, "supervisor")
    address = handed_in(supervisor)
    page = supervisor.get(f"{address}?show=wrong").text
    cells = fields(page)
    assert cells["cell-6-found_on"] == "2026年2月30日"
    assert cells["cell-7-lead"] == "县水务站"
    assert "2026年2月30日不存在" in page
    form = cells | {"cell-6-found_on": "2026年2月28日", "cell-7-lead": "县水利局"}
    assert supervisor.post(f"{address}/corrections", form).status_code == 303
    page = supervisor.get(address).text
    assert "已改正 2 行" in page
    assert "现在可以导入 <strong>4</strong> 行" in page
    assert "行有误" not in page


def test_what_is_still_wrong_stays_with_what_was_typed(story: Story, app: Flask) -> None:
    supervisor = visit(app, story, "supervisor")
    address = handed_in(supervisor)
    cells = fields(supervisor.get(f"{address}?show=wrong").text)
    form = cells | {"cell-6-found_on": "2026年2月31日", "cell-7-lead": "县水利局"}
    answer = supervisor.post(f"{address}/corrections", form)
    page = supervisor.get(str(answer.location)).text
    assert "其中 1 行仍然有误" in page
    assert fields(page)["cell-6-found_on"] == "2026年2月31日"
    assert "2026年2月31日不存在" in page
    assert "已在页面上改过：反馈时间" in page


def test_units_chosen_beside_typed_cells_are_taken_with_them(story: Story, app: Flask) -> None:
    supervisor = visit(app, story, "supervisor")
    address = handed_in(supervisor)
    cells = fields(supervisor.get(f"{address}?show=wrong").text)
    form = cells | {"cell-6-found_on": "2026年2月28日", "said": "县水务站", "unit": str(story.cast.units["B"])}
    assert supervisor.post(f"{address}/corrections", form).status_code == 303
    page = supervisor.get(address).text
    assert "已改正 1 行，已记住 1 个单位名称" in page
    assert "现在可以导入 <strong>4</strong> 行" in page


def test_nothing_typed_says_so(story: Story, app: Flask) -> None:
    supervisor = visit(app, story, "supervisor")
    address = handed_in(supervisor)
    cells = fields(supervisor.get(f"{address}?show=wrong").text)
    assert supervisor.post(f"{address}/corrections", cells).status_code == 303
    assert "没有改动" in supervisor.get(address).text


def test_words_typed_over_those_of_somebody_else_are_shown_beside_them(story: Story, app: Flask) -> None:
    supervisor, inspector = visit(app, story, "supervisor"), visit(app, story, "inspector")
    address = handed_in(supervisor)
    cells = fields(supervisor.get(f"{address}?show=wrong").text)
    inspector.post(f"{address}/corrections", cells | {"cell-6-found_on": "2026年2月27日"})
    answer = supervisor.post(f"{address}/corrections", cells | {"cell-6-found_on": "2026年2月26日"})
    assert answer.status_code == 409
    assert 'value="2026年2月26日"' in answer.text
    assert "现在是：2026年2月27日" in answer.text
    assert supervisor.post(f"{address}/corrections", fields(answer.text)).status_code == 303
    assert found_on(story, 6) == "2026-02-26"


def test_cells_typed_into_a_form_that_was_done_stand_again_beside_what_was_saved(story: Story, app: Flask) -> None:
    supervisor = visit(app, story, "supervisor")
    address = handed_in(supervisor)
    cells = fields(supervisor.get(f"{address}?show=wrong").text) | {"_key": "once"}
    done = cells | {"cell-6-found_on": "2026年2月28日"}
    assert supervisor.post(f"{address}/corrections", done).status_code == 303
    answer = supervisor.post(f"{address}/corrections", cells | {"cell-6-found_on": "2026年2月27日"})
    assert answer.status_code == 422
    assert "先前已经提交并办成，这次改动的内容没有保存" in answer.text
    assert 'value="2026年2月27日"' in answer.text
    assert "现在是：2026年2月28日" in answer.text
    assert "改正第 6 行" in answer.text
    assert next(name for name in fields(answer.text) if name.startswith("cell")) == "cell-6-found_on"
    assert found_on(story, 6) == "2026-02-28"
    assert 'name="_key" value="once"' not in answer.text
    assert supervisor.post(f"{address}/corrections", fields(answer.text)).status_code == 303
    assert found_on(story, 6) == "2026-02-27"


def test_form_that_was_done_and_comes_back_with_what_stands_there_already_says_so(story: Story, app: Flask) -> None:
    supervisor = visit(app, story, "supervisor")
    address = handed_in(supervisor)
    cells = fields(supervisor.get(f"{address}?show=wrong").text) | {"_key": "once"}
    assert supervisor.post(f"{address}/corrections", cells | {"cell-6-found_on": "2026年2月28日"}).status_code == 303
    again = {"_key": "once", "cell-6-found_on": "2026年2月28日"}
    answer = supervisor.post(f"{address}/corrections", again)
    assert (answer.status_code, "看先前办成的结果" in answer.text) == (422, True)


def found_on(story: Story, number: int) -> str:
    """Return the day that a row is read to have been found on."""
    with story.cast.database.session(read_only=True) as session:
        return session.scalars(select(ImportRow).where(ImportRow.number == number)).one().facts["found_on"]


def test_any_row_can_be_opened_with_all_its_cells(story: Story, app: Flask) -> None:
    supervisor = visit(app, story, "supervisor")
    address = handed_in(supervisor)
    page = supervisor.get(f"{address}/rows/3").text
    assert "第 3 行" in page
    assert 'name="cell-3-due_on" value="2026年6月30日"' in page
    form = fields(page) | {"cell-3-due_on": "2026年7月1日"}
    assert supervisor.post(f"{address}/corrections", form).status_code == 303
    assert "2026-07-01" in supervisor.get(f"{address}?show=new").text
    for missing in (f"{address}/rows/99", "/imports/987654/rows/3"):
        assert supervisor.get(missing).status_code == 404
    assert visit(app, story, "outsider").get(f"{address}/rows/3").status_code == 404


def test_remembered_names_are_seen_found_and_forgotten(story: Story, app: Flask) -> None:
    supervisor = visit(app, story, "supervisor")
    address = handed_in(supervisor, UNKNOWN)
    form = {"version": "1", "said": "县水务站", "unit": str(story.cast.units["B"])}
    assert supervisor.post(f"{address}/units", form).status_code == 303
    assert "已记住 1 个单位名称" in supervisor.get("/imports").text
    page = supervisor.get("/imports/names").text
    assert "县水务站" in page
    assert "县水利局" in page
    assert "没有找到" in supervisor.get("/imports/names?q=没有").text
    forget = re.search(r'action="(/imports/names/\d+/forget)"', page)
    assert forget
    outsider = visit(app, story, "outsider")
    assert "县水务站" not in outsider.get("/imports/names").text
    assert outsider.post(forget[1], {}).status_code == 404
    assert supervisor.post(forget[1], {}).status_code == 303
    assert count(story, UnitAlias) == 0
    assert "还没有记住过名称" in supervisor.get("/imports/names").text
    again = str(upload(supervisor, workbook(UNKNOWN, IMPOSSIBLE)).location)
    assert "“县水务站”是" in supervisor.get(again).text


def test_import_is_taken_back_from_its_page(story: Story, app: Flask) -> None:
    supervisor = visit(app, story, "supervisor")
    address = handed_in(supervisor)
    supervisor.post(f"{address}/apply", {"version": "1"})
    page = supervisor.get(address).text
    assert f"{address}/reversal" in page
    page = supervisor.get(f"{address}/reversal").text
    assert "将作废 <strong>2</strong> 件" in page
    form = {"version": version(page), "reason": ""}
    assert supervisor.post(f"{address}/reversal", form).status_code == 422
    assert supervisor.post(f"{address}/reversal", form | {"reason": "报错了表"}).status_code == 303
    page = supervisor.get(address).text
    assert "已撤销" in page
    assert f"{address}/reversal" not in page
    with story.cast.database.session(read_only=True) as session:
        assert set(session.scalars(select(Case.state))) == {"voided"}


def test_cases_that_moved_on_are_named_and_may_be_left(story: Story, app: Flask) -> None:
    supervisor = visit(app, story, "supervisor")
    address = handed_in(supervisor, GOOD, (2, *GOOD[1:2], "另一件事", *GOOD[3:]))
    supervisor.post(f"{address}/apply", {"version": "1"})
    with story.cast.database.session(read_only=True) as session:
        first = session.scalars(select(Case.id).order_by(Case.id)).first()
    assert first is not None
    story.case("supervisor", first, "admit")
    page = supervisor.get(f"{address}/reversal").text
    assert "已是“已建账”" in page
    form = {"version": version(page), "reason": "报错了表"}
    refused = supervisor.post(f"{address}/reversal", form)
    assert (refused.status_code, "1 件不能撤销" in refused.text) == (409, True)
    assert supervisor.post(f"{address}/reversal", form | {"leave_moved": "y"}).status_code == 303
    with story.cast.database.session(read_only=True) as session:
        assert session.scalars(select(Case.state).order_by(Case.id)).all() == ["ledgered", "voided"]
    assert visit(app, story, "outsider").get(f"{address}/reversal").status_code == 404


def test_rows_that_somebody_else_took_over_meanwhile_are_judged_anew(story: Story, app: Flask) -> None:
    supervisor, inspector = visit(app, story, "supervisor"), visit(app, story, "inspector")
    mine, theirs = handed_in(supervisor, GOOD), handed_in(inspector, GOOD)
    page = supervisor.get(mine).text
    assert "重新核对" in page
    assert inspector.post(f"{theirs}/apply", {"version": version(inspector.get(theirs).text)}).status_code == 303
    answer = supervisor.post(f"{mine}/apply", {"version": version(page)})
    assert (answer.status_code, "请返回，点“重新核对”" in answer.text) == (409, True)
    assert supervisor.post(f"{mine}/again", {}).status_code == 303
    page = supervisor.get(mine).text
    assert "各行已按台账现在的情况重新核对" in page
    assert "现在没有可以导入的行" in page
    assert count(story, Case) == 1


def test_contact_is_not_shown_where_a_row_is_put_right_and_stays_until_it_is_typed_anew(
    story: Story, app: Flask
) -> None:
    supervisor = visit(app, story, "supervisor")
    lines = "留言编号,留言用户,留言主题,留言时间,留言详情,一级标签,反对数,点赞数"
    row, foot = "A-1,赵铁柱 13912345678,路灯,2026/2/1 08:00:00,路灯不亮。,城乡建设,0,5", "联系电话13700000000"
    content = "\n".join([lines, row, foot]).encode()
    address = str(upload(supervisor, content, "留言.csv", "online").location)
    page = supervisor.get(f"{address}/rows/2").text
    assert "已填写，这里不显示" in page
    assert not [told for told in ("赵铁柱", "13912345678") if told in page]
    form = fields(page) | {"cell-2-category": "其他"}
    assert supervisor.post(f"{address}/corrections", form).status_code == 303
    assert contact(story) == "赵铁柱 13912345678"
    form = fields(supervisor.get(f"{address}/rows/2").text) | {"cell-2-contact": "钱进 13600000000"}
    assert supervisor.post(f"{address}/corrections", form).status_code == 303
    assert contact(story) == "钱进 13600000000"
    assert "13700000000" not in supervisor.get(address).text


def contact(story: Story) -> str | None:
    with story.cast.database.session(read_only=True) as session:
        return session.scalars(select(ImportRow.contact).order_by(ImportRow.number)).first()
