"""What the signed-in person does: pages asked for, a case created, four moves with a comment each."""

import re
import secrets
import time
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import cycle

from bench.client import Act, Answer, Browser
from bench.people import County

TEXT = "群众反映该路段夜间路灯损坏多处，行人出行不便，已多次拨打热线，至今没有修复，请尽快核实处理。" * 3
NOTE = "请按职责抓紧办理，按时反馈进展情况。"


def get(paths: Sequence[str], wanted: str) -> Act:
    """Ask for the paths in turn; each answer must hold the text wanted."""
    turn = cycle(paths)

    def act(browser: Browser) -> float:
        path = next(turn)
        began = time.perf_counter()
        answer = browser.get(path)
        seconds = time.perf_counter() - began
        if answer.status != 200 or wanted not in answer.body:
            raise RuntimeError(f"{path}: {answer.status}\n{answer.body[:2000]}")
        return seconds

    return act


class Desk:
    """Forms of the supervisor and of one unit's head: the token that each one's pages carry, a fresh one-time key."""

    def __init__(self, browser: Browser, county: County, today: date) -> None:
        self.unit, self.today, self.office, self.head = str(county.focus), today, county.office, county.head
        self.tokens = {cookie: _token(browser.get("/cases/new", cookie)) for cookie in (self.office, self.head)}

    def create(self, browser: Browser) -> float:
        """Log a case."""
        began = time.perf_counter()
        self._case(browser)
        return time.perf_counter() - began

    def four_moves(self, browser: Browser) -> float:
        """Log a case, then time its four moves: admitted, assigned, acknowledged and commented on."""
        case = self._case(browser)
        due_on = self.today + timedelta(days=30)
        assigned = {"lead": self.unit, "rect_class": "limited", "due_on": due_on.isoformat(), "standard": NOTE}
        moves: tuple[tuple[str, dict[str, str], str], ...] = (
            ("admit", {}, self.office),
            ("assign", assigned, self.office),
            ("acknowledge", {}, self.head),
            ("comment", {"reason": NOTE}, self.office),
        )
        began = time.perf_counter()
        for version, (name, form, cookie) in enumerate(moves, 1):
            sent = {"version": str(version), "note": NOTE, **form}
            self._post(browser, f"/cases/{case}/transitions/{name}", sent, cookie)
        return time.perf_counter() - began

    def _case(self, browser: Browser) -> int:
        form = {"title": "路灯损坏长期无人维修", "text": TEXT, "place": "城关镇东门街"}
        answer = self._post(
            browser, "/cases/new", {**form, "source_kind": "hotline", "discovery": "citizen"}, self.office
        )
        return int(answer.location.rstrip("/").rpartition("/")[2])

    def _post(self, browser: Browser, path: str, form: dict[str, str], cookie: str) -> Answer:
        proofs = {"csrf_token": self.tokens[cookie], "_key": secrets.token_urlsafe(18)}
        answer = browser.post(path, {**form, **proofs}, cookie)
        if answer.status != 303:
            raise RuntimeError(f"{path}: {answer.status}\n{answer.body[-3000:]}")
        return answer


def _token(page: Answer) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.body)
    if found is None:
        raise RuntimeError("the page for a new case carries no token")
    return found[1]
