"""Derived facts: the database and Python say the same of cases drawn at random; the page ends where the next begins."""

import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.calendar import load_calendar
from app.core.errors import Invalid
from app.ledgers.cases import (
    ORDERS,
    Assignment,
    Case,
    Facts,
    Filters,
    Horizon,
    Listing,
    Measure,
    Paging,
    Plan,
    facts,
    ledger_page,
)
from app.ledgers.cases.facts import Beside, Days, holds
from app.ledgers.cases.models import NO_DEADLINE
from app.ledgers.cases.words import ENDED_STATES, LISTING_REASONS, STATES
from tests.databases import Databases
from tests.stock import ready_story
from tests.story import Story

SEED, TODAY = 20260318, date(2026, 3, 18)
CASES = 120


@pytest.fixture
def story(databases: Databases) -> Iterator[Story]:
    """A county ready to work in, on a Wednesday."""
    made = ready_story(databases, TODAY.isoformat())
    yield made
    made.cast.database.dispose()


def plant(story: Story, random: Random, count: int = CASES) -> None:
    """Write cases of every kind straight into the tables."""
    with story.cast.database.begin() as session:
        for number in range(count):
            _plant(story, session, random, number)


def _plant(story: Story, session: Session, random: Random, number: int) -> None:
    units, state = story.cast.units, random.choice([*STATES, "rectifying", "rectifying", "planning", "long_term"])
    due_on = None if random.random() < 0.2 else TODAY + timedelta(days=random.randint(-40, 40))
    moved_at = datetime(2026, 3, 18, tzinfo=UTC) - timedelta(hours=random.randint(-20, 24 * 60))
    row = Case(
        authority_id=units["C"],
        state=state,
        title=f"问题{number}",
        text="文字",
        source_kind="inspection",
        found_on=TODAY,
        saved_at=moved_at - timedelta(days=number % 7),
        moved_at=moved_at,
        lead_unit_id=units["A"],
        due_on=due_on,
        order_on=due_on or NO_DEADLINE,
        returned_count=random.choice([0, 0, 1, 2, 3]),
        rebound_count=random.choice([0, 0, 0, 1]),
        cycle=random.choice([1, 1, 2]),
        ended_on=TODAY if state in ENDED_STATES else None,
    )
    session.add(row)
    session.flush()
    part = {"unit_id": units["A"], "role": "lead", "assigned_on": TODAY, "receipt_due_on": TODAY, "event_id": 1}
    session.add(Assignment(case_id=row.id, **part))
    if random.random() < 0.3:
        session.add(Listing(case_id=row.id, reason=random.choice([*LISTING_REASONS]), on=TODAY))
    if random.random() < 0.7:
        _plan(story, session, random, row)


def _plan(story: Story, session: Session, random: Random, row: Case) -> None:
    plan = {"unit_id": story.cast.units["A"], "drafted_by_id": story.cast.persons["head_a"], "drafted_on": TODAY}
    made = Plan(case_id=row.id, cycle=1, state=random.choice(["passed", "passed", "drafted"]), **plan)
    session.add(made)
    session.flush()
    for position in range(random.randint(1, 3)):
        measure = {"case_id": row.id, "plan_id": made.id, "unit_id": made.unit_id, "position": position, "text": "做"}
        days = {"due_on": TODAY + timedelta(days=random.randint(-9, 9))}
        days |= {"done_on": TODAY} if random.random() < 0.3 else {}
        days |= {"dropped_on": TODAY} if random.random() < 0.2 else {}
        session.add(Measure(person="张三", **measure, **days))


def asked(random: Random) -> Facts:
    """Draw what is asked for: one fact, or two."""
    names = random.sample([field.name for field in fields(Facts)], random.choice([1, 1, 2]))
    most = {"late": 12, "soon": 12, "returned": 3, "still": 40}
    drawn: dict[str, Any] = {name: random.randint(1, most[name]) if name in most else True for name in names}
    return Facts(**drawn)


def test_overdue_is_said_in_one_place() -> None:
    """Whoever asks the database for cases overdue asks `late`: the states at work beside a deadline stand nowhere else."""
    root = Path(facts.__file__).parents[2]
    said = re.compile(
        r"WORKING_STATES\)?\)?,? ?&? ?\(?Case\.(due_on|order_on) < |working[,)&(\s]+Case\.(due_on|order_on) < "
    )
    found = [path.name for path in sorted(root.rglob("*.py")) if said.search(path.read_text(encoding="utf-8"))]
    assert found == ["facts.py"]


