"""People at their browsers: signing in, opening a page, making a move, as they would by hand."""

from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.browser.serving import PASSWORD

PATIENCE = 60_000  # milliseconds; a busy machine is slow, not wrong
expect.set_options(timeout=PATIENCE)


class Visitor:
    """One person in a browser of their own; any error of a script or a refused load fails the test."""

    def __init__(self, browser: Browser, address: str, username: str, width: int = 1280, height: int = 900) -> None:
        self.address = address
        self.context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._hear)
        self.page.goto(f"{address}/sign-in")
        self.page.locator("[name=username]").fill(username)
        self.page.locator("[name=password]").fill(PASSWORD)
        self.page.get_by_role("button", name="登录").click()
        expect(self.page.get_by_role("heading", name="我的工作台")).to_be_visible()

    def __enter__(self) -> "Visitor":
        """Begin."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Close the browser context; nothing may have gone wrong on the way."""
        self.context.close()
        assert not self.faults, self.faults

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
