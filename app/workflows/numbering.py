"""Numbers that run without gaps or repeats: taken by a guarded update of their counter, in the transaction of the act."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.ledgers.cases import Counter
from app.workflows.posting import insert_or_ignore


def next_serial(session: Session, authority_id: int, kind: str, year: int) -> int:
    """Return the next number of a kind, authority and year: others wait for this transaction, a rollback gives it back."""
    account = {"authority_id": authority_id, "kind": kind, "year": year}
    insert_or_ignore(session, Counter, [account | {"last": 0}])
    taken = update(Counter).filter_by(**account).values(last=Counter.last + 1).returning(Counter.last)
    return int(session.scalars(taken, execution_options={"synchronize_session": False}).one())
