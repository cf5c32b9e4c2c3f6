"""The plan workflow: the liaison drafts, the head approves, the supervisor passes it with the case or sends it back."""

from datetime import date
from typing import Any

from sqlalchemy import select

from app.ledgers.cases import Measure, Plan
from app.ledgers.cases.words import PLAN_STATES
from app.people import Role
from app.workflows.case_effects import touch
from app.workflows.case_guards import case_of, current_plan
from app.workflows.engine import Attempt, Need, Transition, Workflow, follow
from app.workflows.needs import NOTE, REASON

MEASURES = Need("measures", "整改措施", "measures", hint="每项措施都要有责任人和完成时限")


def plan_may_change(attempt: Attempt) -> str | None:
    """A plan may be drafted anew until the head has approved it, or after it was sent back."""
    plan = current_plan(attempt)
    if plan is not None and plan.state not in ("drafted", "sent_back"):
        return "整改方案已审定，正等待督查室审核；如需修改，请联系督查室退回。"
    return None


def case_is_planned(attempt: Attempt) -> str | None:
    """A plan moves while its case is at 方案编制."""
    return None if case_of(attempt).state == "planning" else "这一件不在方案编制阶段，方案不再变动。"


def check_measures(attempt: Attempt) -> dict[str, str]:
    """Each measure has a text, a person and a date; the date is not after the deadline."""
    measures: list[dict[str, Any]] = attempt.form["measures"]
    due_on: date | None = case_of(attempt).due_on
    for number, measure in enumerate(measures, 1):
        if not measure.get("text") or not measure.get("person") or not measure.get("due_on"):
            return {"measures": f"第 {number} 项措施缺少内容、责任人或完成时限。"}
        if due_on and measure["due_on"] > due_on:
            return {"measures": f"第 {number} 项措施“{measure['text'][:12]}”的完成时限晚于整改期限 {due_on}。"}
    return {}


def draft_plan(attempt: Attempt) -> None:
    """Keep the plan; measures of an earlier draft are dropped, not deleted."""
    case, plan = case_of(attempt), current_plan(attempt)
    if plan is None:
        plan = Plan(
            case_id=case.id,
            unit_id=case.lead_unit_id,
            cycle=case.cycle,
            state="drafted",
            version=1,
            drafted_by_id=attempt.actor.person_id,
            drafted_on=attempt.context.day,
        )
        attempt.session.add(plan)
        attempt.session.flush()
    elif plan.state == "sent_back":
        follow(attempt, "plan", "redraft", plan)
    kept = select(Measure).where(Measure.case_id == case.id, Measure.dropped_on.is_(None))
    for old in attempt.session.scalars(kept):
        old.dropped_on = attempt.context.day
    for number, measure in enumerate(attempt.form["measures"], 1):
        attempt.session.add(
            Measure(
                case_id=case.id,
                plan_id=plan.id,
                unit_id=case.lead_unit_id,
                position=number,
                text=measure["text"],
                person=measure["person"],
                due_on=measure["due_on"],
            )
        )
    attempt.context.forget()


def pass_plan(attempt: Attempt) -> None:
    """Pass the plan with the case."""
    plan = current_plan(attempt)
    if plan is not None:
        follow(attempt, "plan", "pass", plan)


PLAN = Workflow(
    "plan",
    "整改方案",
    Plan,
    PLAN_STATES,
    [
        Transition("redraft", "重新编制（随问题）", ("sent_back",), "drafted"),
        Transition(
            "approve",
            "审定方案",
            ("drafted",),
            "approved",
            (Role.HEAD,),
            guards=(case_is_planned,),
            effects=(touch,),
            needs=(NOTE,),
        ),
        Transition(
            "send_back",
            "退回方案",
            ("approved",),
            "sent_back",
            (Role.SUPERVISOR,),
            guards=(case_is_planned,),
            effects=(touch,),
            needs=(REASON,),
        ),
        Transition("pass", "通过（随问题）", ("approved",), "passed"),
        Transition("drop", "随改派退回重编（随问题）", ("drafted", "approved", "passed", "sent_back"), "sent_back"),
    ],
    units_of=lambda plan: frozenset({plan.unit_id}),
)
