"""The calendar of what is due without a mouse: arrows walk the days, [ and ] turn the months, Enter opens a day."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.acting import PATIENCE
from tests.browser.serving import served
from tests.browser.windows import window
from tests.client import plant_session
from tests.databases import Databases
from tests.web.foreign import planted_story

pytestmark = pytest.mark.browser
FOCUSED = "document.activeElement.getAttribute('href')"


def test_days_and_months_are_walked_by_keys(browser: Browser, databases: Databases, instance: Path) -> None:
    story, _ = planted_story(databases)
    with served(story, instance) as address, window(browser, 1920) as page:
        page.context.add_cookies([{"name": "dukao", "value": plant_session(story, "supervisor")[0], "url": address}])
        page.goto(f"{address}/due?month=2026-03", timeout=PATIENCE)
        page.focus("[data-day][aria-current=date]")
        assert page.evaluate(FOCUSED) == "/due/2026-03-24"
        for key, day in (("ArrowRight", 25), ("ArrowUp", 18), ("ArrowLeft", 17), ("ArrowDown", 24)):
            page.keyboard.press(key)
            assert page.evaluate(FOCUSED) == f"/due/2026-03-{day}"
        page.keyboard.press("]")
        page.wait_for_url("**/due?month=2026-04", timeout=PATIENCE)
        page.keyboard.press("[")
        page.wait_for_url("**/due?month=2026-03", timeout=PATIENCE)
        page.focus("[data-day][aria-current=date]")
        page.keyboard.press("Enter")
        page.wait_for_url("**/due/2026-03-24", timeout=PATIENCE)
    story.cast.database.dispose()
