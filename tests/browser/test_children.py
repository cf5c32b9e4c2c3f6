"""A town hands its part of a county's case down on a phone, the child is closed below, and the parent can be submitted."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.ledgers.cases import Case
from tests.browser.acting import Visitor
from tests.browser.serving import give_passwords, served
from tests.browser.windows import NARROW
from tests.handing import assigned, child_of, parent, submitted
from tests.story import Story

pytestmark = pytest.mark.browser
TITLE = "清理老街段河道"


def unfold(page: Page) -> None:
    """Show the moves that a phone keeps folded."""
    more = page.locator("summary", has_text="更多操作")
    if more.count():
        more.first.click()


def no_wider_than_the_phone(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_part_is_handed_down_closed_below_and_reported_above(browser: Browser, story: Story, instance: Path) -> None:
    case_id = parent(story, rect_class="immediate")
    give_passwords(story)
    with served(story, instance) as address:
        with Visitor(browser, address, "head_t", NARROW) as head:
            page = head.open(f"/cases/{case_id}")
            unfold(page)
            head.move("转办下级", title=TITLE, text="请清理老街段河道垃圾。", due_on="2026-03-18")
            children = page.locator("#children")
            expect(children).to_contain_text("下级全部销号以后，本件才能报结。")
            unfold(page)
            page.locator("details.k-blocked > summary", has_text="报结").click()
            expect(page.locator("details.k-blocked[open]")).to_contain_text("请先督促下级办结")
            assert no_wider_than_the_phone(page)
        (child_id,) = child_of(story, case_id)
        assigned(story, child_id)
        submitted(story, child_id)
        story.case(
            "inspector_t", child_id, "verify", site_on=story.cast.clock.now().day, method="现场", second_person="另一人"
        )
        story.case("supervisor_t", child_id, "accept")
        with Visitor(browser, address, "supervisor_t", NARROW) as below:
            page = below.open(f"/cases/{child_id}")
            expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
            expect(page.locator("main")).not_to_contain_text("东山镇老街河道垃圾堆积")
            assert no_wider_than_the_phone(page)
            below.move("销号")
        with Visitor(browser, address, "head_t", NARROW) as head:
            page = head.open(f"/cases/{case_id}")
            expect(page.locator("#children")).to_contain_text("已销号")
            expect(page.locator("#children")).not_to_contain_text(re.compile("才能报结"))
            expect(page.locator("#children")).to_contain_text("下级已清理")
            head.move("报结", result="老街河道已无垃圾", lesson="已排查其他河段")
        assert story.get(Case, case_id).state == "submitted"
