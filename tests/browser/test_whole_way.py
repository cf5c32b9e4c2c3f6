"""The whole way in a real browser: a case from 登记 to 销号 by five roles, and one left alone that becomes a deduction."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.acting import Visitor
from tests.browser.serving import served
from tests.story import Story

pytestmark = pytest.mark.browser


def log(visitor: Visitor, title: str) -> str:
    """Log a problem on the page and return the path of its case."""
    page = visitor.open("/cases/new")
    page.locator("[name=title]").fill(title)
    page.locator("[name=text]").fill("老街河道多处垃圾堆积，长期无人清理，群众反映强烈。")
    page.locator("[name=source_kind]").select_option(label="督查活动")
    page.locator("[name=discovery]").select_option(label="县级督查")
    page.get_by_role("button", name=re.compile("登记|提交|保存")).last.click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    return page.url.removeprefix(visitor.address)


def assign(visitor: Visitor, path: str) -> None:
    """Admit and assign the case to the lead A with B assisting."""
    visitor.open(path)
    visitor.move("受理建账")
    visitor.move(
        "交办",
        lead="县住建局",
        assist="县水利局",
        rect_class="限期整改",
        due_on="2026-03-20",
        standard="河道无垃圾，有保洁制度",
    )


def work(browser: Browser, address: str, path: str, photo: Path) -> None:
    """Sign, plan, prove and report finished, by the units' people."""
    with Visitor(browser, address, "liaison_b") as b:
        b.open(path)
        b.move("签收")
    with Visitor(browser, address, "liaison_a") as liaison:
        liaison.open(path)
        liaison.move("签收")
        page = liaison.page
        page.locator("details.k-panel > summary", has_text="编制整改方案").click()
        page.locator("[name=measures-0-text]").fill("清理河道垃圾")
        page.locator("[name=measures-0-person]").fill("张三")
        page.locator("[name=measures-0-due_on]").fill("2026-03-19")
        page.locator("details.k-panel[open] button[type=submit]").first.click()
        expect(page.locator("[data-flash=done]").first).to_be_visible()
    with Visitor(browser, address, "head_a") as head:
        head.open(path)
        head.move("审定方案")
    with Visitor(browser, address, "supervisor") as supervisor:
        supervisor.open(path)
        supervisor.move("方案通过")
    with Visitor(browser, address, "liaison_a") as liaison:
        liaison.open(path)
        liaison.move("填报进展", text="已清理完毕", measure="1. 清理河道垃圾", measure_done=True, files=str(photo))
    with Visitor(browser, address, "head_b") as head_b:
        head_b.open(path)
        head_b.move("完成本单位部分", result="已配合清理")
    with Visitor(browser, address, "head_a") as head:
        head.open(path)
        head.move("报结", result="河道已无垃圾，达到标准", lesson="已排查其他河道")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A small real picture."""
    path = tmp_path / "清理后.png"
    path.write_bytes(
        bytes.fromhex(
            "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cfc0f01f00050001ff"
            "89993d1d0000000049454e44ae426082"
        )
    )
    return path


def test_five_roles_take_a_case_from_logging_to_closure(
    browser: Browser, story: Story, instance: Path, photo: Path
) -> None:
    with served(story, instance) as address:
        with Visitor(browser, address, "inspector") as inspector:
            path = log(inspector, "老街河道垃圾堆积")
        with Visitor(browser, address, "supervisor") as supervisor:
            assign(supervisor, path)
        work(browser, address, path, photo)
        with Visitor(browser, address, "inspector") as inspector:
            inspector.open(path)
            inspector.move("核查通过", site_on="2026-03-02", method="现场查看", second_person="李四")
        with Visitor(browser, address, "supervisor2") as other:
            other.open(path)
            other.move("验收通过")
            other.move("销号")
            expect(other.page.locator("body")).to_contain_text("已销号")


def test_case_left_alone_is_charged_heard_confirmed_and_traced(browser: Browser, story: Story, instance: Path) -> None:
    with served(story, instance) as address:
        with Visitor(browser, address, "inspector") as inspector:
            path = log(inspector, "桥头路灯长期不亮")
        with Visitor(browser, address, "supervisor") as supervisor:
            assign(supervisor, path)
        story.days("2026-03-03", "2026-03-23")
        _object(browser, address, path)
        with Visitor(browser, address, "assessor") as assessor:
            assessor.open(path)
            assessor.move("申辩不成立", reason="期限明确，理由不成立")
        _read_ranking(browser, address, story)


def _object(browser: Browser, address: str, path: str) -> None:
    with Visitor(browser, address, "head_a") as head:
        page = head.open(path)
        expect(page.locator("body")).to_contain_text("拟扣")
        page.locator("summary", has_text="申辩").first.click()
        page.locator("[name=entries]").first.check()
        page.locator("[name=ground]").fill("汛期水位过高，无法施工")
        page.locator("form:has([name=ground]) button[type=submit]").first.click()
        expect(page.locator("body")).to_contain_text("申辩中")


def _read_ranking(browser: Browser, address: str, story: Story) -> None:
    confirmed = {code: story.total(code)[0] for code in "AB"}
    assert confirmed["A"] < confirmed["B"]
    with Visitor(browser, address, "assessor") as assessor:
        page = assessor.open("/ranking")
        first, second = (page.locator("tr", has_text=name).first for name in ("县水利局", "县住建局"))
        expect(first.locator("td, th").first).to_have_text("1")
        expect(second.locator("td, th").first).to_have_text("2")
        expect(first).to_contain_text(f"{100 + confirmed['B']:.2f}")
        expect(second).to_contain_text(f"{100 + confirmed['A']:.2f}")
    with Visitor(browser, address, "head_a") as head:
        page = head.open("/scores/mine")
        page.locator("a[href*='/scores/entries/']").first.click()
        expect(page.locator("body")).to_contain_text("逾期")
        page.locator("main a[href*='/cases/']").first.click()
        expect(page.get_by_role("heading", name="桥头路灯长期不亮")).to_be_visible()
