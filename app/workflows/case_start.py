"""The rows of the case table that bring a case in: 登记, 受理, 不予受理, 交办, and what is added or corrected later."""

from typing import Any

from sqlalchemy import select

from app.ledgers.cases import Case
from app.ledgers.cases.words import CLASSES, DISCOVERIES, OPEN_STATES, SOURCES
from app.people import Role, Unit, takes_parts
from app.workflows.case_checks import OLDEST, check_lengths, found_is_not_future
from app.workflows.case_effects import (
    assign_units,
    correct_facts,
    end_case,
    give_number,
    keep_evidence,
    keep_old_facts,
    list_for_discipline,
    put_scores_right,
    revive_case,
    save_source,
    touch,
)
from app.workflows.case_guards import ended_from
from app.workflows.children import tell_parent, too_late
from app.workflows.engine import NEW, STAYS, Attempt, Need, Transition
from app.workflows.instruction import WRITTEN, instruction_is_sound, write_instruction
from app.workflows.needs import (
    A_YEAR,
    CATEGORY,
    CONTACT,
    DEFINITE_PAST,
    DISCOVERY,
    FARTHEST,
    FILES,
    FOUND_ON,
    NOTE,
    PLACE,
    REASON,
    REFERENCE,
    SOURCE_KIND,
    TEXT,
    TITLE,
)

OFFICE = (Role.INSPECTOR, Role.SUPERVISOR)
SUPERVISOR = (Role.SUPERVISOR,)
UNIT = (Role.LIAISON, Role.HEAD)
LEAD = Need("lead", "牵头单位", "unit")
CLASS = Need("rect_class", "整改类别", "choice", choices=CLASSES)
DEADLINE = Need("due_on", "整改期限", "date", required=False, hint="立行立改可不填，按 3 个工作日计")
STANDARD = Need("standard", "验收标准", "text", hint="整改到什么程度算完成")


def check_assignment(attempt: Attempt) -> dict[str, str]:
    """A deadline is needed, except where the class brings its own; one already past is confirmed or changed."""
    form = attempt.form
    if form.get("lead") in (form.get("assist") or []):
        return {"assist": "牵头单位不能同时是配合单位。"}
    return check_units(attempt) or check_deadline(attempt)


def check_units(attempt: Attempt) -> dict[str, str]:
    """Units that are given a part are open units of the authority that do such work: no office, no unit of another county."""
    lead, assist = int(attempt.form["lead"]), [int(unit) for unit in attempt.form.get("assist") or []]
    mine = Unit.authority_id == attempt.row.authority_id, Unit.closed_on.is_(None), takes_parts()
    known = set(attempt.session.scalars(select(Unit.id).where(*mine, Unit.id.in_([lead, *assist]))))
    if lead not in known:
        return {"lead": "请选择本级督办范围内的单位。"}
    return {"assist": "请选择本级督办范围内的单位。"} if set(assist) - known else {}


def check_deadline(attempt: Attempt) -> dict[str, str]:
    """Check the deadline of the form against today."""
    due_on, case = attempt.form.get("due_on"), attempt.case
    rect_class = attempt.form.get("rect_class") or (case.rect_class if case else None)
    if due_on is None:
        return {} if rect_class == "immediate" else {"due_on": "请填写整改期限。"}
    if due_on < attempt.context.day and not attempt.form.get("confirm_past"):
        return {"due_on": "这个期限已经过去。请改期，或勾选“期限已过，确认按此日期交办”。"}
    if due_on < attempt.context.day - OLDEST:
        return {"due_on": "整改期限过早，请核对年份。"}
    if due_on > attempt.context.day + FARTHEST:
        return {"due_on": "整改期限过远，请核对年份。"}
    if due_on > attempt.context.day + A_YEAR and rect_class != "long_term" and not attempt.form.get("reason"):
        return {"reason": f"整改期限 {due_on} 在一年以后，请核对年份；确要这样定的，请在这里说明理由。"}
    return too_late(case, due_on)


def is_self_found(attempt: Attempt) -> str | None:
    """Units log only what they found themselves; the office's people log the rest."""
    row: Case = attempt.row
    if row.source_kind != "self" or row.reporter_unit_id is None:
        return "单位只能登记本单位自查发现的问题。"
    return None


def fill_new(attempt: Attempt) -> None:
    """Nothing beyond the source remains to be written: the row came filled (see new_case)."""
    save_source(attempt)


def new_case(attempt_actor: Any, authority_id: int, form: Any, moment: Any, unit_id: int | None = None) -> Case:
    """Make the row of a case that is to be logged, from the form; `unit_id` is the unit for 自查."""
    return Case(
        authority_id=authority_id,
        title=str(form.get("title") or "")[:120],
        text=str(form.get("text") or ""),
        category=str(form.get("category") or "")[:60],
        place=str(form.get("place") or "")[:120],
        source_kind=str("self" if unit_id else form.get("source_kind") or "other"),
        found_on=form.get("found_on") or moment.day,
        reporter_id=attempt_actor.person_id,
        reporter_unit_id=unit_id,
        saved_at=moment.at,
        moved_at=moment.at,
    )


