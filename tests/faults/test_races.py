"""P11 and P12: of two conflicting actions one wins and the loser is told; a stale page overwrites nothing."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.audit import Event
from app.core.clock import Moment
from app.core.errors import Refused, Stale
from app.ledgers.cases import Assignment, Case, Plan
from app.ledgers.scores import Objection, Reversal, Standing
from app.people import visible
from app.workflows import CASE, EXTENSION, OBJECTION, PART, PLAN, REVERSAL, RULE_SET, Context, Workflow, engine, fire
from app.workflows.confirming import confirm_due
from tests.databases import Databases
from tests.faults.figures import dice, figures
from tests.faults.ledger import wrong_in_itself
from tests.stock import ready_story
from tests.story import SITE, Story
from tests.workflows import paths
from tests.workflows.moves import DAY, asked
from tests.workflows.paths import brought_to

Side = tuple[str, str, dict[str, Any]]  # who, which move, with what
WHY = {"reason": "理由"}


class Conflict:
    """A row and two moves of which only one can be made."""

    def __init__(self, workflow: Workflow, way: Callable[[Story], int], *sides: Side) -> None:
        self.workflow, self.way, self.sides = workflow, way, sides


CONFLICTS = [
    Conflict(CASE, lambda s: brought_to(s, "reported"), ("supervisor", "reject", WHY), ("supervisor2", "reject", WHY)),
    Conflict(CASE, lambda s: brought_to(s, "reported"), ("supervisor", "admit", {}), ("supervisor2", "admit", {})),
    Conflict(
        CASE, lambda s: brought_to(s, "assigned"), ("liaison_a", "acknowledge", {}), ("head_a", "acknowledge", {})
    ),
    Conflict(
        CASE,
        lambda s: brought_to(s, "submitted"),
        ("inspector", "verify", {**SITE, "site_on": DAY}),
        ("head_a", "take_back", {}),
    ),
    Conflict(CASE, lambda s: brought_to(s, "submitted"), ("head_a", "take_back", {}), ("inspector", "send_back", WHY)),
    Conflict(
        PLAN, lambda s: s.newest_plan(brought_to(s, "planned")), ("head_a", "approve", {}), ("head_a", "approve", {})
    ),
    Conflict(
        EXTENSION, asked("extension", paths.extension), ("supervisor", "grant", {}), ("supervisor2", "refuse", WHY)
    ),
    Conflict(OBJECTION, paths.objection, ("assessor", "uphold", WHY), ("assessor2", "dismiss", WHY)),
    Conflict(OBJECTION, paths.objection, ("head_a", "withdraw", WHY), ("assessor", "uphold", WHY)),
    Conflict(REVERSAL, paths.asked_reversal, ("assessor2", "grant", {}), ("assessor2", "refuse", WHY)),
    Conflict(
        PART,
        lambda s: paths.part_of(s, brought_to(s, "assigned"), "B"),
        ("head_b", "dispute", WHY),
        ("head_b", "dispute", WHY),
    ),
    Conflict(RULE_SET, lambda s: s.draft_rules(2027), ("leader", "approve", {}), ("assessor", "discard", WHY)),
]


@contextmanager
def county(databases: Databases) -> Iterator[Story]:
    """A county of its own."""
    story = ready_story(databases)
    yield story
    story.cast.database.dispose()


def race(story: Story, conflict: Conflict, row_id: int, version: int | None) -> list[str]:
    """Let both sides read the row, then act at once; return what each was told."""
    barrier = Barrier(2)

    def act(side: Side) -> str:
        who, name, form = side
        model = conflict.workflow.model
        with story.cast.database.session(read_only=True) as session:
            session.scalars(visible(model, story.cast.actor(session, who)).limit(1)).first()
        barrier.wait(60)
        try:
            with story.cast.begin(who) as (session, actor):
                key = model.__mapper__.primary_key[0]
                row = session.scalars(visible(model, actor).where(key == row_id)).one()
                fire(Context(session, actor, story.cast.clock.now()), conflict.workflow, name, row, form, version)
        except Stale as stale:
            return f"stale {stale.seen} {stale.current}"
        except Refused:
            return "refused"
        return "won"

    with ThreadPoolExecutor(2) as pool:
        return sorted(done.result() for done in [pool.submit(act, side) for side in conflict.sides])


def moves(story: Story) -> int:
    """Count the moves on record."""
    with story.cast.database.session(read_only=True) as session:
        return session.scalar(select(func.count()).select_from(Event).where(Event.kind.not_like("entry.%"))) or 0


@figures(24, 5_000)
def test_of_two_conflicting_actions_one_wins(databases: Databases, count: int) -> None:
    random, told = dice(), Counter[str]()
    with county(databases) as story:
        for number in range(count):
            conflict = CONFLICTS[number % len(CONFLICTS)]
            row_id = conflict.way(story)
            seen = story.get(conflict.workflow.model, row_id).version
            version = seen if random.random() < 0.5 else None
            before = moves(story)
            outcome = race(story, conflict, row_id, version)
            assert outcome.count("won") == 1, (conflict.sides, outcome)
            assert moves(story) == before + 1
            assert outcome[0] in ("refused", f"stale {seen} {seen + 1}")
            told.update(said.split()[0] for said in outcome)
        assert wrong_in_itself(story.cast.database) == []
    print(f"{count} races: {dict(told)}")
    assert set(told) == {"won", "stale", "refused"}


def test_check_before_an_update_without_guard_lets_both_win(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wrong variant: the state is asked in one transaction and set in the next, as a form handler often does."""
    wins = 0
    with county(databases) as story:
        for _ in range(3):
            case_id, barrier = brought_to(story, "reported"), Barrier(2)

            def act(state: str, case_id: int = case_id, barrier: Barrier = barrier) -> bool:
                may: bool = story.get(Case, case_id).state == "reported"
                barrier.wait(60)
                with story.cast.database.begin() as session:
                    session.execute(update(Case).where(Case.id == case_id).values(state=state))
                return may

            with ThreadPoolExecutor(2) as pool:
                wins += sum(pool.map(act, ("ledgered", "rejected")))
    assert wins == 6


