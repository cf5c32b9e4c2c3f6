"""P24, scripts: deadlines, extensions, reviews and reports used so that a case is never late."""

from datetime import date, timedelta
from typing import Any

from app.core.errors import Invalid, Refused
from app.ledgers.cases import Case
from app.people import Role
from tests.faults.burying import LATER, Scene, finish, pass_days, scripts_in
from tests.story import DONE

NEVER, FAR = date(9999, 12, 31), date(2099, 12, 31)
EXTENSION: dict[str, Any] = {"reason": "汛期", "progress": "过半", "wanted_on": date(2026, 4, 30)}
LONG: dict[str, Any] = {"reason": "需多年", "stage_goal": "一期", "expected_end": date(2030, 12, 1)}


def ask_for_an_extension_when_it_is_late(s: Scene) -> None:
    with s.refused(Refused, "已过"):
        s.story.case("head_a", s["overdue"], "ask_extension", **EXTENSION)


def approve_an_earlier_draft_when_it_is_late(s: Scene) -> None:
    s.story.case("liaison_a", s["working"], "ask_extension", **EXTENSION)
    s.story.cast.at("2026-04-20")
    with s.refused(Refused, "已过"):
        s.story.request("head_a", s["working"], "extension", "approve")


def extend_beyond_all_sight(s: Scene) -> None:
    for far in (NEVER, FAR):
        with s.refused(Invalid, "wanted_on"):
            s.story.case("head_a", s["working"], "ask_extension", **{**EXTENSION, "wanted_on": far})


def grant_more_than_was_asked_beyond_all_sight(s: Scene) -> None:
    s.story.case("head_a", s["working"], "ask_extension", **EXTENSION)
    for far in (NEVER, FAR):
        with s.refused(Invalid, "due_on"):
            s.story.request("supervisor", s["working"], "extension", "grant", due_on=far)


def extend_again_and_again(s: Scene) -> None:
    for month in (5, 6, 7, 8):
        s.story.case("head_a", s["working"], "ask_extension", **{**EXTENSION, "wanted_on": date(2026, month, 29)})
        s.story.request("supervisor", s["working"], "extension", "grant")
        s.told("extension.grant", "supervisor", viewer="leader", reason=False, case_id=s["working"])
    assert s.facts(s["working"], "extension_count", "original_due_on") == (4, LATER)
    assert "延期" in s.visit("inspector").get(f"/cases/{s['working']}").text


def decide_on_the_own_extension(s: Scene) -> None:
    s.give("head_a", Role.SUPERVISOR)
    s.story.case("head_a", s["working"], "ask_extension", **EXTENSION)
    with s.refused(Refused, "由您提出"):
        s.story.request("head_a", s["working"], "extension", "grant")


def let_the_liaison_ask_and_decide_oneself(s: Scene) -> None:
    s.give("head_a", Role.SUPERVISOR)
    s.story.case("liaison_a", s["working"], "ask_extension", **EXTENSION)
    s.story.request("head_a", s["working"], "extension", "approve")
    with s.refused(Refused, "由您提出"):
        s.story.request("head_a", s["working"], "extension", "grant")


def decide_on_the_extension_of_the_own_unit(s: Scene) -> None:
    s.give("supervisor2", Role.LIAISON, "A")
    s.story.case("head_a", s["working"], "ask_extension", **EXTENSION)
    with s.refused(Refused, "回避"):
        s.story.request("supervisor2", s["working"], "extension", "grant")


def never_decide_on_an_extension(s: Scene) -> None:
    s.story.cast.at(LATER)
    s.story.case("head_a", s["working"], "ask_extension", **EXTENSION)
    pass_days(s, "2026-04-20")
    s.waits("supervisor2", "extension", s["working"])
    s.stands(s["working"], "overdue")
    s.listed(s["working"], "overdue")


def grant_an_extension_long_after(s: Scene) -> None:
    s.story.cast.at(LATER)
    s.story.case("head_a", s["working"], "ask_extension", **EXTENSION)
    pass_days(s, "2026-04-22")
    s.story.request("supervisor", s["working"], "extension", "grant")
    s.taken_back(s["working"], "extension.grant", "supervisor")
    s.listed(s["working"], "overdue")


def look_again_in_seventy_years(s: Scene) -> None:
    for far in (NEVER, FAR, date(2028, 1, 4)):
        with s.refused(Invalid, "wanted_on"):
            s.story.case("head_a", s["working"], "ask_long_term", **LONG, wanted_on=far)
    s.story.case("head_a", s["working"], "ask_long_term", **LONG, wanted_on=LATER)
    for far in (NEVER, FAR, date(2028, 1, 4)):
        with s.refused(Invalid, "due_on"):
            s.story.case("supervisor", s["working"], "make_long_term", due_on=far)


def put_the_next_look_off_for_seventy_years(s: Scene) -> None:
    _make_long_term(s)
    for far in (NEVER, FAR):
        with s.refused(Invalid, "due_on"):
            s.story.case("inspector", s["working"], "review_continue", reason="有进展", due_on=far)
        with s.refused(Invalid, "due_on"):
            s.story.case("inspector", s["working"], "review_resume", reason="转入整改", due_on=date(2099, 1, 1))


def never_look_at_a_long_term_case(s: Scene) -> None:
    _make_long_term(s)
    pass_days(s, "2026-04-20")
    s.waits("inspector", "review", s["working"])
    s.waits("leader", "overdue", s["working"])
    s.stands(s["working"], "overdue")
    s.listed(s["working"], "overdue")


