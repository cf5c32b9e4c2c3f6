"""How many cases somebody sees in each state, read from what is kept and never counted.

Kept for each authority and each unit. Whoever sees by both, by several units or by a portfolio sees some cases twice over;
the sum would not be honest, so there is none.
"""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.ledgers.cases.scopes import OFFICE_ROLES
from app.ledgers.cases.texts import Tally
from app.ledgers.cases.words import ENDED_STATES
from app.people import Actor, Role, within

UNIT_ROLES = (Role.HEAD, Role.LIAISON)
SEEING = frozenset({*OFFICE_ROLES, *UNIT_ROLES, Role.LEADER, Role.DISCIPLINE})


def kept_counts(session: Session, actor: Actor) -> dict[str, int] | None:
    """Return how many cases the actor sees in each state; None where it is not kept for what they see."""
    owner = _owner(actor)
    if owner is None:
        return None
    kept = select(Tally.state, Tally.count).where(Tally.kind == owner[0], Tally.owner_id == owner[1])
    return {state: count for state, count in session.execute(kept.where(within(Tally, actor)))}


def open_count(counts: Mapping[str, int]) -> int:
    """Return how many have not ended."""
    return sum(count for state, count in counts.items() if state not in ENDED_STATES)


def _owner(actor: Actor) -> tuple[str, int] | None:
    seeing = {grant.role for grant in actor.grants} & SEEING
    if seeing and seeing <= set(OFFICE_ROLES):
        found, kind = actor.authorities(*OFFICE_ROLES), "authority"
    elif seeing and seeing <= set(UNIT_ROLES):
        found, kind = actor.own_units, "unit"
    else:
        return None
    return (kind, next(iter(found))) if len(found) == 1 else None
