"""Who gets a copy of a slip hears of it and can read it; who drafted one hears when it is thrown away; praise comes once."""

from datetime import date

import pytest
from sqlalchemy import select

from app.core.errors import Absent, Invalid
from app.ledgers.cases import Listing
from app.ledgers.messages import Message
from app.ledgers.slips import find_slip
from app.people import Mandate, Role, Unit
from app.workflows import Context, choose_pack
from tests.slips import draft, move, newest, overdue_case
from tests.story import Story


def told(ready: Story, who: str) -> list[str]:
    """Return what a person was told of slips, in order."""
    query = select(Message.kind).where(Message.person_id == ready.cast.persons[who], Message.kind.startswith("slip_"))
    with ready.cast.database.session(read_only=True) as session:
        return list(session.scalars(query.order_by(Message.id)))


def sees(ready: Story, who: str, slip_id: int) -> bool:
    """Say whether the slip exists for a person."""
    with ready.cast.database.session(read_only=True) as session:
        try:
            return find_slip(session, ready.cast.actor(session, who), slip_id) is not None
        except Absent:
            return False


def test_discipline_and_assessment_hear_of_their_copy_and_of_its_withdrawal(ready: Story) -> None:
    case_id = overdue_case(ready, due_on="2026-04-30")
    slip_id = draft(ready, case_id, "accountability")
    assert not sees(ready, "discipline", slip_id), "the case was never overdue and the slip is a draft"
    move(ready, "leader", "sign")
    for who in ("discipline", "assessor"):
        assert told(ready, who) == ["slip_copied"], who
        assert sees(ready, who, slip_id), who
    assert ready.one(Listing, case_id=case_id).reason == "copied"
    move(ready, "leader", "withdraw", reason="事实有误")
    assert told(ready, "discipline") == told(ready, "assessor") == ["slip_copied", "slip_withdrawn"]
    assert told(ready, "head_b") == told(ready, "outsider") == []


def test_offices_of_a_town_hear_nothing_of_the_slips_of_the_county(ready: Story) -> None:
    person_id = ready.cast.persons["outsider"]
    with ready.cast.database.begin() as session:
        county, words = ready.cast.units["C"], {"name": "青石镇", "short_name": "青石镇", "kind": "town"}
        town = Unit(code="QS", is_authority=True, authority_id=county, parent_id=county, **words)
        session.add(town)
        session.flush()
        for role in (Role.ASSESSOR, Role.SUPERVISOR):
            session.add(Mandate(person_id=person_id, unit_id=town.id, role=role, begins_on=date(2026, 1, 1)))
    overdue_case(ready)
    ready.days("2026-03-03", "2026-03-27")
    move(ready, "supervisor", "sign")
    case_id = overdue_case(ready, due_on="2026-04-30")
    draft(ready, case_id, "accountability")
    move(ready, "leader", "sign")
    with ready.cast.database.session(read_only=True) as session:
        heard = select(Message.kind).where(Message.person_id == person_id)
        assert session.scalars(heard).all() == []
        assert session.scalars(select(Message.id).where(Message.kind == "to_sign")).first() is not None


def test_typed_words_for_a_role_at_units_tell_nobody(ready: Story) -> None:
    case_id = overdue_case(ready, due_on="2026-04-30")
    slip_id = draft(ready, case_id, "prompt")
    typed = "单位负责人、联络员、县级分管领导、组织部、县住建局、考核办"
    move(ready, "supervisor", "sign", copy_to=typed)
    for who in ("head_a", "liaison_a", "head_b", "liaison_b", "leader", "leader2"):
        assert "slip_copied" not in told(ready, who), who
    assert told(ready, "assessor") == ["slip_copied"]
    assert sees(ready, "assessor", slip_id)
    assert newest(ready).copy_to == typed.split("、")


def test_slip_without_copies_tells_no_office_and_lists_no_case(ready: Story) -> None:
    case_id = overdue_case(ready, due_on="2026-04-30")
    slip_id = draft(ready, case_id, "prompt")
    move(ready, "supervisor", "sign")
    assert told(ready, "discipline") == told(ready, "assessor") == []
    assert not sees(ready, "discipline", slip_id)


def test_copies_hear_when_a_slip_is_withdrawn_with_its_case(ready: Story) -> None:
    case_id = overdue_case(ready, due_on="2026-04-30")
    draft(ready, case_id, "accountability")
    move(ready, "leader", "sign")
    ready.case("supervisor", case_id, "propose_void", reason="误登", leader=ready.cast.persons["leader"])
    ready.case("leader", case_id, "void")
    assert newest(ready).state == "withdrawn"
    assert told(ready, "assessor") == ["slip_copied", "slip_withdrawn"]


def test_who_drafted_a_slip_hears_that_it_will_not_be_signed(ready: Story) -> None:
    case_id = overdue_case(ready)
    draft(ready, case_id, "supervise")
    move(ready, "supervisor", "discard", reason="尚不必督办")
    assert told(ready, "inspector") == ["slip_discarded"]
    draft(ready, case_id, "supervise")
    move(ready, "inspector", "discard", reason="写错了")
    assert told(ready, "inspector") == ["slip_discarded"]


def test_praise_is_not_drafted_again_while_one_is_under_way(ready: Story) -> None:
    with ready.cast.begin("supervisor") as (session, actor):
        choose_pack(Context(session, actor, ready.cast.clock.now()), ready.cast.units["C"], "praise", {}, None)
    case_id = overdue_case(ready)
    for step in (None, ("leader", "sign")):
        if step:
            move(ready, *step)
        else:
            draft(ready, case_id, "praise", entry_reason=None)
        with pytest.raises(Invalid) as refused:
            draft(ready, case_id, "praise", entry_reason=None)
        assert "不能重复发出" in refused.value.errors["type"]
    move(ready, "liaison_a", "acknowledge")
    draft(ready, case_id, "praise", entry_reason=None)
