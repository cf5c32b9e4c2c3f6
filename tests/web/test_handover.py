"""Handing over: what names who leaves is listed, passed on by those whose business it is, one event each, nothing lost."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.audit import Event
from app.core.errors import Refused
from app.ledgers.cases import Case, Charge, Measure, Request
from app.ledgers.slips import Slip
from app.ledgers.talks import Commitment, Instruction
from app.people import Absence, Mandate, Person, Portfolio, Role
from app.workflows import Context, Substitution, disable_person, end_mandate, name_substitute
from tests import slips, talking
from tests.client import visit
from tests.people import mandate_of
from tests.story import Story
from tests.web.test_cases_queries import queries


def rename(story: Story, who: str, name: str) -> int:
    """Give a member of the cast the name that stands in plans."""
    with story.cast.database.begin() as session:
        session.get_one(Person, story.cast.persons[who]).name = name
    return story.cast.persons[who]


def leave(story: Story, who: str) -> None:
    """Let the security administrator end the mandate and the administrator close the account."""
    with story.cast.begin("security") as (session, actor):
        mandate = mandate_of(session, story.cast.persons[who])
        end_mandate(session, actor, story.cast.clock.now(), mandate.id, "调离")
    with story.cast.begin("admin") as (session, actor):
        disable_person(session, actor, story.cast.clock.now(), story.cast.persons[who], "调离")


def appoint(story: Story, who: str, role: Role, unit: str) -> None:
    """Give a member of the cast one more mandate."""
    with story.cast.database.begin() as session:
        held = {"person_id": story.cast.persons[who], "unit_id": story.cast.units[unit]}
        session.add(Mandate(role=role, begins_on=date(2020, 1, 1), **held))


def pass_on(story: Story, app: Flask, by: str, who: str, kind: str, to: str, **form: Any) -> Any:
    """Pass everything given of a kind on to a successor."""
    path = f"/handover/{story.cast.persons[who]}/{kind}"
    values = {"successor": str(story.cast.persons[to]), "reason": "调离", **form}
    return visit(app, story, by).post(path, values)


def events(story: Story, kind: str) -> list[Event]:
    """Return the events of a kind, oldest first."""
    with story.cast.database.session(read_only=True) as session:
        return list(session.scalars(select(Event).where(Event.kind == kind).order_by(Event.id)))


def at_work(story: Story, title: str = "河道问题") -> int:
    """Bring in a case whose measure names 张三 of unit A."""
    case_id = story.log(title=title)
    story.assign(case_id, "A", "B", "2026-03-31")
    story.to_work(case_id)
    return case_id


def test_head_passes_measures_and_promises_of_who_left_on(story: Story, app: Flask) -> None:
    leaver = rename(story, "liaison_a", "张三")
    rename(story, "head_a", "王接手")
    case_id = at_work(story)
    interview_id = talking.recorded(story)
    leave(story, "liaison_a")
    page = visit(app, story, "head_a").get(f"/handover/{leaver}").text
    assert "清理河道" in page
    assert "一周内完成清运" in page
    measure = story.newest(Measure, case_id=case_id)
    promise = story.one(Commitment, interview_id=interview_id, position=1)
    assert pass_on(story, app, "head_a", "liaison_a", "measures", "head_a", items=measure.id).status_code == 303
    assert pass_on(story, app, "head_a", "liaison_a", "commitments", "head_a", items=promise.id).status_code == 303
    assert story.get(Measure, measure.id).person == "王接手"
    assert story.get(Commitment, promise.id).person == "王接手"
    (event,) = events(story, "handover.measures")
    assert (event.case_id, event.reason) == (case_id, "调离")
    assert event.data == {"from": leaver, "to": story.cast.persons["head_a"], "was": "张三", "now": "王接手"}
    assert len(events(story, "handover.commitments")) == 1
    assert "名下没有未了事项" in visit(app, story, "head_a").get(f"/handover/{leaver}").text
    assert "清理河道" in visit(app, story, "head_a").get("/desk/list").text


def test_office_passes_cases_and_slips_on_and_the_record_keeps_who_made_them(story: Story, app: Flask) -> None:
    logged, working = story.log(title="无人交办的问题"), at_work(story)
    slip_id = slips.draft(story, working)
    leave(story, "inspector")
    for kind, row_id in (("cases", logged), ("slips", slip_id)):
        answer = pass_on(story, app, "supervisor", "inspector", kind, "inspector2", items=row_id)
        assert answer.status_code == 303
    assert story.get(Case, logged).reporter_id == story.cast.persons["inspector"]
    assert story.get(Slip, slip_id).drafted_by_id == story.cast.persons["inspector"]
    assert "无人交办的问题" in visit(app, story, "inspector2").get("/desk").text
    slips.move(story, "supervisor", "sign")
    slips.answer(story)
    assert "经办的三单回复待审" in visit(app, story, "inspector2").get("/desk").text
    again = pass_on(story, app, "supervisor", "inspector", "cases", "supervisor2", items=logged)
    assert again.status_code == 303
    assert len(events(story, "handover.cases")) == 1, "what is no longer theirs is refused"
    leave(story, "inspector2")
    pass_on(story, app, "supervisor", "inspector2", "cases", "supervisor2", items=logged)
    assert story.one(Charge, kind="cases", row_id=logged).person_id == story.cast.persons["supervisor2"]


def test_draft_taken_over_is_the_successors_to_discard(story: Story, app: Flask) -> None:
    slip_id = slips.draft(story, at_work(story))
    with pytest.raises(Refused, match="拟稿人"):
        slips.move(story, "inspector2", "discard")
    leave(story, "inspector")
    pass_on(story, app, "supervisor", "inspector", "slips", "inspector2", items=slip_id)
    slips.move(story, "inspector2", "discard", reason="不再需要")
    assert story.get(Slip, slip_id).state != "draft"


def test_leaders_items_go_to_a_leader_in_charge(story: Story, app: Flask) -> None:
    case_id = at_work(story)
    instruction = talking.instructed(story, case_id)
    story.case("supervisor", case_id, "propose_void", reason="误录", leader=story.cast.persons["leader"])
    request = story.newest(Request, case_id=case_id, kind="void")
    leave(story, "leader")
    refused = pass_on(story, app, "supervisor", "leader", "instructions", "leader2", items=instruction)
    said = visit(app, story, "supervisor").get(refused.headers["Location"])
    assert said.status_code == 200
    assert story.get(Instruction, instruction).leader_id == story.cast.persons["leader"]
    portfolios = _portfolio(story, "leader")
    answer = pass_on(story, app, "security", "leader", "portfolios", "leader2", items=portfolios)
    assert answer.status_code == 303
    assert len(events(story, "portfolio.set")) == len(portfolios) == 2
    assert pass_on(story, app, "supervisor", "leader", "instructions", "leader2", items=instruction).status_code == 303
    assert pass_on(story, app, "supervisor", "leader", "requests", "leader2", items=request.id).status_code == 303
    assert story.get(Instruction, instruction).leader_id == story.cast.persons["leader2"]
    assert story.get(Request, request.id).decider_id == story.cast.persons["leader2"]
    story.case("leader2", case_id, "void", reason="同意")
    assert story.get(Case, case_id).state == "voided"


def _portfolio(story: Story, who: str) -> list[int]:
    with story.cast.database.session(read_only=True) as session:
        held = mandate_of(session, story.cast.persons[who])
        return list(session.scalars(select(Portfolio.id).where(Portfolio.mandate_id == held.id)))


def test_substitute_who_leaves_is_replaced(story: Story, app: Flask) -> None:
    persons, county = story.cast.persons, story.cast.units["C"]
    appoint(story, "supervisor2", Role.LEADER, "C")
    with story.cast.begin("supervisor") as (session, actor):
        span = (date(2026, 3, 9), date(2026, 3, 13), "出差")
        asked = Substitution(county, persons["leader2"], persons["leader"], Role.LEADER, *span)
        row = name_substitute(Context(session, actor, story.cast.clock.now()), asked).id
    leave(story, "leader")
    assert pass_on(story, app, "supervisor", "leader", "absences", "supervisor2", items=row).status_code == 303
    assert story.get(Absence, row).cancelled_on == date(2026, 3, 2)
    named = story.newest(Absence)
    assert (named.person_id, named.substitute_id) == (persons["leader2"], persons["supervisor2"])
    assert (named.begins_on, named.ends_on) == (date(2026, 3, 9), date(2026, 3, 13))


def test_successor_needs_the_right_mandate(story: Story, app: Flask) -> None:
    rename(story, "liaison_a", "张三")
    case_id, measure = at_work(story), story.newest(Measure)
    for successor in ("head_b", "liaison_t", "inspector", "outsider_head"):
        assert (
            pass_on(story, app, "supervisor", "liaison_a", "measures", successor, items=measure.id).status_code == 303
        )
        assert story.get(Measure, measure.id).person == "张三", successor
    wrong: tuple[dict[str, Any], ...] = (
        {"successor": ""},
        {"reason": " "},
        {"items": []},
        {"successor": str(story.cast.persons["liaison_a"])},
    )
    for form in wrong:
        values = {"items": measure.id, **form}
        answer = pass_on(story, app, "supervisor", "liaison_a", "measures", "head_a", **values)
        assert answer.status_code == 422, form
    assert events(story, "handover.measures") == []
    assert case_id


def test_administrators_see_kinds_and_counts_alone(story: Story, app: Flask) -> None:
    leaver = rename(story, "liaison_a", "张三")
    at_work(story)
    for who in ("admin", "security"):
        page = visit(app, story, who).get(f"/handover/{leaver}").text
        assert "整改措施责任人" in page
        assert "1 项，由单位负责人或督查室主任移交" in page
        assert "清理河道" not in page
        assert "名下有 1 项未了事项" in visit(app, story, who).get(f"/people/persons/{leaver}").text
    assert pass_on(story, app, "admin", "liaison_a", "measures", "head_a", items=1).status_code == 404
    measure = story.newest(Measure)
    pass_on(story, app, "security", "liaison_a", "measures", "head_a", items=measure.id)
    assert story.get(Measure, measure.id).person == "张三"


def test_nobody_hands_over_for_others(story: Story, app: Flask) -> None:
    leaver = rename(story, "liaison_a", "张三")
    at_work(story)
    measure = story.newest(Measure)
    for who in ("head_b", "head_t", "outsider", "outsider_head", "liaison_a", "inspector", "leader", "auditor"):
        assert visit(app, story, who).get(f"/handover/{leaver}").status_code == 404, who
        answer = pass_on(story, app, who, "liaison_a", "measures", "head_a", items=measure.id)
        assert answer.status_code == 404, who
    assert visit(app, story, "supervisor").get(f"/handover/{leaver}/measures").status_code == 405
    assert story.get(Measure, measure.id).person == "张三"


def test_foreign_item_in_the_form_changes_nothing(story: Story, app: Flask) -> None:
    rename(story, "liaison_a", "张三")
    mine = story.newest(Measure, case_id=at_work(story)).id
    other = story.log(title="另一单位的问题")
    story.assign(other, "B", due_on="2026-03-31")
    story.to_work(other, "B")
    foreign = story.newest(Measure, case_id=other).id
    answer = pass_on(story, app, "head_a", "liaison_a", "measures", "head_a", items=[mine, foreign])
    assert answer.status_code == 303
    assert story.get(Measure, foreign).person == "张三"
    assert story.get(Measure, mine).person != "张三"
    assert len(events(story, "handover.measures")) == 1


def test_who_leaves_is_listed_with_what_is_open(story: Story, app: Flask) -> None:
    rename(story, "liaison_a", "张三")
    at_work(story)
    assert "张三" not in visit(app, story, "head_a").get("/handover").text.split("<main")[1]
    assert "张三" in visit(app, story, "head_a").get("/handover?q=张").text
    leave(story, "liaison_a")
    for who in ("head_a", "supervisor", "admin", "security"):
        page = visit(app, story, who).get("/handover").text
        assert "张三" in page, who
        assert '<td class="k-num" data-label="未了事项">1</td>' in page, who
    assert "张三" not in visit(app, story, "head_b").get("/handover").text
    assert "张三" not in visit(app, story, "outsider").get("/handover?q=张").text


@pytest.mark.parametrize("who", ["supervisor", "security"])
def test_pages_ask_as_often_for_many_items(story: Story, instance: Path, who: str) -> None:
    leaver = rename(story, "liaison_a", "张三")
    at_work(story)
    paths = ("/handover", f"/handover/{leaver}")
    few = [queries(story, instance, who, path) for path in paths]
    for number in range(10):
        at_work(story, f"后来的 {number}")
    assert [queries(story, instance, who, path) for path in paths] == few
    assert max(few) <= 16
    with story.cast.database.session(read_only=True) as session:
        assert session.scalar(select(func.count()).select_from(Measure)) == 11
