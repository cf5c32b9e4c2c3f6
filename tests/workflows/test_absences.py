"""Substitutes: named and dated, they act by the absent person's mandate and in the own name, and never on both sides."""

from datetime import date

import pytest
from sqlalchemy import select

from app.audit import Event
from app.core.errors import Absent, Invalid, Refused
from app.ledgers.messages import Message
from app.ledgers.slips import Absence
from app.people import Mandate, Role
from app.workflows import Context, Substitution, cancel_absence, name_substitute
from tests.databases import Databases
from tests.slips import draft, move, newest
from tests.stock import ready_story
from tests.story import Story

FIRST, LAST = date(2026, 3, 2), date(2026, 3, 6)


@pytest.fixture
def story(databases: Databases) -> Story:
    """A county with rules on 2 March 2026."""
    return ready_story(databases)


def name(story: Story, who: str, absent: str, substitute: str, role: Role = Role.LEADER, last: date = LAST) -> int:
    """Let somebody name who acts for an absent person, and return the absence's id."""
    persons, now = story.cast.persons, story.cast.clock.now()
    with story.cast.begin(who) as (session, actor):
        county = story.cast.units["C"]
        asked = Substitution(county, persons[absent], persons[substitute], role, now.day, last, "外出学习")
        return int(name_substitute(Context(session, actor, now), asked).id)


def cancel(story: Story, who: str, absence_id: int) -> None:
    """Let somebody end an absence."""
    with story.cast.begin(who) as (session, actor):
        cancel_absence(Context(session, actor, story.cast.clock.now()), absence_id, "提前返岗")


def told(story: Story, who: str) -> list[str]:
    """Return what a person was told of substitutes, in order."""
    query = select(Message.kind).where(Message.person_id == story.cast.persons[who])
    query = query.where(Message.kind.in_(("substitute_named", "acted_for")))
    with story.cast.database.session(read_only=True) as session:
        return list(session.scalars(query.order_by(Message.id)))


def to_sign(story: Story, unit: str = "A") -> int:
    """Draft a slip that the leader in charge of A signs."""
    case_id = story.log()
    story.assign(case_id, unit)
    return draft(story, case_id, "accountability", unit=unit)


def test_substitute_signs_for_the_absent_leader_and_both_names_are_kept(story: Story) -> None:
    to_sign(story)
    with pytest.raises(Absent):
        move(story, "leader2", "sign")
    name(story, "leader", "leader", "leader2")
    move(story, "leader2", "sign")
    slip, persons = newest(story), story.cast.persons
    assert (slip.signed_by_id, slip.signed_for_id) == (persons["leader2"], persons["leader"])
    event = story.newest(Event, kind="slip.sign")
    mandate = story.one(Mandate, person_id=persons["leader"])
    assert (event.actor_id, event.mandate_id) == (persons["leader2"], mandate.id)
    assert event.data["acting_for"] == "县级分管领导r"


def test_substitute_acts_only_on_the_days_named(story: Story) -> None:
    to_sign(story)
    name(story, "leader", "leader", "leader2")
    story.cast.at("2026-03-07")
    with pytest.raises(Absent):
        move(story, "leader2", "sign")


def test_absence_that_is_cancelled_ends_at_once(story: Story) -> None:
    to_sign(story)
    absence_id = name(story, "supervisor", "leader", "leader2")
    cancel(story, "leader", absence_id)
    with pytest.raises(Absent):
        move(story, "leader2", "sign")
    with pytest.raises(Refused):
        cancel(story, "leader", absence_id)


def test_own_signature_says_nothing_of_an_absence(story: Story) -> None:
    to_sign(story, "B")
    name(story, "leader", "leader", "leader2")
    move(story, "leader2", "sign")
    assert newest(story).signed_for_id is None


def test_others_than_the_person_or_for_a_leader_the_supervisor_name_nobody(story: Story) -> None:
    for who in ("inspector", "leader2", "assessor", "head_a"):
        with pytest.raises(Refused):
            name(story, who, "leader", "leader2")
    with pytest.raises(Refused):
        name(story, "supervisor2", "supervisor", "supervisor2", Role.SUPERVISOR)
    name(story, "supervisor", "supervisor", "supervisor2", Role.SUPERVISOR)


def test_nobody_names_oneself_in_the_place_of_a_leader(story: Story) -> None:
    with pytest.raises(Invalid, match="不能指定自己代理他人") as invalid:
        name(story, "supervisor", "leader", "supervisor")
    assert list(invalid.value.errors) == ["substitute"]
    assert told(story, "leader") == []
    name(story, "supervisor2", "leader", "supervisor")


def test_absent_leader_hears_of_a_substitute_named_by_another(story: Story) -> None:
    absence_id = name(story, "supervisor", "leader", "leader2")
    assert told(story, "leader") == ["substitute_named"]
    cancel(story, "leader", absence_id)
    name(story, "leader", "leader", "leader2")
    assert told(story, "leader") == ["substitute_named"], "who names the own substitute knows it"