@figures(6, 300)
def test_daily_job_and_a_person_never_both_have_an_entry(databases: Databases, count: int) -> None:
    """Confirmation by silence races an objection, a reversal by hand and an extension."""
    dice()
    with county(databases) as story:
        for number in range(count):
            story.cast.at("2026-03-02")
            case_id = brought_to(story, "assigned")
            entry = paths.entry_ids(story, case_id, "A")[0]
            reversal = paths.ask_reversal(story, paths.reversal_row(story, entry))
            story.cast.at("2026-03-05" if number % 2 else "2026-03-06")
            with ThreadPoolExecutor(2) as pool:
                job = pool.submit(confirm, story)
                hand = pool.submit(story.move, "assessor2", REVERSAL, reversal, "grant")
                job.result()
                hand.result()
            assert story.get(Standing, entry).state == "reversed"
        assert wrong_in_itself(story.cast.database) == []


def confirm(story: Story) -> None:
    """Confirm what was not objected to by 6 March."""
    confirm_due(story.cast.database, date(2026, 3, 6), Moment.on(date(2026, 3, 6), 0))


PAGES: dict[str, Any] = {
    "case": (CASE, Case, lambda s: brought_to(s, "assigned"), "supervisor", "correct", {"title": "改", **WHY}),
    "part": (PART, Assignment, lambda s: paths.part_of(s, brought_to(s, "rectifying"), "A"), "liaison_a",
             "report_progress", {"text": "已清运"}),
    "plan": (PLAN, Plan, lambda s: s.newest_plan(brought_to(s, "planned")), "head_a", "approve", {}),
    "objection": (OBJECTION, Objection, paths.objection, "assessor", "uphold", WHY),
    "reversal": (REVERSAL, Reversal, paths.asked_reversal, "assessor2", "grant", {}),
}  # fmt: skip


@figures(10, 500)
def test_stale_page_overwrites_nothing(databases: Databases, count: int) -> None:
    dice()
    with county(databases) as story:
        for number in range(count):
            workflow, model, way, who, name, form = PAGES[sorted(PAGES)[number % len(PAGES)]]
            row_id = way(story)
            seen = story.get(model, row_id).version
            story.move(who, workflow, row_id, name, seen, **form)
            first, before = as_text(story.get(model, row_id)), moves(story)
            with pytest.raises(Stale, match=f"第 {seen} 版，现在是第 {seen + 1} 版") as stale:
                story.move(who, workflow, row_id, name, seen, **form)
            assert (stale.value.seen, stale.value.current) == (seen, seen + 1)
            assert (as_text(story.get(model, row_id)), moves(story)) == (first, before)


def test_page_without_its_version_overwrites(databases: Databases) -> None:
    """The wrong variant: the version does not travel with the form."""
    with county(databases) as story:
        case_id = brought_to(story, "assigned")
        for title in ("甲", "乙"):
            story.case("supervisor", case_id, "correct", title=title, reason="理由")
        assert story.get(Case, case_id).title == "乙"


def as_text(row: Any) -> str:
    """Return all values of a row."""
    return str([getattr(row, column.key) for column in type(row).__mapper__.columns])


def test_engine_without_its_guarded_update_moves_a_row_that_changed(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading and moving another session moves the rule set: the guarded update refuses, a plain one overwrites."""

    def careless(session: Any, row: Any, _source: str, dest: str) -> None:
        session.execute(update(type(row)).where(type(row).id == row.id).values(state=dest, version=row.version + 1))

    whole, outcomes = vars(engine)["_update"], []
    for update_row in (whole, careless):
        with county(databases) as story, story.cast.database.session(read_only=True) as early:
            rule_set_id = story.draft_rules(2027)
            actor = story.cast.actor(early, "assessor")
            row = early.scalars(visible(RULE_SET.model, actor).where(RULE_SET.model.id == rule_set_id)).one()
            early.expunge(row)
            early.rollback()
            story.move("assessor", RULE_SET, rule_set_id, "discard", reason="另拟")
            monkeypatch.setattr(engine, "_update", update_row)
            outcomes.append(late_move(story, row))
    assert outcomes == ["stale 1 2", "moved"]


def late_move(story: Story, row: Any) -> str:
    """Discard a rule set that was read before somebody else discarded it."""
    with story.cast.begin("assessor") as (session, actor):
        session.add(row)
        try:
            fire(Context(session, actor, story.cast.clock.now()), RULE_SET, "discard", row, WHY)
        except Stale as stale:
            return f"stale {stale.seen} {stale.current}"
        return "moved"
