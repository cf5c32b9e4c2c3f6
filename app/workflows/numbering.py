"""Numbers that run without gaps or repeats: taken by one upsert of their counter, in the transaction of the act."""

from typing import Any

from sqlalchemy.orm import Session

from app.core.inserting import insertion
from app.ledgers.cases import Counter

COUNTERS: Any = Counter.__table__
ACCOUNT = ("authority_id", "kind", "year")


def next_serial(session: Session, authority_id: int, kind: str, year: int) -> int:
    """Return the next number of a kind, authority and year: others wait for this transaction, a rollback gives it back."""
    first = insertion(session, COUNTERS).values(authority_id=authority_id, kind=kind, year=year, last=1)
    taken = first.on_conflict_do_update(index_elements=ACCOUNT, set_={"last": COUNTERS.c.last + 1})
    return int(session.scalars(taken.returning(COUNTERS.c.last)).one())
