"""One Chromium for each worker; a telephone on one database and a wide screen on the other."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.serving import give_passwords
from tests.browser.windows import NARROW, WIDE
from tests.databases import Databases
from tests.programs import find_chromium
from tests.stock import ready_story
from tests.story import Story

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium of the system."""
    program = find_chromium()
    if program is None:
        pytest.fail("no Chromium: run `make setup-test`")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(program), args=FLAGS)
        yield started
        started.close()


@pytest.fixture(params=["its-width", pytest.param("other-width", marks=pytest.mark.long)])
def width(request: pytest.FixtureRequest, databases: Databases) -> int:
    """Narrow on one database and wide on the other, in pixels; the long form does both on both."""
    is_sqlite = request.node.callspec.params["databases"] == "sqlite"
    return NARROW if is_sqlite == (request.param == "its-width") else WIDE


@pytest.fixture
def story(databases: Databases) -> Iterator[Story]:
    """A county with its cast, their passwords and rules on Monday 2026-03-02."""
    made = ready_story(databases)
    give_passwords(made)
    yield made
    made.cast.database.dispose()
