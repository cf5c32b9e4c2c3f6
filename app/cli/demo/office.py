"""What the offices of the county do to a case: inspectors, the supervision office, leaders."""

from datetime import date, timedelta
from typing import Any

from app.cli.demo.life import Life
from app.ledgers.cases import Plan, Request
from app.people import Role
from app.workflows import CASE, PLAN, new_case, workflow_of

TOLD_BY_CITIZENS = ("hotline", "petition", "online")
SURNAMES = "赵钱孙周吴郑王冯卫蒋韩杨朱许何吕施张孔曹严金魏陶姜谢邹柏"


def log(life: Life, **others: Any) -> None:
    """Log the problem: by an inspector, or by the liaison of the unit that found it itself."""
    problem = life.problem
    is_self = others.get("source_kind", problem.source) == "self"
    who = life.liaison() if is_self else life.office(Role.INSPECTOR)
    form = {
        "title": problem.title,
        "text": problem.text,
        "category": problem.category,
        "place": problem.place,
        "source_kind": problem.source,
        "discovery": problem.discovery,
        "found_on": life.day - timedelta(days=life.chance.randint(0, 4)),
        "reference": _reference(life),
        "contact": _contact(life, str(others.get("source_kind", problem.source))),
        "files": life.photo(is_clean=False) if life.happens(0.7) else [],
    } | others
    with life.stage.database.begin() as session:
        context = life.stage.context(session, who)
        unit_id = life.unit_id(life.lead) if is_self else None
        row = new_case(context.actor, life.unit_id(life.authority), form, context.moment, unit_id)
        name = "log_self" if is_self else "log"
        life.case_id = life.stage.fire(context, CASE, name, row, form).row.id


def _reference(life: Life) -> str:
    number = life.chance.randint(100, 9899)
    return {
        "hotline": f"热线{life.day:%Y%m%d}{number:04d}",
        "online": f"网政{number:06d}",
        "petition": f"云信访〔{life.day.year}〕{number}号",
        "audit": f"云审报〔{life.day.year}〕{number % 40 + 1}号",
    }.get(life.problem.source, "")


def _contact(life: Life, source: str) -> str:
    if source not in TOLD_BY_CITIZENS:
        return ""
    surname, tail = life.chance.choice(SURNAMES), life.chance.randint(0, 9999)
    return f"{surname}{life.chance.choice(['先生', '女士'])} 190-0000-{tail:04d}"


def admit(life: Life) -> None:
    """Admit the case."""
    life.move(life.office(Role.SUPERVISOR), "admit", reason=life.say("admit"))


def reject(life: Life) -> None:
    """Refuse the case."""
    life.move(life.office(Role.SUPERVISOR), "reject", reason=life.say("reject"))


def assign(life: Life, due_on: date | None) -> None:
    """Assign the case; a case to be put right at once brings its own limit unless a date is given."""
    problem = life.problem
    form = {
        "lead": life.unit_id(life.lead),
        "assist": [life.unit_id(unit) for unit in life.assisting],
        "rect_class": problem.rect_class,
        "due_on": due_on,
        "standard": problem.standard,
        "is_systemic": problem.lasting is not None,
    }
    life.move(life.office(Role.SUPERVISOR), "assign", **form)


def pass_plan(life: Life) -> None:
    """Pass the plan."""
    life.move(life.office(Role.SUPERVISOR), "pass_plan", reason=life.say("plan_pass"))


def send_plan_back(life: Life) -> None:
    """Send the plan back."""
    who = life.office(Role.SUPERVISOR)
    life.stage.act(who, PLAN, "send_back", Plan.case_id == life.case_id, reason=life.say("plan_send_back"))


def verify(life: Life) -> None:
    """Verify on site: an inspector who does not answer for a unit of the case, with a colleague of whom that holds too."""
    who = inspector(life)
    names = {person.username: person.name for person in life.stage.place.county.people}
    form = {
        "site_on": life.day,
        "method": life.say("verify_method"),
        "second_person": names[inspector(life, who)],
        "reason": life.say("verify_pass"),
        "files": life.photo(is_clean=True) if life.happens(0.6) else [],
    }
    life.move(who, "verify", **form)


def inspector(life: Life, *others: str) -> str:
    """Return an inspector, none of the others, who does not answer for a unit of the case."""
    units = {life.lead, *life.assisting}
    own = [p.username for p in life.stage.place.county.people if any(m.unit in units for m in p.mandates)]
    return life.office(Role.INSPECTOR, *others, *own)


