"""How to reach the citizens who reported a problem: shown to the office alone, and each look is an event."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import Fact, record
from app.core.clock import Moment
from app.core.errors import Absent, Invalid
from app.ledgers.cases.case_story import CONTACT_ROLES, may_read_contacts
from app.ledgers.cases.models import Case, CaseSource
from app.ledgers.cases.withholding import names_in, withhold
from app.people import Actor, within

LONGEST_REASON = 200


def note_reading(session: Session, actor: Actor, case: Case, moment: Moment, reason: str) -> int:
    """Record that the actor reads the contacts of a case and why, and return the event.

    Absent for who may not, Invalid without a reason.
    """
    if not may_read_contacts(actor, case):
        raise Absent
    names = names_in("\n".join(contacts_of(session, actor, case).values()))
    if not (words := withhold(reason.strip(), names).text[:LONGEST_REASON]):
        raise Invalid({"reason": "请填写查看联系方式的理由，例如回访、核实情况。查看和理由都会记入办理过程。"})
    grant = actor.grant(*CONTACT_ROLES, authority_id=case.authority_id)
    fact = Fact(
        "case.read_contact",
        f"case:{case.id}",
        chain_id=case.authority_id,
        case_id=case.id,
        reason=words,
        mandate_id=grant.mandate_id if grant else None,
    )
    return record(session, fact, actor, moment)


def contacts_of(session: Session, actor: Actor, case: Case) -> dict[int, str]:
    """Return the contacts of a case by source; the caller has recorded the reading. Empty for who may not."""
    if not may_read_contacts(actor, case):
        return {}
    query = select(CaseSource.id, CaseSource.contact).where(within(CaseSource, actor), CaseSource.case_id == case.id)
    return {source_id: contact for source_id, contact in session.execute(query) if contact}
