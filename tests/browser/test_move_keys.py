"""A case moved without a mouse, on a phone's width too: each form opened, walked and sent by keys."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.ledgers.cases import Case
from tests.browser.acting import PATIENCE
from tests.browser.serving import served
from tests.browser.windows import NARROW, WIDE, window
from tests.client import plant_session
from tests.databases import Databases
from tests.stock import ready_story

pytestmark = pytest.mark.browser
MOST_TABS = 80
FOCUSED = "document.activeElement.getAttribute('name') || document.activeElement.textContent.trim()"


def walk_to(page: Page, wanted: str) -> None:
    """Press Tab until the field or button of that name has the focus."""
    for _ in range(MOST_TABS):
        if str(page.evaluate(FOCUSED)).startswith(wanted):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is not reached by keys")


def press(page: Page, wanted: str, *fields: tuple[str, str]) -> None:
    """Open a move, fill its fields in their order and send it with Enter."""
    walk_to(page, wanted)
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.closest('details.k-panel[open] form')")
    for name, typed in fields:
        walk_to(page, name)
        if typed == "ArrowDown":
            page.keyboard.press(typed)
        else:
            page.keyboard.type(typed)
    walk_to(page, f"确认{wanted}")
    page.keyboard.press("Enter")
    expect(page.locator("[data-flash=done]").first).to_contain_text(wanted, timeout=PATIENCE)


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_case_is_moved_by_keys_alone(browser: Browser, databases: Databases, instance: Path, width: int) -> None:
    story = ready_story(databases)
    case_id = story.log()
    story.case("supervisor", case_id, "admit")
    with served(story, instance) as address, window(browser, width) as page:
        page.context.add_cookies([{"name": "dukao", "value": plant_session(story, "supervisor")[0], "url": address}])
        page.goto(f"{address}/cases/{case_id}", timeout=PATIENCE)
        press(page, "交办", ("lead", "ArrowDown"), ("rect_class", "ArrowDown"), ("standard", "河道无垃圾"))
        assert story.get(Case, case_id).state == "assigned"
        if width == NARROW:
            walk_to(page, "更多操作")
            page.keyboard.press("Enter")
        walk_to(page, "加标签")
        page.keyboard.press("Enter")
        expect(page.locator("details.k-panel[open] [name=tags]")).to_be_focused()
        page.keyboard.type("汛期")
        page.keyboard.press("Enter")
        expect(page.locator(".k-tag", has_text="汛期")).to_be_visible(timeout=PATIENCE)
    story.cast.database.dispose()
