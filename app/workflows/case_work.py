"""The rows of the case table while it is worked on and checked: 签收, 方案, 报结, 核查, 验收, 退回, 公示, 销号."""

from datetime import date

from app.calendar import Limit, deadline
from app.ledgers.cases import Case
from app.people import Role
from app.workflows.case_effects import (
    end_case,
    keep_evidence,
    list_for_discipline,
    put_scores_right,
    save_verification,
    take_back_early,
    touch,
)
from app.workflows.case_guards import (
    case_of,
    every_part_is_in,
    gate_is_open,
    is_not_own_case,
    lead_is_not_disputed,
    no_open_request,
    nothing_is_disputed,
    notice_is_over,
    plan_is_approved,
    reporter_is_not_verifier,
    verifier_is_not_acceptor,
    verifier_is_not_of_the_unit,
)
from app.workflows.children import children_are_closed, recap_children, tell_below, tell_parent
from app.workflows.engine import STAYS, Attempt, Need, Transition
from app.workflows.needs import FILES, NOTE
from app.workflows.part_effects import (
    parts_of,
    report_finished,
    send_parts_back,
    sign_receipt,
    take_back,
)
from app.workflows.plan import MEASURES, check_measures, draft_plan, pass_plan, plan_may_change
from app.workflows.second_person import check_second_person
from app.workflows.slip_ends import end_slips

UNIT = (Role.LIAISON, Role.HEAD)
HEAD, SUPERVISOR, INSPECTOR = (Role.HEAD,), (Role.SUPERVISOR,), (Role.INSPECTOR,)
LONGEST_NOTICE = 30
MISSING = Need("reason", "缺什么、要补什么", "text")
SITE_ON = Need("site_on", "现场核查日期", "date")
METHOD = Need("method", "核查方式", "line", hint="如：现场查看、查阅资料、走访群众")
SECOND = Need("second_person", "第二核查人", "line", hint="现场核查须两人", holds="names")


def is_immediate(case: Case) -> bool:
    """Say whether the case is to be put right at once, without a plan."""
    return case.rect_class == "immediate"


def note_verified(attempt: Attempt) -> None:
    """Note who verified, and until when level 2 is due."""
    case = case_of(attempt)
    case.verified_by_id = attempt.actor.person_id
    case.check_due_on = attempt.context.limit(case.authority_id, "accept_days").on


def check_site(attempt: Attempt) -> dict[str, str]:
    """The visit lies between the report and today; the second name is that of another, who has no part in the case."""
    site_on: date = attempt.form["site_on"]
    if site_on > attempt.context.day:
        return {"site_on": "现场核查日期不能晚于今天。"}
    submitted = case_of(attempt).submitted_on
    if submitted and site_on < submitted:
        return {"site_on": f"现场核查应在报结日 {submitted} 当天或之后。"}
    return check_second_person(attempt)


def check_failed_parts(attempt: Attempt) -> dict[str, str]:
    """The parts named are parts of the case; a false report names the guilty unit (the lead unless told)."""
    units = {part.unit_id for part in parts_of(attempt)}
    named = set(attempt.form.get("parts") or []) | set(attempt.form.get("guilty") or [])
    if named - units:
        return {"parts": "所选单位不承办这一件。"}
    if attempt.form.get("guilty") and not attempt.form.get("false"):
        return {"false": "选择了弄虚作假责任单位，请同时勾选“认定弄虚作假”。"}
    if attempt.form.get("false"):
        attempt.data["guilty"] = sorted(attempt.form.get("guilty") or [case_of(attempt).lead_unit_id])
    return {}


def begin_notice(attempt: Attempt) -> None:
    """Begin a public notice of N working days."""
    case = case_of(attempt)
    limit = Limit(int(attempt.form["days"]), "working_day")
    case.notice_until = deadline(attempt.context.calendar(case.authority_id), attempt.context.day, limit).on


