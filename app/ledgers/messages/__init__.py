"""Messages: what units and persons are to be told, written in the transaction of the act, and what is sent of it."""

from app.ledgers.messages import scopes
from app.ledgers.messages.deliveries import (
    DIGEST,
    STATES,
    URGENT,
    Contact,
    Delivery,
    OutboxMark,
    Preference,
    Reading,
)
from app.ledgers.messages.hours import HOURS, Quiet, first_loud, is_quiet
from app.ledgers.messages.kinds import MESSAGE_KINDS, MessageKind, kinds_that
from app.ledgers.messages.models import Message

__all__ = [
    "DIGEST",
    "HOURS",
    "MESSAGE_KINDS",
    "STATES",
    "URGENT",
    "Contact",
    "Delivery",
    "Message",
    "MessageKind",
    "OutboxMark",
    "Preference",
    "Quiet",
    "Reading",
    "first_loud",
    "is_quiet",
    "kinds_that",
    "scopes",
]