def offer_assignment(attempt: Attempt) -> dict[str, Any]:
    """Fill the form of an assignment with what an imported ledger proposed; the supervisor decides. No lead assists."""
    case: Case = attempt.row
    lead = attempt.form.get("lead") or case.proposed_lead_id
    return {
        "lead": lead,
        "assist": [unit_id for unit_id in case.proposed_assist or () if unit_id != lead],
        "rect_class": case.proposed_class,
        "due_on": case.proposed_due_on,
        "standard": case.standard,
    }


STARTS = (
    Transition(
        "log",
        "登记问题",
        (NEW,),
        "reported",
        OFFICE,
        effects=(fill_new, keep_evidence),
        needs=(TITLE, TEXT, PLACE, SOURCE_KIND, DISCOVERY, FOUND_ON, CATEGORY, REFERENCE, CONTACT, FILES),
        checks=(found_is_not_future, check_lengths),
    ),
    Transition(
        "take_in",
        "导入登记",
        (NEW,),
        "reported",
        OFFICE,
        effects=(fill_new,),
        needs=(
            TITLE,
            TEXT,
            Need("source_kind", "反馈来源", "choice", choices=SOURCES),
            Need("discovery", "发现方式", "choice", choices=DISCOVERIES),
            FOUND_ON,
            CATEGORY,
            REFERENCE,
            CONTACT,
            Need("import_row", "导入文件和行", "line"),
            Need("proposed_lead", "台账所列牵头单位", "line", required=False),
            Need("proposed_assist", "台账所列配合单位", "line", required=False),
            Need("proposed_due_on", "台账所列整改时限", "date", required=False),
            Need("proposed_state", "台账所列完成情况", "line", required=False),
        ),
        checks=(found_is_not_future, check_lengths),
    ),
    Transition(
        "log_self",
        "登记自查问题",
        (NEW,),
        "reported",
        UNIT,
        guards=(is_self_found,),
        effects=(fill_new, keep_evidence),
        needs=(TITLE, TEXT, PLACE, FOUND_ON, CATEGORY, FILES),
        checks=(found_is_not_future, check_lengths),
    ),
    Transition(
        "admit",
        "受理建账",
        ("reported",),
        "ledgered",
        SUPERVISOR,
        before=(give_number,),
        effects=(touch,),
        needs=(NOTE,),
    ),
    Transition(
        "reject",
        "不予受理",
        ("reported", "ledgered"),
        "rejected",
        SUPERVISOR,
        effects=(end_case, list_for_discipline("rejected"), tell_parent, touch),
        needs=(REASON,),
        is_grave=True,
    ),
    *(
        Transition(
            "restore",
            "撤销不予受理",
            ("rejected",),
            state,
            SUPERVISOR,
            effects=(revive_case, touch),
            needs=(REASON,),
            when=ended_from(state),
        )
        for state in ("reported", "ledgered")
    ),
    Transition(
        "assign",
        "交办",
        ("ledgered",),
        "assigned",
        SUPERVISOR,
        effects=(assign_units, put_scores_right, touch),
        needs=(
            LEAD,
            Need("assist", "配合单位", "units", required=False),
            CLASS,
            DEADLINE,
            DEFINITE_PAST,
            STANDARD,
            Need("is_systemic", "系统性问题，须建立长效机制", "bool", required=False),
            NOTE,
        ),
        checks=(check_assignment,),
        offer=offer_assignment,
    ),
    Transition(
        "correct",
        "更正事实",
        OPEN_STATES,
        STAYS,
        SUPERVISOR,
        effects=(correct_facts, touch),
        before=(keep_old_facts,),
        needs=(
            Need("title", "问题标题", "line", required=False),
            Need("text", "问题描述", "text", required=False),
            PLACE,
            CATEGORY,
            Need("standard", "验收标准", "text", required=False),
            REASON,
        ),
        checks=(check_lengths,),
    ),
    Transition(
        "add_source",
        "补充反馈来源",
        OPEN_STATES,
        STAYS,
        OFFICE,
        effects=(save_source, put_scores_right, touch),
        needs=(
            SOURCE_KIND,
            DISCOVERY,
            FOUND_ON,
            REFERENCE,
            Need("source_text", "来源原文", "text", required=False),
            CONTACT,
        ),
        checks=(found_is_not_future, check_lengths),
    ),
    Transition(
        "comment",
        "备注",
        OPEN_STATES,
        STAYS,
        OFFICE,
        effects=(keep_evidence, touch),
        needs=(Need("reason", "备注内容", "text"), FILES),
    ),
    Transition(
        "instruct",
        "批示",
        OPEN_STATES,
        STAYS,
        (Role.LEADER,),
        effects=(write_instruction, touch),
        needs=WRITTEN,
        checks=(instruction_is_sound,),
    ),
)
