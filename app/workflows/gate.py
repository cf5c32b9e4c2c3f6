"""The closure gate (domain §3): what is still missing before a case can be accepted."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.ledgers.cases import Case, Evidence, Measure, Request, Verification
from app.ledgers.scores import Objection


def missing_for_closure(session: Session, case: Case) -> list[str]:
    """Return what is missing, in words fit to show; an empty list means that the gate is open."""
    missing = _missing_of_measures(session, case)
    if not case.result.strip():
        missing.append("没有对照验收标准说明整改结果")
    if not case.lesson.strip():
        missing.append("没有填写举一反三情况")
    if case.is_systemic and not case.mechanism.strip():
        missing.append("系统性问题没有说明长效机制")
    missing += _missing_of_others(session, case)
    return missing


def _missing_of_measures(session: Session, case: Case) -> list[str]:
    proven = select(Evidence.id).where(Evidence.measure_id == Measure.id).exists()
    current = (Measure.case_id == case.id, Measure.dropped_on.is_(None))
    query = select(Measure.position, Measure.done_on, proven).where(*current).order_by(Measure.position)
    missing = []
    for position, done_on, has_evidence in session.execute(query):
        if done_on is None:
            missing.append(f"第 {position} 项整改措施没有完成")
        elif not has_evidence:
            missing.append(f"第 {position} 项整改措施没有佐证材料")
    if case.rect_class == "immediate" and not session.scalar(
        select(func.count()).select_from(Evidence).where(Evidence.case_id == case.id, Evidence.unit_id.is_not(None))
    ):
        missing.append("没有任何佐证材料")
    return missing


def _missing_of_others(session: Session, case: Case) -> list[str]:
    extension = select(Request.id).where(
        Request.case_id == case.id, Request.kind == "extension", Request.state.in_(("drafted", "asked"))
    )
    objection = select(Objection.id).where(
        Objection.case_id == case.id, Objection.about_fact, Objection.state.in_(("drafted", "asked"))
    )
    level_one = select(Verification.id).where(
        Verification.case_id == case.id,
        Verification.cycle == case.cycle,
        Verification.level == 1,
        Verification.passed,
        Verification.site_on.is_not(None),
        Verification.method != "",
        Verification.names.contains("、"),
    )
    asked = select(extension.exists(), objection.exists(), level_one.exists())
    is_extending, is_contested, is_verified = session.execute(asked).one()
    found = {
        "有延期申请尚未决定": is_extending,
        "有对事实的申辩尚未裁定": is_contested,
        "一级核查记录缺少现场日期、方式或两名核查人": not is_verified,
    }
    return [said for said, holds in found.items() if holds]