def test_absent_leader_hears_once_of_each_thing_done_in_the_own_place(story: Story) -> None:
    to_sign(story)
    name(story, "leader", "leader", "leader2")
    move(story, "leader2", "sign")
    move(story, "leader2", "withdraw", reason="事实有误")
    assert told(story, "leader") == ["acted_for"]
    to_sign(story)
    move(story, "leader2", "sign")
    assert told(story, "leader") == ["acted_for"] * 2
    assert newest(story).case_id == story.newest(Message, kind="acted_for").case_id
    to_sign(story, "B")
    move(story, "leader2", "sign")
    assert told(story, "leader") == ["acted_for"] * 2, "a signature in the own name is nobody else's"


def test_event_of_each_move_in_anothers_place_names_the_absent(story: Story) -> None:
    to_sign(story)
    name(story, "leader", "leader", "leader2")
    move(story, "leader2", "sign")
    move(story, "leader2", "withdraw", reason="事实有误")
    assert story.newest(Event, kind="slip.withdraw").data["acting_for"] == "县级分管领导r"


@pytest.mark.parametrize("substitute", ["leader", "inspector", "head_a", "outsider"])
def test_substitute_is_another_supervisor_or_leader_of_the_authority(story: Story, substitute: str) -> None:
    with pytest.raises(Invalid) as invalid:
        name(story, "leader", "leader", substitute)
    assert list(invalid.value.errors) == ["substitute"]


def test_substitutes_make_no_chain_and_are_one_at_a_time(story: Story) -> None:
    name(story, "leader", "leader", "leader2")
    with pytest.raises(Invalid, match="先取消"):
        name(story, "leader", "leader", "supervisor")
    with pytest.raises(Invalid, match="正在代理"):
        name(story, "leader2", "leader2", "supervisor")
    with pytest.raises(Invalid, match="自己也离岗"):
        name(story, "supervisor", "supervisor", "leader", Role.SUPERVISOR)
    to_sign(story, "B")
    with pytest.raises((Absent, Refused)):
        move(story, "leader", "sign")


def test_supervisor_who_acts_for_a_leader_does_not_sign_what_the_supervisor_proposed(story: Story) -> None:
    case_id = story.log()
    story.assign(case_id)
    name(story, "leader", "leader", "supervisor")
    story.case("supervisor", case_id, "propose_void", reason="误登", leader=story.cast.persons["leader"])
    with pytest.raises(Refused, match="本人"):
        story.case("supervisor", case_id, "void")


def test_supervisor_who_acts_for_a_leader_does_not_sign_the_slip_that_the_supervisor_drafted(story: Story) -> None:
    case_id = story.log()
    story.assign(case_id)
    name(story, "leader", "leader", "supervisor")
    draft(story, case_id, "accountability", who="supervisor")
    with pytest.raises(Refused, match="本人拟稿"):
        move(story, "supervisor", "sign")
    move(story, "leader", "sign")
    assert newest(story).signed_for_id is None


def test_substitute_signs_what_names_the_absent_leader(story: Story) -> None:
    case_id = story.log()
    story.assign(case_id)
    name(story, "supervisor", "leader", "leader2")
    story.case("supervisor", case_id, "propose_void", reason="误登", leader=story.cast.persons["leader"])
    story.case("leader2", case_id, "void")


def test_absence_is_an_event_and_seen_by_those_it_names(story: Story) -> None:
    absence_id = name(story, "leader", "leader", "leader2")
    event = story.newest(Event, kind="absence.name")
    assert (event.subject, event.data["role"]) == (f"absence:{absence_id}", "leader")
    with pytest.raises(Absent):
        cancel(story, "assessor", absence_id)
    assert story.get(Absence, absence_id).event_id == event.id


def heard(story: Story, who: str) -> list[str]:
    """Return what a person was told of standing in for somebody, in order."""
    query = select(Message.kind).where(Message.person_id == story.cast.persons[who])
    query = query.where(Message.subject.startswith("absence:")).order_by(Message.id)
    with story.cast.database.session(read_only=True) as session:
        return list(session.scalars(query))


def test_substitute_hears_of_it_and_of_its_end(story: Story) -> None:
    absence_id = name(story, "supervisor", "leader", "leader2")
    assert heard(story, "leader2") == ["substituting"]
    assert heard(story, "supervisor") == [], "who names them knows it"
    cancel(story, "supervisor", absence_id)
    assert heard(story, "leader2") == ["substituting", "substituting_ended"]
    assert heard(story, "leader") == ["substitute_named", "substitute_cancelled"]


def test_substitute_is_named_at_most_a_year_ahead(story: Story) -> None:
    persons, now = story.cast.persons, story.cast.clock.now()
    with story.cast.begin("leader") as (session, actor):
        who = (story.cast.units["C"], persons["leader"], persons["leader2"], Role.LEADER)
        asked = Substitution(*who, date(9999, 1, 1), date(9999, 1, 5), "外出学习")
        with pytest.raises(Invalid, match="请核对起始日期的年份") as invalid:
            name_substitute(Context(session, actor, now), asked)
    assert list(invalid.value.errors) == ["begins_on"]
