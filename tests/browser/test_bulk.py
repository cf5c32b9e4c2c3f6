"""Many at once in the browser: ticked by keyboard, confirmed, one refused with its reason; narrow and wide."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from app.ledgers.cases import Case
from tests.browser.acting import Visitor
from tests.browser.looking import look
from tests.browser.serving import served
from tests.browser.windows import WIDE
from tests.story import Story

pytestmark = pytest.mark.browser


def test_many_are_tagged_and_one_is_refused(browser: Browser, story: Story, instance: Path, width: int) -> None:
    cases = [story.log(title=f"河道问题{number}") for number in range(3)]
    for case_id in cases[:2]:
        story.assign(case_id, "A", "B")
    with served(story, instance) as address, Visitor(browser, address, "supervisor", width=width) as office:
        page = office.open("/cases")
        assert look(page) == []
        page.get_by_role("checkbox", name="选择 未编号 河道问题2").focus()
        page.keyboard.press("Space")
        expect(page.locator("[data-pick-count]")).to_have_text("已选 1 件")
        page.get_by_label("全选本页 3 件").focus()
        page.keyboard.press("Space")
        expect(page.locator("[data-pick-count]")).to_have_text("已选 3 件")
        page.get_by_label("对所选问题").select_option(label="提醒")
        page.get_by_role("button", name="下一步：核对").click()
        expect(page.locator("#confirm")).to_contain_text("可以办理 2 件，不能办理 1 件")
        expect(page.locator("#confirm")).to_contain_text("“已登记”的问题不能提醒。")
        assert look(page) == []
        story.case("inspector", cases[0], "comment", reason="先到一步")
        page.get_by_label("提醒内容").fill("请抓紧办理")
        page.get_by_role("button", name="确认提醒 2 件").click()
        expect(page.locator("#run")).to_contain_text("已办理 1 件，未办理 2 件")
        expect(page.locator("#run")).to_contain_text("刚刚有人先办理了这一项")
        assert look(page) == []
        page.get_by_role("link", name="已办理").click()
        expect(page.locator("a.k-title")).to_have_text([story.get(Case, cases[1]).title])
        page.get_by_role("link", name="批量办理").last.click()
        expect(page.get_by_role("link", name="批量提醒")).to_be_visible()
        assert look(page) == []


def test_list_drawn_anew_is_ticked_as_before(browser: Browser, story: Story, instance: Path) -> None:
    for number in range(52):
        story.log(title=f"河道问题{number}")
    with served(story, instance) as address, Visitor(browser, address, "supervisor", width=WIDE) as office:
        page = office.open("/cases")
        page.get_by_role("search").get_by_label("状态").select_option(label="已登记")
        expect(page.locator(".k-chosen-filters")).to_contain_text("已登记")
        page.get_by_label("全选本页 50 件").check()
        expect(page.locator("[data-pick-count]")).to_have_text("已选 50 件")
        page.get_by_label("选择全部符合条件的 52 件").check()
        expect(page.locator("[data-pick-count]")).to_have_text("已选全部")
        page.get_by_label("对所选问题").select_option(label="加标签")
        page.get_by_role("button", name="下一步：核对").click()
        expect(page.locator("#confirm")).to_contain_text("共选择 52 件，可以办理 52 件")