def pages(story: Story, who: str, filters: Filters, paging: Paging, between: Any = None) -> list[int]:
    """Turn every page of a ledger; do something between each two."""
    found: list[int] = []
    cursor = None
    while True:
        with story.cast.begin(who) as (session, actor):
            turned = Paging(cursor, paging.order)
            page = ledger_page(session, actor, filters, Horizon(TODAY, TODAY), turned, contested(session))
        found += [row.case.id for row in page.rows]
        if page.next_cursor is None:
            return found
        cursor = page.next_cursor
        if between:
            between()


def contested(_session: Session) -> Any:
    """Take every third case for one with an objection under way."""
    return select(Listing.case_id).where(Listing.case_id % 3 == 0)


def test_database_and_python_agree_on_every_derived_fact(story: Story) -> None:
    random = Random(SEED)
    plant(story, random)
    with story.cast.database.session(read_only=True) as session:
        calendar = load_calendar(session, story.cast.units["C"])
        days = Days(TODAY, calendar)
        cases = list(session.scalars(select(Case)))
        listed = set(session.scalars(select(Listing.case_id)))
        marked = set(session.scalars(contested(session)))
        steps: dict[int, list[Measure]] = {}
        in_force = select(Measure, Case.id).join(Plan, Plan.id == Measure.plan_id).join(Case, Case.id == Plan.case_id)
        for measure, case_id in session.execute(in_force.where(Plan.state == "passed", Plan.cycle == Case.cycle)):
            steps.setdefault(case_id, []).append(measure)
    hits: dict[str, int] = {field.name: 0 for field in fields(Facts)}
    for _ in range(60):
        wanted = asked(random)
        for who in ("supervisor", "head_a"):
            sees_lists = who == "supervisor"
            expected = {
                case.id
                for case in cases
                if holds(
                    case,
                    wanted,
                    days,
                    Beside(steps.get(case.id, ()), case.id in marked, sees_lists and case.id in listed),
                )
            }
            got = pages(story, who, Filters(state="all", facts=wanted, calendar=calendar), Paging())
            assert sorted(got) == sorted(expected), (who, wanted, f"seed {SEED}")
        for name in hits:
            hits[name] += bool(getattr(wanted, name)) and len(got)
    assert all(count for name, count in hits.items() if name != "listed"), hits


@pytest.mark.parametrize("order", ORDERS)
def test_pages_neither_repeat_nor_leave_out_what_stayed_while_others_come_and_change(story: Story, order: str) -> None:
    random = Random(SEED)
    plant(story, random, 130)
    with story.cast.database.session(read_only=True) as session:
        before = set(session.scalars(select(Case.id)))
    changed: set[int] = set()

    def happens() -> None:
        with story.cast.database.begin() as session:
            for case_id in random.sample(sorted(before), 15):
                changed.add(case_id)
                due_on = TODAY + timedelta(days=random.randint(-40, 40))
                moved = {"due_on": due_on, "order_on": due_on, "moved_at": datetime(2026, 3, 18, 5, tzinfo=UTC)}
                session.execute(update(Case).where(Case.id == case_id).values(saved_at=moved["moved_at"], **moved))
            for number in range(10):
                _plant(story, session, random, 1000 + number)

    found = pages(story, "supervisor", Filters(state="all"), Paging(order=order), happens)
    stayed = [case_id for case_id in found if case_id in before - changed]
    assert len(stayed) == len(set(stayed)), f"seed {SEED}"
    assert set(stayed) == before - changed
    assert len(changed) > 20


@pytest.mark.parametrize("cursor", ["", "x", "2026-03-18", "2026-03-18.x", ".5", "99999-01-01.5", "2026-03-18.5.6"])
def test_a_place_that_is_none_is_said_to_be_none(story: Story, cursor: str) -> None:
    for order in ORDERS:
        with story.cast.begin("supervisor") as (session, actor):
            if cursor:
                with pytest.raises(Invalid):
                    ledger_page(session, actor, Filters(), Horizon(TODAY, TODAY), Paging(cursor, order))


def test_counts_are_exact_up_to_a_thousand_and_beyond_on_request(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.ledgers.cases.finders.MOST_COUNTED", 20)
    plant(story, Random(SEED), 30)
    with story.cast.begin("supervisor") as (session, actor):
        horizon, everything = Horizon(TODAY, TODAY), Filters(state="all")
        usual = ledger_page(session, actor, everything, horizon)
        exact = ledger_page(session, actor, everything, horizon, Paging(is_exact=True))
    assert (usual.count, usual.is_counted) == (20, False)
    assert (exact.count, exact.is_counted) == (30, True)
