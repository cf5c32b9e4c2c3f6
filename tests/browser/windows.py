"""Windows of a worker's browser, used one after the other: a new one costs as much as ten pages and knows no file yet."""

import weakref
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page

from tests.browser.serving import EMPTY_ADDRESS

NARROW, WIDE = 360, 1920  # pixels: a telephone and an office screen
_spare: weakref.WeakKeyDictionary[Browser, list[Page]] = weakref.WeakKeyDictionary()


@contextmanager
def window(browser: Browser, width: int, height: int = 900) -> Iterator[Page]:
    """Open a window in which nobody is signed in and nothing is remembered but files; after a failure it is thrown away."""
    spare = _spare.setdefault(browser, [])
    page = spare.pop() if spare else browser.new_context(locale="zh-CN").new_page()
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(media="null")  # whoever looked at paper before left it on
    try:
        yield page
    except BaseException:
        page.context.close()
        raise
    _forget(page)
    spare.append(page)


def _forget(page: Page) -> None:
    """Leave the page, which ends what it still loads, and forget who used the window.

    The empty page is of the same origin: for another one the browser starts a process anew, which knows no file either.
    """
    origin = page.evaluate("location.origin")
    if origin != "null":  # nothing was opened
        page.goto(origin + EMPTY_ADDRESS)
    page.context.clear_cookies()
    protocol = page.context.new_cdp_session(page)
    protocol.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "local_storage,session_storage"})
    protocol.detach()
