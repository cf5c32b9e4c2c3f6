"""A dirty workbook brought in by hand: wrong rows put right on the page, nothing typed is lost, and it is taken back."""

from pathlib import Path

import pytest
import xlsxwriter
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from app.ledgers.cases import Case
from tests.browser.acting import Visitor
from tests.browser.looking import look
from tests.browser.serving import served
from tests.story import Story
from tests.workflows.imports import HEAD, ROWS

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
# drafts are kept a moment after the last key, in the encoding of the store
KEPT = "words => Object.values(localStorage).some(kept => kept.includes('cell-7-lead') && kept.includes(words))"


@pytest.fixture
def dirty(tmp_path: Path) -> Path:
    """A ledger with an impossible date, an unknown unit, a partial date and a row that stands in it twice."""
    path = tmp_path / "脏台账.xlsx"
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("整改台账")
        for number, row in enumerate([("填报日期：2026年2月20日",), HEAD, *ROWS]):
            sheet.write_row(number, 0, row)
    return path


def states(story: Story) -> list[str]:
    """Return the states of all cases."""
    with story.cast.database.session(read_only=True) as session:
        return list(session.scalars(select(Case.state).order_by(Case.id)))


def take_back(office: Visitor) -> None:
    """Take the import back whose page is open."""
    page = office.page
    page.get_by_role("link", name="撤销这一批").click()
    expect(page.get_by_label("撤销原因")).to_be_visible()
    assert look(page) == []
    page.get_by_label("撤销原因").fill("报错了表")
    page.get_by_role("button", name="撤销这一批").click()
    expect(page.locator("[data-flash=done]")).to_contain_text("作废 5 件")


def hand_in(office: Visitor, dirty: Path) -> None:
    """Hand the workbook in as a ledger of 整改台账."""
    page = office.open("/imports")
    page.get_by_label("台账版式").select_option(label="整改台账")
    page.locator("input[type=file]").first.set_input_files(dirty)
    page.get_by_role("button", name="上传并试读").click()
    expect(page.get_by_text("2026年2月30日不存在")).to_be_visible()


def test_wrong_rows_are_put_right_on_the_page(
    browser: Browser, story: Story, instance: Path, dirty: Path, width: int
) -> None:
    with served(story, instance) as address, Visitor(browser, address, "supervisor", width=width) as office:
        hand_in(office, dirty)
        page = office.page
        day, lead = page.locator("[name='cell-6-found_on']"), page.locator("[name='cell-7-lead']")
        assert look(page) == []

        day.fill("2026年2月31日")
        lead.fill("县水利")
        page.wait_for_function(KEPT, arg="县水利")
        preview = page.url
        office.open("/desk")
        page.goto(preview)
        expect(day).to_have_value("2026年2月31日")
        expect(lead).to_have_value("县水利")

        lead.fill("县水利局")
        page.get_by_role("button", name="保存改正并重新核对").click()
        expect(page.locator("[data-flash=done]")).to_contain_text("其中 1 行仍然有误")
        expect(day).to_have_value("2026年2月31日")
        expect(page.get_by_text("2026年2月31日不存在")).to_be_visible()
        expect(lead).to_have_count(0)
        assert look(page) == []

        day.fill("2026年2月28日")
        day.press("Enter")
        expect(page.get_by_text("现在可以导入")).to_contain_text("4")
        page.get_by_role("link", name="待核对").click()
        expect(page.get_by_text("读作 2026-04-30")).to_be_visible()
        page.get_by_role("button", name="全部确认").click()
        expect(page.get_by_text("现在可以导入")).to_contain_text("5")
        page.get_by_role("button", name="导入这 5 行").click()
        expect(page.locator("[data-flash=done]")).to_contain_text("登记 5 件")
        assert states(story) == ["reported"] * 5
        assert look(page) == []

        take_back(office)
        assert states(story) == ["voided"] * 5


def test_every_cell_of_a_row_and_the_names_are_sound(
    browser: Browser, story: Story, instance: Path, dirty: Path, width: int
) -> None:
    with served(story, instance) as address, Visitor(browser, address, "inspector", width=width) as office:
        hand_in(office, dirty)
        page = office.page
        page.get_by_label("“县水务站”是").select_option(label="县水利局")
        page.get_by_role("button", name="记住并重新核对").click()
        expect(page.locator("[data-flash=done]")).to_contain_text("已记住 1 个单位名称")
        page.locator("a.k-import-edit[href$='/rows/6']").click()
        expect(page.get_by_label("整改时限")).to_be_visible()
        assert look(page) == []
        page.get_by_label("整改时限").fill("2026年底之前")
        page.get_by_label("反馈时间").fill("2月28日")
        page.get_by_role("button", name="保存并重新核对").click()
        expect(page.get_by_text("已改正 1 行")).to_be_visible()
        page.get_by_role("link", name="待核对").click()
        expect(page.get_by_text("读作 2026-12-31")).to_be_visible()
        office.open("/imports/names")
        expect(page.get_by_text("县水务站", exact=True)).to_be_visible()
        assert look(page) == []
        page.get_by_role("button", name="删除“县水务站”").click()
        expect(page.get_by_text("还没有记住过名称")).to_be_visible()
