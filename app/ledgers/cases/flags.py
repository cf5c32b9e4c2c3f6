"""What is derived about a case and stands beside its state, never in its place: late, soon late, waiting, sent back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol

from app.ledgers.cases.facts import is_late, is_soon
from app.ledgers.cases.words import FLAGS


class Flag(NamedTuple):
    """One derived fact; `name` is a key of words.FLAGS, `times` is told where it says how often."""

    name: str
    times: int = 0

    @property
    def word(self) -> str:
        """The word on the screen."""
        return FLAGS[self.name].format(self.times)


@dataclass(frozen=True, slots=True)
class Horizon:
    """The business date, and the last day of what is soon due (a parameter, in working days)."""

    today: date
    soon_until: date


class Flagged(Protocol):
    """What flags are derived from: the case itself, or a row of the ledger."""

    @property
    def state(self) -> str: ...
    @property
    def due_on(self) -> date | None: ...
    @property
    def due_provisional(self) -> bool: ...
    @property
    def returned_count(self) -> int: ...
    @property
    def rebound_count(self) -> int: ...


def flags_of(case: Flagged, horizon: Horizon, known: Collection[str]) -> tuple[Flag, ...]:
    """Return the flags of a case; `known` are those that stand on other records (extension, contested, listed …)."""
    found = []
    if is_late(case, horizon.today):
        found.append(Flag("overdue"))
    elif is_soon(case, horizon.today, horizon.soon_until):
        found.append(Flag("soon"))
    found += [Flag(name) for name in ("behind", "extension", "return_assignment", "contested") if name in known]
    if case.returned_count:
        found.append(Flag("returned", case.returned_count))
    if case.rebound_count:
        found.append(Flag("rebound", case.rebound_count))
    if case.due_provisional:
        found.append(Flag("provisional"))
    if "listed" in known:
        found.append(Flag("listed"))
    return tuple(found)
