"""P24, scripts: ending, merging, rewriting or doubling a case so that nobody finds it any more."""

from datetime import date
from typing import Any

from app.core.errors import Invalid, Refused
from app.ledgers.cases import CaseSource
from app.people import Role
from app.workflows import Substitution, name_substitute
from tests.faults.burying import DAY, Scene, propose, scripts_in

WHY: dict[str, Any] = {"reason": "与已有问题重复"}


def reject_what_was_logged(s: Scene) -> None:
    s.story.case("supervisor", s["reported"], "reject", reason="不属实")
    s.listed(s["reported"], "rejected")
    s.told("case.reject", "supervisor", viewer="inspector", case_id=s["reported"])
    s.in_ledger(s["reported"], "inspector", "assessor", state="ended")


def reject_without_a_reason(s: Scene) -> None:
    with s.refused(Invalid, "reason"):
        s.story.case("supervisor", s["reported"], "reject", reason="  ")


def reject_what_a_unit_has(s: Scene) -> None:
    with s.refused(Refused):
        s.story.case("supervisor", s["overdue"], "reject", reason="不属实")


def reject_as_the_inspector(s: Scene) -> None:
    with s.refused(Refused, "须由督查室主任"):
        s.story.case("inspector", s["reported"], "reject", reason="不属实")


def reject_and_take_that_back(s: Scene) -> None:
    s.story.case("supervisor", s["ledgered"], "reject", reason="不属实")
    s.story.case("supervisor", s["ledgered"], "restore", reason="再核")
    s.listed(s["ledgered"], "rejected")
    s.told("case.restore", "supervisor", case_id=s["ledgered"])
    s.waits("supervisor2", "assign", s["ledgered"])


def merge_the_overdue_into_a_new_one(s: Scene) -> None:
    s.story.case("supervisor", s["overdue"], "merge", case=s["ledgered"], **WHY)
    s.listed(s["overdue"], "overdue", "merged")
    s.told("case.merge", "supervisor", viewer="head_a", case_id=s["overdue"])
    s.taken_back(s["overdue"], "case.merge", "supervisor")
    assert s.story.newest(CaseSource, case_id=s["ledgered"]).discovery == "city"


def merge_into_what_is_closed(s: Scene) -> None:
    with s.refused(Invalid, "case"):
        s.story.case("supervisor", s["overdue"], "merge", case=s["closed"], **WHY)


def merge_into_what_was_rejected(s: Scene) -> None:
    s.story.case("supervisor", s["reported"], "reject", reason="不属实")
    with s.refused(Invalid, "case"):
        s.story.case("supervisor", s["overdue"], "merge", case=s["reported"], **WHY)


def merge_into_another_county(s: Scene) -> None:
    foreign = s.story.log("outsider")
    with s.refused(Invalid, "case"):
        s.story.case("supervisor", s["overdue"], "merge", case=foreign, **WHY)


def merge_into_itself(s: Scene) -> None:
    with s.refused(Invalid, "case"):
        s.story.case("supervisor", s["overdue"], "merge", case=s["overdue"], **WHY)


def merge_in_a_circle(s: Scene) -> None:
    s.story.case("supervisor", s["overdue"], "merge", case=s["working"], **WHY)
    with s.refused(Invalid, "case"):
        s.story.case("supervisor", s["working"], "merge", case=s["overdue"], **WHY)


def merge_as_the_inspector(s: Scene) -> None:
    with s.refused(Refused, "须由督查室主任"):
        s.story.case("inspector", s["overdue"], "merge", case=s["working"], **WHY)


def merge_the_own_unit_away(s: Scene) -> None:
    s.give("supervisor2", Role.HEAD, "A")
    with s.refused(Refused, "回避"):
        s.story.case("supervisor2", s["overdue"], "merge", case=s["working"], **WHY)


