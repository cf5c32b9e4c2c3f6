"""Notices: what leaves the house. Messages become at most one digest for each person and day, sent by shared workers."""

from app.notices.channels import Channel, Undelivered
from app.notices.dead import dead_letters, settle_dead
from app.notices.duty import OutboxDuty
from app.notices.reading import count_unread, mark_all_read, mark_read, messages_of
from app.notices.sending import Sender
from app.notices.settings import FILE, Misconfigured, Outlets, load_outlets
from app.notices.sweeping import set_up_robots, sweep, sweep_all
from app.notices.wishes import Wishes, digest_hours, save_wishes, wishes_of

__all__ = [
    "FILE",
    "Channel",
    "Misconfigured",
    "OutboxDuty",
    "Outlets",
    "Sender",
    "Undelivered",
    "Wishes",
    "count_unread",
    "dead_letters",
    "digest_hours",
    "load_outlets",
    "mark_all_read",
    "mark_read",
    "messages_of",
    "save_wishes",
    "set_up_robots",
    "settle_dead",
    "sweep",
    "sweep_all",
    "wishes_of",
]
