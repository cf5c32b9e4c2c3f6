"""One Chromium for each worker."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.serving import give_passwords
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


@pytest.fixture
def story(databases: Databases) -> Iterator[Story]:
    """A county with its cast, their passwords and rules on Monday 2026-03-02."""
    made = ready_story(databases)
    give_passwords(made)
    yield made
    made.cast.database.dispose()
