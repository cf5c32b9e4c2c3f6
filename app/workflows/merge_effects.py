"""Effects of a merge and of taking it back: the feedbacks move along as copies, and the case that is kept tells of it."""

from sqlalchemy import select

from app.audit import Fact, record
from app.core.errors import Invalid
from app.ledgers.cases import Case, CaseSource
from app.workflows.case_guards import case_of
from app.workflows.engine import Attempt
from app.workflows.settling import settle


def merge_into(attempt: Attempt) -> None:
    """End the case in another one, which takes over its sources; everything stays readable from there."""
    case, session = case_of(attempt), attempt.session
    other = session.get(Case, int(attempt.form["case"]))
    if other is None or other.id == case.id or other.authority_id != case.authority_id or other.ended_on:
        raise Invalid({"case": "请选择另一件在办的问题作为并入对象。"})
    case.merged_into_id = other.id
    mine = select(CaseSource).where(CaseSource.case_id == case.id, CaseSource.withdrawn_event_id.is_(None))
    told = case.text if case.text != other.text else ""
    for source in list(session.scalars(mine.order_by(CaseSource.id))):
        session.add(_copied(source, case, other.id, attempt.event_id, told))
        told = ""  # the words of the case are those of its first feedback
    session.flush()
    _tell(attempt, other.id, "case.absorb")
    attempt.context.memory["decided_event"] = attempt.event_id
    settle(attempt.context, [other.id])


def unmerge_from(attempt: Attempt) -> None:
    """Take the sources that came with a merge back from the other case, and what they told there of citizens."""
    case, session = case_of(attempt), attempt.session
    merged = CaseSource.event_id == case.ended_event_id
    taken = session.scalars(select(CaseSource).where(CaseSource.case_id == case.merged_into_id, merged))
    for source in list(taken):
        source.withdrawn_event_id, source.contact = attempt.event_id, None
    session.flush()
    attempt.context.memory["decided_event"] = attempt.event_id
    if case.merged_into_id is not None:
        _tell(attempt, case.merged_into_id, "case.release")
        settle(attempt.context, [case.merged_into_id])


def _copied(source: CaseSource, case: Case, kept_id: int, event_id: int, told: str) -> CaseSource:
    """Copy a feedback to the case that is kept, with the words in which its own case told it."""
    values = {
        column.name: getattr(source, column.name)
        for column in CaseSource.__table__.columns
        if column.name not in ("id", "case_id", "event_id", "identity", "text", "merged_from_id")
    }
    text = "\n".join(filter(None, (told, source.text)))
    from_id = source.merged_from_id or case.id
    return CaseSource(**values, case_id=kept_id, event_id=event_id, text=text, merged_from_id=from_id)


def _tell(attempt: Attempt, kept_id: int, kind: str) -> None:
    """Put into the story of the case that is kept what was merged into it or taken out of it, by whom and why."""
    case, grant, reason = case_of(attempt), attempt.grant, attempt.form.get("reason")
    fact = Fact(
        kind,
        f"case:{kept_id}",
        chain_id=case.authority_id,
        case_id=kept_id,
        reason=str(reason) if reason else None,
        data={"case": case.id, "number": case.number or ""},
        mandate_id=grant.mandate_id if grant else None,
    )
    record(attempt.session, fact, attempt.actor, attempt.context.moment)
