"""Who sees which units, persons and mandates."""

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from app.people.actor import Actor
from app.people.models import Absence, Mandate, Person, Portfolio, Role, Unit, UnitAlias
from app.people.reach import nothing, scope

KEEPERS = (Role.ADMIN, Role.SECURITY)
OFFICES = (Role.SUPERVISOR, Role.INSPECTOR, Role.ASSESSOR, Role.DISCIPLINE)


def authorities_of(actor: Actor) -> frozenset[int]:
    """Return the authorities in whose business the actor has any part today."""
    return frozenset(grant.authority_id for grant in actor.grants if grant.authority_id is not None)


def units_kept(actor: Actor) -> Select[tuple[int]]:
    """Return the select of the units whose people the actor keeps: the own authority and everything below it."""
    tree = select(Unit.id).where(Unit.id.in_(actor.authorities(*KEEPERS))).cte("kept", recursive=True)
    tree = tree.union_all(select(Unit.id).join(tree, Unit.parent_id == tree.c.id))
    return select(tree.c.id)


@scope(Unit)
def _units(actor: Actor) -> ColumnElement[bool]:
    mine = authorities_of(actor)
    if not mine:
        return nothing()
    near = or_(Unit.authority_id.in_(mine), Unit.id.in_(mine))
    return or_(near, Unit.id.in_(units_kept(actor))) if actor.grant(*KEEPERS) else near


@scope(UnitAlias)
def _aliases(actor: Actor) -> ColumnElement[bool]:
    return UnitAlias.authority_id.in_(actor.authorities(Role.SUPERVISOR, Role.INSPECTOR))


@scope(Person)
def _persons(actor: Actor) -> ColumnElement[bool]:
    own = Person.id == actor.person_id
    if actor.grant(*KEEPERS):
        return or_(own, _persons_kept(actor))
    offices = actor.authorities(*OFFICES)
    colleagues = select(Mandate.person_id).join(Unit, Unit.id == Mandate.unit_id)
    colleagues = colleagues.where(or_(Unit.authority_id.in_(offices), Unit.id.in_(offices)))
    return or_(own, Person.id.in_(colleagues)) if offices else own


def _persons_kept(actor: Actor) -> ColumnElement[bool]:
    """Who works or holds a mandate below the own authority, and who belongs nowhere yet."""
    kept = units_kept(actor)
    held = select(Mandate.person_id).where(Mandate.unit_id.in_(kept))
    any_mandate = aliased(Mandate)
    nowhere = and_(Person.unit_id.is_(None), ~exists().where(any_mandate.person_id == Person.id).correlate(Person))
    return or_(Person.unit_id.in_(kept), Person.id.in_(held), nowhere)


@scope(Mandate)
def _mandates(actor: Actor) -> ColumnElement[bool]:
    return Mandate.person_id.in_(select(Person.id).where(_persons(actor)))


@scope(Portfolio)
def _portfolios(actor: Actor) -> ColumnElement[bool]:
    return Portfolio.mandate_id.in_(select(Mandate.id).where(_mandates(actor)))


@scope(Absence)
def _absences(actor: Actor) -> ColumnElement[bool]:
    """Reach those that name the actor; the supervisors and security administrators all of the authority's."""
    keepers = actor.authorities(Role.SUPERVISOR, Role.SECURITY)
    named = or_(Absence.person_id == actor.person_id, Absence.substitute_id == actor.person_id)
    return or_(named, Absence.authority_id.in_(keepers))
