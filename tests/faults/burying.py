"""P24: what it takes that a case is not buried: the county in which somebody tries, and what others must still see of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy import select

from app.audit import Event
from app.core.db import Database, Model
from app.core.errors import DukaoError, Invalid
from app.ledgers.cases import Case, Filters, Horizon, ledger_page, review_page
from app.ledgers.scores import ScoreEntry, Standing
from app.ledgers.waiting import whole_queue
from app.people import Mandate, Role, visible
from app.workflows import Context
from tests.client import Visit, visit
from tests.people import BEGIN, make_cast
from tests.stock import FIRST_DAY
from tests.story import Story
from tests.workflows.paths import brought_to

DAY = "2026-03-27"
STOCK = "burying"
LATER = date(2026, 4, 17)
CASES: tuple[str, ...] = (
    "overdue",
    "working",
    "ready",
    "submitted",
    "verified",
    "accepted",
    "closed",
    "assigned",
    "ledgered",
)
CASES += ("reported",)
OWN = {"form_keys", "web_sessions", "sign_in_failures"}  # what a request notes of itself
NOTED = OWN | {"events", "chains"}


def fill(database: Database) -> None:
    """Make a case for each place of CASES, led by A with B; the first is overdue since 20 March, the job has run."""
    story = Story(make_cast(database, FIRST_DAY))
    story.rules()
    made = [brought_to(story, "rectifying")]
    story.days("2026-03-03", "2026-03-26")
    made += [brought_to(story, stage, due_on=LATER) for stage in ("rectifying", *CASES[2:7])]
    story.daily(DAY)
    made += [brought_to(story, stage, due_on=LATER) for stage in CASES[7:]]
    assert made == list(range(1, len(CASES) + 1))


class Scene:
    """The county on the day of an abuse. Each method that looks fails when what it names cannot be seen."""

    def __init__(self, story: Story, app: Flask) -> None:
        self.story, self.app = story, app
        self.units, self.persons = story.cast.units, story.cast.persons
        self.refusals = self.sights = 0

    def __getitem__(self, name: str) -> int:
        """Return the id of the case at a place of CASES."""
        return CASES.index(name) + 1

    @property
    def today(self) -> date:
        """The business date."""
        return self.story.cast.clock.now().day

    @contextmanager
    def acting(self, who: str) -> Iterator[Context]:
        """Act as somebody, in a transaction."""
        with self.story.cast.begin(who) as (session, actor):
            yield Context(session, actor, self.story.cast.clock.now())

    @contextmanager
    def refused(self, kind: type[DukaoError], said: str = "") -> Iterator[None]:
        """Expect that what is tried is refused for the reason, or the field, and that nothing at all is changed."""
        before, why = snapshot(self.story.cast.database), None
        try:
            yield
        except kind as error:
            why = error
        assert why is not None, "it went through"
        assert said in (why.errors if isinstance(why, Invalid) else str(why)), (said, why)
        assert snapshot(self.story.cast.database) == before
        self.refusals += 1

    def visit(self, who: str) -> Visit:
        """Sign somebody in at the web."""
        return visit(self.app, self.story, who)

    def rejected(self, who: str, path: str, form: dict[str, Any], *statuses: int) -> None:
        """Expect that a form is answered with one of the statuses and that nothing is changed but the log."""
        visitor, before = self.visit(who), snapshot(self.story.cast.database, NOTED)
        answer = visitor.post(path, form)
        assert answer.status_code in statuses, (answer.status_code, answer.text[:500])
        assert snapshot(self.story.cast.database, NOTED) == before
        self.refusals += 1

    def give(self, who: str, role: Role, unit: str = "O") -> None:
        """Give somebody a second mandate."""
        with self.story.cast.database.begin() as session:
            session.add(Mandate(person_id=self.persons[who], unit_id=self.units[unit], role=role, begins_on=BEGIN))

    def listed(self, case_id: int, *reasons: str) -> None:
        """Discipline inspection finds the case in its review, for the reasons."""
        with self.acting("discipline") as context:
            page = review_page(context.session, context.actor, Horizon(self.today, self.today))
        found = {row.case.id: {reason for reason, _ in row.reasons} for row in page.rows}
        assert set(reasons) <= found.get(case_id, set()), (case_id, reasons, found)
        self.sights += 1

    def waits(self, who: str, key: str, row_id: int) -> None:
        """The case or slip waits in a queue on somebody's desk."""
        with self.acting(who) as context:
            queue = whole_queue(context.session, context.actor, self.today, key)
            ids = [row[0] for row in queue.rows] if queue else []
        assert row_id in ids, (who, key, row_id, ids)
        self.sights += 1

    def in_ledger(self, case_id: int, *who: str, state: str = "") -> None:
        """Each finds the case in the ledger: among what is open unless told."""
        for name in who:
            with self.acting(name) as context:
                days = Horizon(self.today, self.today)
                page = ledger_page(context.session, context.actor, Filters(state=state), days)
            assert case_id in [row.case.id for row in page.rows], (name, case_id)
            self.sights += 1

    def told(self, kind: str, who: str, viewer: str = "inspector", reason: bool = True, **same: Any) -> Event:
        """Somebody else can read the newest event of a kind: who did it, and why."""
        with self.acting(viewer) as context:
            query = visible(Event, context.actor).where(Event.kind == kind).order_by(Event.id.desc()).limit(1)
            event = context.session.scalars(query.filter_by(**same)).first()
        assert event is not None, (kind, "cannot be seen by", viewer)
        assert event.actor_id == self.persons[who], (kind, event.actor_id)
        assert viewer != who
        assert bool(event.reason and event.reason.strip()) or not reason, (kind, "without a reason")
        self.sights += 1
        return event

    def lines(self, case_id: int, rule: str, unit: str = "A") -> Sequence[tuple[ScoreEntry, str]]:
        """Return the unit's lines of a rule and their standings, contra entries left out."""
        query = select(ScoreEntry, Standing.state).join(Standing, Standing.entry_id == ScoreEntry.id)
        query = query.where(ScoreEntry.case_id == case_id, ScoreEntry.rule == rule, ScoreEntry.reverses_id.is_(None))
        with self.story.cast.database.session(read_only=True) as session:
            rows = session.execute(query.where(ScoreEntry.unit_id == self.units[unit]).order_by(ScoreEntry.id))
            return [(entry, state) for entry, state in rows]

    def stands(self, case_id: int, rule: str, unit: str = "A", count: int = 1) -> None:
        """That many lines of a rule stand against the unit, and it and the assessors see them."""
        found = [entry.id for entry, state in self.lines(case_id, rule, unit) if state != "reversed"]
        assert len(found) == count, (rule, unit, len(found))
        for who in ("assessor", f"head_{unit.lower()}"):
            with self.acting(who) as context:
                seen = visible(ScoreEntry, context.actor).where(ScoreEntry.id.in_(found))
                assert len(list(context.session.scalars(seen))) == count, who
        self.sights += 1

    def taken_back(self, case_id: int, kind: str, who: str) -> None:
        """What was taken back of a case stands beside a contra line that names the event, its kind and its actor."""
        query = select(ScoreEntry, Event).join(Event, Event.id == ScoreEntry.event_id)
        query = query.where(ScoreEntry.case_id == case_id, ScoreEntry.reverses_id.is_not(None))
        with self.story.cast.database.session(read_only=True) as session:
            found = session.execute(query).all()
            assert found, "nothing was taken back"
            assert {(event.kind, event.actor_id) for _, event in found} == {(kind, self.persons[who])}
            for entry, _ in found:
                original = session.get_one(ScoreEntry, entry.reverses_id)
                assert original.reverses_id is not None or original.points == -entry.points
        self.sights += 1

    def facts(self, case_id: int, *names: str) -> tuple[Any, ...]:
        """Return facts of a case."""
        case: Case = self.story.get(Case, case_id)
        return tuple(getattr(case, name) for name in names)


