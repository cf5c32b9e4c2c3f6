"""What is on record of units and people, as values to compare a roster with."""

from dataclasses import dataclass, field
from datetime import date

from app.ledgers.intake.cells import fold
from app.people import Role


@dataclass(frozen=True, slots=True)
class RosterUnit:
    """A unit on record, or one that the same file brings (`id` None)."""

    id: int | None
    code: str
    name: str
    short_name: str
    kind: str
    parent_name: str
    is_root: bool = False
    aliases: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RosterPerson:
    """An account on record; `is_kept` is false for one that the actor does not see."""

    id: int
    username: str
    name: str
    title: str
    phone: str
    unit_name: str
    is_kept: bool = True
    is_disabled: bool = False


@dataclass(frozen=True, slots=True)
class RosterMandate:
    """A mandate on record."""

    id: int
    username: str
    role: Role
    unit_name: str
    begins_on: date
    ends_on: date | None
    portfolio: frozenset[str]


@dataclass
class Record:
    """Everything on record that a roster is compared with. Names of units are those of one authority, so each is one unit."""

    units: list[RosterUnit]
    persons: list[RosterPerson]
    mandates: list[RosterMandate]
    taken_codes: frozenset[str] = frozenset()
    _index: dict[str, list[RosterUnit]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for unit in self.units:
            self.add(unit)

    def add(self, unit: RosterUnit, *more: str) -> None:
        """Make a unit findable by all its names, and by those that a file gives it."""
        for name in {unit.code, unit.name, unit.short_name, *unit.aliases, *more} - {""}:
            found = self._index.setdefault(fold(name), [])
            if unit.name not in [other.name for other in found]:
                found.append(unit)

    def find(self, said: str) -> tuple[RosterUnit | None, str]:
        """Return the unit that is meant, or why none is."""
        found = self._index.get(fold(said), [])
        exact = [unit for unit in found if said in (unit.name, unit.code)] or found
        if len(exact) == 1:
            return exact[0], ""
        if exact:
            return None, f"“{said}”可以指{'、'.join(unit.name for unit in exact[:3])}，请写全称"
        return None, f"没有叫“{said}”的单位"
