"""Effects of asking for something and of deciding on it."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from app.calendar import stated_deadline
from app.core.errors import Invalid
from app.ledgers.cases import Assignment, Measure, Plan, Request
from app.people import Role
from app.workflows.case_effects import add_part, deadline_asked, put_scores_right, set_deadline
from app.workflows.case_guards import case_of, open_request
from app.workflows.children import too_late
from app.workflows.engine import Attempt, Check, Effect, follow
from app.workflows.needs import FARTHEST
from app.workflows.part_effects import lead_part
from app.workflows.posting import tell
from app.workflows.slip_ends import withdraw_slips_of


def ask(kind: str) -> Effect:
    """Make the effect that puts a request of the kind on record; an extension that a liaison drafts waits for the head."""

    def effect(attempt: Attempt) -> None:
        case, form, grant = case_of(attempt), attempt.form, attempt.grant
        is_draft = kind == "extension" and grant is not None and grant.role is Role.LIAISON
        request = Request(
            case_id=case.id,
            authority_id=case.authority_id,
            kind=kind,
            state="drafted" if is_draft else "asked",
            unit_id=grant.unit_id if grant and grant.role in (Role.HEAD, Role.LIAISON) else None,
            asked_by_id=attempt.actor.person_id,
            asked_on=attempt.context.day,
            reason=form["reason"],
            wanted_on=form.get("wanted_on"),
            data=_kept(form),
            decider_id=form.get("leader"),
            decide_by=attempt.context.limit(case.authority_id, "extension_decision_days").on,
        )
        attempt.session.add(request)
        attempt.session.flush()

    return effect


def _kept(form: Any) -> dict[str, str]:
    names = ("progress", "stage_goal", "expected_end", "basis")
    return {name: str(form[name]) for name in names if form.get(name)}


def wanted_is_later(attempt: Attempt) -> dict[str, str]:
    """Check that the date asked for is later than the deadline in force, and not beyond all sight."""
    case, wanted = case_of(attempt), attempt.form["wanted_on"]
    if case.due_on and wanted <= case.due_on:
        return {"wanted_on": f"申请的新期限应晚于现行期限 {case.due_on}。"}
    if wanted > attempt.context.day + FARTHEST:
        return {"wanted_on": "申请的新期限过远，请核对年份。"}
    return too_late(case, wanted, "wanted_on")


def is_in_future(name: str, words: str) -> Check:
    """Make the check that a date of the form lies after today, and not beyond all sight."""

    def check(attempt: Attempt) -> dict[str, str]:
        value: date | None = attempt.form.get(name)
        if value is None or attempt.context.day < value <= attempt.context.day + FARTHEST:
            return {}
        return {name: f"{words}应晚于今天。" if value <= attempt.context.day else f"{words}过远，请核对年份。"}

    return check


def review_is_near(name: str) -> Check:
    """Make the check that a long-term case is looked at again within the limit (a parameter)."""

    def check(attempt: Attempt) -> dict[str, str]:
        days = attempt.context.parameters(case_of(attempt).authority_id)["longest_review_days"]
        value: date = attempt.form[name]
        is_far = value > attempt.context.day + timedelta(days=days)
        return {name: f"下次复核不能晚于 {days} 天之后。"} if is_far else {}

    return check


def decide(kind: str, outcome: str) -> Effect:
    """Make the effect that closes the open request of the kind when the case itself moves."""

    def effect(attempt: Attempt) -> None:
        request = open_request(attempt, kind)
        if request is not None:
            follow(attempt, "request", outcome, request)
            note_decision(attempt, request)

    return effect


def note_decision(attempt: Attempt, request: Any = None) -> None:
    """Write who decided, when and how; tell the unit."""
    request = attempt.row if request is None else request
    request.decided_by_id, request.decided_on = attempt.actor.person_id, attempt.context.day
    request.decision = attempt.form.get("reason") or ""
    if request.unit_id is not None:
        told = (request.authority_id, request.unit_id, "decided", f"request:{request.id}", request.case_id)
        tell(attempt.context, [told])


def grant_extension(attempt: Attempt) -> None:
    """Put the new deadline in force from the day it was asked for, and reverse what that takes back."""
    case, request = case_of(attempt), attempt.row
    wanted = attempt.form.get("due_on") or request.wanted_on
    due = stated_deadline(attempt.context.calendar(case.authority_id), wanted)
    set_deadline(attempt, due, request.asked_on, "extension")
    case.extension_count += 1
    note_decision(attempt)
    put_scores_right(attempt)


def note_asked(attempt: Attempt) -> None:
    """The head approves the draft: it counts from today, and the head has asked for it too."""
    request: Request = attempt.row
    request.data = {**request.data, "approved_by": attempt.actor.person_id}
    request.asked_on = attempt.context.day
    request.decide_by = attempt.context.limit(request.authority_id, "extension_decision_days").on


def grant_return(attempt: Attempt) -> None:
    """Release the disputed part and give it to another unit with a new deadline."""
    case, form = case_of(attempt), attempt.form
    request = open_request(attempt, "return_assignment")
    part = attempt.session.get(Assignment, request.data["part"]) if request else None
    if request is None or part is None:
        raise Invalid({"lead": "没有待决定的退回申请。"})
    taken = attempt.session.scalars(
        select(Assignment).where(Assignment.case_id == case.id, Assignment.unit_id == form["lead"])
    ).first()
    if taken is not None:
        raise Invalid({"lead": "该单位已经承办过或正在承办这一件，请另选单位。"})
    follow(attempt, "part", "release", part)
    part.released_on, part.released_event_id = attempt.context.day, attempt.event_id
    attempt.session.flush()
    withdraw_slips_of(attempt, part.unit_id)
    add_part(attempt, form["lead"], part.role)
    if part.role == "lead":
        case.lead_unit_id = form["lead"]
        _drop_plan(attempt)
    due, limit = deadline_asked(attempt)
    set_deadline(attempt, due, attempt.context.day, "reassigned", limit)
    follow(attempt, "request", "grant", request)
    note_decision(attempt, request)


def _drop_plan(attempt: Attempt) -> None:
    """The plan of the unit that is gone is the new lead's to draft again."""
    case = case_of(attempt)
    for plan in attempt.session.scalars(select(Plan).where(Plan.case_id == case.id, Plan.cycle == case.cycle)):
        follow(attempt, "plan", "drop", plan)
        plan.unit_id = case.lead_unit_id or plan.unit_id
    for measure in attempt.session.scalars(
        select(Measure).where(Measure.case_id == case.id, Measure.dropped_on.is_(None))
    ):
        measure.dropped_on = attempt.context.day
    attempt.context.forget()


