"""Accounts behind names: a paper names persons in words; those of them that have an account here are told."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.people import Mandate, Person, Role, Unit, in_force

OFFICES = (Role.SUPERVISOR, Role.INSPECTOR, Role.ASSESSOR, Role.LEADER, Role.DISCIPLINE)
APART = re.compile(r"[、，,；;。\s]+")


class Account(NamedTuple):
    """A person with a mandate in force: at which unit, below which, and in which role."""

    person_id: int
    unit_id: int
    above_id: int | None
    role: Role


def accounts_named(session: Session, authority_id: int, day: date, names: Iterable[str]) -> dict[str, list[Account]]:
    """Return the accounts of the authority by the names asked for; one query, none when no name is asked for."""
    wanted, found = {name for name in names if name}, dict[str, list[Account]]()
    if not wanted:
        return found
    columns: tuple[Any, ...] = (Person.name, Person.id, Unit.id, Unit.parent_id, Mandate.role)
    query = select(*columns).join(Mandate, Mandate.person_id == Person.id).join(Unit, Unit.id == Mandate.unit_id)
    at_home = (Unit.authority_id == authority_id) | (Unit.id == authority_id)
    query = query.where(Person.name.in_(wanted), Person.disabled_at.is_(None), at_home, in_force(day))
    for name, *values in session.execute(query.order_by(Person.id)):
        found.setdefault(name, []).append(Account(*values))
    return found


def persons_of(found: dict[str, list[Account]], text: str, unit_id: int) -> list[int]:
    """Return the persons named in the text that are of the unit, of one below it or of an office.

    A name that two of them bear names nobody: a wrong person is worse told than none.
    """
    persons: list[int] = []
    for name in names_in(text):
        near = {a.person_id for a in found.get(name, ()) if unit_id in (a.unit_id, a.above_id) or a.role in OFFICES}
        persons += [person for person in near if len(near) == 1 and person not in persons]
    return persons


def names_in(text: str) -> list[str]:
    """Return the names in a list that people type: by 、 commas, spaces or lines."""
    return [part for part in APART.split(text) if part]
