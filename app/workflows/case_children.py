"""The rows of the case table by which a child follows its parent: 承接转办, 期限随上级提前, 随上级反弹, 随上级作废."""

from app.calendar import Due
from app.ledgers.cases.words import OPEN_STATES
from app.workflows.case_checks import check_lengths
from app.workflows.case_effects import (
    end_case,
    list_for_discipline,
    put_scores_right,
    revive_case,
    save_source,
    set_deadline,
    touch,
)
from app.workflows.case_guards import case_of
from app.workflows.children import reopen_children, tell_below, void_children
from app.workflows.engine import NEW, STAYS, Attempt, Need, Transition
from app.workflows.needs import DUE_ON, REASON, TEXT, TITLE
from app.workflows.part_effects import resume_after_rebound
from app.workflows.request_effects import begin_cycle
from app.workflows.slip_ends import end_slips


def follow_deadline(attempt: Attempt) -> None:
    """Put the parent's deadline in force: from today, whatever it was before."""
    case, on = case_of(attempt), attempt.form["due_on"]
    set_deadline(attempt, Due(on, provisional=case.due_provisional, stated=on), attempt.context.day, "parent")


def begin_again(attempt: Attempt) -> None:
    """Set the deadline of the new cycle: the parent's."""
    on = attempt.form["due_on"]
    set_deadline(attempt, Due(on, provisional=False, stated=on), attempt.context.day, "rebound")


FOLLOWS = (
    Transition(
        "take_down",
        "承接上级转办",
        (NEW,),
        "reported",
        effects=(save_source,),
        needs=(TITLE, TEXT, Need("proposed_due_on", "上级要求的完成时间", "date")),
        checks=(check_lengths,),
    ),
    Transition(
        "bring_forward",
        "期限随上级提前",
        OPEN_STATES,
        STAYS,
        effects=(follow_deadline, put_scores_right),
        needs=(DUE_ON,),
    ),
    Transition(
        "rebound_along",
        "随上级反弹重新整改",
        ("closed",),
        "rectifying",
        effects=(
            revive_case,
            resume_after_rebound,
            begin_cycle,
            begin_again,
            reopen_children,
            list_for_discipline("rebound"),
            put_scores_right,
            touch,
        ),
        needs=(DUE_ON, REASON),
    ),
    Transition(
        "void_along",
        "随上级作废",
        OPEN_STATES,
        "voided",
        effects=(
            end_case,
            end_slips("withdraw_along", "作废"),
            list_for_discipline("voided"),
            tell_below,
            void_children,
            put_scores_right,
            touch,
        ),
        needs=(REASON,),
    ),
)
