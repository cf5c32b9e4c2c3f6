"""People at their browsers, opening pages and making moves as they would by hand."""

import re
import sys
from types import TracebackType

from playwright.sync_api import APIRequestContext, Browser, ConsoleMessage, Error, Page, expect

from tests.browser.serving import PASSWORD
from tests.browser.windows import window

PATIENCE = 60_000  # milliseconds; a busy machine is slow, not wrong
expect.set_options(timeout=PATIENCE)


class Visitor:
    """One person at a window; any error of a script or a refused load fails the test."""

    page: Page

    def __init__(self, browser: Browser, address: str, username: str, width: int = 1280, height: int = 900) -> None:
        self.address, self.username = address, username
        self.window = window(browser, width, height)
        self.faults: list[str] = []

    def __enter__(self) -> "Visitor":
        """Sit down at the window, signed in and not yet on any page."""
        page = self.page = self.window.__enter__()
        try:
            page.context.set_default_timeout(PATIENCE)
            page.on("pageerror", self._break)
            page.on("console", self._hear)
            self._sign_in(page.context.request)
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the window to the next one; nothing may have gone wrong on the way."""
        self.window.__exit__(kind, error, trace)
        self.page.remove_listener("pageerror", self._break)
        self.page.remove_listener("console", self._hear)
        assert not self.faults, self.faults

    def _sign_in(self, reader: APIRequestContext) -> None:
        """Send the form of the sign-in page without drawing it: what comes back is the window's, cookies too."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', reader.get(f"{self.address}/sign-in").text())
        assert token
        form: dict[str, str | float | bool] = {
            "username": self.username,
            "password": PASSWORD,
            "csrf_token": token[1],
        }
        answer = reader.post(f"{self.address}/sign-in", form=form, max_redirects=0)
        assert answer.status == 303, (answer.status, answer.text())

    def _break(self, error: Error) -> None:
        self.faults.append(str(error))

    def _hear(self, said: ConsoleMessage) -> None:
        """Keep what a script complains of; a load cut off by leaving the page or by a newer filter is no complaint."""
        cut_off = "htmx:send", "htmx:afterRequest", "Failed to load"
        if said.type == "error" and not any(words in said.text for words in cut_off):
            self.faults.append(said.text)

    def open(self, path: str) -> Page:
        """Open a page of the application."""
        self.page.goto(f"{self.address}{path}")
        return self.page

    def move(self, label: str, **fields: str | bool) -> None:
        """Make a move on the page: open its panel if it has one, fill the fields by label, confirm."""
        page = self.page
        summary = page.locator("details.k-panel > summary", has_text=label).first
        if summary.count() and summary.inner_text().strip().partition("（")[0] == label:
            summary.click()
            panel = page.locator("details.k-panel[open]")
            for name, value in fields.items():
                self._fill(panel, name, value)
            panel.locator("button[type=submit]").first.click()
        else:
            page.get_by_role("button", name=label, exact=True).first.click()
        expect(page.locator("[data-flash=done]").first).to_contain_text(label)

    def _fill(self, panel: object, name: str, value: str | bool) -> None:
        field = panel.locator(f"[name={name}]").first  # type: ignore[attr-defined]
        kind = field.evaluate("node => node.tagName + ':' + (node.type || '')")
        if isinstance(value, bool):
            field.set_checked(value)
        elif kind.startswith("SELECT"):
            field.select_option(label=value)
        elif kind == "INPUT:file":
            field.set_input_files(value)
        elif kind == "INPUT:checkbox":
            panel.get_by_label(value, exact=True).check()  # type: ignore[attr-defined]
        else:
            field.fill(value)