def merge_a_chain_and_void_its_end(s: Scene) -> None:
    s.story.case("supervisor", s["overdue"], "merge", case=s["working"], **WHY)
    s.story.case("supervisor", s["working"], "merge", case=s["ready"], **WHY)
    propose(s, "void", s["ready"])
    s.story.case("leader", s["ready"], "void")
    s.listed(s["overdue"], "overdue", "merged")
    s.listed(s["working"], "merged")
    s.listed(s["ready"], "voided")
    s.in_ledger(s["overdue"], "inspector", "head_a", state="ended")


def take_the_middle_out_of_a_chain(s: Scene) -> None:
    s.story.case("supervisor", s["overdue"], "merge", case=s["working"], **WHY)
    s.story.case("supervisor", s["working"], "merge", case=s["ready"], **WHY)
    with s.refused(Refused, "先撤销"):
        s.story.case("supervisor", s["overdue"], "unmerge", **WHY)


def merge_and_take_that_back(s: Scene) -> None:
    before = len(s.lines(s["overdue"], "overdue"))
    s.story.case("supervisor", s["overdue"], "merge", case=s["working"], **WHY)
    s.story.case("supervisor", s["overdue"], "unmerge", reason="不是同一问题")
    s.listed(s["overdue"], "merged")
    s.told("case.unmerge", "supervisor", case_id=s["overdue"])
    s.waits("leader", "overdue", s["overdue"])
    assert any(s.story.total("A"))
    assert before == 5


def merge_what_the_city_found_into_what_the_unit_logs(s: Scene) -> None:
    s.story.cast.at(DAY, hour=10)
    own = s.story.log("liaison_a")
    s.story.case("supervisor", s["ledgered"], "merge", case=own, **WHY)
    s.story.assign(own, "A", due_on="2026-04-30")
    s.stands(own, "found")  # who saved first is asked, not which case is left
    s.listed(s["ledgered"], "merged")


def log_it_as_found_by_the_unit_before_the_visit(s: Scene) -> None:
    own = s.story.log("liaison_a")
    s.story.assign(own, "A", due_on="2026-03-30")
    s.story.case("inspector", own, "add_source", source_kind="inspection", discovery="city")
    s.story.days("2026-03-28", "2026-03-31")
    s.told("case.log_self", "liaison_a", case_id=own, reason=False)
    s.stands(own, "overdue")
    s.listed(own, "overdue")


def date_the_own_finding_back(s: Scene) -> None:
    s.story.cast.at(DAY, hour=10)
    own = s.story.log("liaison_a", found_on=date(2026, 1, 5), title="早已自查发现")
    s.story.case("supervisor", own, "merge", case=s["ledgered"], **WHY)
    form: dict[str, Any] = {
        "lead": s.units["A"],
        "rect_class": "limited",
        "due_on": date(2026, 4, 30),
        "standard": "清理",
    }
    s.story.case("supervisor", s["ledgered"], "assign", **form)
    s.stands(s["ledgered"], "found")


def name_a_city_finding_the_units_own(s: Scene) -> None:
    with s.refused(Invalid, "discovery"):
        s.story.case("inspector", s["ledgered"], "add_source", source_kind="inspection", discovery="self")
    with s.refused(Invalid, "source_kind"):
        s.story.log(source_kind="self", discovery="county")


def void_without_a_leader(s: Scene) -> None:
    propose(s, "void", s["overdue"])
    with s.refused(Refused, "须由县级分管领导"):
        s.story.case("supervisor", s["overdue"], "void")


def void_what_nobody_proposed(s: Scene) -> None:
    with s.refused(Refused, "没有待决定"):
        s.story.case("leader", s["overdue"], "void")


def name_oneself_to_sign(s: Scene) -> None:
    s.give("supervisor2", Role.LEADER, "C")
    with s.refused(Invalid, "leader"):
        propose(s, "void", s["overdue"], "supervisor2", "supervisor2")


def let_a_leader_sign_who_was_not_named(s: Scene) -> None:
    propose(s, "terminate", s["overdue"])
    with s.refused(Refused, "其他领导"):
        s.story.case("leader2", s["overdue"], "terminate")


