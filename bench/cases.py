"""A county's years of cases, ten chained events each, written straight into the tables (for the bench alone)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from app.audit import Chain, Event, event_hash
from app.calendar import Calendar
from app.cli.demo.county import Problem, load_county
from app.core.clock import ZONE
from app.ledgers.cases import NO_DEADLINE, Assignment, Case, CaseSource, Deadline, Measure, Pause, Plan, Verification
from app.ledgers.cases import ProgressReport as Report
from bench.bulk import Bulk
from bench.people import County

WINDOW = 5000
YEARS = 5
FOCUS = 60
STATES = (
    "reported",
    "ledgered",
    "assigned",
    "planning",
    "rectifying",
    "submitted",
    "verified",
    "accepted",
    "long_term",
)
WEIGHTS = (5, 5, 10, 18, 48, 5, 3, 3, 3)
STEPS: dict[str, tuple[str, str | None]] = {
    "log": ("reported", None),
    "admit": ("ledgered", "reported"),
    "assign": ("assigned", "ledgered"),
    "acknowledge": ("planning", "assigned"),
    "draft_plan": ("planning", "planning"),
    "pass_plan": ("rectifying", "planning"),
    "report_finished": ("submitted", "rectifying"),
    "verify": ("verified", "submitted"),
    "accept": ("accepted", "verified"),
    "close": ("closed", "accepted"),
}
EVENTS = len(STEPS)


@dataclass(slots=True)
class Draft:
    """One case to be written: its problem, its units and its dates; `known` is how many of the ten steps it took."""

    id: int
    problem: Problem
    state: str
    lead: int
    assisting: list[int]
    logged_on: date
    due_on: date
    known: int
    days: list[date]

    @property
    def is_open(self) -> bool:
        """True until the case ended."""
        return self.state != "closed"


class Author:
    """Writes cases window by window, so that the events of one case lie among those of its neighbours, as in life."""

    def __init__(self, bulk: Bulk, county: County, day: date, seed: int = 1) -> None:
        self.bulk, self.county, self.day, self.random = bulk, county, day, Random(seed)
        self.problems = load_county().problems
        self.seq, self.hash = 0, ""

    def write(self, count: int, open_share: float) -> None:
        """Write cases of the years up to the day, the newest of them open."""
        first_open = count - round(count * open_share)
        self._write([self._draft(n, n >= first_open, n / count, 0 <= n - first_open < FOCUS) for n in range(count)])

    def write_overdue(self, count: int, calendar: Calendar) -> None:
        """Write cases whose deadline was the last working day before the day: newly overdue on it."""
        due_on = calendar.add_working(self.day, -1)
        drafts = [self._draft(n, True, 1.0, False, "rectifying") for n in range(count)]
        for draft in drafts:
            draft.due_on = due_on
        self._write(drafts)

    def go_on(self, head: tuple[int, str]) -> None:
        """Go on after a chain's head."""
        self.seq, self.hash = head

    def _write(self, drafts: list[Draft]) -> None:
        for start in range(0, len(drafts), WINDOW):
            window = drafts[start : start + WINDOW]
            self._window(window)
            self.bulk.flush()

    def _draft(self, n: int, is_open: bool, place: float, in_focus: bool, state: str | None = None) -> Draft:
        random = self.random
        lead = self.county.focus if in_focus else random.choice(self.county.units)
        others = [unit for unit in random.sample(self.county.units, 2) if unit != lead]
        state = (state or random.choices(STATES, WEIGHTS)[0]) if is_open else "closed"
        if in_focus:
            state = "rectifying"
        age = random.randint(25, 110) if is_open else round((1 - place) * YEARS * 365) + random.randint(115, 150)
        logged_on = self.day - timedelta(days=age)
        due_on = self.day + timedelta(days=random.randint(-14, 75)) if is_open else logged_on + timedelta(days=60)
        known = EVENTS if not is_open else min(EVENTS, list(STEPS).index(_last_step(state)) + 1)
        span = min(age - 3, 100)
        days = [logged_on + timedelta(days=span * at // EVENTS) for at in range(EVENTS)]
        assisting = others[:1] if random.random() < 0.3 else []
        return Draft(0, random.choice(self.problems), state, lead, assisting, logged_on, due_on, known, days)

    def _window(self, drafts: Sequence[Draft]) -> None:
        events = [self._events(drafts, at) for at in range(EVENTS)]
        for place, draft in enumerate(drafts):
            marks = [row[place] for row in events]
            self._case(draft, marks)
            self._parts(draft, marks)
        for row in (r for rows in events for r in rows):
            self.bulk.add(Event, **row)

    def _events(self, drafts: Sequence[Draft], at: int) -> list[dict[str, Any]]:
        """Make one event of each case, with the ids of the cases where they are still to be given."""
        found = []
        step = list(STEPS)[at]
        for draft in drafts:
            draft.id = draft.id or self.bulk.next_id(Case)
            is_step = at < draft.known
            state, source = STEPS[step] if is_step else (draft.state, draft.state)
            unit_id = draft.lead if step in ("acknowledge", "draft_plan", "report_finished") and is_step else None
            row: dict[str, Any] = {
                "chain_id": self.county.id,
                "seq": self.seq + 1,
                "kind": f"case.{step if is_step else 'comment'}",
                "subject": f"case:{draft.id}",
                "case_id": draft.id,
                "unit_id": unit_id,
                "actor_id": self.county.persons["supervisor" if unit_id is None else f"head{draft.lead}"],
                "mandate_id": None,
                "at": _instant(draft.days[at], 9),
                "day": draft.days[at],
                "source": source or "new",
                "dest": state,
                "reason": None if is_step else draft.problem.progress[at % len(draft.problem.progress)],
                "due_on": draft.due_on if at > 1 else None,
                "data": {"note": draft.problem.measures[0]} if is_step else {},
                "id": self.bulk.next_id(Event),
            }
            row["hash"] = self.hash = event_hash(self.hash, row)
            self.seq += 1
            found.append(row)
        return found

    def _case(self, draft: Draft, marks: list[dict[str, Any]]) -> None:
        problem, persons = draft.problem, self.county.persons
        is_assigned, is_numbered = draft.known > 2, draft.known > 1
        submitted_on = draft.days[6] if draft.known > 6 else None
        self.bulk.add(
            Case,
            id=draft.id,
            authority_id=self.county.id,
            number=f"{draft.logged_on.year}-{draft.id:06d}" if is_numbered else None,
            state=draft.state,
            version=EVENTS,
            title=problem.title,
            text=problem.text,
            category=problem.category,
            place=problem.place,
            source_kind=problem.source,
            found_on=draft.logged_on,
            reporter_id=persons["inspector"],
            saved_at=_instant(draft.logged_on, 9),
            moved_at=_instant(draft.days[-1], 9),
            lead_unit_id=draft.lead if is_assigned else None,
            rect_class="limited" if is_assigned else None,
            standard=problem.standard if is_assigned else "",
            assigned_on=draft.days[2] if is_assigned else None,
            original_due_on=draft.due_on if is_assigned else None,
            due_on=draft.due_on if is_assigned else None,
            order_on=draft.due_on if is_assigned else NO_DEADLINE,
            result=problem.result if submitted_on else "",
            lesson=problem.lesson if submitted_on else "",
            submitted_on=submitted_on,
            submitted_by_id=persons[f"head{draft.lead}"] if submitted_on else None,
            verified_by_id=persons["inspector"] if draft.known > 7 else None,
            ended_on=None if draft.is_open else draft.days[-1],
            ended_event_id=None if draft.is_open else marks[-1]["id"],
            ended_from=None if draft.is_open else "accepted",
        )
        self._source(draft, marks)

    def _source(self, draft: Draft, marks: list[dict[str, Any]]) -> None:
        self.bulk.add(
            CaseSource,
            authority_id=self.county.id,
            case_id=draft.id,
            kind=draft.problem.source,
            discovery="county",
            reference=f"〔{draft.logged_on.year}〕{draft.id}号",
            found_on=draft.logged_on,
            saved_at=_instant(draft.logged_on, 9),
            event_id=marks[0]["id"],
        )

    def _parts(self, draft: Draft, marks: list[dict[str, Any]]) -> None:
        if draft.known < 3:
            return
        case_id, days, is_done = draft.id, draft.days, draft.known > 6
        for unit_id, role in [(draft.lead, "lead"), *((unit, "assist") for unit in draft.assisting)]:
            part = self.bulk.add(
                Assignment,
                case_id=case_id,
                unit_id=unit_id,
                role=role,
                state="waiting" if draft.known == 3 else "done" if is_done else "working",
                assigned_on=days[2],
                event_id=marks[2]["id"],
                receipt_due_on=self.day + timedelta(days=2) if draft.known == 3 else days[3],
                received_on=days[3] if draft.known > 3 else None,
                done_on=days[6] if is_done else None,
            )
            if is_done:
                self.bulk.add(Pause, case_id=case_id, assignment_id=part, since=days[6], event_id=marks[6]["id"])
        self.bulk.add(
            Deadline,
            case_id=case_id,
            cycle=1,
            recorded_on=days[2],
            effective_on=days[2],
            due_on=draft.due_on,
            counted_limit=None,
            cause="assigned",
            event_id=marks[2]["id"],
        )
        if draft.known > 4:
            self._work(draft, marks)

    def _work(self, draft: Draft, marks: list[dict[str, Any]]) -> None:
        case_id, days, persons, unit_id = draft.id, draft.days, self.county.persons, draft.lead
        liaison = persons[f"liaison{unit_id}"]
        plan = self.bulk.add(
            Plan,
            case_id=case_id,
            unit_id=unit_id,
            cycle=1,
            state="passed" if draft.known > 5 else "drafted",
            drafted_by_id=liaison,
            drafted_on=days[4],
        )
        for position, text in enumerate(draft.problem.measures[:2], 1):
            done_on = days[6] if draft.known > 6 else None
            where = {"case_id": case_id, "plan_id": plan, "unit_id": unit_id, "position": position}
            self.bulk.add(Measure, **where, text=text, person="王建国", due_on=draft.due_on, done_on=done_on)
        for text in draft.problem.progress[:2]:
            said = {"at": _instant(days[5], 15), "on": days[5], "text": text, "event_id": marks[5]["id"]}
            self.bulk.add(Report, case_id=case_id, unit_id=unit_id, person_id=liaison, **said)
        for level in (1, 2)[: max(0, draft.known - 7)]:
            self.bulk.add(
                Verification,
                case_id=case_id,
                cycle=1,
                level=level,
                passed=True,
                person_id=persons["inspector" if level == 1 else "supervisor"],
                names="李秀英、张伟",
                site_on=days[7],
                method="现场查看",
                opinion="已达到验收标准",
                on=days[6 + level],
                event_id=marks[6 + level]["id"],
            )

    def close_book(self) -> None:
        """Write the head of the chain."""
        self.bulk.add(Chain, id=self.county.id, seq=self.seq, hash=self.hash)

    def move_head(self) -> None:
        """Move the head of a chain that was gone on with."""
        self.bulk.execute(f"UPDATE chains SET seq = {self.seq}, hash = '{self.hash}' WHERE id = {self.county.id}")


def _last_step(state: str) -> str:
    wanted = {"long_term": "rectifying"}.get(state, state)
    return [name for name, (dest, _) in STEPS.items() if dest == wanted][-1]


def _instant(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), ZONE).astimezone(UTC)
