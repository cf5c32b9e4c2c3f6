"""Requests: extensions have a table of their own; what moves the case when granted is decided by the case's move."""

from datetime import date

from app.ledgers.cases import Request
from app.ledgers.cases.words import REQUEST_STATES
from app.people import Role
from app.workflows.case_effects import touch
from app.workflows.case_guards import is_not_own_case
from app.workflows.engine import Attempt, Need, Transition, Workflow
from app.workflows.needs import FARTHEST, NOTE, REASON
from app.workflows.request_effects import grant_extension, keep_part, note_asked, note_decision

HEAD, SUPERVISOR, LEADER = (Role.HEAD,), (Role.SUPERVISOR,), (Role.LEADER,)


def _is(*kinds: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
    return lambda request: request.kind in kinds


def asker_is_not_decider(attempt: Attempt) -> str | None:
    """Who asked does not decide, nor who approved what was asked."""
    if attempt.actor.person_id in (attempt.row.asked_by_id, attempt.row.data.get("approved_by")):
        return "这件申请由您提出，不能由您本人决定。"
    return None


def decider_is_named(attempt: Attempt) -> str | None:
    """The leader who was named signs."""
    if attempt.row.decider_id not in (None, *attempt.actor.stands_for):
        return "已指定由其他领导签批。"
    return None


def is_asker(attempt: Attempt) -> str | None:
    """A request is taken back by the one who made it."""
    if attempt.row.asked_by_id != attempt.actor.person_id:
        return "只能由提出人撤回。"
    return None


def deadline_has_not_passed(attempt: Attempt) -> str | None:
    """The head approves the draft by the end of the deadline day."""
    due_on = attempt.case.due_on if attempt.case else None
    if due_on is not None and attempt.context.day > due_on:
        return f"整改期限 {due_on} 已过，逾期后不再受理延期申请。"
    return None


def case_is_open(attempt: Attempt) -> str | None:
    """A case that has ended has no deadline to move."""
    return None if attempt.case is None or attempt.case.ended_on is None else "这一件已经结束，期限不再变动。"


def granted_is_later(attempt: Attempt) -> dict[str, str]:
    """An extension moves the deadline in force back, never forward, and not beyond all sight."""
    due_on = attempt.case.due_on if attempt.case else None
    granted: date = attempt.form.get("due_on") or attempt.row.wanted_on
    if due_on is not None and granted <= due_on:
        return {"due_on": f"批准的期限应晚于现行期限 {due_on}。"}
    if granted > attempt.context.day + FARTHEST:
        return {"due_on": "批准的期限过远，请核对年份。"}
    if granted > attempt.row.wanted_on and not attempt.form.get("reason"):
        return {"reason": f"批准的期限晚于申请的 {attempt.row.wanted_on}，请在这里说明理由。"}
    return {}


def units_of(request: Request) -> frozenset[int]:
    """The unit that asks."""
    return frozenset({request.unit_id}) if request.unit_id else frozenset()


EXTENSION = Workflow(
    "extension",
    "延期申请",
    Request,
    REQUEST_STATES,
    [
        Transition(
            "approve",
            "审定并提交",
            ("drafted",),
            "asked",
            HEAD,
            guards=(case_is_open, deadline_has_not_passed),
            effects=(note_asked, touch),
        ),
        Transition("withdraw", "撤回申请", ("drafted", "asked"), "withdrawn", HEAD, effects=(touch,), needs=(REASON,)),
        Transition(
            "grant",
            "同意延期",
            ("asked",),
            "granted",
            SUPERVISOR,
            guards=(asker_is_not_decider, case_is_open, is_not_own_case),
            effects=(grant_extension, touch),
            needs=(Need("due_on", "批准期限", "date", required=False, hint="不填则按申请的日期"), NOTE),
            checks=(granted_is_later,),
        ),
        Transition(
            "refuse",
            "不同意延期",
            ("asked",),
            "refused",
            SUPERVISOR,
            guards=(asker_is_not_decider,),
            effects=(note_decision, touch),
            needs=(REASON,),
        ),
    ],
    units_of,
)

REQUEST = Workflow(
    "request",
    "申请",
    Request,
    REQUEST_STATES,
    [
        Transition("grant", "同意（随问题）", ("asked",), "granted"),
        Transition(
            "refuse",
            "不同意退回",
            ("asked",),
            "refused",
            SUPERVISOR,
            guards=(asker_is_not_decider,),
            effects=(keep_part, note_decision, touch),
            needs=(REASON,),
            when=_is("return_assignment"),
        ),
        Transition(
            "refuse",
            "不同意",
            ("asked",),
            "refused",
            SUPERVISOR,
            guards=(asker_is_not_decider,),
            effects=(note_decision, touch),
            needs=(REASON,),
            when=_is("long_term", "rebound"),
        ),
        Transition(
            "refuse",
            "不予签批",
            ("asked",),
            "refused",
            LEADER,
            guards=(decider_is_named,),
            effects=(note_decision, touch),
            needs=(REASON,),
            when=_is("terminate", "void"),
        ),
        Transition(
            "withdraw",
            "撤回",
            ("asked",),
            "withdrawn",
            (*SUPERVISOR, Role.INSPECTOR, *HEAD),
            guards=(is_asker,),
            effects=(touch,),
            needs=(REASON,),
            when=_is("long_term", "rebound", "terminate", "void"),
        ),
    ],
    units_of,
)


def workflow_of(request: Request) -> Workflow:
    """Return the table a request follows."""
    return EXTENSION if request.kind == "extension" else REQUEST
