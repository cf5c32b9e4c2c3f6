"""Notices: what leaves the house. Messages become at most one digest for each person and day, sent by shared workers."""

from app.notices.channels import Channel, Undelivered
from app.notices.duty import OutboxDuty
from app.notices.sending import Sender
from app.notices.settings import FILE, Misconfigured, Outlets, load_outlets
from app.notices.sweeping import set_up_robots, sweep

__all__ = [
    "FILE",
    "Channel",
    "Misconfigured",
    "OutboxDuty",
    "Outlets",
    "Sender",
    "Undelivered",
    "load_outlets",
    "set_up_robots",
    "sweep",
]
