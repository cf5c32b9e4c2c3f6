"""Finding units, persons and mandates to show: always through an actor, as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from app.people.actor import Actor
from app.people.models import Mandate, Person, Portfolio, Role, Unit, role_word
from app.people.reach import visible, within

PAGE = 50


@dataclass(frozen=True, slots=True)
class TreeRow:
    """A unit in its place: how deep it hangs, how many work there, how many mandates are held there today."""

    unit: Unit
    depth: int
    persons: int
    mandates: int


@dataclass(frozen=True, slots=True)
class MandateRow:
    """A mandate with the names that go with it; `standing` is present, future or past."""

    mandate: Mandate
    person_name: str
    unit_name: str
    unit_kind: str
    standing: str
    portfolio: tuple[str, ...] = ()
    portfolio_ids: tuple[int, ...] = ()

    @property
    def role_label(self) -> str:
        """The word for the role."""
        return role_word(Role(self.mandate.role), self.unit_kind)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person with the unit's name and what is held today."""

    person: Person
    unit_name: str
    mandates: tuple[MandateRow, ...]


@dataclass(frozen=True, slots=True)
class PersonFilter:
    """What to look for: text in names, a unit, a role held today, and the state of the account."""

    text: str = ""
    unit_id: int | None = None
    role: str = ""
    state: str = ""


def unit_tree(session: Session, actor: Actor, day: date) -> list[TreeRow]:
    """Return the units the actor sees, each under its parent, in their order."""
    units = session.scalars(visible(Unit, actor).order_by(Unit.position, Unit.id)).all()
    persons = _counts(
        session, select(Person.unit_id, func.count()).where(within(Person, actor)).group_by(Person.unit_id)
    )
    held = select(Mandate.unit_id, func.count()).where(in_force(day), within(Mandate, actor))
    mandates = _counts(session, held.group_by(Mandate.unit_id))
    known = {unit.id for unit in units}
    below: dict[int | None, list[Unit]] = {}
    for unit in units:
        below.setdefault(unit.parent_id if unit.parent_id in known else None, []).append(unit)
    found: list[TreeRow] = []
    waiting = [(unit, 0) for unit in reversed(below.get(None, []))]
    while waiting:
        unit, depth = waiting.pop()
        found.append(TreeRow(unit, depth, persons.get(unit.id, 0), mandates.get(unit.id, 0)))
        waiting += [(child, depth + 1) for child in reversed(below.get(unit.id, []))]
    return found


def find_persons(
    session: Session, actor: Actor, day: date, wanted: PersonFilter, after: int = 0
) -> tuple[list[PersonRow], int]:
    """Return up to 50 persons after an id, and how many there are in all."""
    conditions = _conditions(actor, day, wanted)
    count = session.scalar(select(func.count()).select_from(Person).where(*conditions)) or 0
    query = select(Person, Unit.name).outerjoin(Unit, Unit.id == Person.unit_id).where(*conditions)
    rows = session.execute(query.where(Person.id > after).order_by(Person.id).limit(PAGE)).all()
    mandates = mandates_of(session, actor, day, Mandate.person_id.in_([person.id for person, _ in rows]))
    held: dict[int, list[MandateRow]] = {}
    for row in mandates:
        if row.standing == "present":
            held.setdefault(row.mandate.person_id, []).append(row)
    return [PersonRow(person, unit or "", tuple(held.get(person.id, ()))) for person, unit in rows], count


def mandates_of(session: Session, actor: Actor, day: date, wanted: ColumnElement[bool]) -> list[MandateRow]:
    """Return the mandates that the actor sees and that fit, present ones first; those never valid are left out."""
    valid = Mandate.ends_on.is_(None) | (Mandate.ends_on >= Mandate.begins_on)
    query = select(Mandate, Person.name, Unit.name, Unit.kind).join(Person, Person.id == Mandate.person_id)
    query = query.join(Unit, Unit.id == Mandate.unit_id).where(wanted, valid, within(Mandate, actor))
    rows = session.execute(query.order_by(Mandate.begins_on.desc(), Mandate.id)).all()
    portfolios = _portfolios(session, [row[0].id for row in rows if row[0].role == Role.LEADER])
    found = [
        MandateRow(mandate, person, unit, kind, standing_of(mandate, day), *portfolios.get(mandate.id, ((), ())))
        for mandate, person, unit, kind in rows
    ]
    return sorted(found, key=lambda row: ("present", "future", "past").index(row.standing))


def standing_of(mandate: Mandate, day: date) -> str:
    """Say whether a mandate is present, future or past on the day."""
    if mandate.begins_on > day:
        return "future"
    return "present" if mandate.ends_on is None or mandate.ends_on >= day else "past"


def in_force(day: date) -> ColumnElement[bool]:
    """Return the condition that a mandate is valid on the day."""
    return (Mandate.begins_on <= day) & (Mandate.ends_on.is_(None) | (Mandate.ends_on >= day))


def held_at(authority_id: Any) -> ColumnElement[bool]:
    """Return the condition that an office's mandate at a unit counts at the authority: that unit, or one that runs no ledger.

    Of a unit that is an authority too, the offices are its own; head and liaison alone answer to the one above it.
    """
    return or_(Unit.id == authority_id, and_(Unit.authority_id == authority_id, Unit.is_authority.is_(False)))


def _conditions(actor: Actor, day: date, wanted: PersonFilter) -> list[ColumnElement[bool]]:
    found = [within(Person, actor)]
    if wanted.text:
        found.append(or_(*(column.contains(wanted.text, autoescape=True) for column in (Person.name, Person.username))))
    if wanted.unit_id is not None:
        held = select(Mandate.person_id).where(Mandate.unit_id == wanted.unit_id, in_force(day))
        found.append((Person.unit_id == wanted.unit_id) | Person.id.in_(held))
    if wanted.role:
        found.append(Person.id.in_(select(Mandate.person_id).where(Mandate.role == wanted.role, in_force(day))))
    states = {
        "open": Person.disabled_at.is_(None),
        "waiting": Person.disabled_at.is_(None) & Person.password_hash.is_(None),
        "disabled": Person.disabled_at.is_not(None),
        "idle": Person.id.not_in(select(Mandate.person_id).where(in_force(day))),
    }
    return [*found, states[wanted.state]] if wanted.state in states else found


def _portfolios(session: Session, mandate_ids: Sequence[int]) -> dict[int, tuple[tuple[str, ...], tuple[int, ...]]]:
    """Return names and ids of the units of each leader's mandate."""
    found: dict[int, list[tuple[str, int]]] = {}
    if mandate_ids:
        query = select(Portfolio.mandate_id, Unit.short_name, Unit.id).join(Unit, Unit.id == Portfolio.unit_id)
        query = query.where(Portfolio.mandate_id.in_(mandate_ids)).order_by(Unit.position, Unit.id)
        for mandate_id, name, unit_id in session.execute(query):
            found.setdefault(mandate_id, []).append((name, unit_id))
    return {
        mandate_id: (tuple(name for name, _ in units), tuple(unit_id for _, unit_id in units))
        for mandate_id, units in found.items()
    }


def _counts(session: Session, query: Select[int | None, int]) -> dict[int | None, int]:
    return {key: count for key, count in session.execute(query)}
