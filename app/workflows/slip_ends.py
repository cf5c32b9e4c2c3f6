"""Ends of slips that follow from something else: a case that ended, a part given back, a condition that is gone.

Each is a move by the slip's own table with an event of its own: nothing moves without one.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import Fact, record
from app.ledgers.cases import Case
from app.ledgers.slips import Slip
from app.ledgers.slips.words import LIVE_SLIPS
from app.people import Grant
from app.workflows.context import Context
from app.workflows.engine import Attempt, Effect, move_along
from app.workflows.posting import tell
from app.workflows.slip_copies import recall_copies
from app.workflows.table import WORKFLOWS
from app.workflows.talking import take_ground

FIELDS = {"lapse": "lapsed", "withdraw_along": "withdrawn", "settle_along": "settled"}
GROUND = {"lapse": "已失效", "withdraw_along": "已撤回"}


def end_slip(
    context: Context, slip: Slip, name: str, reason: str, grant: Grant | None = None, on: date | None = None
) -> None:
    """End one slip by the row `name` of its table (lapse, withdraw_along or settle_along), with an event that says why."""
    source, dest = move_along(context.session, WORKFLOWS["slip"], name, slip)
    fact = Fact(
        f"slip.{name}",
        f"slip:{slip.id}",
        chain_id=slip.authority_id,
        case_id=slip.case_id,
        unit_id=slip.unit_id,
        source=source,
        dest=dest,
        reason=reason,
        mandate_id=grant.mandate_id if grant else None,
    )
    event_id = record(context.session, fact, context.actor, context.moment)
    kept: dict[str, Any] = {"on": on or context.day, "event_id": event_id, "reason": reason}
    for field, value in kept.items():
        if hasattr(Slip, f"{FIELDS[name]}_{field}"):
            setattr(slip, f"{FIELDS[name]}_{field}", value)
    if name in GROUND:
        take_ground(context, [slip.id], f"所依据的{slip.name}{GROUND[name]}：{reason}")
    if name == "withdraw_along":
        tell(context, [(slip.authority_id, slip.unit_id, "slip_withdrawn", f"slip:{slip.id}", slip.case_id)])
        recall_copies(context, slip)


def end_slips(name: str, reason: str) -> Effect:
    """Make the effect of a case's end on its slips: open ones move by the row named, drafts lapse."""

    def effect(attempt: Attempt) -> None:
        case_id = attempt.row.id if isinstance(attempt.row, Case) else attempt.row.case_id
        _end_all(attempt, live_slips(attempt.session, case_id), name, reason)

    return effect


def withdraw_slips_of(attempt: Attempt, unit_id: int) -> None:
    """Withdraw the slips to a unit whose part was given back to the office."""
    case = attempt.case
    slips = live_slips(attempt.session, case.id if case else attempt.row.case_id)
    _end_all(attempt, [slip for slip in slips if slip.unit_id == unit_id], "withdraw_along", "承办单位已改派")


def live_slips(session: Session, case_id: int) -> Sequence[Slip]:
    """Return the drafts and open slips of a case, oldest first."""
    query = select(Slip).where(Slip.case_id == case_id, Slip.state.in_(LIVE_SLIPS))
    return session.scalars(query.order_by(Slip.id)).all()


def _end_all(attempt: Attempt, slips: Sequence[Slip], name: str, reason: str) -> None:
    for slip in slips:
        end_slip(attempt.context, slip, "lapse" if slip.state == "draft" else name, reason, attempt.grant)
