"""P24, scripts: who may act, taken away, given or pretended, so that nobody checks a case or nobody is told of it."""

from typing import Any

from sqlalchemy import select

from app.core.errors import Invalid, Refused
from app.ledgers.messages import Message
from app.ledgers.slips import Slip
from app.notices import Wishes, save_wishes
from app.people import Mandate, Role
from app.workflows import (
    Appointment,
    Context,
    change_unit,
    close_unit,
    disable_person,
    end_mandate,
    grant_mandate,
    set_portfolio,
)
from tests.faults.burying import LATER, Scene, scripts_in
from tests.workflows.paths import LATER as EXTENDED


def take_the_only_head_away(s: Scene) -> None:
    _end(s, "head_a")
    s.story.cast.at("2026-03-28")
    s.story.daily("2026-04-03", is_confirmed=True)
    s.told("mandate.end", "security", viewer="auditor")
    s.listed(s["overdue"], "overdue")
    s.waits("leader", "overdue", s["overdue"])
    assert len(s.lines(s["overdue"], "overdue")) == 10


def take_the_inspectors_away(s: Scene) -> None:
    for who in ("inspector", "inspector2"):
        _end(s, who)
    s.told("mandate.end", "security", viewer="auditor")
    s.story.cast.at("2026-04-07")
    s.waits("leader", "late_checks", s["submitted"])
    s.in_ledger(s["submitted"], "supervisor", "assessor")


def take_discipline_inspection_away(s: Scene) -> None:
    _end(s, "discipline")
    s.told("mandate.end", "security", viewer="auditor")
    with s.acting("security") as c:
        asked = Appointment(s.persons["discipline"], s.units["C"], Role.DISCIPLINE, s.today)
        grant_mandate(c.session, c.actor, c.moment, asked)
    s.listed(s["overdue"], "overdue")  # once listed, always: whoever holds the mandate next finds it


def take_the_portfolio_away_from_the_leader(s: Scene) -> None:
    with s.acting("security") as c:
        set_portfolio(c.session, c.actor, c.moment, _mandate(c, s, "leader"), [s.units["T"]])
    s.told("portfolio.set", "security", viewer="auditor", reason=False)
    s.listed(s["overdue"], "overdue")
    slip = s.story.newest(Slip, case_id=s["overdue"])
    s.waits("discipline", "unsigned", slip.id)


def close_the_account_of_the_leader(s: Scene) -> None:
    with s.acting("admin") as c:
        disable_person(c.session, c.actor, c.moment, s.persons["leader"], "调离")
    s.told("account.disable", "admin", viewer="auditor")
    s.listed(s["overdue"], "overdue")
    s.waits("discipline", "unsigned", s.story.newest(Slip, case_id=s["overdue"]).id)


def close_the_account_of_the_last_auditor(s: Scene) -> None:
    with s.refused(Refused, "唯一"), s.acting("admin") as c:
        disable_person(c.session, c.actor, c.moment, s.persons["auditor"], "调离")


def take_the_mandate_of_the_last_auditor(s: Scene) -> None:
    with s.refused(Refused, "唯一"):
        _end(s, "auditor")


def grant_a_mandate_to_oneself(s: Scene) -> None:
    with s.refused(Refused, "不能给自己"), s.acting("security") as c:
        asked = Appointment(s.persons["security"], s.units["O"], Role.SUPERVISOR, s.today)
        grant_mandate(c.session, c.actor, c.moment, asked)


def grant_a_mandate_as_the_admin(s: Scene) -> None:
    with s.refused(Refused, "由安全管理员办理"), s.acting("admin") as c:
        asked = Appointment(s.persons["head_a"], s.units["O"], Role.INSPECTOR, s.today)
        grant_mandate(c.session, c.actor, c.moment, asked)


def make_the_admin_an_auditor(s: Scene) -> None:
    with s.refused(Invalid, "role"), s.acting("security") as c:
        asked = Appointment(s.persons["admin"], s.units["C"], Role.AUDITOR, s.today)
        grant_mandate(c.session, c.actor, c.moment, asked)


def make_the_head_an_inspector(s: Scene) -> None:
    with s.acting("security") as c:
        asked = Appointment(s.persons["head_a"], s.units["O"], Role.INSPECTOR, s.today)
        grant_mandate(c.session, c.actor, c.moment, asked)
    s.told("mandate.grant", "security", viewer="auditor", reason=False)
    with s.refused(Refused, "由您报结"):
        s.story.verify(s["submitted"], "head_a")


def change_sides_after_the_report(s: Scene) -> None:
    _end(s, "head_a")
    s.give("head_a", Role.INSPECTOR)
    s.story.cast.at("2026-03-30")
    with s.refused(Refused, "由您报结"):
        s.story.verify(s["submitted"], "head_a")


