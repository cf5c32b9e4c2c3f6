"""P24, scripts: checking, accepting, closing and coming back, by those who should not or not as it should be."""

from datetime import date

from app.core.errors import Invalid, Refused
from app.people import Role
from tests.faults.burying import Scene, finish, scripts_in
from tests.story import SITE


def verify_the_own_report(s: Scene) -> None:
    s.give("head_a", Role.INSPECTOR)
    with s.refused(Refused, "由您报结"):
        s.story.verify(s["submitted"], "head_a")


def send_the_own_report_back_for_show(s: Scene) -> None:
    s.give("head_a", Role.INSPECTOR)
    with s.refused(Refused, "由您报结"):
        s.story.case("head_a", s["submitted"], "send_back", reason="还差")


def verify_for_the_own_unit(s: Scene) -> None:
    s.give("inspector2", Role.LIAISON, "B")
    with s.refused(Refused, "回避"):
        s.story.verify(s["submitted"], "inspector2")


def verify_without_a_second_person(s: Scene) -> None:
    with s.refused(Invalid, "second_person"):
        s.story.case("inspector", s["submitted"], "verify", site_on=s.today, method="现场查看")
    with s.acting("inspector") as context:
        own = context.actor.name
    with s.refused(Invalid, "second_person"):
        form = {**SITE, "second_person": own}
        s.story.case("inspector", s["submitted"], "verify", site_on=s.today, **form)


def verify_what_was_seen_before_the_report(s: Scene) -> None:
    s.story.cast.at("2026-03-30")
    for site_on in ("2026-03-01", "2026-04-30"):
        with s.refused(Invalid, "site_on"):
            s.story.case("inspector", s["submitted"], "verify", site_on=type(s.today).fromisoformat(site_on), **SITE)


def hold_both_levels_of_verification(s: Scene) -> None:
    s.give("inspector", Role.SUPERVISOR)
    with s.refused(Refused, "由您核查"):
        s.story.case("inspector", s["verified"], "accept")


def accept_as_the_second_name(s: Scene) -> None:
    with s.acting("supervisor2") as context:
        second = context.actor.name
    s.story.case("inspector", s["submitted"], "verify", site_on=s.today, **{**SITE, "second_person": second})
    with s.refused(Refused, "第二核查人"):
        s.story.case("supervisor2", s["submitted"], "accept")


def accept_the_own_report(s: Scene) -> None:
    s.give("head_a", Role.SUPERVISOR)
    with s.refused(Refused, "由您报结"):
        s.story.case("head_a", s["verified"], "accept")


def accept_for_the_own_unit(s: Scene) -> None:
    s.give("supervisor2", Role.LIAISON, "A")
    with s.refused(Refused, "回避"):
        s.story.case("supervisor2", s["verified"], "accept")


def close_alone(s: Scene) -> None:
    for who in ("inspector", "head_a", "assessor", "leader"):
        with s.refused(Refused, "须由督查室主任"):
            s.story.case(who, s["accepted"], "close")


def close_before_the_notice_is_over(s: Scene) -> None:
    s.story.case("supervisor", s["accepted"], "publish", days=5)
    with s.refused(Refused, "公示"):
        s.story.case("supervisor", s["accepted"], "close")


def close_what_was_not_checked(s: Scene) -> None:
    for stage in ("submitted", "verified", "overdue"):
        with s.refused(Refused):
            s.story.case("supervisor", s[stage], "close")


def accept_what_is_not_done(s: Scene) -> None:
    finish(s, s["working"])
    s.story.verify(s["working"])
    with s.refused(Refused, "第 1 项整改措施没有完成"):
        s.story.case("supervisor", s["working"], "accept")


def refuse_that_it_came_back(s: Scene) -> None:
    s.story.case("inspector", s["closed"], "ask_rebound", reason="又见垃圾", basis="回头看")
    s.story.request("supervisor", s["closed"], "rebound", "refuse", reason="不是同一问题")
    s.told("request.refuse", "supervisor", case_id=s["closed"])
    s.told("case.ask_rebound", "inspector", viewer="assessor", case_id=s["closed"])
    s.in_ledger(s["closed"], "inspector2", "assessor", state="closed")


def never_decide_that_it_came_back(s: Scene) -> None:
    s.story.case("inspector", s["closed"], "ask_rebound", reason="又见垃圾", basis="回头看")
    s.waits("supervisor2", "rebound", s["closed"])


def agree_alone_that_it_came_back(s: Scene) -> None:
    s.give("inspector", Role.SUPERVISOR)
    s.story.case("inspector", s["closed"], "ask_rebound", reason="又见垃圾", basis="回头看")
    with s.refused(Refused, "由您提出"):
        s.story.case("inspector", s["closed"], "rebound", due_on=date(2026, 4, 30))


SCRIPTS = scripts_in(globals())
