"""发送失败: deliveries that nobody took, for the system administrator: who, by what, why; never what they said."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.audit import Fact, record
from app.core.clock import Moment
from app.core.errors import Absent, Stale
from app.ledgers.messages import Delivery
from app.people import Actor, Person, Role, within

ACTS = {"retry": "waiting", "drop": "dropped"}


def dead_letters(session: Session, actor: Actor, limit: int = 200) -> Sequence[Any]:
    """Return the newest dead deliveries of the actor's authorities: id, person or robot, channel, day, error, attempts."""
    columns = (
        Delivery.id,
        Person.name,
        Delivery.robot,
        Delivery.channel,
        Delivery.day,
        Delivery.error,
        Delivery.attempts,
    )
    query = select(*columns).outerjoin(Person, Person.id == Delivery.person_id)
    return session.execute(query.where(_mine(actor)).order_by(Delivery.id.desc()).limit(limit)).all()


def settle_dead(session: Session, actor: Actor, delivery_id: int, act: str, now: Moment) -> None:
    """Send a dead delivery again with its old id, or drop it; Absent where the actor sees none, Stale where it is not dead."""
    seen = select(Delivery.id).where(within(Delivery, actor), _kept(actor), Delivery.id == delivery_id)
    if session.scalar(seen) is None or act not in ACTS:
        raise Absent
    values: dict[str, Any] = {"state": ACTS[act]}
    if act == "retry":
        values |= {"attempts": 0, "next_try_at": now.at, "error": ""}
    dead = update(Delivery).where(Delivery.id == delivery_id, Delivery.state == "dead").values(**values)
    found: Any = session.execute(dead, execution_options={"synchronize_session": False})
    if not found.rowcount:
        raise Stale
    record(session, Fact(f"delivery.{act}", f"delivery:{delivery_id}"), actor, now)


def _kept(actor: Actor) -> Any:
    return Delivery.authority_id.in_(actor.authorities(Role.ADMIN))


def _mine(actor: Actor) -> Any:
    return within(Delivery, actor) & _kept(actor) & (Delivery.state == "dead")
