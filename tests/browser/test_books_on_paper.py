"""Books and ledgers on paper: the wide ones across an A4 sheet, each head above its own column, nothing cut off."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.serving import served
from tests.browser.windows import WIDE, window
from tests.client import plant_session
from tests.databases import Databases
from tests.stock import ready_story

pytestmark = pytest.mark.browser
BOX = re.compile(rb"/MediaBox ?\[0 0 ([0-9.]+) ([0-9.]+)\]")


def test_books_are_printed_across_the_sheet(browser: Browser, databases: Databases, instance: Path) -> None:
    story = ready_story(databases)
    case_id = story.log()
    story.assign(case_id, "A", "B", "2026-03-31")
    story.to_work(case_id)
    with served(story, instance) as address, window(browser, WIDE) as page:
        page.context.add_cookies([{"name": "dukao", "value": plant_session(story, "supervisor")[0], "url": address}])
        paths = [f"/books/{book}?whole=1" for book in ("times", "measures", "progress")]
        for path, is_across in (*[(path, True) for path in paths], (f"/cases/{case_id}", False)):
            page.goto(f"{address}{path}")
            sheets = BOX.findall(page.pdf(prefer_css_page_size=True))
            assert sheets
            assert {float(width) > float(height) for width, height in sheets} == {is_across}, path
    story.cast.database.dispose()


def test_ledger_on_paper_has_each_head_above_its_column_and_keeps_within_the_sheet(
    browser: Browser, databases: Databases, instance: Path
) -> None:
    story = ready_story(databases)
    story.assign(story.log(), "A", "B", "2026-03-31")
    with served(story, instance) as address, window(browser, WIDE) as page:
        page.context.add_cookies([{"name": "dukao", "value": plant_session(story, "supervisor")[0], "url": address}])
        page.goto(f"{address}/sheets?layout=closing")
        sheets = BOX.findall(page.pdf(prefer_css_page_size=True))
        assert all(float(width) > float(height) for width, height in sheets)
        page.set_viewport_size(
            {"width": 1030, "height": 700}
        )  # the width between the margins of a sheet that lies across
        page.emulate_media(media="print")
        assert page.evaluate("document.querySelector('.k-sheet-table').scrollWidth") <= 1030
        assert not page.locator(".k-sheet-bar").is_visible()
        page.goto(f"{address}/cases")
        shown = "row => [...row.cells].filter(cell => cell.offsetWidth).map(cell => Math.round(cell.offsetLeft))"
        heads = page.locator(".k-ledger thead tr").evaluate(shown)
        assert heads == page.locator(".k-ledger tbody tr").first.evaluate(shown)
    story.cast.database.dispose()


def test_calendar_on_paper_cuts_no_title(browser: Browser, databases: Databases, instance: Path) -> None:
    story = ready_story(databases)
    story.assign(
        story.log(title="东河镇李家村水渠坍塌影响灌溉，群众多次反映未得到解决的问题"), "A", due_on="2026-03-20"
    )
    with served(story, instance) as address, window(browser, WIDE) as page:
        page.context.add_cookies([{"name": "dukao", "value": plant_session(story, "supervisor")[0], "url": address}])
        page.goto(f"{address}/due?month=2026-03")
        page.set_viewport_size({"width": 800, "height": 700})
        page.emulate_media(media="print")
        for part in (".k-due-group li", ".k-due td"):
            assert page.evaluate(
                "part => [...document.querySelectorAll(part)].every(one => one.scrollWidth <= one.clientWidth)", part
            ), part
    story.cast.database.dispose()