def abolish_the_unit(s: Scene) -> None:
    with s.refused(Refused, "还有人"), s.acting("admin") as c:
        close_unit(c.session, c.actor, c.moment, s.units["A"], "机构改革")
    for who in ("head_a", "liaison_a"):
        _end(s, who)
    s.story.daily("2026-03-30")
    with s.acting("admin") as c:
        close_unit(c.session, c.actor, c.moment, s.units["A"], "机构改革")
    s.story.daily("2026-03-31")
    s.told("unit.close", "admin", viewer="auditor")
    s.listed(s["overdue"], "overdue")
    s.waits("leader", "overdue", s["overdue"])


def move_the_unit_to_another_county(s: Scene) -> None:
    with s.refused(Invalid, "parent_id"):
        _change_unit(s, parent_id=s.units["X"])


def hang_the_unit_under_itself(s: Scene) -> None:
    with s.refused(Invalid, "parent_id"):
        _change_unit(s, parent_id=s.units["A"])


def rename_the_unit(s: Scene) -> None:
    _change_unit(s, name="县规划服务中心")
    event = s.told("unit.change", "admin", viewer="auditor", reason=False)
    assert event.data["was"]["name"] == "县住建局"
    s.listed(s["overdue"], "overdue")
    s.waits("leader", "overdue", s["overdue"])


def make_the_unit_an_office(s: Scene) -> None:
    _change_unit(s, kind="office")
    s.told("unit.change", "admin", viewer="auditor", reason=False)
    s.story.daily("2026-03-30")
    s.stands(s["overdue"], "overdue", count=6)
    s.waits("leader", "overdue", s["overdue"])


def want_no_messages(s: Scene) -> None:
    with s.refused(Invalid, "quiet_until"), s.acting("head_a") as c:
        save_wishes(c.session, c.actor, Wishes(wants_urgent=False, quiet_from=0, quiet_until=23), c.moment)
    with s.acting("head_a") as c:
        save_wishes(c.session, c.actor, Wishes(wants_urgent=False, quiet_from=0, quiet_until=19), c.moment)
    s.told("contact.change", "head_a", viewer="auditor", reason=False)
    case_id = s.story.log()
    s.story.assign(case_id, "A", due_on="2026-04-30")
    s.waits("head_a", "receive_head", case_id)
    with s.acting("head_a") as c:
        told = select(Message.id).where(Message.unit_id == s.units["A"], Message.case_id == case_id)
        assert c.session.scalars(told).first() is not None


def never_sign_for_a_case(s: Scene) -> None:
    s.story.daily("2026-04-01")
    s.stands(s["assigned"], "receipt")
    s.waits("liaison_a", "receive", s["assigned"])
    s.in_ledger(s["assigned"], "leader", "inspector")


def give_a_case_back_to_and_fro(s: Scene) -> None:
    s.story.part("head_a", s["assigned"], "A", "dispute", reason="不归我们")
    form: dict[str, Any] = {"due_on": EXTENDED}
    s.story.case("supervisor", s["assigned"], "grant_return", lead=s.units["T"], **form)
    s.story.part("head_t", s["assigned"], "T", "dispute", reason="也不归我们")
    for unit in ("A", "B"):  # nobody is given the same case twice
        with s.refused(Invalid, "lead"):
            s.story.case("supervisor", s["assigned"], "grant_return", lead=s.units[unit], **form)
    s.story.request("supervisor", s["assigned"], "return_assignment", "refuse", reason="职责明确")
    with s.refused(Refused, "申请退回过一次"):
        s.story.part("head_t", s["assigned"], "T", "dispute", reason="真不归我们")
    s.told("case.grant_return", "supervisor", viewer="leader", reason=False, case_id=s["assigned"])


def give_a_case_back_too_late(s: Scene) -> None:
    s.story.cast.at("2026-04-01")
    with s.refused(Refused, "超过期限"):
        s.story.part("head_a", s["assigned"], "A", "dispute", reason="不归我们")


def never_decide_on_a_case_given_back(s: Scene) -> None:
    s.story.part("head_a", s["assigned"], "A", "dispute", reason="不归我们")
    s.story.cast.at(LATER)
    s.story.daily("2026-04-20", is_confirmed=True)
    s.waits("supervisor2", "return", s["assigned"])
    s.stands(s["assigned"], "overdue")
    s.listed(s["assigned"], "overdue")


def _mandate(c: Context, s: Scene, who: str) -> int:
    found = c.session.scalars(select(Mandate.id).where(Mandate.person_id == s.persons[who]).order_by(Mandate.id))
    return int(found.first() or 0)


def _end(s: Scene, who: str) -> None:
    with s.acting("security") as c:
        end_mandate(c.session, c.actor, c.moment, _mandate(c, s, who), "岗位调整")


def _change_unit(s: Scene, **form: Any) -> None:
    with s.acting("admin") as c:
        values = {"name": "县住建局", "kind": "department", "parent_id": s.units["C"], **form}
        change_unit(c.session, c.actor, c.moment, s.units["A"], values)


SCRIPTS = scripts_in(globals())
