"""A night with very many due items: from messages to deliveries, in a process of its own so that its memory is its own."""

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import func, select

import app.schema  # noqa: F401 - registers every table
from app.core.clock import Moment
from app.core.db import Database
from app.ledgers.messages import Contact, Delivery, Message
from app.notices import Sender, sweep_all
from bench.bulk import Bulk
from bench.people import make_county
from bench.stock import Stock

ROOT = Path(__file__).parent.parent
KINDS = ("due_soon", "due_soon", "due_soon", "assigned", "entry_proposed", "entry_confirmed")
NIGHT, MORNING = 1, 8


@dataclass(frozen=True, slots=True)
class Night:
    """One night: items, persons reached, deliveries made and sent, the most for one person, seconds of each step
    and of the processor, MiB."""

    items: int
    persons: int
    deliveries: int
    sent: int
    most_for_one: int
    sweep_seconds: float
    send_seconds: float
    cpu: float
    memory: float
    memory_before: float


class Counted:
    """A channel that takes everything at once, so that only our own work is measured."""

    name, robot, per_minute = "email", None, 10_000_000

    def __init__(self) -> None:
        self.taken: dict[str, int] = {}

    def send(self, recipient: str, text: str, message_id: str) -> None:
        """Count it."""
        self.taken[recipient] = self.taken.get(recipient, 0) + 1


def measure_night(stock: Stock, name: str, items: int, day: date) -> Night:
    """Fill a database with the items of one night and measure its morning in a fresh process."""
    database = stock.create(name)
    fill_night(database, stock.superuser_url(name), items, day)
    database.dispose()
    command = [sys.executable, "-m", "bench.digest", stock.open(name).url, day.isoformat()]
    return Night(**json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=ROOT).stdout))


def fill_night(database: Database, superuser_url: str | None, items: int, day: date) -> None:
    """Write the items of one night to 120 units, whose heads and liaisons all have an address."""
    evening = Moment.on(day, 0)
    county = make_county(database, evening)
    reached = [person_id for name, person_id in county.persons.items() if name.startswith(("head", "liaison"))]
    bulk = Bulk(database, superuser_url)
    for person_id in reached:
        reach = {"channel": "email", "address": f"p{person_id}@county.test", "is_on": 1}
        bulk.add(Contact, person_id=person_id, told_until=evening.at, urgent_until=evening.at, **reach)
    at = Moment.on(day, NIGHT).at
    for number in range(items):
        unit_id, kind = county.units[number % len(county.units)], KINDS[number % len(KINDS)]
        row = {"authority_id": county.id, "unit_id": unit_id, "kind": kind, "subject": f"bench:{number}"}
        bulk.add(Message, **row, case_id=number // 3 + 1, day=day, at=at)
    bulk.finish()


def main(url: str, day: date) -> None:
    """Take up the night, send the morning's digests, print the figures."""
    database, before, channel = Database(url), _memory(), Counted()
    began = time.perf_counter()
    sweep_all(database, Moment.on(day, NIGHT, 30))
    swept = time.perf_counter() - began
    began = time.perf_counter()
    sender = Sender(database, _Morning(day), "bench", "https://dukao.test")
    sent = sender.send_due((channel,))
    seconds = time.perf_counter() - began
    with database.session(read_only=True) as session:
        items, persons, made = (
            session.scalar(select(func.count()).select_from(m)) for m in (Message, Contact, Delivery)
        )
    figures = (
        items,
        persons,
        made,
        sent,
        max(channel.taken.values()),
        swept,
        seconds,
        time.process_time(),
        _memory(),
        before,
    )
    print(json.dumps(dict(zip(Night.__slots__, figures, strict=True))))


class _Morning:
    """Eight o'clock, and each look a moment later."""

    def __init__(self, day: date) -> None:
        self.day, self.began = day, time.monotonic()

    def now(self) -> Moment:
        """Return the moment."""
        at = Moment.on(self.day, MORNING)
        return Moment(at.at.fromtimestamp(at.at.timestamp() + time.monotonic() - self.began, at.at.tzinfo), at.day)


def _memory() -> float:
    """Return the highest resident size of this process so far, in MiB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    main(sys.argv[1], date.fromisoformat(sys.argv[2]))
