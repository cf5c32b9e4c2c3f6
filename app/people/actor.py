"""The actor: a person with the mandates that are valid today. Every domain function that matters takes one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, Date, bindparam, or_, select
from sqlalchemy.orm import Session

from app.core.aliases import lay_out, shared_alias
from app.core.db import Ref
from app.people.models import Absence, Mandate, Person, Portfolio, Role, Unit, role_word

AUTHORITY = shared_alias(Unit)
PERSONS: Any = Person.__table__
MANDATES: Any = Mandate.__table__
UNITS: Any = Unit.__table__
ABSENCES: Any = Absence.__table__
OFFICES = UNITS.alias()
lay_out(OFFICES)


@dataclass(frozen=True, slots=True)
class Grant:
    """One valid mandate as a value: the role, the unit it is held at and the authority whose business it is.

    `acting_for` names the absent person whose mandate it is, where a substitute holds it. `runs_ledger`: the unit is an
    authority itself.
    """

    mandate_id: int
    role: Role
    unit_id: int
    unit_name: str
    authority_id: int | None
    authority_name: str = ""
    portfolio: frozenset[int] = frozenset()
    acting_for: str | None = None
    acting_for_id: int | None = None
    runs_ledger: bool = False
    unit_kind: str = ""
    authority_kind: str = ""

    @property
    def role_word(self) -> str:
        """The word for the role at its unit."""
        return role_word(self.role, self.unit_kind)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `person_id` is None for the system itself (the daily job)."""

    person_id: int | None
    name: str
    grants: tuple[Grant, ...] = ()
    day: date | None = None
    must_change_password: bool = field(default=False, compare=False)

    @property
    def is_system(self) -> bool:
        """True for the daily job, which acts for nobody."""
        return self.person_id is None

    @property
    def roles(self) -> frozenset[Role]:
        """Every role held today."""
        return frozenset(grant.role for grant in self.grants)

    def grant(self, *roles: Role, authority_id: int | None = None, unit_id: int | None = None) -> Grant | None:
        """Return the first valid mandate with one of the roles, at the authority or unit if one is named."""
        for grant in self.grants:
            if grant.role not in roles:
                continue
            if authority_id is not None and grant.authority_id != authority_id:
                continue
            if unit_id is not None and grant.unit_id != unit_id:
                continue
            return grant
        return None

    def units(self, *roles: Role) -> frozenset[int]:
        """Return the units at which one of the roles is held."""
        return frozenset(grant.unit_id for grant in self.grants if grant.role in roles)

    def authorities(self, *roles: Role) -> frozenset[int]:
        """Return the authorities for which one of the roles is held."""
        return frozenset(g.authority_id for g in self.grants if g.role in roles and g.authority_id is not None)

    @property
    def stands_for(self) -> frozenset[int]:
        """The person and those absent whose mandates the person holds today: what names one of them is theirs to do."""
        acting = {grant.acting_for_id for grant in self.grants if grant.acting_for_id is not None}
        return frozenset(acting if self.person_id is None else acting | {self.person_id})

    @property
    def portfolio(self) -> frozenset[int]:
        """Units a leader is in charge of."""
        return frozenset(unit for grant in self.grants if grant.role is Role.LEADER for unit in grant.portfolio)

    @property
    def own_units(self) -> frozenset[int]:
        """Units the person answers for, as head or liaison."""
        return self.units(Role.HEAD, Role.LIAISON)


SYSTEM = Actor(None, "系统")