def void_together_with_a_leader(s: Scene) -> None:
    propose(s, "void", s["overdue"])
    s.story.case("leader", s["overdue"], "void")
    s.listed(s["overdue"], "overdue", "voided")
    s.told("case.propose_void", "supervisor", viewer="discipline")
    s.told("case.void", "leader", viewer="inspector", reason=False)
    s.taken_back(s["overdue"], "case.void", "leader")
    s.in_ledger(s["overdue"], "inspector", "head_a", state="voided")


def terminate_together_with_a_leader(s: Scene) -> None:
    propose(s, "terminate", s["overdue"])
    s.story.case("leader", s["overdue"], "terminate")
    s.listed(s["overdue"], "overdue", "terminated")
    s.stands(s["overdue"], "overdue", count=5)
    s.stands(s["overdue"], "unresolved")


def terminate_the_own_unit(s: Scene) -> None:
    s.give("supervisor2", Role.LIAISON, "A")
    with s.refused(Refused, "回避"):
        propose(s, "terminate", s["overdue"], who="supervisor2")


def stand_in_for_the_leader_oneself(s: Scene) -> None:
    propose(s, "void", s["overdue"])
    with s.refused(Invalid, "substitute"):
        _stand_in(s, "supervisor")
    _stand_in(s, "supervisor", by="supervisor2")
    with s.refused(Refused, "由您提出"):
        s.story.case("supervisor", s["overdue"], "void")


def let_a_colleague_stand_in_for_the_leader(s: Scene) -> None:
    propose(s, "void", s["overdue"])
    _stand_in(s, "supervisor2")
    s.story.case("supervisor2", s["overdue"], "void")
    s.listed(s["overdue"], "voided")
    s.told("case.void", "supervisor2", viewer="discipline", reason=False)
    s.told("absence.name", "supervisor", viewer="auditor")


def _stand_in(s: Scene, who: str, by: str = "supervisor") -> None:
    with s.acting(by) as context:
        county, persons = s.units["C"], s.persons
        asked = Substitution(county, persons["leader"], persons[who], Role.LEADER, s.today, s.today, "出差")
        name_substitute(context, asked)


def rewrite_the_text(s: Scene) -> None:
    (was,) = s.facts(s["overdue"], "text")
    s.story.case("supervisor", s["overdue"], "correct", title="已办", text="无", reason="更正")
    event = s.told("case.correct", "supervisor", viewer="discipline")
    assert event.data["before"]["text"] == was
    s.waits("leader", "overdue", s["overdue"])


def rewrite_deadline_and_source_by_a_correction(s: Scene) -> None:
    names = ("due_on", "source_kind", "state", "is_systemic", "lead_unit_id", "ended_on")
    before = s.facts(s["overdue"], *names)
    form: dict[str, Any] = {"due_on": date(2027, 1, 1), "source_kind": "self", "state": "closed", "discovery": "self"}
    s.story.case("supervisor", s["overdue"], "correct", reason="更正", is_systemic=True, **form)
    assert s.facts(s["overdue"], *names) == before
    s.told("case.correct", "supervisor", viewer="discipline")


def lower_the_standard(s: Scene) -> None:
    s.story.case("supervisor", s["working"], "correct", standard="有人去看过", reason="更正")
    event = s.told("case.correct", "supervisor", viewer="head_b")
    assert event.data["before"]["standard"] == "河道无垃圾"


def correct_as_the_assessor(s: Scene) -> None:
    with s.refused(Refused, "须由督查室主任"):
        s.story.case("assessor", s["overdue"], "correct", title="已办", reason="更正")


def log_anew_and_reject_the_old(s: Scene) -> None:
    s.story.log("inspector")
    s.story.case("supervisor", s["reported"], "reject", reason="已另行登记")
    s.listed(s["reported"], "rejected")


def split_into_small_ones_and_void_the_whole(s: Scene) -> None:
    for number in (1, 2):
        s.story.log("inspector", title=f"部分问题{number}")
    propose(s, "void", s["overdue"])
    s.story.case("leader", s["overdue"], "void")
    s.listed(s["overdue"], "overdue", "voided")


SCRIPTS = scripts_in(globals())
