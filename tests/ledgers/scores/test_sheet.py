"""The score sheet: groups are never mixed, everyone sees the own group, and the parts add up."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest
from sqlalchemy import event

from app.calendar import load_calendar
from app.core.db import Database
from app.ledgers.scores import Total, UnitScore, entry_lines, score_sheet
from tests.databases import Databases
from tests.ledgers.scores.test_forecast import sheet
from tests.people import make_cast
from tests.stock import story_in
from tests.story import Story


@pytest.fixture
def story(databases: Databases) -> Iterator[Story]:
    """Two late cases of A, one of them with B, some entries confirmed; lived once for each engine."""
    database = databases.fresh("two_late_cases", live)
    yield story_in(database, "2026-03-16")
    database.dispose()


def live(database: Database) -> None:
    """Fill the stock."""
    story = Story(make_cast(database, "2026-03-02"))
    story.rules()
    for lead, assist in (("A", "B"), ("A", "")):
        case_id = story.log(discovery="city")
        story.assign(case_id, lead, assist, due_on="2026-03-06")
        story.to_work(case_id)
    story.days("2026-03-03", "2026-03-16")


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """Collect the statements sent to the database."""
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN002
        sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield sent
    event.remove(database.engine, "before_cursor_execute", note)


def test_each_unit_is_ranked_in_its_own_group(story: Story) -> None:
    lines = sheet(story)
    assert {code: (line.group and line.group.name, line.rank) for code, line in lines.items()} == {
        "A": ("县直部门组", 2),
        "B": ("县直部门组", 1),
        "T": ("乡镇组", 1),
        "U": ("乡镇组", 1),
    }


def test_sum_of_the_entries_is_the_total(story: Story) -> None:
    lines = list(sheet(story).values())
    with story.cast.begin("assessor") as (session, actor):
        entries = entry_lines(session, actor, lines, 2026)
    assert entries, "no entries to add up"
    for line in lines:
        own = entries.get(line.unit_id, [])
        assert sum(e.points for e in own if e.standing == "confirmed") == line.confirmed
        assert sum(e.points for e in own if e.standing in ("proposed", "contested")) == line.proposed
        assert line.total == 100 + line.confirmed


def test_sum_of_the_entries_is_the_total_under_the_floor_too(story: Story) -> None:
    with story.cast.database.begin() as session:
        total = session.get_one(Total, (story.cast.units["A"], 2026))
        kept, total.confirmed = total.confirmed, Decimal("-107.25")
    line = sheet(story)["A"]
    assert (line.total, line.confirmed, line.below) == (Decimal(0), Decimal(-100), Decimal("7.25"))
    with story.cast.begin("assessor") as (session, actor):
        last = entry_lines(session, actor, [line], 2026)[line.unit_id][-1]
    assert (last.rule, last.points, last.standing) == ("低于下限不计", Decimal("7.25"), "confirmed")
    assert kept < 0


def test_unit_sees_its_group_and_only_its_own_trace(story: Story) -> None:
    lines = sheet(story, "head_b")
    assert {code: line.rank for code, line in lines.items()} == {"A": 2, "B": 1}
    assert lines["A"].confirmed < 0
    assert (lines["A"].proposed, lines["A"].forecast) == (None, None)
    assert lines["B"].forecast is not None
    with story.cast.begin("head_b") as (session, actor):
        seen = entry_lines(session, actor, list(lines.values()), 2026)
    assert {unit for unit, own in seen.items() if own} == {story.cast.units["B"]}


@pytest.mark.parametrize("who", ["outsider", "outsider_head", "admin", "security", "auditor", "organisation"])
def test_who_has_no_part_in_the_ranking_sees_no_line(story: Story, who: str) -> None:
    assert sheet(story, who) == {}


def test_leader_sees_the_groups_of_the_portfolio(story: Story) -> None:
    assert set(sheet(story, "leader")) == {"A", "B", "T", "U"}
    assert {code for code, line in sheet(story, "leader").items() if line.forecast is not None} == {"A", "T"}


def test_year_without_rules_ranks_nobody(story: Story) -> None:
    assert sheet(story, year=2031) == {}


def test_number_of_queries_does_not_grow_with_the_county(story: Story) -> None:
    def ask() -> tuple[int, list[UnitScore]]:
        with story.cast.begin("assessor") as (session, actor):
            county, day = story.cast.units["C"], story.cast.clock.now().day
            calendar = load_calendar(session, county)
            with counted(story.cast.database) as sent:
                lines = score_sheet(session, actor, county, 2026, day, calendar)
                entry_lines(session, actor, lines, 2026)
            return len(sent), lines

    few, _ = ask()
    for _ in range(6):
        case_id = story.log()
        story.assign(case_id, "T", "B", due_on="2026-03-31")
    many, lines = ask()
    assert many == few <= 16
    assert len(lines) == 4
