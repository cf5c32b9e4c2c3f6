"""Lists on the screens between a telephone and an office screen: a page never scrolls sideways, whatever its table does."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.acting import PATIENCE
from tests.browser.serving import served
from tests.browser.test_every_page import filled
from tests.browser.windows import window
from tests.client import plant_session
from tests.databases import Databases
from tests.web.foreign import planted_story

pytestmark = pytest.mark.browser
WIDTHS = (800, 1024, 1280, 1366, 1440)
PAGES = {
    "supervisor": ("/cases", "/slips?state=all", "/absences", "/desk/signing", "/books/times", "/books/progress"),
    "leader": ("/portfolio", "/slips?state=all"),
    "head_a": ("/units/{units}/books/measures?state=all", "/desk"),
}
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_lists_fit_the_screen_of_a_laptop(browser: Browser, databases: Databases, instance: Path) -> None:
    story, planted = planted_story(databases)
    with served(story, instance) as address, window(browser, WIDTHS[0]) as page:
        for who, paths in PAGES.items():
            page.context.add_cookies([{"name": "dukao", "value": plant_session(story, who)[0], "url": address}])
            for path in paths:
                page.goto(address + filled(path, planted), timeout=PATIENCE)
                for width in WIDTHS:
                    page.set_viewport_size({"width": width, "height": 900})
                    assert page.evaluate(TOO_WIDE) <= 0, (who, path, width)
    story.cast.database.dispose()
