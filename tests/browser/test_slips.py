"""Slips in a real browser: drafted by the job, signed at the desk, received, answered, escalated, withdrawn; 200 drafts."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.ledgers.slips import Slip
from tests import slips
from tests.browser.acting import PATIENCE, Visitor
from tests.browser.serving import served
from tests.story import Story

pytestmark = pytest.mark.browser
MANY = 200


def sign_the_first(browser: Browser, address: str, words: str) -> str:
    """Sign the first draft of the desk by its own button and return its number."""
    with Visitor(browser, address, "supervisor") as supervisor:
        page = supervisor.open("/desk")
        expect(page.get_by_role("heading", name="三单待签发")).to_be_visible()
        page.get_by_role("link", name="去签发").click()
        row = page.locator("table.k-sign tbody tr", has_text=words).first
        row.get_by_role("button", name="签发").click()
        expect(page.locator("dialog[open]")).to_contain_text(f"的{words}（")
        page.locator("dialog[open]").get_by_role("button", name="确认", exact=True).click()
        expect(page.locator("[data-flash=done]")).to_contain_text("已签发 1 张")
        return page.locator(".k-outcome a").first.inner_text()


def receive_and_answer(browser: Browser, address: str, number: str) -> None:
    """Let the head of A sign for the slip and answer it, from the workbench on."""
    with Visitor(browser, address, "head_a") as head:
        page = head.open("/desk")
        page.locator("#receive_slip_head").get_by_role("link", name=number).click()
        expect(page.get_by_role("heading", name=number)).to_be_visible()
        head.move("签收")
        head.move("回复", text="已组织清理，月底前完成。")


def check_print(page: Page, number: str) -> None:
    """Look at the slip as it is printed: what it says and by when, without the ways around it."""
    page.emulate_media(media="print")
    for shown in (page.get_by_role("heading", name=number), page.locator(".k-problem"), page.locator("#clocks")):
        expect(shown).to_be_visible()
    for hidden in (page.locator("#moves"), page.locator("nav").first, page.get_by_role("link", name="下载 PDF")):
        expect(hidden).to_be_hidden()
    page.emulate_media(media="screen")


def test_slip_goes_from_the_job_to_the_next_level_and_is_withdrawn(
    browser: Browser, story: Story, instance: Path
) -> None:
    case_id = slips.overdue_case(story)
    slips.run(story, "2026-03-23", "2026-03-23")
    with served(story, instance) as address:
        number = sign_the_first(browser, address, "提示单")
        assert number == "督提〔2026〕1号"
        slips.run(story, "2026-03-24", "2026-03-27")
        second = sign_the_first(browser, address, "督办单")
        receive_and_answer(browser, address, second)
        with Visitor(browser, address, "supervisor") as supervisor:
            page = supervisor.open(f"/cases/{case_id}")
            page.locator("#slips").get_by_role("link", name=second).click()
            expect(page.locator("#why")).to_contain_text("逾期第 5 个工作日")
            expect(page.locator("#costs")).to_contain_text("−1.00")
            check_print(page, second)
            supervisor.move("撤回", reason="期限已获准延长")
            expect(page.locator(".k-lead")).to_contain_text("已撤回")
            expect(page.locator("#costs")).to_contain_text("冲销")


def test_desk_with_two_hundred_drafts_is_signed_by_keyboard(browser: Browser, story: Story, instance: Path) -> None:
    for index in range(MANY):
        case_id = story.log(title=f"问题 {index}")
        story.assign(case_id, "A", due_on="2026-04-10")
        slips.draft(story, case_id, "prompt")
    with served(story, instance) as address, Visitor(browser, address, "supervisor") as supervisor:
        page = supervisor.open("/desk/signing")
        expect(page.locator("input[name=slips]")).to_have_count(MANY)
        assert page.evaluate("document.documentElement.outerHTML.length") < 500_000
        page.locator("[data-sign-all]").focus()
        page.keyboard.press("Space")
        expect(page.locator("[data-sign-count]")).to_have_text(f"已选 {MANY} 张")
        page.locator("[data-sign-all]").press("Tab")
        page.keyboard.press("Enter")
        page.locator("dialog").get_by_role("button", name="确认", exact=True).press("Enter")
        expect(page.locator("[data-flash=done]")).to_contain_text(f"已签发 {MANY} 张", timeout=4 * PATIENCE)
        expect(page.locator(".k-outcome li")).to_have_count(MANY)
    serials = sorted(slip.serial or 0 for slip in slips.slips(story) if slip.state == "issued")
    assert serials == list(range(1, MANY + 1))
    assert story.newest(Slip, state="draft") is None
