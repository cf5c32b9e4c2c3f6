"""Sending what is due: claim, send outside any transaction, note the end. Several workers share the work.

A worker that dies holds its claim until the lease ends; then another sends, with the same message id.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.core.clock import Clock, Moment
from app.core.db import Database
from app.core.logs import log_event
from app.ledgers.messages import Contact, Delivery
from app.notices.channels import Channel, Undelivered
from app.notices.judging import judge, note_told
from app.notices.pace import take_places
from app.notices.sweeping import swept_until

LEASE = timedelta(minutes=5)
BATCH = 10
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720))
NAME = "notices"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that this worker may send now."""

    id: int
    channel: str
    attempt: int
    recipient: str
    text: str
    message_id: str
    lease_until: datetime


@dataclass(frozen=True, slots=True)
class Round:
    """What became of one look at one channel: deliveries decided about, sent, and seconds until the limit lets more go."""

    decided: int
    taken: int
    seconds: float


class Sender:
    """One worker's hand on the outbox. `who` names the worker; `address` is where recipients sign in."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        who: str,
        address: str,
        lease: timedelta = LEASE,
        wait: Callable[[float], object] = time.sleep,
    ) -> None:
        self.database, self.clock, self.who, self.address = database, clock, who, address
        self.lease, self.wait = lease, wait

    def send_due(self, channels: tuple[Channel, ...], is_ending: Callable[[], bool] = lambda: False) -> int:
        """Send what is due until nothing is left that may go now; return how many were taken."""
        total = 0
        while not is_ending():
            rounds = [self._round(channel) for channel in channels]
            total += sum(one.taken for one in rounds)
            held = [one.seconds for one in rounds if one.seconds]
            if any(one.decided for one in rounds):
                continue
            if not held:
                break
            self.wait(min(held))
        return total

    def _round(self, channel: Channel) -> Round:
        now = self.clock.now()
        with self.database.begin() as session:
            decided, claimed, seconds = self._claim(session, channel, now)
        return Round(decided, sum(self._send(channel, one) for one in claimed), seconds)

    def _claim(self, session: Session, channel: Channel, now: Moment) -> tuple[int, list[Claimed], float]:
        """Return how many deliveries were decided about, those to send, and for how long the rest must wait (seconds)."""
        found = list(session.scalars(_due(channel, now.at)))
        until, looked, ready = swept_until(session), 0, []
        for delivery in found:
            verdict = judge(session, delivery, now, until, self.address)
            if verdict.reason or verdict.later:
                _put_aside(delivery, verdict.reason, verdict.later)
                looked += 1
                session.flush()
            else:
                ready.append((delivery, verdict))
        places, seconds = take_places(session, channel, len(ready), now.at) if ready else (0, 0.0)
        claimed = []
        for delivery, verdict in ready[:places]:
            delivery.state, delivery.claimed_by, delivery.text = "claimed", self.who, verdict.text
            delivery.attempts += 1
            delivery.lease_until = now.at + self.lease
            claimed.append(_claimed(delivery, verdict.recipient, delivery.lease_until))
        return looked + len(claimed), claimed, seconds if len(ready) > places else 0.0

    def _send(self, channel: Channel, one: Claimed) -> bool:
        if self.clock.now().at >= one.lease_until:
            return False  # somebody else may have it by now
        try:
            channel.send(one.recipient, one.text, one.message_id)
        except Undelivered as error:
            self._note_failure(one, error)
            return False
        except Exception as error:  # a channel's surprise must not stop the others
            self._note_failure(one, Undelivered(f"意外错误（{type(error).__name__}）"))
            return False
        self._note_success(one)
        return True

    def _note_success(self, one: Claimed) -> None:
        now = self.clock.now().at
        with self.database.begin() as session:
            if not self._end(session, one, state="sent", sent_at=now, error=""):
                return
            delivery = session.get_one(Delivery, one.id)
            note_told(session.get_one(Contact, delivery.contact_id), delivery.kind, delivery.covers_until or now)
        log_event(NAME, "sent", delivery=one.id, channel=one.channel, attempt=one.attempt)

    def _note_failure(self, one: Claimed, error: Undelivered) -> None:
        now = self.clock.now().at
        is_dead = error.is_final or one.attempt > len(BACK_OFF)
        with self.database.begin() as session:
            if is_dead:
                self._end(session, one, state="dead", error=error.said)
            else:
                later = now + BACK_OFF[one.attempt - 1]
                self._end(session, one, state="waiting", error=error.said, next_try_at=later)
        event, level = ("dead", logging.ERROR) if is_dead else ("failed", logging.WARNING)
        log_event(NAME, event, level, delivery=one.id, channel=one.channel, attempt=one.attempt, reason=error.said)

    def _end(self, session: Session, one: Claimed, **values: object) -> bool:
        """Note the end of this attempt, unless the lease ended and another worker has it."""
        mine = (Delivery.id == one.id, Delivery.claimed_by == self.who, Delivery.attempts == one.attempt)
        query = update(Delivery).where(*mine, Delivery.state == "claimed")
        found = session.execute(query.values(lease_until=None, claimed_by=None, **values))
        return bool(found.rowcount)  # type: ignore[attr-defined]


def _due(channel: Channel, now: datetime):  # type: ignore[no-untyped-def]  # noqa: ANN202
    free = or_(Delivery.lease_until.is_(None), Delivery.lease_until < now)
    of_robot = Delivery.robot == channel.robot if channel.robot else Delivery.robot.is_(None)
    return (
        select(Delivery)
        .where(Delivery.channel == channel.name, of_robot, free)
        .where(Delivery.state.in_(("waiting", "claimed")), Delivery.next_try_at <= now)
        .order_by(Delivery.next_try_at, Delivery.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )


def _put_aside(delivery: Delivery, reason: str, later: datetime | None) -> None:
    delivery.lease_until = delivery.claimed_by = None
    if later is not None:
        delivery.state, delivery.next_try_at = "waiting", later
    elif delivery.error and delivery.attempts:  # it was tried in vain; the administrator is to know
        delivery.state, delivery.error = "dead", f"{delivery.error}；{reason}"
    else:
        delivery.state, delivery.error = "dropped", reason


def _claimed(delivery: Delivery, recipient: str, lease_until: datetime) -> Claimed:
    return Claimed(
        delivery.id, delivery.channel, delivery.attempts, recipient, delivery.text, delivery.message_id, lease_until
    )