DAY: BindParameter[date] = bindparam("day", type_=Date)
VALID = (MANDATES.c.begins_on <= DAY) & or_(MANDATES.c.ends_on.is_(None), MANDATES.c.ends_on >= DAY)
ABSENT = (ABSENCES.c.begins_on <= DAY) & (ABSENCES.c.ends_on >= DAY) & ABSENCES.c.cancelled_on.is_(None)
# made once and past the ORM: every request asks it
PERSON_TODAY = (
    select(
        PERSONS.c.name,
        PERSONS.c.must_change_password,
        MANDATES.c.id,
        MANDATES.c.role,
        UNITS.c.id,
        UNITS.c.name,
        UNITS.c.is_authority,
        UNITS.c.authority_id,
        OFFICES.c.name,
        UNITS.c.kind,
        OFFICES.c.kind,
        select(ABSENCES.c.id).where(ABSENCES.c.substitute_id == PERSONS.c.id, ABSENT).exists(),
    )
    .select_from(
        PERSONS.outerjoin(MANDATES, (MANDATES.c.person_id == PERSONS.c.id) & VALID)
        .outerjoin(UNITS, UNITS.c.id == MANDATES.c.unit_id)
        .outerjoin(OFFICES, OFFICES.c.id == UNITS.c.authority_id)
    )
    .where(PERSONS.c.id == bindparam("person_id", type_=Ref), PERSONS.c.disabled_at.is_(None))
    .order_by(MANDATES.c.id)
)
ACTING_TODAY = (
    select(
        Person.name,
        Person.id,
        Mandate.id,
        Mandate.role,
        Unit.id,
        Unit.name,
        Unit.is_authority,
        Unit.authority_id,
        AUTHORITY.name,
        Unit.kind,
        AUTHORITY.kind,
    )
    .join(Absence, Absence.person_id == Person.id)
    .join(Mandate, (Mandate.person_id == Person.id) & (Mandate.role == Absence.role) & VALID)
    .join(Unit, Unit.id == Mandate.unit_id)
    .outerjoin(AUTHORITY, AUTHORITY.id == Unit.authority_id)
    .where(Absence.substitute_id == bindparam("person_id", type_=Ref), ABSENT, Person.disabled_at.is_(None))
    .where(or_(Unit.id == Absence.authority_id, Unit.authority_id == Absence.authority_id))
    .order_by(Mandate.id)
)
ANSWERING = (Role.HEAD, Role.LIAISON)  # of a unit that is an authority too: they answer to the one above it
STAND_IN = (Role.SUPERVISOR, Role.LEADER)


def load_actor(session: Session, person_id: int, day: date) -> Actor | None:
    """Return the actor with the mandates valid on the day, or None when the account is disabled or unknown."""
    rows = session.execute(PERSON_TODAY, {"person_id": person_id, "day": day}).all()
    if not rows:
        return None
    held = [(None, None, *row[2:11]) for row in rows if row[2] is not None]
    acting = session.execute(ACTING_TODAY, {"person_id": person_id, "day": day}).all() if rows[0][11] else []
    portfolios = _portfolios(session, [row[2] for row in (*held, *acting) if row[3] == Role.LEADER])
    own = tuple(_grant(row, portfolios) for row in held)
    at = {grant.authority_id for grant in own if grant.role in STAND_IN}  # who lost the own mandate acts for nobody
    others = tuple(grant for grant in (_grant(row, portfolios) for row in acting) if grant.authority_id in at)
    return Actor(person_id, rows[0][0], own + others, day, rows[0][1])


def _grant(row: Sequence[Any], portfolios: Mapping[int, frozenset[int]]) -> Grant:
    """Make a grant of a row: whose it is if a substitute holds it, the mandate, the role, the unit and its authority."""
    absent_name, absent_id, mandate_id, role, *rest = row
    unit_id, unit_name, is_authority, authority_id, authority_name, unit_kind, authority_kind = rest
    is_home = is_authority and (authority_id is None or role not in ANSWERING)
    return Grant(
        mandate_id=mandate_id,
        role=Role(role),
        unit_id=unit_id,
        unit_name=unit_name,
        authority_id=unit_id if is_home else authority_id,
        authority_name=(unit_name if is_home else authority_name) or "",
        portfolio=portfolios.get(mandate_id, frozenset()),
        acting_for=absent_name,
        acting_for_id=absent_id,
        runs_ledger=bool(is_authority),
        unit_kind=unit_kind,
        authority_kind=(unit_kind if is_home else authority_kind) or "",
    )


def _portfolios(session: Session, mandate_ids: list[int]) -> dict[int, frozenset[int]]:
    if not mandate_ids:
        return {}
    found: dict[int, set[int]] = {}
    for mandate_id, unit_id in session.execute(
        select(Portfolio.mandate_id, Portfolio.unit_id).where(Portfolio.mandate_id.in_(mandate_ids))
    ):
        found.setdefault(mandate_id, set()).add(unit_id)
    return {mandate_id: frozenset(units) for mandate_id, units in found.items()}