def send_back(life: Life, *, is_false: bool = False, parts: list[int] | None = None) -> None:
    """Send a report back, perhaps as false."""
    form: dict[str, Any] = {"reason": life.say("send_back_false" if is_false else "send_back"), "false": is_false}
    life.move(inspector(life), "send_back", parts=parts or [], **form)


def accept(life: Life) -> None:
    """Accept at level 2."""
    life.move(life.office(Role.SUPERVISOR), "accept", reason=life.say("accept"))


def publish(life: Life, days: int) -> None:
    """Give public notice before closing."""
    life.move(life.office(Role.SUPERVISOR), "publish", days=days)


def close(life: Life) -> None:
    """Close the case."""
    life.move(life.office(Role.SUPERVISOR), "close", reason=life.say("close"))


def merge(life: Life, into: int) -> None:
    """Merge the case into another one."""
    life.move(life.office(Role.SUPERVISOR), "merge", case=into, reason=life.say("merge"))


def unmerge(life: Life) -> None:
    """Take a merge back."""
    life.move(life.office(Role.SUPERVISOR), "unmerge", reason=life.say("merge_undo"))


def decide(life: Life, kind: str, name: str, phrase: str, **form: Any) -> None:
    """Decide on the newest request of a kind by the request's own table (延期, 不同意退回, 不同意转长期)."""
    request: Request = life.stage.one(Request, Request.case_id == life.case_id, Request.kind == kind)
    who, which = life.office(Role.SUPERVISOR), Request.id == request.id
    life.stage.act(who, workflow_of(request), name, which, reason=life.say(phrase), **form)


def grant_return(life: Life, unit: str, to: str, due_on: date) -> None:
    """Agree that the case, or a part of it, is another unit's."""
    is_lead = unit == life.lead
    name = "grant_return" if is_lead else "grant_return_assist"
    form = {"lead": life.unit_id(to), "due_on": due_on, "reason": life.say("return_assignment_granted")}
    life.move(life.office(Role.SUPERVISOR), name, **form)
    if is_lead:
        life.lead = to
    else:
        life.assisting[life.assisting.index(unit)] = to


def make_long_term(life: Life, review_on: date) -> None:
    """Agree to the long-term class."""
    life.move(life.office(Role.SUPERVISOR), "make_long_term", due_on=review_on, reason="同意，按阶段目标复核。")


def review(life: Life, review_on: date) -> None:
    """Review a long-term case and keep it."""
    files, texts = life.photo(is_clean=True), life.stage.place.county.phrases["long_term_review"]
    life.move(inspector(life), "review_continue", due_on=review_on, reason=texts[0], files=files)


def ask_rebound(life: Life) -> None:
    """Find at a later look that the problem is back."""
    basis = life.chance.choice(["回头看现场核查", "12345 热线新工单", "网民再次反映"])
    form = {
        "reason": life.say("rebound"),
        "basis": basis,
        "files": life.photo(is_clean=False),
    }
    life.move(inspector(life), "ask_rebound", **form)


def rebound(life: Life, due_on: date) -> None:
    """Agree that the problem is back."""
    life.move(life.office(Role.SUPERVISOR), "rebound", due_on=due_on, reason="情况属实，认定反弹，重新整改。")


def propose_end(life: Life, kind: str) -> None:
    """Ask the leader in charge to end the case without its being solved, or as a mistaken record."""
    leader = life.stage.place.leader_of(life.lead).username
    form = {"reason": life.say(kind), "leader": life.stage.place.persons[leader]}
    life.move(life.office(Role.SUPERVISOR), f"propose_{kind}", **form)


def sign_end(life: Life, kind: str) -> None:
    """Have the leader sign."""
    life.move(life.stage.place.leader_of(life.lead).username, kind, reason="同意，请如实记录。")


def add_source(life: Life) -> None:
    """Note that citizens report the same thing again."""
    form = {
        "source_kind": "hotline",
        "discovery": "citizen",
        "reference": f"热线{life.day:%Y%m%d}{life.chance.randint(1, 9999):04d}",
        "source_text": f"来电再次反映：{life.problem.title}。",
        "contact": _contact(life, "hotline"),
    }
    life.move(life.office(Role.INSPECTOR), "add_source", **form)


def comment(life: Life) -> None:
    """Note on the case that the unit was called."""
    life.move(life.office(Role.INSPECTOR), "comment", reason=life.say("comment"))


def correct(life: Life) -> None:
    """Correct where it is; the event keeps the old place."""
    place = f"{life.problem.place}（{life.chance.randint(3, 180)}号附近）"
    life.move(life.office(Role.SUPERVISOR), "correct", place=place, reason="经现场核对，补充具体位置。")
