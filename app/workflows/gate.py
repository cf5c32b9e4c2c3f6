"""The closure gate (domain §3): what is still missing before a case can be accepted."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from app.core.aliases import shared_alias
from app.ledgers.cases import Case, Evidence, Measure, Request, Verification, open_children
from app.ledgers.scores import Objection

OPEN = ("drafted", "asked")
FOLLOWER = shared_alias(Case)


def missing_for_closure(session: Session, case: Case) -> list[str]:
    """Return what is missing, in words fit to show; an empty list means that the gate is open."""
    rows = session.execute(STATE_OF_CASES.where(Case.id == case.id)).all()
    missing = _missing_of_measures(case, rows)
    if not case.result.strip():
        missing.append("没有对照验收标准说明整改结果")
    if not case.lesson.strip():
        missing.append("没有填写举一反三情况")
    if case.is_systemic and not case.mechanism.strip():
        missing.append("系统性问题没有说明长效机制")
    found = {
        "有延期申请尚未决定": rows[0].is_extending,
        "有对事实的申辩尚未裁定": rows[0].is_contested,
        "一级核查记录缺少现场日期、方式或两名核查人": not rows[0].is_verified,
    }
    missing += [child.said for child in open_children(session, case.id)] if rows[0].is_followed else []
    return missing + [said for said, holds in found.items() if holds]


def _missing_of_measures(case: Case, rows: Sequence[Any]) -> list[str]:
    missing = []
    for row in rows:
        if row.position is not None and row.done_on is None:
            missing.append(f"第 {row.position} 项整改措施没有完成")
        elif row.position is not None and not row.is_proven:
            missing.append(f"第 {row.position} 项整改措施没有佐证材料")
    if case.rect_class == "immediate" and not rows[0].has_evidence:
        missing.append("没有任何佐证材料")
    return missing


def _state_of_cases() -> Select[Any]:
    """Select what the gate asks of cases besides their own row: a row for each measure in force, or one without any."""
    proven = select(Evidence.id).where(Evidence.measure_id == Measure.id).correlate(Measure)
    evidence = select(Evidence.id).where(Evidence.case_id == Case.id, Evidence.unit_id.is_not(None))
    extension = select(Request.id).where(
        Request.case_id == Case.id, Request.kind == "extension", Request.state.in_(OPEN)
    )
    objection = select(Objection.id).where(
        Objection.case_id == Case.id, Objection.about_fact, Objection.state.in_(OPEN)
    )
    level_one = select(Verification.id).where(
        Verification.case_id == Case.id,
        Verification.cycle == Case.cycle,
        Verification.level == 1,
        Verification.passed,
        Verification.site_on.is_not(None),
        Verification.method != "",
        Verification.names.contains("、"),
    )
    followed = select(FOLLOWER.id).where(or_(FOLLOWER.parent_id == Case.id, FOLLOWER.merged_into_id == Case.id))
    asked = {"has_evidence": evidence, "is_extending": extension, "is_contested": objection, "is_verified": level_one}
    asked["is_followed"] = followed
    columns: list[Any] = [query.correlate(Case).exists().label(name) for name, query in asked.items()]
    columns += [Measure.position, Measure.done_on, proven.exists().label("is_proven")]
    in_force = (Measure.case_id == Case.id) & Measure.dropped_on.is_(None)
    return select(*columns).select_from(Case).outerjoin(Measure, in_force).order_by(Measure.position)


STATE_OF_CASES = _state_of_cases()
