"""Playing scripts through the real workflows: each move is made by a member of the cast on its day."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy import or_, select

from app.core.db import Database
from app.core.errors import Refused
from app.ledgers.slips import Slip
from app.ledgers.slips.words import LIVE_SLIPS
from app.workflows import SLIP
from tests.databases import Databases
from tests.faults.scripts import Script, after
from tests.people import make_cast
from tests.slips import REPLY
from tests.stock import story_in
from tests.story import DONE, Story, a_file

BEGIN = "2025-10-31"
WINDOW = timedelta(days=40)
LEADERS = {"A": "leader", "T": "leader", "B": "leader2"}
Move = Callable[[], object]


def year_story(databases: Databases) -> Story:
    """Return a story in a county of its own, ready for two years."""
    return story_in(databases.fresh("year", _fill), BEGIN)


def _fill(database: Database) -> None:
    story = Story(make_cast(database, BEGIN))
    story.rules(2025)
    story.rules(2026)


class Play:
    """Scripts being played in one county."""

    def __init__(self, story: Story, scripts: Sequence[Script]) -> None:
        self.story, self.scripts = story, scripts
        self.ids: dict[int, int] = {}  # script → case
        self.withdrawn: set[tuple[int, int]] = set()
        self.moves: dict[date, list[Move]] = defaultdict(list)
        for number, script in enumerate(scripts):
            for day, move in self._moves(number, script):
                if day is not None:
                    self.moves[day].append(partial(move, number, script, day))

    @property
    def numbers(self) -> dict[int, int]:
        """The script of each case."""
        return {case_id: number for number, case_id in self.ids.items()}

    def live(self, first: date, last: date, job: Callable[[date], object] | None = None) -> None:
        """Live the days: the job at 00:00, then people, in the order of the scripts."""
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
            (job or self.story.daily)(day)
            self.story.cast.at(day)
            for move in self.moves.get(day, ()):
                move()
            self._handle_slips(day)

    def _moves(self, number: int, s: Script) -> list[tuple[date | None, Callable[[int, Script, date], object]]]:
        return [
            (s.assigned_on, self._assign),
            (s.received_on, lambda n, s, _: self.story.case(_liaison(s.lead), self.ids[n], "acknowledge")),
            (s.assist_received_on, lambda n, s, _: self._part(n, s, _liaison(s.assist), "acknowledge")),
            (s.asked_on, self._ask),
            (s.granted_on, lambda n, s, _: self.story.request("supervisor", self.ids[n], "extension", "grant")),
            (s.assist_done_on, self._finish_assisting),
            (s.finished_on, self._finish),
            (s.returned_on, self._send_back),
            (s.finished_again_on, self._finish_again),
            (s.closed_on, self._close),
        ]

    def _assign(self, number: int, s: Script, _day: date) -> None:
        who, form = (_liaison(s.lead), {}) if s.discovery == "self" else ("inspector", {"discovery": s.discovery})
        self.ids[number] = case_id = self.story.log(who, **form)
        due_on = s.due_on.isoformat()
        self.story.assign(case_id, s.lead, s.assist, due_on, rect_class="immediate")

    def _part(self, number: int, s: Script, who: str, name: str, **form: Any) -> None:
        self.story.part(who, self.ids[number], s.assist, name, **form)

    def _ask(self, number: int, s: Script, _day: date) -> None:
        form: dict[str, Any] = {"reason": "汛期", "progress": "过半", "wanted_on": s.wanted_on}
        self.story.case(f"head_{s.lead.lower()}", self.ids[number], "ask_extension", **form)

    def _finish_assisting(self, number: int, s: Script, _day: date) -> None:
        self._part(number, s, f"head_{s.assist.lower()}", "finish", result="完成")

    def _finish(self, number: int, s: Script, _day: date) -> None:
        self.story.case(f"head_{s.lead.lower()}", self.ids[number], "report_finished", **DONE, files=[a_file()])

    def _send_back(self, number: int, s: Script, _day: date) -> None:
        parts = [] if s.all_failed else [self.story.cast.units[s.lead]]
        form: dict[str, Any] = {"reason": "现场仍有垃圾", "parts": parts, "false": s.is_false}
        self.story.case("inspector", self.ids[number], "send_back", **form)

    def _finish_again(self, number: int, s: Script, day: date) -> None:
        if s.assist and s.all_failed:
            self._finish_assisting(number, s, day)
        self._finish(number, s, day)

    def _close(self, number: int, _script: Script, _day: date) -> None:
        self.story.verify(self.ids[number])
        self.story.case("supervisor", self.ids[number], "accept")
        self.story.case("supervisor", self.ids[number], "close")

    def _handle_slips(self, day: date) -> None:
        """Do what falls on the day with each slip: the scripts leave no slip alone for longer than the window looks back."""
        numbers, since = self.numbers, day - WINDOW
        query = select(Slip).where(Slip.state.in_(LIVE_SLIPS), or_(Slip.drafted_on >= since, Slip.issued_on >= since))
        with self.story.cast.database.session(read_only=True) as session:
            found = sorted(session.scalars(query), key=lambda slip: (numbers[slip.case_id], slip.id))
        for slip in found:
            self._handle(numbers[slip.case_id], slip, day)

    def _handle(self, number: int, slip: Slip, day: date) -> None:
        """Make the moves on a slip that the script has for the day, one after another."""
        while act := self._next_act(self.scripts[number], number, slip, day):
            who, name, form = act
            try:
                slip = self.story.move(who, SLIP, slip.id, name, **form).row
            except Refused:
                return

    def _next_act(self, s: Script, number: int, slip: Slip, day: date) -> tuple[str, str, dict[str, Any]] | None:
        at, signer = slip.level - 1, LEADERS[s.lead] if slip.level == 3 else "supervisor"
        if slip.state == "draft":
            return (signer, "sign", {}) if _falls(slip.drafted_on, s.signed[at], day) else None
        if slip.state not in ("issued", "acknowledged", "replied"):
            return None
        assert slip.issued_on is not None
        if (number, slip.level) not in self.withdrawn and _falls(slip.issued_on, s.withdrawn[at], day):
            self.withdrawn.add((number, slip.level))
            return signer, "withdraw", {"reason": "发单有误"}
        if slip.state == "issued":
            return (_liaison(s.lead), "acknowledge", {}) if _falls(slip.issued_on, s.acknowledged[at], day) else None
        return self._answer(s, slip, s.replied[at], s.verdicts[at], day)

    def _answer(
        self, s: Script, slip: Slip, replied: int | None, verdict: str, day: date
    ) -> tuple[str, str, dict[str, Any]] | None:
        if replied is None:
            return None
        on = slip.issued_on
        if slip.state == "acknowledged":
            wanted = replied + 2 if slip.first_replied_on else replied
            is_due = _falls(on, wanted, day) and (slip.first_replied_on is None or verdict == "again")
            return (f"head_{s.lead.lower()}", "reply", REPLY) if is_due else None
        if slip.first_replied_on != slip.replied_on:
            return ("inspector", "accept_reply", {}) if _falls(on, replied + 3, day) else None
        if not verdict or not _falls(on, replied + 1, day):
            return None
        return (
            ("inspector", "accept_reply", {})
            if verdict == "accept"
            else ("inspector", "refuse_reply", {"reason": "补"})
        )


def _liaison(unit: str) -> str:
    return f"liaison_{unit.lower()}"


def _falls(begun_on: date | None, wait: int | None, day: date) -> bool:
    return begun_on is not None and wait is not None and after(begun_on, wait) == day
