"""Messages: what units and persons are to be told, written in the transaction of the act."""

from app.ledgers.messages.models import MESSAGE_KINDS, Message

__all__ = ["MESSAGE_KINDS", "Message"]
