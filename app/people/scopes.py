"""Who sees which units, persons and mandates."""

from sqlalchemy import ColumnElement, or_, select, true

from app.people.actor import Actor
from app.people.models import Mandate, Person, Portfolio, Role, Unit, UnitAlias
from app.people.reach import nothing, scope

KEEPERS = (Role.ADMIN, Role.SECURITY)
OFFICES = (Role.SUPERVISOR, Role.INSPECTOR, Role.ASSESSOR, Role.DISCIPLINE)


def authorities_of(actor: Actor) -> frozenset[int]:
    """Authorities in whose business the actor has any part today."""
    return frozenset(grant.authority_id for grant in actor.grants if grant.authority_id is not None)


@scope(Unit)
def _units(actor: Actor) -> ColumnElement[bool]:
    if actor.roles & frozenset(KEEPERS):
        return true()
    mine = authorities_of(actor)
    return or_(Unit.authority_id.in_(mine), Unit.id.in_(mine)) if mine else nothing()


@scope(UnitAlias)
def _aliases(actor: Actor) -> ColumnElement[bool]:
    return UnitAlias.authority_id.in_(actor.authorities(Role.SUPERVISOR, Role.INSPECTOR))


@scope(Person)
def _persons(actor: Actor) -> ColumnElement[bool]:
    if actor.roles & frozenset(KEEPERS):
        return true()
    offices = actor.authorities(*OFFICES)
    colleagues = select(Mandate.person_id).join(Unit, Unit.id == Mandate.unit_id)
    colleagues = colleagues.where(or_(Unit.authority_id.in_(offices), Unit.id.in_(offices)))
    own = Person.id == actor.person_id
    return or_(own, Person.id.in_(colleagues)) if offices else own


@scope(Mandate)
def _mandates(actor: Actor) -> ColumnElement[bool]:
    if actor.roles & frozenset(KEEPERS):
        return true()
    return Mandate.person_id.in_(select(Person.id).where(_persons(actor)))


@scope(Portfolio)
def _portfolios(actor: Actor) -> ColumnElement[bool]:
    return Portfolio.mandate_id.in_(select(Mandate.id).where(_mandates(actor)))