def check_days(attempt: Attempt) -> dict[str, str]:
    """A notice runs 1 to 30 working days."""
    return (
        {}
        if 1 <= int(attempt.form["days"]) <= LONGEST_NOTICE
        else {"days": f"公示期应为 1 至 {LONGEST_NOTICE} 个工作日。"}
    )


def _acknowledge(dest: str, immediate: bool) -> Transition:
    return Transition(
        "acknowledge",
        "签收",
        ("assigned",),
        dest,
        UNIT,
        guards=(lead_is_not_disputed,),
        effects=(sign_receipt, take_back_early, touch),
        when=lambda case: is_immediate(case) is immediate,
    )


WORKS = (
    _acknowledge("planning", immediate=False),
    _acknowledge("rectifying", immediate=True),
    Transition(
        "draft_plan",
        "编制整改方案",
        ("planning",),
        STAYS,
        UNIT,
        guards=(plan_may_change,),
        effects=(draft_plan, touch),
        needs=(MEASURES,),
        checks=(check_measures,),
    ),
    Transition(
        "pass_plan",
        "方案通过",
        ("planning",),
        "rectifying",
        SUPERVISOR,
        guards=(plan_is_approved,),
        effects=(pass_plan, touch),
        needs=(NOTE,),
    ),
    Transition(
        "report_finished",
        "报结",
        ("rectifying",),
        "submitted",
        HEAD,
        guards=(
            nothing_is_disputed,
            every_part_is_in,
            children_are_closed,
            no_open_request("extension", "延期申请"),
        ),
        effects=(report_finished, keep_evidence, put_scores_right, touch),
        needs=(
            Need("result", "对照验收标准的整改结果", "text"),
            Need("lesson", "举一反三情况", "text"),
            Need("mechanism", "长效机制（系统性问题必填）", "text", required=False),
            FILES,
        ),
    ),
    Transition("take_back", "撤回报结", ("submitted",), "rectifying", HEAD, effects=(take_back, touch), needs=(NOTE,)),
    Transition(
        "verify",
        "核查通过",
        ("submitted",),
        "verified",
        INSPECTOR,
        guards=(reporter_is_not_verifier, verifier_is_not_of_the_unit),
        effects=(save_verification(1, passed=True), note_verified, keep_evidence, touch),
        needs=(SITE_ON, METHOD, SECOND, NOTE, FILES),
        checks=(check_site,),
    ),
    Transition(
        "accept",
        "验收通过",
        ("verified",),
        "accepted",
        SUPERVISOR,
        guards=(verifier_is_not_acceptor, is_not_own_case, gate_is_open),
        effects=(save_verification(2, passed=True), touch),
        needs=(NOTE,),
    ),
    Transition(
        "send_back",
        "退回整改",
        ("submitted", "verified", "accepted"),
        "rectifying",
        (Role.INSPECTOR, Role.SUPERVISOR),
        guards=(reporter_is_not_verifier,),
        effects=(send_parts_back, list_for_discipline("returned"), put_scores_right, touch),
        needs=(
            MISSING,
            Need("parts", "未通过的承办单位", "parts", required=False, hint="不选为全部"),
            Need("false", "认定弄虚作假", "bool", required=False),
            Need("guilty", "弄虚作假责任单位", "parts", required=False, hint="不选为牵头单位"),
        ),
        checks=(check_failed_parts,),
        is_grave=True,
    ),
    Transition(
        "publish",
        "销号公示",
        ("accepted",),
        STAYS,
        SUPERVISOR,
        effects=(begin_notice, touch),
        needs=(Need("days", "公示工作日数", "number"),),
        checks=(check_days,),
    ),
    Transition(
        "close",
        "销号",
        ("accepted",),
        "closed",
        SUPERVISOR,
        guards=(notice_is_over,),
        effects=(end_case, end_slips("settle_along", "销号"), recap_children, tell_below, tell_parent, touch),
        needs=(NOTE,),
    ),
)
