"""Lanes: after every move what the cases say; the lists that begin with them are those of the cases, and show no other."""

from collections.abc import Iterator
from datetime import date
from itertools import product
from random import Random
from typing import Any

import pytest
from alembic import command
from sqlalchemy import insert, select, text

from app.calendar import load_calendar
from app.ledgers.cases import (
    ORDERS,
    Assignment,
    Case,
    CaseLane,
    Facts,
    Filters,
    Horizon,
    Listing,
    Paging,
    faults,
    finders,
    ledger_conditions,
    ledger_page,
    rebuild_lanes,
)
from app.ledgers.cases.words import WORKING_STATES
from app.people import visible
from app.workflows import CASE, EXTENSION, PART, REQUEST
from tests.databases import Databases
from tests.migrating import alembic_config, build_schema
from tests.stock import ready_story
from tests.story import Story
from tests.workflows.lives import lead_lives
from tests.workflows.moves import MOVES

SEED, TODAY = 20260302, date(2026, 3, 18)
DAYS = Horizon(TODAY, date(2026, 3, 23))
BEFORE = "0011_marks"
WHO = ("supervisor", "assessor", "head_a", "liaison_b", "head_t", "leader", "discipline", "outsider_head")


@pytest.fixture
def story(databases: Databases) -> Iterator[Story]:
    """A county ready to work in."""
    made = ready_story(databases)
    yield made
    made.cast.database.dispose()


def kept(session: Any) -> set[Any]:
    lane = CaseLane
    columns = (lane.kind, lane.owner_id, lane.case_id, lane.role, lane.order_on, lane.ended_on)
    return {tuple(row) for row in session.execute(select(*columns))}


def meant(session: Any) -> set[Any]:
    """Reckon the lanes from the records, in Python."""
    cases = {case.id: case for case in session.scalars(select(Case))}
    roles = {
        (case.reporter_unit_id, case.id): ""
        for case in cases.values()
        if case.source_kind == "self" and case.reporter_unit_id is not None
    }
    standing = session.scalars(select(Assignment).where(Assignment.released_on.is_(None)))
    roles |= {(part.unit_id, part.case_id): part.role for part in standing}
    places = {("unit", unit, case_id, role) for (unit, case_id), role in roles.items()}
    places |= {("listed", cases[one].authority_id, one, "") for one in session.scalars(select(Listing.case_id))}
    return {(*place, cases[place[2]].order_on, cases[place[2]].ended_on) for place in places}


def lanes_hold(story: Story, *after: Any) -> set[Any]:
    with story.cast.database.session(read_only=True) as session:
        found = kept(session)
        assert found == meant(session), after
    return found


def test_every_move_of_a_case_leaves_the_lanes_as_the_cases_are(story: Story) -> None:
    sizes = set()
    for move in (one for one in MOVES if one.workflow in (CASE, PART, EXTENSION, REQUEST)):
        row_id = move.row(story)
        story.move(move.who, move.workflow, row_id, move.name, **move.values(story))
        sizes.add(len(lanes_hold(story, move)))
    kinds = {(kind, role, ended_on is None) for kind, _, _, role, _, ended_on in lanes_hold(story)}
    assert {("unit", "lead", False), ("unit", "assist", True), ("listed", "", True), ("listed", "", False)} <= kinds
    assert len(sizes) > 10


def test_what_a_unit_found_itself_stands_in_its_lane_until_it_is_corrected(story: Story) -> None:
    case_id = story.log("liaison_a", title="乙件", text="自查发现", source_kind=None, discovery=None)
    a, b = story.cast.units["A"], story.cast.units["B"]
    assert {row[:4] for row in lanes_hold(story)} == {("unit", a, case_id, "")}
    story.assign(case_id, "B", "A")
    assert {row[:4] for row in lanes_hold(story)} == {("unit", a, case_id, "assist"), ("unit", b, case_id, "lead")}
    for kind in ("hotline", "self"):
        story.case("supervisor", case_id, "correct", reason="更正来源", source_kind=kind)
        assert len(lanes_hold(story, kind)) == 2


def typed_filters(story: Story) -> list[Filters]:
    """Return what may be asked of a list that begins with a lane."""
    units = [None, *(story.cast.units[code] for code in "ABT")]
    facts = (Facts(), Facts(listed=True), Facts(returned=1), Facts(late=1), Facts(long_term=True))
    with story.cast.database.session(read_only=True) as session:
        calendar = load_calendar(session, story.cast.units["C"])
    states = ("", "all", "ended", "closed", "rectifying")
    return [
        Filters(unit_id=unit, part=part if unit else "", state=state, facts=asked, calendar=calendar)
        for unit, part, state, asked in product(units, ("", "lead", "assist"), states, facts)
        if unit or not part
    ]


