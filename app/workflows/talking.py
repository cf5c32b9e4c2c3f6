"""What follows for talks: interviews are proposed for slips and withdrawn with them, dates are reminded of, persons told."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import literal, select

from app.audit import Fact, record_many
from app.core.inserting import insertion
from app.ledgers.talks import Commitment, Instruction, Interview
from app.people import Role
from app.workflows.context import Context
from app.workflows.naming import accounts_named, names_in, persons_of
from app.workflows.posting import tell
from app.workflows.telling import tell_persons

INTERVIEWS: Any = Interview.__table__
NO_CASE = literal(None)
HEARD = (Role.HEAD, Role.LIAISON)
SAID = "督办已升到最高一级，按规定建议约谈单位负责人。"


class SlipNamed(NamedTuple):
    """A slip for which an interview is proposed: its id, case, authority and unit."""

    slip_id: int
    case_id: int
    authority_id: int
    unit_id: int


def propose_for_slips(context: Context, rows: Sequence[SlipNamed], kind: str = "admonish", reason: str = SAID) -> int:
    """Propose an interview for each slip named that has none yet; once for each slip, whatever is repeated. Return how many.

    The callers hold the locks of the cases, so that two runs never propose for one slip.
    """
    if not rows:
        return 0
    session, day = context.session, context.day
    had = set(session.scalars(select(Interview.slip_id).where(Interview.slip_id.in_([row.slip_id for row in rows]))))
    new = [row for row in dict.fromkeys(rows) if row.slip_id not in had]
    values = [
        {
            "authority_id": row.authority_id,
            "unit_id": row.unit_id,
            "kind": kind,
            "basis": "slip",
            "slip_id": row.slip_id,
            "case_id": row.case_id,
            "reason": reason,
            "state": "proposed",
            "version": 1,
            "proposed_on": day,
        }
        for row in new
    ]
    if not values:
        return 0
    session.execute(insertion(session, INTERVIEWS).on_conflict_do_nothing(), values)
    wanted = [row.slip_id for row in new]
    made = session.execute(select(Interview.id, Interview.slip_id).where(Interview.slip_id.in_(wanted)))
    ids = {slip_id: interview_id for interview_id, slip_id in made}
    record_many(session, [_fact(ids[row.slip_id], row, kind) for row in new], context.actor, context.moment)
    return len(new)


def take_ground(context: Context, slip_ids: Iterable[int], why: str) -> None:
    """Withdraw the proposals that stand on slips which lapsed or were withdrawn, each with an event that says why.

    Where the notice has gone out nothing moves by itself: who signed it, and whom for, are told and decide.
    """
    session, day = context.session, context.day
    query = select(Interview).where(Interview.slip_id.in_(list(slip_ids)), Interview.state.in_(("proposed", "noticed")))
    query = query.order_by(Interview.id).with_for_update().execution_options(populate_existing=True)
    facts = []
    for row in session.scalars(query):
        if row.state == "noticed":
            subject = f"interview:{row.id}:{row.slip_id}"
            signers = dict.fromkeys(filter(None, (row.signed_by_id, row.signed_for_id)))
            tell_persons(context, [(row.authority_id, who, "interview_doubtful", subject, None) for who in signers])
            continue
        facts.append(_withdrawal(row, why))
        row.state, row.version = "withdrawn", row.version + 1
        row.withdrawn_on, row.withdrawn_reason = day, why
    if facts:
        session.flush()
        record_many(session, facts, context.actor, context.moment)


def _withdrawal(row: Interview, why: str) -> Fact:
    return Fact(
        kind="interview.withdraw_along",
        subject=f"interview:{row.id}",
        chain_id=row.authority_id,
        unit_id=row.unit_id,
        source="proposed",
        dest="withdrawn",
        reason=why,
        data={"slip": row.slip_id, "case": row.case_id},
    )


def _fact(interview_id: int, row: SlipNamed, kind: str) -> Fact:
    return Fact(
        kind="interview.propose",
        subject=f"interview:{interview_id}",
        chain_id=row.authority_id,
        unit_id=row.unit_id,
        source="new",
        dest="proposed",
        data={"basis": "slip", "slip": row.slip_id, "case": row.case_id, "kind": kind},
    )


def remind_of_talks(context: Context, day: date) -> None:
    """Tell units once of commitments and instructions that fall due soon, and once more when they are overdue."""
    _remind(context, day, "commitment", Commitment, "open", NO_CASE)
    _remind(context, day, "instruction", Instruction, "written", Instruction.case_id)


def _remind(context: Context, day: date, kind: str, model: Any, state: str, case_id: Any) -> None:
    waits = (model.state == state) & model.unit_id.is_not(None)
    for authority_id in context.session.scalars(select(model.authority_id).where(waits).distinct()).all():
        soon = context.limit(authority_id, "due_soon_days", day).on
        query = select(model.id, model.unit_id, model.due_on, case_id).where(waits, model.due_on <= soon)
        notices = [
            (authority_id, unit_id, f"{kind}_{'late' if due_on < day else 'soon'}", f"{kind}:{row_id}:{due_on}", of)
            for row_id, unit_id, due_on, of in context.session.execute(query.where(model.authority_id == authority_id))
        ]
        tell(context, notices)
        if model is Commitment:
            _remind_persons(context, authority_id, day, soon)


def tell_named(context: Context, row: Interview, kind: str, texts: Iterable[tuple[object, str]]) -> None:
    """Tell those of the persons named in (subject, text) that have an account, once for each subject."""
    said = list(texts)
    names = {name for _, text in said for name in names_in(text)}
    found = accounts_named(context.session, row.authority_id, context.day, names)
    notices = [
        (row.authority_id, person_id, kind, subject, None)
        for subject, text in said
        for person_id in persons_of(found, text, row.unit_id)
    ]
    tell_persons(context, notices)


def _remind_persons(context: Context, authority_id: int, day: date, soon: date) -> None:
    """Tell the persons of commitments the same as their units; who hears it as head or liaison hears it once."""
    late = Commitment.due_on < day
    query = select(Commitment.id, Commitment.unit_id, Commitment.person, Commitment.due_on, late)
    query = query.where(Commitment.authority_id == authority_id, Commitment.state == "open", Commitment.due_on <= soon)
    rows = context.session.execute(query).all()
    found = accounts_named(context.session, authority_id, day, {name for row in rows for name in names_in(row.person)})
    heard = {
        (account.person_id, account.unit_id) for each in found.values() for account in each if account.role in HEARD
    }
    tell_persons(
        context,
        [
            (
                authority_id,
                person_id,
                f"commitment_{'late' if is_late else 'soon'}",
                f"commitment:{row_id}:{due_on}",
                None,
            )
            for row_id, unit_id, person, due_on, is_late in rows
            for person_id in persons_of(found, person, unit_id)
            if (person_id, unit_id) not in heard
        ],
    )
