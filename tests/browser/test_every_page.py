"""Every page a role can open: axe finds nothing, nothing scrolls sideways, no script fails.

Narrow on one database and wide on the other; the long form does both on both.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error

from tests.browser.acting import PATIENCE
from tests.browser.looking import look
from tests.browser.serving import served
from tests.browser.windows import window
from tests.client import plant_session
from tests.databases import Databases
from tests.web.foreign import Planted, planted_story

pytestmark = pytest.mark.browser
PAGES = {
    "supervisor": (
        "/desk",
        "/cases",
        "/cases/new",
        "/bulk",
        "/bulk/{runs}",
        "/cases/{cases}",
        "/cases/{cases}/merge",
        "/ranking",
        "/imports",
        "/imports/names",
        "/imports/{imports}",
        "/calendar",
        "/rules",
        "/slips?state=all",
        "/slips/{slips}",
        "/desk/signing",
        "/slips/packs",
        "/absences",
        "/lists",
        "/units/{units}/lists/problems",
        "/units/{units}/books/times",
        "/books/times",
        "/books/measures?whole=1",
        "/books/progress",
        "/due",
        "/due/2026-03-20",
        "/desk/list",
        "/handover",
        "/handover?q=测试",
        "/handover/{persons}",
        "/interviews",
        "/interviews/new",
        "/interviews/last",
        "/interviews/{interviews}",
        "/bulletins",
        "/bulletins/new",
        "/bulletins/{bulletins}",
    ),
    "inspector": ("/desk", "/cases?state=closed", "/cases/{cases}"),
    "assessor": (
        "/desk",
        "/ranking",
        "/scores/units/{units}",
        "/scores/entries/{entries}",
        "/rules/{rule-sets}",
        "/objections",
    ),
    "leader": (
        "/desk",
        "/ranking",
        "/cases/{cases}",
        "/slips",
        "/desk/signing",
        "/books/times",
        "/due",
        "/desk/list",
        "/portfolio",
        "/portfolio/2026-03",
        "/instructions",
        "/instructions/{instructions}",
    ),
    "head_a": (
        "/desk",
        "/scores/units/{units}",
        "/scores/entries/{entries}",
        "/cases/{cases}",
        "/password",
        "/slips",
        "/units/{units}/lists/tasks",
        "/units/{units}/lists/duties",
        "/units/{units}/books/measures",
        "/units/{units}/books/progress?state=all",
        "/due",
        "/due?month=2026-02&kind=deadline",
        "/desk/list",
        "/handover",
        "/interviews/{interviews}",
        "/instructions/{instructions}",
        "/bulletins",
    ),
    "liaison_b": ("/books/progress", "/due", "/desk/list", "/desk", "/cases/{cases}", "/cases/new"),
    "discipline": (
        "/books/times",
        "/due",
        "/desk/list",
        "/desk",
        "/review",
        "/cases/{cases}",
        "/slips",
        "/slips/{slips}",
    ),
    "organisation": ("/desk", "/ranking"),
    "admin": (
        "/messages/dead",
        "/messages?show=all",
        "/desk",
        "/people",
        "/people/persons",
        "/people/persons/new",
        "/people/persons/{persons}",
        "/handover/{persons}",
    ),
    "security": ("/handover?q=单位", "/handover/{persons}", "/people", "/people/persons/{persons}"),
    "auditor": ("/desk", "/log", "/log/check"),
    "outsider": ("/cases", "/nothing-here"),
}


@pytest.mark.parametrize("who", sorted(PAGES))
def test_pages_of_a_role_are_sound(
    who: str, browser: Browser, databases: Databases, instance: Path, width: int
) -> None:
    story, planted = planted_story(databases)
    faults: list[str] = []

    def note(error: Error) -> None:
        faults.append(str(error))

    with served(story, instance) as address, window(browser, width) as page:
        page.context.add_cookies([{"name": "dukao", "value": plant_session(story, who)[0], "url": address}])
        page.on("pageerror", note)
        for path in PAGES[who]:
            answer = page.goto(address + filled(path, planted), timeout=PATIENCE)
            assert answer is not None
            assert answer.status < 500, (who, path)
            problems = look(page)
            assert not problems, (who, width, path, problems)
        page.remove_listener("pageerror", note)
        assert not faults, (who, width, faults)
    story.cast.database.dispose()


def filled(path: str, planted: Planted) -> str:
    """Put the id of a planted object into an address."""
    for noun, ids in planted.ids.items():
        path = path.replace("{" + noun + "}", str(ids[0]))
    return path
