"""How fast a channel may send: evenly spaced, counted in the database so that all workers share one limit."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.inserting import insertion
from app.ledgers.messages import OutboxMark
from app.notices.channels import Channel

MARGIN = 1.05  # sending takes a moment after the place was taken
BURST = timedelta(seconds=2)


def take_places(session: Session, channel: Channel, wanted: int, now: datetime) -> tuple[int, float]:
    """Take up to `wanted` places; return how many there were, and in how many seconds there is one again.

    Slow channels (robots) get one at a time; fast ones what fits into two seconds.
    """
    name = f"pace:{channel.name}:{channel.robot or ''}"
    gap = timedelta(minutes=1) / channel.per_minute * MARGIN
    first = insertion(session, OutboxMark.__table__).values(name=name, at=now - BURST)
    session.execute(first.on_conflict_do_nothing())
    mark = session.scalars(select(OutboxMark).where(OutboxMark.name == name).with_for_update()).one()
    start = max(mark.at, now - max(BURST - gap, timedelta(0)))
    if start > now:
        return 0, (start - now).total_seconds()
    places = min(wanted, int((now - start) / gap) + 1)
    mark.at = start + gap * places
    return places, max((mark.at - now).total_seconds(), 0)
