"""The ledger in the browser: search, filters, columns, a view used by another role; narrow and wide, by keyboard, with axe."""

from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.core.places import a_place
from tests.browser.acting import Visitor
from tests.browser.looking import look
from tests.browser.serving import served
from tests.browser.windows import WIDE
from tests.story import Story

pytestmark = pytest.mark.browser


def some_cases(story: Story) -> None:
    """Log cases of two units, one of them late."""
    for number in range(3):
        story.assign(
            story.log(title=f"河道问题{number}", text="污水直排"), "A", "B", due_on=str(date(2026, 3, 20 + number))
        )
    story.assign(story.log(title="路灯损坏问题", place="人民路"), "B", due_on="2026-03-06")
    story.cast.at("2026-03-11")


def titles(page: Page) -> list[str]:
    """Read the titles of the list."""
    return page.locator("a.k-title").all_inner_texts()


def test_a_view_saved_by_the_supervisor_is_used_by_a_unit(
    browser: Browser, story: Story, instance: Path, width: int
) -> None:
    some_cases(story)
    with served(story, instance) as address:
        with Visitor(browser, address, "supervisor", width=width) as office:
            page = office.open("/cases?q=水利局&state=all")
            assert len(titles(page)) == 4
            page.get_by_text("保存为视图").click()
            page.get_by_label("视图名称").fill("水利局的全部")
            page.get_by_label("单位负责人", exact=True).check()
            page.get_by_role("button", name="保存视图").click()
            expect(page.locator("[data-flash=done]")).to_contain_text("已保存并共享")
            expect(page.get_by_role("navigation", name="视图").get_by_role("link")).to_contain_text("水利局的全部")
        with Visitor(browser, address, "head_a", width=width) as unit:
            page = unit.open("/cases?state=ended")
            page.get_by_role("navigation", name="视图").get_by_role("link").click()
            expect(page.locator("a.k-title")).to_have_count(3)
            assert "路灯损坏问题" not in page.content()


def test_a_search_that_is_refused_says_why_and_the_next_one_finds(
    browser: Browser, story: Story, instance: Path, width: int
) -> None:
    some_cases(story)
    name, database = f"search {story.cast.persons['supervisor']}", story.cast.database
    with served(story, instance) as address, Visitor(browser, address, "supervisor", width=width) as office:
        page = office.open("/cases?q=水利局")
        with ExitStack() as others:
            for _ in range(3):
                session = others.enter_context(database.session(read_only=True))
                assert others.enter_context(a_place(session, name, 3))
            page.get_by_role("search", name="筛选").get_by_label("状态").select_option(value="all")
            expect(page.locator(".k-error-what")).to_contain_text("您同时发出的查询太多")
            assert look(page) == []
        page.reload()
        expect(page.locator("a.k-title").first).to_be_visible()
        office.faults = [said for said in office.faults if "429" not in said]  # the script that asked tells the console


def test_the_page_is_sound_with_everything_open(browser: Browser, story: Story, instance: Path, width: int) -> None:
    some_cases(story)
    with served(story, instance) as address, Visitor(browser, address, "supervisor", width=width) as office:
        page = office.page
        office.page.goto(f"{address}/cases?late=1&sort=still")
        assert titles(page) == ["路灯损坏问题"]
        assert look(page) == []
        for words in ("选择列", "保存为视图"):
            page.get_by_text(words, exact=True).click()
            assert look(page) == []
        page.get_by_text("选择列", exact=True).click()
        every = page.locator(".k-tool-form input[name=columns]")
        for at in range(every.count()):
            every.nth(at).set_checked(at < 9)
        page.get_by_role("button", name="保存列").click()
        expect(page.locator("a.k-title")).to_have_count(1)
        assert look(page) == []


def test_the_ledger_is_worked_by_keyboard(browser: Browser, story: Story, instance: Path) -> None:
    some_cases(story)
    with served(story, instance) as address, Visitor(browser, address, "supervisor", width=WIDE) as office:
        page = office.open("/cases")
        page.keyboard.press("/")
        page.keyboard.type("污水")
        page.keyboard.press("Enter")
        expect(page.locator("a.k-title")).to_have_count(3)
        summary = page.get_by_text("选择列", exact=True)
        summary.focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        expect(page.locator(".k-tool-form input[name=columns]").first).to_be_focused()
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        expect(page.locator("thead th", has_text="状态")).to_have_count(0)
        page.locator("summary", has_text="更多条件").focus()
        page.keyboard.press("Enter")
        page.get_by_label("逾期不少于").fill("1")
        page.keyboard.press("Enter")
        expect(page.locator("#results")).to_contain_text("没有符合这些条件的问题")
