"""The fixed cast: one small county with everybody the tests need, an outsider from another county among them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calendar import seed_state_years
from app.core.clock import Moment, SetClock
from app.core.db import Database
from app.people import Actor, Mandate, Person, Portfolio, Role, Unit, load_actor

BEGIN = date(2020, 1, 1)
UNITS = [
    # code, name, kind, authority
    ("C", "测试县", "county", None),
    ("O", "县督查室", "office", "C"),
    ("A", "县住建局", "department", "C"),
    ("B", "县水利局", "department", "C"),
    ("T", "东山镇", "town", "C"),
    ("U", "西河镇", "town", "C"),
    ("X", "邻县", "county", None),
    ("Y", "邻县教育局", "department", "X"),
]
PEOPLE = [
    # username, role, unit
    ("inspector", Role.INSPECTOR, "O"),
    ("inspector2", Role.INSPECTOR, "O"),
    ("supervisor", Role.SUPERVISOR, "O"),
    ("supervisor2", Role.SUPERVISOR, "O"),
    ("assessor", Role.ASSESSOR, "O"),
    ("assessor2", Role.ASSESSOR, "O"),
    ("leader", Role.LEADER, "C"),
    ("leader2", Role.LEADER, "C"),
    ("liaison_a", Role.LIAISON, "A"),
    ("head_a", Role.HEAD, "A"),
    ("liaison_b", Role.LIAISON, "B"),
    ("head_b", Role.HEAD, "B"),
    ("liaison_t", Role.LIAISON, "T"),
    ("head_t", Role.HEAD, "T"),
    ("discipline", Role.DISCIPLINE, "C"),
    ("organisation", Role.ORGANISATION, "C"),
    ("admin", Role.ADMIN, "C"),
    ("security", Role.SECURITY, "C"),
    ("auditor", Role.AUDITOR, "C"),
    ("outsider", Role.SUPERVISOR, "X"),
    ("outsider_head", Role.HEAD, "Y"),
]
PORTFOLIOS = {"leader": ["A", "T"], "leader2": ["B", "U"]}


@dataclass
class Cast:
    """Ids of the cast in one database, and the clock of the story."""

    database: Database
    clock: SetClock
    units: dict[str, int] = field(default_factory=dict)
    persons: dict[str, int] = field(default_factory=dict)

    def actor(self, session: Session, username: str) -> Actor:
        """Load a member of the cast as of the clock's day."""
        actor = load_actor(session, self.persons[username], self.clock.now().day)
        assert actor is not None
        return actor

    def at(self, day: str | date, hour: int = 9) -> None:
        """Put the clock to a day."""
        self.clock.moment = Moment.on(date.fromisoformat(day) if isinstance(day, str) else day, hour)

    @contextmanager
    def begin(self, username: str) -> Iterator[tuple[Session, Actor]]:
        """Open a transaction as somebody."""
        with self.database.begin() as session:
            yield session, self.actor(session, username)


def make_cast(database: Database, day: str = "2026-03-02") -> Cast:
    """Put the cast into an empty database."""
    cast = Cast(database, SetClock(Moment.on(date.fromisoformat(day))))
    with database.begin() as session:
        seed_state_years(session, cast.clock.now())
        for code, name, kind, authority in UNITS:
            above = cast.units.get(authority or "")
            unit = Unit(
                code=code,
                name=name,
                short_name=name,
                kind=kind,
                parent_id=above,
                authority_id=above,
                is_authority=kind == "county",
                position=len(cast.units),
            )
            session.add(unit)
            session.flush()
            cast.units[code] = unit.id
        for username, role, unit_code in PEOPLE:
            add_person(session, cast, username, role, unit_code, PORTFOLIOS.get(username, []))
    return cast


def add_person(
    session: Session, cast: Cast, username: str, role: Role, unit_code: str, portfolio: Sequence[str] = ()
) -> None:
    """Let somebody hold a role at a unit; a leader is in charge of the units of the portfolio."""
    person = Person(username=username, name=f"{role.label}{username[-1]}")
    session.add(person)
    session.flush()
    mandate = Mandate(person_id=person.id, unit_id=cast.units[unit_code], role=role, begins_on=BEGIN)
    session.add(mandate)
    session.flush()
    cast.persons[username] = person.id
    for code in portfolio:
        session.add(Portfolio(mandate_id=mandate.id, unit_id=cast.units[code]))


def mandate_of(session: Session, person_id: int) -> Mandate:
    """Return a person's first mandate."""
    return session.scalars(select(Mandate).where(Mandate.person_id == person_id)).first()  # type: ignore[return-value]
