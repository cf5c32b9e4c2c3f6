"""A county whose people can be reached: contacts, channels to real servers, and a worker's tick at a given time."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from ipaddress import ip_network
from typing import Any

from sqlalchemy import select

from app.core.clock import Moment
from app.ledgers.messages import Contact, Delivery, Message, Preference
from app.notices import Channel, Sender, sweep
from app.notices.mail import Mail, MailServer
from app.notices.outbound import AllowList
from tests.story import Story

LOOPBACK = AllowList(frozenset({"127.0.0.1"}), (ip_network("127.0.0.1/32"),))
ADDRESS = "https://dukao.test"


@dataclass
class Post:
    """A story with a way out."""

    story: Story
    channels: list[Channel] = field(default_factory=list)
    numbers: Any = field(default_factory=lambda: iter(range(1, 1_000_000)))
    waited: float = 0.0

    def mail(self, port: int, per_minute: int = 6000) -> None:
        """Add e-mail by the server on the port."""
        server = MailServer("127.0.0.1", port, "none", "督考 <dukao@county.test>", per_minute=per_minute)
        self.channels.append(Mail(server, LOOPBACK, self.story.cast.clock))

    def reach(self, who: str, channel: str = "email", address: str | None = None) -> None:
        """Give somebody an address, from now on."""
        at = self.story.cast.clock.now().at
        with self.story.cast.database.begin() as session:
            person_id, where = self.story.cast.persons[who], address or f"{who}@county.test"
            row = Contact(person_id=person_id, channel=channel, address=where, told_until=at, urgent_until=at)
            session.add(row)

    def wish(self, who: str, **values: Any) -> None:
        """Let somebody wish."""
        with self.story.cast.database.begin() as session:
            session.merge(Preference(person_id=self.story.cast.persons[who], **values))

    def write(self, unit: str, kind: str = "due_soon", count: int = 1, case_id: int | None = None) -> None:
        """Write messages to a unit, now."""
        now = self.story.cast.clock.now()
        with self.story.cast.database.begin() as session:
            session.add_all(
                Message(
                    authority_id=self.story.cast.units["C"],
                    unit_id=self.story.cast.units[unit],
                    kind=kind,
                    subject=f"test:{next(self.numbers)}",
                    case_id=case_id,
                    day=now.day,
                    at=now.at,
                )
                for _ in range(count)
            )

    def at(self, day: str, hour: int, minute: int = 0) -> None:
        """Put the clock."""
        self.story.cast.clock.moment = Moment.on(date.fromisoformat(day), hour, minute)

    def wait(self, seconds: float) -> None:
        """Let the time pass that a limit wants."""
        self.waited += seconds
        self.story.cast.clock.moment = Moment.of(self.story.cast.clock.now().at + timedelta(seconds=seconds))

    def tick(self, who: str = "worker") -> int:
        """Do what a worker does at a tick; return how many were sent."""
        cast = self.story.cast
        with cast.database.begin() as session:
            sweep(session, cast.clock.now(), wants_all=True)
        return Sender(cast.database, cast.clock, who, ADDRESS, wait=self.wait).send_due(tuple(self.channels))

    def deliveries(self, *columns: str) -> list[tuple[Any, ...]]:
        """Return the deliveries, by id, with the columns asked for."""
        with self.story.cast.database.session(read_only=True) as session:
            wanted = [getattr(Delivery, name) for name in columns]
            return [tuple(row) for row in session.execute(select(*wanted).order_by(Delivery.id))]
