"""Asked again when sending: is the recipient still there, entitled and willing, does anything wait, and is it not night."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.core.clock import ZONE, Moment
from app.ledgers.messages import DIGEST, URGENT, Contact, Delivery, Preference, first_loud
from app.notices.counting import count_waiting
from app.notices.text import digest_text
from app.people import Actor, Unit, load_actor, load_parameters


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be done with a delivery: drop it for a reason, leave it until later, or send the text."""

    reason: str = ""
    later: datetime | None = None
    recipient: str = ""
    text: str = ""


def judge(session: Session, delivery: Delivery, now: Moment, until: datetime | None, address: str) -> Verdict:
    """Decide about a delivery whose time has come. `until` is how far was swept, `address` where to sign in."""
    contact = session.get_one(Contact, delivery.contact_id)
    actor = load_actor(session, contact.person_id, now.day) if contact.person_id is not None else None
    wish = session.get(Preference, contact.person_id) if contact.person_id is not None else None
    if reason := _reason_to_drop(session, delivery, contact, actor, wish, now):
        return Verdict(reason=reason)
    loud = first_loud(now.at, _quiet_hours(session, delivery, wish), ZONE)
    if loud > now.at:
        return Verdict(later=loud)
    covered = delivery.covers_until or until or now.at
    counts = count_waiting(session, contact, actor, delivery.kind, covered)
    if not counts:
        note_told(contact, delivery.kind, covered)
        return Verdict(reason="没有尚待查看的消息")
    delivery.covers_until = covered
    unit = session.get(Unit, contact.unit_id) if contact.robot else None
    return Verdict(recipient=contact.address, text=digest_text(counts, address, unit.short_name if unit else None))


def note_told(contact: Contact, kind: str, until: datetime) -> None:
    """Note how far the contact was told, or needs no telling."""
    contact.urgent_until = max(contact.urgent_until, until)
    if kind == DIGEST:
        contact.told_until = max(contact.told_until, until)


def _reason_to_drop(
    session: Session, delivery: Delivery, contact: Contact, actor: Actor | None, wish: Preference | None, now: Moment
) -> str:
    if not contact.is_on or not (contact.address or contact.robot):
        return "已停用该渠道"
    if contact.person_id is not None and actor is None:
        return "账号已停用"
    if actor is not None and not actor.grants:
        return "没有有效任职"
    if delivery.kind == URGENT and wish is not None and not wish.wants_urgent:
        return "已选择不接收紧急消息"
    return "已有更新的汇总" if _is_superseded(session, delivery, now) else ""


def _is_superseded(session: Session, delivery: Delivery, now: Moment) -> bool:
    """Another message to the same contact is due and says all that this one would."""
    newer = Delivery.day > delivery.day
    if delivery.kind == URGENT:
        newer = or_(newer, Delivery.day == delivery.day)
    query = select(Delivery.id).where(
        Delivery.contact_id == delivery.contact_id,
        Delivery.kind == DIGEST,
        Delivery.id != delivery.id,
        Delivery.state == "waiting",
        Delivery.next_try_at <= now.at,
        newer,
    )
    return session.scalar(query.limit(1)) is not None


def _quiet_hours(session: Session, delivery: Delivery, wish: Preference | None) -> list[tuple[int, int]]:
    """Return the night of the authority and the person's own quiet hours."""
    parameters = load_parameters(session, delivery.authority_id)
    found = [(parameters["quiet_from"], parameters["quiet_until"])]
    if wish is not None and wish.quiet_from is not None and wish.quiet_until is not None:
        found.append((wish.quiet_from, wish.quiet_until))
    return found
