"""Load the record that a roster is compared with: what the actor keeps, in a constant number of queries."""

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.ledgers.roster.known import Record, RosterMandate, RosterPerson, RosterUnit
from app.people import Actor, Mandate, Person, Portfolio, Role, Unit, UnitAlias, visible, within


def load_record(session: Session, actor: Actor, authority_id: int) -> Record:
    """Return units of the authority, the accounts the actor keeps, and their mandates."""
    own = (Unit.authority_id == authority_id) | (Unit.id == authority_id)
    rows = session.scalars(visible(Unit, actor).where(own, Unit.closed_on.is_(None)).order_by(Unit.position)).all()
    names = {unit.id: unit.name for unit in rows}
    aliases: dict[int, set[str]] = {}
    for unit_id, name in session.execute(
        select(UnitAlias.unit_id, UnitAlias.name).where(
            UnitAlias.authority_id == authority_id, UnitAlias.kind.is_(None)
        )
    ):
        aliases.setdefault(unit_id, set()).add(name)
    units = [
        RosterUnit(
            unit.id,
            unit.code,
            unit.name,
            unit.short_name,
            unit.kind,
            names.get(unit.parent_id or 0, ""),
            unit.id == authority_id,
            frozenset(aliases.get(unit.id, ())),
        )
        for unit in rows
    ]
    taken = frozenset(session.scalars(select(Unit.code)))
    return Record(units, _persons(session, actor), _mandates(session, actor), taken)


def _persons(session: Session, actor: Actor) -> list[RosterPerson]:
    query = select(Person, Unit.name, within(Person, actor)).outerjoin(Unit, Unit.id == Person.unit_id)
    return [
        RosterPerson(
            person.id,
            person.username,
            person.name,
            person.title or "",
            person.phone or "",
            unit_name or "",
            bool(is_kept),
            person.disabled_at is not None,
        )
        for person, unit_name, is_kept in session.execute(query)
    ]


def _mandates(session: Session, actor: Actor) -> list[RosterMandate]:
    over = aliased(Unit)
    portfolios: dict[int, set[str]] = {}
    for mandate_id, name in session.execute(
        select(Portfolio.mandate_id, over.name).join(over, over.id == Portfolio.unit_id)
    ):
        portfolios.setdefault(mandate_id, set()).add(name)
    query = select(Mandate, Person.username, Unit.name).join(Person, Person.id == Mandate.person_id)
    query = query.join(Unit, Unit.id == Mandate.unit_id).where(within(Mandate, actor))
    return [
        RosterMandate(
            row.id,
            username,
            Role(row.role),
            unit_name,
            row.begins_on,
            row.ends_on,
            frozenset(portfolios.get(row.id, ())),
        )
        for row, username, unit_name in session.execute(query)
        if row.ends_on is None or row.ends_on >= row.begins_on
    ]
