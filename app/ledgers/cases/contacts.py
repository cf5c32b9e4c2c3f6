"""How to reach the citizens who reported a problem: shown to the office alone, and each look is an event."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import Fact, record
from app.core.clock import Moment
from app.core.errors import Absent
from app.ledgers.cases.case_story import may_read_contacts
from app.ledgers.cases.models import Case, CaseSource
from app.people import Actor, within


def note_reading(session: Session, actor: Actor, case: Case, moment: Moment) -> int:
    """Record that the actor reads the contacts of a case, and return the event; Absent for who may not."""
    if not may_read_contacts(actor, case):
        raise Absent
    fact = Fact("case.read_contact", f"case:{case.id}", chain_id=case.authority_id, case_id=case.id)
    return record(session, fact, actor, moment)


def contacts_of(session: Session, actor: Actor, case: Case) -> dict[int, str]:
    """Return the contacts of a case by source; the caller has recorded the reading. Empty for who may not."""
    if not may_read_contacts(actor, case):
        return {}
    query = select(CaseSource.id, CaseSource.contact).where(within(CaseSource, actor), CaseSource.case_id == case.id)
    return {source_id: contact for source_id, contact in session.execute(query) if contact}