def make_the_overdue_long_term(s: Scene) -> None:
    s.story.case("head_a", s["overdue"], "ask_long_term", **LONG, wanted_on=LATER)
    s.story.case("supervisor", s["overdue"], "make_long_term", due_on=LATER)
    s.stands(s["overdue"], "overdue", count=5)
    s.listed(s["overdue"], "overdue")
    s.told("case.make_long_term", "supervisor", viewer="leader", reason=False)


def make_the_own_case_long_term(s: Scene) -> None:
    s.give("supervisor2", Role.LIAISON, "A")
    s.story.case("head_a", s["working"], "ask_long_term", **LONG, wanted_on=LATER)
    with s.refused(Refused, "回避"):
        s.story.case("supervisor2", s["working"], "make_long_term", due_on=LATER)


def assign_until_the_year_9999(s: Scene) -> None:
    for far in (NEVER, FAR):
        with s.refused(Invalid, "due_on"):
            s.story.case("supervisor", s["ledgered"], "assign", **_assignment(s, due_on=far))


def assign_until_yesterday(s: Scene) -> None:
    past = s.today - timedelta(days=30)
    with s.refused(Invalid, "due_on"):
        s.story.case("supervisor", s["ledgered"], "assign", **_assignment(s, due_on=past))
    s.story.case("supervisor", s["ledgered"], "assign", **_assignment(s, due_on=past, confirm_past=True))
    pass_days(s, "2026-03-30")
    s.listed(s["ledgered"], "overdue")


def assign_as_long_term_for_years(s: Scene) -> None:
    form = _assignment(s, due_on=date(2034, 12, 29), rect_class="long_term")
    s.story.case("supervisor", s["ledgered"], "assign", **form)
    event = s.told("case.assign", "supervisor", viewer="leader", reason=False, case_id=s["ledgered"])
    assert event.data["due_on"] == "2034-12-29"
    s.in_ledger(s["ledgered"], "leader", "head_a", "inspector")


def come_back_in_the_year_9999(s: Scene) -> None:
    s.story.case("inspector", s["closed"], "ask_rebound", reason="又见垃圾", basis="回头看")
    for far in (NEVER, FAR):
        with s.refused(Invalid, "due_on"):
            s.story.case("supervisor", s["closed"], "rebound", due_on=far)


def report_every_evening_and_take_it_back_every_morning(s: Scene) -> None:
    s.story.part("head_b", s["overdue"], "B", "finish", result="完成")
    for day in ("2026-03-27", "2026-03-30", "2026-03-31", "2026-04-01"):
        pass_days(s, day)
        if s.facts(s["overdue"], "state") == ("submitted",):
            s.story.case("head_a", s["overdue"], "take_back")
        s.story.cast.at(day, hour=20)
        s.story.finish(s["overdue"])
    pass_days(s, "2026-04-02")
    s.story.case("head_a", s["overdue"], "take_back")
    pass_days(s, "2026-04-03")
    s.stands(s["overdue"], "overdue", count=10)
    s.listed(s["overdue"], "overdue")
    s.told("case.take_back", "head_a", viewer="discipline", reason=False)


def sign_off_every_evening_as_the_assisting_unit(s: Scene) -> None:
    for day in ("2026-03-27", "2026-03-30", "2026-03-31"):
        pass_days(s, day)
        s.story.part("head_b", s["overdue"], "B", "finish", result="完成")
        s.story.cast.at(day, hour=20)
        s.story.part("head_b", s["overdue"], "B", "reopen", reason="还有一处")
    pass_days(s, "2026-04-01")
    s.stands(s["overdue"], "overdue", unit="B", count=8)


def report_finished_with_nothing_to_say(s: Scene) -> None:
    s.story.part("head_b", s["working"], "B", "finish", result="完成")
    for field in ("result", "lesson"):
        with s.refused(Invalid, field):
            s.story.case("head_a", s["working"], "report_finished", **{**DONE, field: " "})


def report_finished_as_the_liaison(s: Scene) -> None:
    with s.refused(Refused, "须由单位负责人"):
        s.story.case("liaison_a", s["ready"], "report_finished", **DONE)


def report_finished_without_the_others(s: Scene) -> None:
    with s.refused(Refused, "配合单位"):
        s.story.case("head_a", s["working"], "report_finished", **DONE)


def leave_a_report_lying(s: Scene) -> None:
    finish(s, s["overdue"])
    pass_days(s, "2026-04-07")
    s.waits("leader", "late_checks", s["overdue"])
    s.waits("inspector2", "verify", s["overdue"])
    s.listed(s["overdue"], "overdue")


def leave_an_accepted_case_lying(s: Scene) -> None:
    s.story.cast.at("2026-04-08")
    for stage in ("verified", "accepted"):
        s.waits("leader", "late_checks", s[stage])
    s.waits("supervisor2", "accept", s["verified"])
    s.waits("supervisor2", "close", s["accepted"])


def _make_long_term(s: Scene) -> None:
    s.story.case("head_a", s["working"], "ask_long_term", **LONG, wanted_on=LATER)
    s.story.case("supervisor", s["working"], "make_long_term", due_on=LATER)
    assert s.story.get(Case, s["working"]).due_on == LATER


def _assignment(s: Scene, **form: Any) -> dict[str, Any]:
    return {"lead": s.units["A"], "rect_class": "limited", "standard": "清理", **form}


SCRIPTS = scripts_in(globals())
