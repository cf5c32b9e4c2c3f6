"""The rows of the case table by which something is asked and decided: 延期, 退回交办, 长期坚持, 反弹, 终止, 作废."""

from app.people import Role
from app.workflows.case_effects import keep_evidence, list_for_discipline, put_scores_right, revive_case, touch
from app.workflows.case_guards import (
    disputed_part_is,
    is_asked,
    is_not_own_case,
    no_open_request,
    within_extension_time,
)
from app.workflows.case_start import check_deadline, check_units
from app.workflows.children import reopen_children
from app.workflows.engine import STAYS, Need, Transition
from app.workflows.needs import DEFINITE_PAST, DUE_ON, FILES, NOTE, REASON
from app.workflows.part_effects import resume_after_rebound
from app.workflows.request_effects import (
    ask,
    begin_cycle,
    decide,
    grant_return,
    is_in_future,
    review_is_near,
    set_new_deadline,
    start_long_term,
    wanted_is_later,
)

HEAD, SUPERVISOR, INSPECTOR = (Role.HEAD,), (Role.SUPERVISOR,), (Role.INSPECTOR,)
REVIEW_ON = Need("due_on", "下次复核日期", "date")
LATER = is_in_future("due_on", "日期")


def _grant_return(name: str, label: str, source: tuple[str, ...], dest: str, role: str) -> Transition:
    return Transition(
        name,
        label,
        source,
        dest,
        SUPERVISOR,
        guards=(is_asked("return_assignment", "退回交办申请"), disputed_part_is(role)),
        effects=(grant_return, put_scores_right, touch),
        needs=(Need("lead", "改派单位", "unit"), DUE_ON, DEFINITE_PAST, NOTE),
        checks=(check_units, check_deadline),
    )


ASKS = (
    _grant_return("grant_return", "同意退回并改派牵头", ("assigned", "planning", "rectifying"), "assigned", "lead"),
    _grant_return("grant_return_assist", "同意退回并改派配合", ("assigned", "planning", "rectifying"), STAYS, "assist"),
    Transition(
        "ask_extension",
        "申请延期",
        ("assigned", "planning", "rectifying"),
        STAYS,
        (Role.HEAD, Role.LIAISON),
        guards=(within_extension_time, no_open_request("extension", "延期申请")),
        effects=(ask("extension"), touch),
        needs=(
            REASON,
            Need("progress", "目前进展", "text"),
            Need("wanted_on", "申请延至", "date"),
        ),
        checks=(wanted_is_later,),
    ),
    Transition(
        "ask_long_term",
        "申请转为长期坚持",
        ("rectifying",),
        STAYS,
        HEAD,
        guards=(no_open_request("long_term", "长期坚持申请"),),
        effects=(ask("long_term"), touch),
        needs=(
            REASON,
            Need("stage_goal", "阶段目标", "text"),
            Need("wanted_on", "下次复核日期", "date"),
            Need("expected_end", "预计完成时间", "date"),
        ),
        checks=(is_in_future("wanted_on", "下次复核日期"), review_is_near("wanted_on")),
    ),
    Transition(
        "make_long_term",
        "同意转为长期坚持",
        ("rectifying",),
        "long_term",
        SUPERVISOR,
        guards=(is_asked("long_term", "长期坚持申请"), is_not_own_case),
        effects=(start_long_term, decide("long_term", "grant"), touch),
        needs=(REVIEW_ON, NOTE),
        checks=(LATER, review_is_near("due_on")),
    ),
    Transition(
        "review_continue",
        "复核：继续坚持",
        ("long_term",),
        STAYS,
        INSPECTOR,
        effects=(start_long_term, keep_evidence, touch),
        needs=(Need("reason", "复核情况", "text"), REVIEW_ON, FILES),
        checks=(LATER, review_is_near("due_on")),
    ),
    Transition(
        "review_resume",
        "复核：转入整改",
        ("long_term",),
        "rectifying",
        INSPECTOR,
        effects=(set_new_deadline("review"), keep_evidence, touch),
        needs=(Need("reason", "复核情况", "text"), DUE_ON, FILES),
        checks=(LATER,),
    ),
    Transition(
        "ask_rebound",
        "提出反弹认定",
        ("closed",),
        STAYS,
        INSPECTOR,
        guards=(no_open_request("rebound", "反弹认定"),),
        effects=(ask("rebound"), keep_evidence, touch),
        needs=(Need("reason", "反弹情况", "text"), Need("basis", "依据（回头看或新的反馈）", "line"), FILES),
    ),
    Transition(
        "rebound",
        "认定反弹",
        ("closed",),
        "rectifying",
        SUPERVISOR,
        guards=(is_asked("rebound", "反弹认定"),),
        effects=(
            revive_case,
            resume_after_rebound,
            begin_cycle,
            set_new_deadline("rebound"),
            decide("rebound", "grant"),
            reopen_children,
            list_for_discipline("rebound"),
            put_scores_right,
            touch,
        ),
        needs=(DUE_ON, NOTE),
        checks=(LATER,),
        is_grave=True,
    ),
)
