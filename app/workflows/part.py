"""The part workflow: one unit's share of a case, from receipt to sign-off."""

from datetime import date

from app.ledgers.cases import Assignment, Measure, Request
from app.ledgers.cases.words import EVIDENCE_KINDS, PART_STATES
from app.people import Role
from app.workflows.case_effects import keep_evidence, take_back_early, touch
from app.workflows.case_guards import case_is_worked_on, case_of
from app.workflows.children import children_are_closed
from app.workflows.engine import STAYS, Attempt, Need, Transition, Workflow
from app.workflows.handing_down import HAND_DOWN
from app.workflows.needs import FILES, REASON
from app.workflows.part_effects import (
    finish_measure,
    finish_part,
    reopen_part,
    report_progress,
    sign_receipt,
)

WORKING = ("received", "working")
UNIT = (Role.LIAISON, Role.HEAD)
MEASURE = Need("measure", "对应整改措施", "measure", required=False)
MEASURE_DONE = Need("measure_done", "该项措施已完成", "bool", required=False)
EVIDENCE_KIND = Need("evidence_kind", "材料类别", "choice", required=False, choices=EVIDENCE_KINDS)


def is_assisting(part: Assignment) -> bool:
    """Say whether the part is an assisting unit's."""
    return part.role == "assist"


def is_within_dispute_time(attempt: Attempt) -> str | None:
    """A unit may dispute its part once, within the limit after assignment."""
    part: Assignment = attempt.row
    if part.dispute_count:
        return "本单位已申请退回过一次，不能再次申请。"
    last: date = attempt.context.limit(case_of(attempt).authority_id, "return_assignment_days", part.assigned_on).on
    if attempt.context.day > last:
        return f"退回交办应在 {last} 前提出，现已超过期限。"
    return None


def ask_to_return(attempt: Attempt) -> None:
    """Put the request to the supervisor."""
    case, part = case_of(attempt), attempt.row
    part.dispute_count += 1
    attempt.session.add(
        Request(
            case_id=case.id,
            authority_id=case.authority_id,
            kind="return_assignment",
            state="asked",
            unit_id=part.unit_id,
            asked_by_id=attempt.actor.person_id,
            asked_on=attempt.context.day,
            reason=attempt.form["reason"],
            data={"part": part.id, "proposed_unit": attempt.form.get("proposed_unit") or ""},
        )
    )


def measure_is_own(attempt: Attempt) -> dict[str, str]:
    """The measure named is one of the unit's own, in the plan of this case that is in force."""
    if not (measure_id := attempt.form.get("measure")):
        return {}
    measure = attempt.session.get(Measure, int(measure_id))
    mine = measure is not None and (measure.case_id, measure.unit_id) == (attempt.row.case_id, attempt.row.unit_id)
    return (
        {} if measure is not None and mine and measure.dropped_on is None else {"measure": "请选择本单位的整改措施。"}
    )


def has_been_received(part: Assignment) -> bool:
    """Say whether the part was signed for before it was disputed."""
    return part.received_on is not None


PART = Workflow(
    "part",
    "承办",
    Assignment,
    PART_STATES,
    [
        Transition(
            "acknowledge",
            "签收",
            ("waiting",),
            "received",
            UNIT,
            guards=(case_is_worked_on,),
            effects=(sign_receipt, take_back_early, touch),
            when=is_assisting,
        ),
        Transition("acknowledge_lead", "签收（随问题）", ("waiting",), "received"),
        Transition(
            "report_progress",
            "填报进展",
            WORKING,
            "working",
            UNIT,
            guards=(case_is_worked_on,),
            effects=(report_progress, keep_evidence, finish_measure, touch),
            needs=(Need("text", "进展情况", "text"), MEASURE, MEASURE_DONE, FILES, EVIDENCE_KIND),
            checks=(measure_is_own,),
        ),
        Transition(
            "attach",
            "上传佐证",
            WORKING,
            STAYS,
            UNIT,
            guards=(case_is_worked_on,),
            effects=(keep_evidence, finish_measure, touch),
            needs=(Need("files", "佐证材料", "files", hint=FILES.hint), MEASURE, MEASURE_DONE, EVIDENCE_KIND),
            checks=(measure_is_own,),
        ),
        Transition(
            "finish",
            "完成本单位部分",
            WORKING,
            "done",
            (Role.HEAD,),
            guards=(case_is_worked_on, children_are_closed),
            effects=(finish_part, keep_evidence, take_back_early, touch),
            needs=(Need("result", "完成情况", "text"), FILES),
            when=is_assisting,
        ),
        HAND_DOWN,
        Transition("finish_lead", "报结（随问题）", (*WORKING, "waiting"), "done"),
        Transition(
            "reopen",
            "撤回完成",
            ("done",),
            "working",
            (Role.HEAD,),
            guards=(case_is_worked_on,),
            effects=(reopen_part, touch),
            needs=(REASON,),
            when=is_assisting,
        ),
        Transition("resume", "继续整改（随问题）", ("done",), "working"),
        Transition(
            "dispute",
            "申请退回交办",
            ("waiting", "received"),
            "disputed",
            (Role.HEAD,),
            guards=(case_is_worked_on, is_within_dispute_time),
            effects=(ask_to_return, touch),
            needs=(REASON, Need("proposed_unit", "建议承办单位", "line", required=False)),
        ),
        Transition("release", "同意退回（随申请）", ("disputed",), "released"),
        Transition("keep", "维持交办（随申请）", ("disputed",), "received", when=has_been_received),
        Transition(
            "keep",
            "维持交办（随申请）",
            ("disputed",),
            "waiting",
            when=lambda part: not has_been_received(part),
        ),
    ],
    units_of=lambda part: frozenset({part.unit_id}),
)