Script = Callable[[Scene], None]


def snapshot(database: Database, without: set[str] | None = None) -> dict[str, int]:
    """Return a digest of every table, those left out excepted."""
    found, left_out = {}, OWN if without is None else without
    with closing(database.engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        for name in Model.metadata.tables.keys() - left_out:
            cursor.execute(f"SELECT * FROM {name}")
            found[name] = hash(tuple(sorted(map(repr, cursor.fetchall()))))
    return found


def finish(scene: Scene, case_id: int, **form: Any) -> None:
    """Bring what the lead needs to report finished, and let it report."""
    scene.story.part("head_b", case_id, "B", "finish", result="完成")
    scene.story.case("head_a", case_id, "report_finished", **{"result": "完成", "lesson": "已排查"} | form)


def propose(scene: Scene, kind: str, case_id: int, leader: str = "leader", who: str = "supervisor") -> None:
    """Propose to void or terminate a case."""
    scene.story.case(who, case_id, f"propose_{kind}", reason="录入有误", leader=scene.persons[leader])


def pass_days(scene: Scene, day: str) -> None:
    """Let the days up to and including one pass, with the job."""
    scene.story.daily(day, is_confirmed=True)


def scripts_in(names: Mapping[str, Any]) -> tuple[Script, ...]:
    """Return the scripts of a module: its own public functions, in the order they are written."""
    own = [made for made in names.values() if getattr(made, "__module__", "") == names["__name__"]]
    return tuple(made for made in own if callable(made) and not made.__name__.startswith("_"))
