"""Three separations hold whatever roles one person has, and what waits for others waits for others."""

from datetime import date
from decimal import Decimal

import pytest

from app.core.errors import Absent, Invalid, Refused
from app.ledgers.cases import Case
from app.people import Mandate, Role
from app.workflows import OBJECTION, REVERSAL, RULE_SET
from tests.people import BEGIN
from tests.story import SITE, Story
from tests.workflows import paths
from tests.workflows.paths import brought_to

TODAY = date(2026, 3, 2)


def give(story: Story, username: str, role: Role, unit: str = "O") -> None:
    """Give somebody a second mandate."""
    cast = story.cast
    with cast.database.begin() as session:
        session.add(Mandate(person_id=cast.persons[username], unit_id=cast.units[unit], role=role, begins_on=BEGIN))


def test_who_reported_finished_does_not_verify(ready: Story) -> None:
    case_id = brought_to(ready, "submitted")
    give(ready, "head_a", Role.INSPECTOR)
    with pytest.raises(Refused, match="由您报结"):
        ready.case("head_a", case_id, "verify", site_on=TODAY, **SITE)
    with pytest.raises(Refused, match="由您报结"):
        ready.case("head_a", case_id, "send_back", reason="还差")


def test_inspector_of_a_unit_with_a_part_does_not_verify(ready: Story) -> None:
    case_id = brought_to(ready, "submitted")
    give(ready, "inspector2", Role.LIAISON, "B")
    with pytest.raises(Refused, match="回避"):
        ready.verify(case_id, "inspector2")
    ready.verify(case_id)


def test_who_verified_does_not_accept_nor_the_second_name_nor_who_reported(ready: Story) -> None:
    case_id = brought_to(ready, "submitted")
    give(ready, "inspector", Role.SUPERVISOR)
    give(ready, "head_a", Role.SUPERVISOR)
    second = {**SITE, "second_person": "督查室主任2"}
    ready.case("inspector", case_id, "verify", site_on=TODAY, **second)
    with pytest.raises(Refused, match="由您核查"):
        ready.case("inspector", case_id, "accept")
    with pytest.raises(Refused, match="第二核查人"):
        ready.case("supervisor2", case_id, "accept")
    with pytest.raises(Refused, match="由您报结"):
        ready.case("head_a", case_id, "accept")
    ready.case("supervisor", case_id, "accept")


def test_second_name_is_another_person_and_the_visit_lies_between_report_and_today(ready: Story) -> None:
    case_id = brought_to(ready, "submitted")
    wrong: list[tuple[str, object]] = [("site_on", date(2026, 3, 1)), ("site_on", date(2026, 3, 3))]
    themselves = "督查员r", " 督 查 员 r ", "督查员\u200br", "督查员ｒ", "另一人、督查员r", "另一人/督查员r"
    of_the_units = "单位负责人a", "联络员 a", "单位负责人b"
    wrong += [("second_person", name) for name in (*themselves, *of_the_units, "x", "123", "、", "（市局）")]
    for field, value in wrong:
        with pytest.raises(Invalid) as invalid:
            ready.case("inspector", case_id, "verify", **{"site_on": TODAY, **SITE, field: value})
        assert list(invalid.value.errors) == [field]


def test_second_person_of_the_same_name_says_where_from(ready: Story) -> None:
    case_id = brought_to(ready, "submitted")
    ready.case("inspector", case_id, "verify", site_on=TODAY, **{**SITE, "second_person": "单位负责人a（市局）"})


def test_spaces_in_the_second_name_hide_nobody(ready: Story) -> None:
    case_id = brought_to(ready, "submitted")
    ready.case("inspector", case_id, "verify", site_on=TODAY, **{**SITE, "second_person": "督查室 主任2"})
    with pytest.raises(Refused, match="第二核查人"):
        ready.case("supervisor2", case_id, "accept")