def keep_part(attempt: Attempt) -> None:
    """A return that is refused leaves the part where it was."""
    request: Request = attempt.row
    part = attempt.session.get(Assignment, request.data["part"])
    if part is not None:
        follow(attempt, "part", "keep", part)


def start_long_term(attempt: Attempt) -> None:
    """The next review is the deadline of a long-term case."""
    case = case_of(attempt)
    due = stated_deadline(attempt.context.calendar(case.authority_id), attempt.form["due_on"])
    case.rect_class = "long_term"
    set_deadline(attempt, due, attempt.context.day, "long_term")


def set_new_deadline(cause: str) -> Effect:
    """Make the effect that sets a new deadline from today."""

    def effect(attempt: Attempt) -> None:
        due, limit = deadline_asked(attempt)
        set_deadline(attempt, due, attempt.context.day, cause, limit)

    return effect


def begin_cycle(attempt: Attempt) -> None:
    """A rebounded case begins anew under the same number."""
    case = case_of(attempt)
    case.cycle += 1
    case.rebound_count += 1
    case.cycle_on = attempt.context.day
    case.result = case.lesson = ""
    part = lead_part(attempt)
    tell(attempt.context, [(case.authority_id, part.unit_id, "assigned", f"cycle:{case.id}:{case.cycle}", case.id)])
