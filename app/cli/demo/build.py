"""Building the county: calendar, units, people with their mandates, and the frozen rules of each year."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.audit import Fact, record_many
from app.calendar import load_calendar, seed_state_years
from app.cli.demo.county import County, DemoMandate, DemoPerson
from app.core.clock import Moment
from app.core.db import Database
from app.people import SYSTEM, Mandate, Person, Portfolio, Role, Unit, UnitAlias, hash_password, load_actor
from app.workflows import RULE_SET, Context, fire, new_rule_set

RULES = Path(__file__).parents[3] / "packs" / "rules" / "default.toml"
GROUPS_BELOW = (
    ('name = "乡镇组"\nkinds = ["town"]', 'name = "村组"\nkinds = ["village"]'),
    ('name = "县直部门组"\nkinds = ["department"]', 'name = "办站组"\nkinds = ["section"]'),
)
LONGEST_LIMIT = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class Key:
    """The one password of every account of the demo, and since when."""

    password: str
    since: Moment


@dataclass
class Place:
    """The county as it stands in the database: ids by unit name and by username, and who holds what on which days."""

    county: County
    last_day: date
    units: dict[str, int] = field(default_factory=dict)
    persons: dict[str, int] = field(default_factory=dict)

    @property
    def authority_id(self) -> int:
        """The county's own id."""
        return self.units[self.county.root.name]

    def holders(self, role: Role, day: date, unit: str | None = None, office: str | None = None) -> list[DemoPerson]:
        """Return who holds the role on the day, in the order of the county: at the unit, or in an office; the county's own
        unless told."""
        at = office or self.county.root.name
        return [
            p
            for p in self.county.people
            if any(_holds(m, role, day, self.last_day) and m.counts_for(unit, at) for m in p.mandates)
        ]

    def leader_of(self, unit: str) -> DemoPerson:
        """Return the leader whose portfolio holds the unit."""
        return next(person for person in self.county.people if unit in person.portfolio)


def _holds(mandate: DemoMandate, role: Role, day: date, last_day: date) -> bool:
    begins_on, ends_on = mandate.dates(last_day)
    return mandate.role == role and begins_on <= day <= (ends_on or date.max)


def build_county(database: Database, county: County, first_day: date, last_day: date, key: Key) -> Place:
    """Put the county into an empty database as it was some days before its first day, with rules for each year known."""
    place = Place(county, last_day)
    before = Moment.on(first_day - timedelta(days=5), 9)
    with database.begin() as session:
        seed_state_years(session, before)
        _add_units(session, place, before)
        _add_people(session, place, before, key)
    with database.session(read_only=True) as session:
        calendar = load_calendar(session, place.authority_id)
    years = range(first_day.year, (last_day + LONGEST_LIMIT).year + 1)
    for authority in county.authorities():
        for year in (year for year in years if calendar.knows(year)):
            _make_rules(database, place, authority.name, year, before)
    return place


def _add_units(session: Session, place: Place, moment: Moment) -> None:
    for position, given in enumerate(place.county.units):
        unit = Unit(
            code=given.code,
            name=given.name,
            short_name=given.short,
            kind=given.kind,
            parent_id=place.units[given.parent] if given.parent else None,
            authority_id=place.units[given.authority] if given.authority else None,
            is_authority=given.is_authority,
            position=position,
        )
        session.add(unit)
        session.flush()
        place.units[given.name] = unit.id
        of = unit.authority_id or unit.id
        session.add_all(UnitAlias(authority_id=of, unit_id=unit.id, name=name) for name in given.aliases)
    facts = [Fact("unit.create", f"unit:{unit_id}", unit_id=unit_id) for unit_id in place.units.values()]
    record_many(session, facts, SYSTEM, moment)


def _add_people(session: Session, place: Place, moment: Moment, key: Key) -> None:
    hashed, facts = hash_password(key.password), []
    for given in place.county.people:
        person = Person(
            username=given.username,
            name=given.name,
            title=given.title,
            unit_id=place.units[given.mandates[0].unit],
            password_hash=hashed,
            password_changed_at=key.since.at,
        )
        session.add(person)
        session.flush()
        place.persons[given.username] = person.id
        mandates = list(_mandates(place, given, person.id))
        session.add_all(mandates)
        session.flush()
        session.add_all(_portfolios(place, given, mandates))
        facts.append(Fact("account.create", f"person:{person.id}", unit_id=person.unit_id))
        facts += [_granted(mandate) for mandate in mandates]
    record_many(session, facts, SYSTEM, moment)


def _granted(mandate: Mandate) -> Fact:
    data: dict[str, Any] = {"person": mandate.person_id, "role": mandate.role}
    data |= {"begins_on": mandate.begins_on.isoformat(), "ends_on": mandate.ends_on and mandate.ends_on.isoformat()}
    return Fact("mandate.grant", f"mandate:{mandate.id}", unit_id=mandate.unit_id, data=data)


def _mandates(place: Place, given: DemoPerson, person_id: int) -> Iterator[Mandate]:
    for held in given.mandates:
        begins_on, ends_on = held.dates(place.last_day)
        unit_id = place.units[held.unit]
        yield Mandate(person_id=person_id, unit_id=unit_id, role=held.role, begins_on=begins_on, ends_on=ends_on)


def _portfolios(place: Place, given: DemoPerson, mandates: Iterable[Mandate]) -> Iterator[Portfolio]:
    for mandate in mandates:
        if mandate.role == Role.LEADER:
            yield from (Portfolio(mandate_id=mandate.id, unit_id=place.units[name]) for name in given.portfolio)


def _make_rules(database: Database, place: Place, authority: str, year: int, moment: Moment) -> None:
    """Have an assessor of an authority draft the shipped rules of a year, for its kinds of units, and a leader approve them."""
    drafter = place.holders(Role.ASSESSOR, moment.day, office=authority)[0]
    *_, leader = place.holders(Role.LEADER, moment.day, office=authority)[:2]
    text = RULES.read_text(encoding="utf-8")
    for above, below in GROUPS_BELOW if authority != place.county.root.name else ():
        text = text.replace(above, below)
    with database.begin() as session:
        context = _context(session, place, drafter, moment)
        row = new_rule_set(context, place.units[authority], year, text, date(year, 1, 1))
        fire(context, RULE_SET, "draft", row, {"reason": f"{year} 年度督查考核规则"})
    with database.begin() as session:
        fire(
            _context(session, place, leader, moment),
            RULE_SET,
            "approve",
            session.merge(row),
            {"reason": "同意，印发执行。"},
        )


def _context(session: Session, place: Place, person: DemoPerson, moment: Moment) -> Context:
    actor = load_actor(session, place.persons[person.username], moment.day)
    if actor is None:
        raise RuntimeError(f"{person.username} has no account")
    return Context(session, actor, moment)