def test_reversal_by_hand_takes_two_assessors(ready: Story) -> None:
    reversal_id = paths.asked_reversal(ready)
    with pytest.raises(Refused, match="另一名"):
        ready.move("assessor", REVERSAL, reversal_id, "grant")
    ready.move("assessor2", REVERSAL, reversal_id, "grant")
    assert ready.total("A") == (Decimal(0), Decimal(0))


def test_reversal_of_an_entry_of_another_county_is_refused(ready: Story) -> None:
    paths.asked_reversal(ready)
    row = paths.reversal_row(ready, 1)
    row.authority_id = ready.cast.units["X"]
    with pytest.raises(Refused, match="须由考核办"):
        paths.ask_reversal(ready, row)
    row = paths.reversal_row(ready, 999)
    with pytest.raises(Refused, match="没有找到"):
        paths.ask_reversal(ready, row)


def test_rules_drafted_by_one_are_approved_by_another(ready: Story) -> None:
    give(ready, "assessor", Role.LEADER, "C")
    rule_set_id = ready.draft_rules(2027)
    with pytest.raises(Refused, match="另一人"):
        ready.move("assessor", RULE_SET, rule_set_id, "approve")


def test_assessor_of_the_unit_does_not_decide_its_objection(ready: Story) -> None:
    objection_id = paths.objection(ready)
    give(ready, "assessor2", Role.LIAISON, "A")
    with pytest.raises(Refused, match="回避"):
        ready.move("assessor2", OBJECTION, objection_id, "uphold", reason="属实")


def test_only_the_leader_named_signs_the_end(ready: Story) -> None:
    case_id = paths.proposed(ready, "terminate")
    with pytest.raises(Refused, match="其他领导"):
        ready.case("leader2", case_id, "terminate")
    ready.case("leader", case_id, "terminate")
    assert ready.get(Case, case_id).state == "terminated"


def test_leader_named_sees_and_signs_a_case_outside_the_portfolio_and_before_assignment(ready: Story) -> None:
    case_id, leader2 = brought_to(ready, "reported"), ready.cast.persons["leader2"]
    with pytest.raises(Absent):
        ready.case("leader2", case_id, "void")
    ready.case("supervisor", case_id, "propose_void", reason="录重", leader=leader2)
    ready.case("leader2", case_id, "void")
    assert ready.get(Case, case_id).state == "voided"


def test_end_is_signed_by_a_leader_of_the_county_who_did_not_propose_it(ready: Story) -> None:
    case_id, persons = brought_to(ready, "assigned"), ready.cast.persons
    give(ready, "supervisor", Role.LEADER, "C")
    for name in ("head_a", "outsider", "supervisor"):
        with pytest.raises(Invalid) as invalid:
            ready.case("supervisor", case_id, "propose_void", reason="录重", leader=persons[name])
        assert list(invalid.value.errors) == ["leader"]


def test_who_asked_does_not_decide(ready: Story) -> None:
    give(ready, "inspector", Role.SUPERVISOR)
    give(ready, "head_a", Role.SUPERVISOR)
    case_id = paths.asked_rebound(ready)
    with pytest.raises(Refused, match="由您提出"):
        ready.case("inspector", case_id, "rebound", due_on=paths.LATER)
    case_id = paths.extension(ready)
    with pytest.raises(Refused, match="由您提出"):
        ready.request("head_a", case_id, "extension", "grant")


def test_unit_of_another_county_is_given_no_part(ready: Story) -> None:
    case_id, foreign = brought_to(ready, "ledgered"), ready.cast.units["Y"]
    for field, value in (("lead", foreign), ("assist", [foreign]), ("lead", 999)):
        with pytest.raises(Invalid) as invalid:
            ready.case("supervisor", case_id, "assign", **paths.assignment(ready, **{field: value}))
        assert list(invalid.value.errors) == [field]


def test_choice_outside_the_list_is_refused(ready: Story) -> None:
    for field, value in (("discovery", "self"), ("source_kind", "gossip")):
        with pytest.raises(Invalid) as invalid:
            ready.log(**{field: value})
        assert list(invalid.value.errors) == [field]
