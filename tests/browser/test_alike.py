"""Possible duplicates while a case is entered: said beside the form with why, without holding anything up."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.ledgers.cases import Case, CaseSource
from tests.browser.acting import Visitor
from tests.browser.looking import look
from tests.browser.serving import served
from tests.story import Story

pytestmark = pytest.mark.browser
TEXT = "东山镇老街河道多处垃圾堆积，雨后污水漫上路面，附近居民多次反映仍无人清理。"


def fill(page: Page, text: str) -> None:
    """Fill in a new case from a hotline."""
    page.get_by_label("问题标题").fill("老街河道脏乱")
    page.get_by_label("问题描述").fill(text)
    page.get_by_label("反馈来源").select_option(label="热线")
    page.get_by_label("发现方式").select_option(label="群众反映")


def test_like_cases_are_said_while_typing_and_merged_after_saving(
    browser: Browser, story: Story, instance: Path, width: int
) -> None:
    first = story.log(title="河道垃圾", text=TEXT)
    story.assign(story.log(title="路灯损坏", text="人民路路灯损坏七盏。"), "A")
    with served(story, instance) as address, Visitor(browser, address, "supervisor", width=width) as office:
        page = office.open("/cases/new")
        expect(page.locator("#alike")).to_be_empty()
        fill(page, f"赵铁柱（13912345678）反映：{TEXT}")
        page.get_by_label("发生地点").focus()
        expect(page.locator("#alike")).to_contain_text("可能重复（1 件）")
        expect(page.locator("#alike")).to_contain_text("内容相近")
        expect(page.get_by_label("发生地点")).to_be_focused()
        assert look(page) == []
        page.get_by_label("问题描述").fill("人民路上的路灯损坏了七盏，夜里很黑。")
        expect(page.locator("#alike")).to_contain_text("路灯损坏")
        expect(page.locator("#alike")).not_to_contain_text("河道垃圾")
        page.get_by_label("问题描述").fill(TEXT)
        expect(page.locator("#alike")).to_contain_text("相同内容")
        page.get_by_role("button", name="保存登记").click()
        expect(page.locator("[data-flash=done]")).to_contain_text("已登记")
        assert look(page) == []
        merge_and_take_back(page, f"{address}/cases/{first}")
    assert story.get(Case, first).state == "reported"
    assert story.newest(Case).state == "reported"


def merge_and_take_back(page: Page, kept_url: str) -> None:
    """Merge the case shown into the one found, and take that back: both confirmed as runs, each with its result."""
    page.get_by_role("link", name="把本件并入这一件").click()
    expect(page.get_by_role("checkbox").first).to_be_checked()
    assert look(page) == []
    page.get_by_role("button", name="下一步：核对").click()
    expect(page.locator("#confirm")).to_contain_text("可以办理 1 件")
    page.get_by_role("button", name="确认并案 1 件").click()
    expect(page.locator("#reason-error")).to_be_visible()
    page.get_by_label("理由").fill("同一问题")
    assert look(page) == []
    page.get_by_role("button", name="确认并案 1 件").click()
    expect(page.locator("#run")).to_contain_text("已办理 1 件")
    assert look(page) == []
    page.goto(kept_url)
    expect(page.locator("#sources")).to_contain_text("热线")
    page.get_by_role("link", name="并入其他问题、撤销并案").click()
    page.locator("#merged").get_by_role("checkbox").check()
    page.get_by_role("button", name="下一步：核对撤销").click()
    page.get_by_label("理由").fill("不是同一问题")
    page.get_by_role("button", name="确认撤销并案 1 件").click()
    expect(page.locator("#run")).to_contain_text("已办理 1 件")


def test_a_contact_is_looked_at_with_a_reason(browser: Browser, story: Story, instance: Path, width: int) -> None:
    case_id = story.log(text=f"赵铁柱（13912345678）反映：{TEXT}", contact="赵铁柱")
    assert story.one(CaseSource, case_id=case_id).contact == "赵铁柱；13912345678"
    with served(story, instance) as address, Visitor(browser, address, "inspector", width=width) as office:
        page = office.open(f"/cases/{case_id}")
        assert "13912345678" not in page.content()
        page.get_by_role("button", name="查看联系方式").click()
        expect(page.locator("#look-reason-error")).to_be_visible()
        page.get_by_label("查看联系方式的理由").fill("回访核实")
        page.keyboard.press("Enter")
        expect(page.locator("#sources")).to_contain_text("赵铁柱；13912345678")
        expect(page.locator("#history")).to_contain_text("回访核实")
        assert look(page) == []
