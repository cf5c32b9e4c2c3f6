"""Signing in at the form, as everybody begins the day; the other tests send it without drawing it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.acting import PATIENCE
from tests.browser.looking import look
from tests.browser.serving import PASSWORD, served
from tests.browser.windows import window
from tests.story import Story

pytestmark = pytest.mark.browser


@pytest.fixture
def door(browser: Browser, story: Story, instance: Path, width: int) -> Iterator[Page]:
    """The page of somebody who is not signed in and has asked for the list."""
    with served(story, instance) as address, window(browser, width) as page:
        page.set_default_timeout(PATIENCE)
        page.goto(f"{address}/cases")
        yield page


def test_somebody_signs_in_at_the_form_and_out_again(door: Page) -> None:
    wanted = door.url.partition("/sign-in")[0] + "/cases"
    expect(door.locator("[name=username]")).to_be_focused()
    assert look(door) == []
    door.keyboard.type("supervisor")
    door.keyboard.press("Tab")
    door.keyboard.type("not the password")
    door.keyboard.press("Enter")
    expect(door.locator("#password-error")).to_be_visible()
    assert look(door) == []
    door.locator("[name=password]").fill(PASSWORD)
    door.get_by_role("button", name="登录").click()
    expect(door).to_have_url(wanted)
    door.locator(".k-person > summary").click()
    door.get_by_role("button", name="退出").click()
    expect(door.get_by_role("button", name="登录")).to_be_visible()
    door.goto(wanted)
    expect(door.locator("[name=username]")).to_be_visible()


def test_page_for_the_first_password_is_sound(door: Page) -> None:
    door.get_by_role("link", name="用一次性代码设置密码").click()
    expect(door.get_by_role("heading", name="设置密码")).to_be_visible()
    assert look(door) == []
