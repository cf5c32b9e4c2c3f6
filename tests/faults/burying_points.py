"""P24, scripts: calendars, rules, hearings and the daily job used so that being late costs nothing."""

from datetime import date, timedelta
from decimal import Decimal

from app.calendar import LocalDay
from app.core.errors import Invalid, Refused
from app.ledgers.messages import Message
from app.ledgers.scores import Objection, ScoreEntry
from app.people import Role
from app.workflows import OBJECTION, REVERSAL, RULE_SET, catch_up, declare_day
from tests.faults.burying import Scene, pass_days, scripts_in
from tests.story import RULES
from tests.workflows.paths import ask_reversal, entry_ids, reversal_row


def declare_the_late_day_a_holiday(s: Scene) -> None:
    with s.acting("assessor") as context:
        declare_day(context, s.units["C"], LocalDay(date(2026, 3, 23), "off", "县庆", "县政府通知"))
    s.told("calendar.change", "assessor", viewer="auditor")
    s.taken_back(s["overdue"], "calendar.change", "assessor")
    s.listed(s["overdue"], "overdue")
    assert "县庆" in s.visit("head_b").get("/calendar?year=2026").text


def declare_a_holiday_as_the_supervisor(s: Scene) -> None:
    with s.refused(Refused, "由考核办维护"), s.acting("supervisor") as context:
        declare_day(context, s.units["C"], LocalDay(date(2026, 3, 30), "off", "县庆", "县政府通知"))


def approve_the_own_rules(s: Scene) -> None:
    s.give("assessor", Role.LEADER, "C")
    rule_set_id = s.story.draft_rules(2026, _mild(), s.today)
    with s.refused(Refused, "另一人"):
        s.story.move("assessor", RULE_SET, rule_set_id, "approve")


def approve_rules_for_the_past(s: Scene) -> None:
    rule_set_id = s.story.draft_rules(2026, _mild(), date(2026, 1, 1))
    with s.refused(Refused, "不得溯及既往"):
        s.story.move("leader", RULE_SET, rule_set_id, "approve")


def make_the_rules_milder_from_now_on(s: Scene) -> None:
    rule_set_id = s.story.draft_rules(2026, _mild(), s.today + timedelta(days=3))
    s.story.move("leader", RULE_SET, rule_set_id, "approve")
    s.stands(s["overdue"], "overdue", count=5)
    s.told("rule_set.approve", "leader", viewer="auditor", reason=False)
    assert s.story.newest(Message, kind="rules_changed", unit_id=s.units["B"]) is not None


def object_and_withdraw_again_and_again(s: Scene) -> None:
    entry = s.lines(s["overdue"], "overdue")[-1][0]
    for _ in range(3):
        objection_id = s.story.object("head_a", s["overdue"], "A", [entry.id])
        s.story.move("head_a", OBJECTION, objection_id, "withdraw", reason="再想想")
    pass_days(s, "2026-04-02")
    assert s.lines(s["overdue"], "overdue")[4][1] == "confirmed"
    s.stands(s["overdue"], "overdue", count=9)
    with s.refused(Invalid, "entries"):
        s.story.object("head_a", s["overdue"], "A", [entry.id])


def hold_points_by_an_objection_nobody_decides(s: Scene) -> None:
    entry = s.lines(s["overdue"], "overdue")[-1][0]
    s.story.object("head_a", s["overdue"], "A", [entry.id], covers_later=True)
    pass_days(s, "2026-04-07")
    s.waits("leader", "late_objections", s["overdue"])
    s.waits("assessor2", "objections", s["overdue"])
    s.stands(s["overdue"], "overdue", count=11)


def uphold_the_objection_of_the_own_unit(s: Scene) -> None:
    s.give("assessor2", Role.HEAD, "A")
    s.story.object("head_a", s["overdue"], "A", [s.lines(s["overdue"], "overdue")[-1][0].id])
    with s.refused(Refused, "回避"):
        s.story.decide_objection("uphold", "assessor2")


def uphold_an_objection_for_a_friend(s: Scene) -> None:
    s.story.object("head_a", s["overdue"], "A", [s.lines(s["overdue"], "overdue")[-1][0].id])
    s.story.decide_objection("uphold")
    s.taken_back(s["overdue"], "objection.uphold", "assessor")
    s.told("objection.uphold", "assessor", viewer="assessor2")
    s.stands(s["overdue"], "overdue", count=4)
    assert s.story.newest(Objection).decision == "经核实"


def reverse_a_deduction_alone(s: Scene) -> None:
    reversal_id = ask_reversal(s.story, reversal_row(s.story, entry_ids(s.story, s["overdue"], "A")[1]))
    with s.refused(Refused, "另一名"):
        s.story.move("assessor", REVERSAL, reversal_id, "grant")


def reverse_a_deduction_with_a_friend(s: Scene) -> None:
    reversal_id = ask_reversal(s.story, reversal_row(s.story, entry_ids(s.story, s["overdue"], "A")[1]))
    s.story.move("assessor2", REVERSAL, reversal_id, "grant")
    s.taken_back(s["overdue"], "reversal.grant", "assessor2")
    s.told("reversal.ask", "assessor", viewer="auditor")
    assert s.story.newest(ScoreEntry).points > Decimal(0)


def run_the_job_backward_or_far_ahead(s: Scene) -> None:
    now = s.story.cast.clock.now()
    for day in (s.today - timedelta(days=5), s.today + timedelta(days=1), s.today + timedelta(days=400)):
        with s.refused(Refused):
            list(catch_up(s.story.cast.database, day, now))


def let_the_job_stand_still(s: Scene) -> None:
    s.story.cast.at("2026-04-03")
    assert "每日结算只到 2026-03-27" in s.visit("assessor").get("/desk").text
    s.story.daily("2026-04-03")
    s.stands(s["overdue"], "overdue", count=10)


def _mild() -> str:
    """Return the shipped rules with a first day overdue that costs next to nothing."""
    text = RULES.read_text(encoding="utf-8")
    assert '"-0.50"' in text
    return text.replace('"-0.50"', '"-0.01"', 1)


SCRIPTS = scripts_in(globals())
