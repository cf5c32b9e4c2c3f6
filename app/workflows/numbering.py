"""Numbers that run without gaps or repeats: given under the row lock of their counter, in the transaction of the act."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.ledgers.cases import Counter
from app.workflows.posting import insert_or_ignore


def next_serial(session: Session, authority_id: int, kind: str, year: int) -> int:
    """Return the next number of a kind, authority and year; an act that is rolled back gives it back."""
    account = {"authority_id": authority_id, "kind": kind, "year": year}
    insert_or_ignore(session, Counter, [account | {"last": 0}])
    query = select(Counter).filter_by(**account).with_for_update().execution_options(populate_existing=True)
    counter = session.scalars(query).one()
    counter.last += 1
    session.flush()
    return counter.last