def plainly(cases: list[Any], filters: Filters, parts: set[Any], listed: set[int]) -> set[int]:
    """Reckon in Python which of the cases an actor sees are asked for."""
    roles = {"lead": {"lead"}, "assist": {"assist"}}.get(filters.part, {"lead", "assist"})
    asked, found = filters.facts, set()
    for case in cases:
        is_of_unit = filters.unit_id is None or any((case.id, filters.unit_id, role) in parts for role in roles)
        is_open = case.ended_on is None
        is_in_state = {"": is_open, "all": True, "ended": not is_open}.get(filters.state, case.state == filters.state)
        is_late = is_open and case.state in WORKING_STATES and case.order_on < TODAY
        holds = (
            not asked.listed or case.id in listed,
            case.returned_count >= asked.returned,
            not asked.late or is_late,
        )
        is_long = not asked.long_term or case.state == "long_term"
        if is_of_unit and is_in_state and is_long and all(holds):
            found.add(case.id)
    return found


def test_lists_that_begin_with_a_lane_hold_what_is_asked_for_and_seen(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finders, "PAGE_ROWS", 1)
    lead_lives(story, 8, SEED)
    case_id = story.log("liaison_a", title="乙件", text="自查发现", source_kind=None, discovery=None)
    story.assign(case_id, "B")
    hits, orders = 0, sorted(ORDERS)
    with story.cast.database.session(read_only=True) as session:
        standing = session.scalars(select(Assignment).where(Assignment.released_on.is_(None)))
        parts = {(part.case_id, part.unit_id, part.role) for part in standing}
        for who, filters in Random(SEED).sample(list(product(WHO, typed_filters(story))), 250):
            actor, order = story.cast.actor(session, who), orders[hits % len(orders)]
            listed = set(session.scalars(visible(Listing, actor).with_only_columns(Listing.case_id)))
            wanted = plainly(list(session.scalars(visible(Case, actor))), filters, parts, listed)
            conditions = ledger_conditions(session, actor, filters, DAYS)
            assert sorted(session.scalars(select(Case.id).where(*conditions))) == sorted(wanted), (who, filters)
            ids = turned(session, actor, filters, order, len(wanted))
            assert sorted(ids) == sorted(wanted), (who, filters, order, f"seed {SEED}")
            hits += len(ids)
    assert hits > 60


def turned(session: Any, actor: Any, filters: Filters, order: str, count: int) -> list[int]:
    """Turn all pages of a list and return the ids, in order."""
    rows: list[Any] = []
    paging = Paging(order=order)
    while True:
        page = ledger_page(session, actor, filters, DAYS, paging)
        assert page.count == count
        rows += [row.case for row in page.rows]
        if page.next_cursor is None:
            break
        paging = Paging(page.next_cursor, order)
    column = ORDERS[order].column.key
    places = [(getattr(row, column), row.id) for row in rows]
    assert places == sorted(places, reverse=ORDERS[order].is_descending)
    return [row.id for row in rows]


def test_a_place_in_a_lane_shows_nobody_a_case(story: Story) -> None:
    case_id = story.log(title="甲件")
    story.assign(case_id, "A")
    place = {"kind": "unit", "owner_id": story.cast.units["B"], "case_id": case_id, "role": "lead"}
    with story.cast.database.begin() as session:
        session.execute(insert(CaseLane), {**place, "order_on": date(2026, 3, 20)})
    with story.cast.begin("head_b") as (session, actor):
        for filters in (Filters(), Filters(state="all"), Filters(unit_id=story.cast.units["B"])):
            page = ledger_page(session, actor, filters, DAYS)
            assert (page.rows, page.count) == ([], 0)


@pytest.mark.parametrize(
    "wrong",
    [
        "UPDATE case_lanes SET role = 'assist'",
        "UPDATE case_lanes SET ended_on = order_on",
        "UPDATE case_lanes SET order_on = '2020-01-01'",
        "DELETE FROM case_lanes",
        "UPDATE case_lanes SET owner_id = (SELECT min(id) FROM units)",
    ],
)
def test_a_wrong_place_is_found_and_lanes_can_be_made_anew(story: Story, wrong: str) -> None:
    case_id = story.log(title="甲件")
    story.assign(case_id, "A")
    with story.cast.database.begin() as session:
        assert faults(session)[2] is None
        session.execute(text(wrong))
        assert faults(session)[2] == f"问题 {case_id}：单位台账的次序与记录不符"
        assert rebuild_lanes(session) == 1
        assert faults(session)[2] is None
        assert kept(session) == meant(session)


def test_cases_of_before_stand_in_their_lanes_after_an_upgrade(story: Story) -> None:
    lead_lives(story, 3, SEED)
    story.log("liaison_a", title="乙件", text="自查发现", source_kind=None, discovery=None)
    before = lanes_hold(story)
    story.cast.database.dispose()
    command.downgrade(alembic_config(story.cast.database), BEFORE)
    build_schema(story.cast.database)
    assert lanes_hold(story) == before
    assert len(before) > 4
