"""Signing many slips at once: each by its own move in its own savepoint, so that one that is refused never loses the others."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from app.core.errors import Invalid, Refused, Stale
from app.ledgers.cases import Case, Counter
from app.ledgers.slips import Slip
from app.workflows.context import Context
from app.workflows.engine import fire
from app.workflows.posting import insert_or_ignore
from app.workflows.slip import SLIP


@dataclass(frozen=True, slots=True)
class Signed:
    """What became of one draft: its number, or why it was not signed."""

    slip_id: int
    number: str = ""
    refused: str = ""


def sign_many(context: Context, drafts: Sequence[tuple[Slip, int]]) -> list[Signed]:
    """Sign each draft that still has the version it was seen with, in the order given; the caller commits."""
    _lock_in_order(context, [slip for slip, _ in drafts])
    return [_sign(context, slip, version) for slip, version in drafts]


def _sign(context: Context, slip: Slip, version: int) -> Signed:
    slip_id = slip.id
    try:
        with context.session.begin_nested():
            fire(context, SLIP, "sign", slip, {}, version)
            return Signed(slip_id, str(slip.number))
    except (Refused, Stale) as error:
        return Signed(slip_id, refused=str(error))
    except Invalid as error:
        return Signed(slip_id, refused=str(error))


def _lock_in_order(context: Context, slips: Sequence[Slip]) -> None:
    """Take every lock that the signatures will need, in one order for all: cases, then counters; so none waits in a ring."""
    session: Session = context.session
    cases = select(Case.id).where(Case.id.in_({slip.case_id for slip in slips}))
    session.execute(cases.order_by(Case.id).with_for_update())
    accounts = sorted({(slip.authority_id, f"slip:{slip.type_code}", context.day.year) for slip in slips})
    for authority_id, kind, year in accounts:
        row = {"authority_id": authority_id, "kind": kind, "year": year, "last": 0}
        insert_or_ignore(session, Counter, [row])
    key = tuple_(Counter.authority_id, Counter.kind, Counter.year)
    session.execute(select(Counter.last).where(key.in_(accounts)).order_by(Counter.kind).with_for_update())
