"""Apply a roster in one transaction: units and accounts by the system administrator, mandates by the security one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.audit import Fact, record_many
from app.core.clock import Moment
from app.core.errors import Invalid
from app.core.sheet import Sheet
from app.ledgers.roster import (
    MANDATES,
    PERSONS,
    UNITS,
    Line,
    Plan,
    RosterTable,
    load_record,
    plan_mandates,
    plan_persons,
    plan_units,
    read_table,
)
from app.people import SEPARATE_ADMINISTRATORS, Actor, Mandate, Person, Portfolio, Role, Unit, UnitAlias, visible
from app.workflows.accounts import IssuedCode, issue_code
from app.workflows.keepers import require_keeper, take_version
from app.workflows.units import add_unit


@dataclass
class Applied:
    """What an import did: how many rows were written, and the codes to hand out, once."""

    written: int = 0
    codes: list[IssuedCode] = field(default_factory=list)


def tables_of(actor: Actor) -> tuple[RosterTable, ...]:
    """Return the sheets that the actor may bring in."""
    if actor.is_system:
        return (UNITS, PERSONS, MANDATES)
    own = (UNITS, PERSONS) if actor.grant(Role.ADMIN) else ()
    return (*own, MANDATES) if actor.grant(Role.SECURITY) else own


def judge_roster(
    session: Session, actor: Actor, moment: Moment, sheets: Mapping[str, Sheet], authority_id: int
) -> Plan:
    """Judge the sheets that the actor may bring in (by the name of the table); Invalid when there is none of them."""
    rows = {table.name: read_table(sheets[table.name], table) for table in tables_of(actor) if table.name in sheets}
    if not any(rows.values()):
        wanted = "、".join(f"“{table.sheet}”" for table in tables_of(actor))
        raise Invalid({"file": f"文件里没有可以导入的内容：需要{wanted}表，每行一条。请使用模板。"})
    record = load_record(session, actor, authority_id)
    lines: list[Line] = []
    if UNITS.name in rows:
        lines += plan_units(rows[UNITS.name], record).lines
    if PERSONS.name in rows:
        lines += plan_persons(rows[PERSONS.name], record).lines
    if MANDATES.name in rows:
        own = session.scalar(select(Person.username).where(Person.id == actor.person_id)) if actor.person_id else ""
        lines += plan_mandates(rows[MANDATES.name], record, moment.day, own or "").lines
    return Plan(tuple(lines))


def apply_roster(session: Session, actor: Actor, moment: Moment, plan: Plan, authority_id: int) -> Applied:
    """Write every row that is new or changed; wrong and unchanged rows are left. The caller commits."""
    done, ids = Applied(), _unit_ids(session, actor, authority_id)
    for table, role, act, write in (
        (UNITS, Role.ADMIN, "导入单位", _write_units),
        (PERSONS, Role.ADMIN, "导入账号", _write_persons),
        (MANDATES, Role.SECURITY, "导入任职", _write_mandates),
    ):
        lines = [line for line in plan.of(table) if line.status in ("new", "changed")]
        if not lines:
            continue
        by = require_keeper(actor, role, act)
        facts = write(session, moment, lines, ids, done)
        named = [Fact(fact.kind, fact.subject, unit_id=fact.unit_id, data=fact.data, mandate_id=by) for fact in facts]
        record_many(session, named, actor, moment)
        done.written += len(lines)
    return done


def _unit_ids(session: Session, actor: Actor, authority_id: int) -> dict[str, int]:
    own = (Unit.authority_id == authority_id) | (Unit.id == authority_id)
    found = session.scalars(visible(Unit, actor).where(own, Unit.closed_on.is_(None)))
    units = {unit.name: unit.id for unit in found}
    return units | {"": authority_id}


def _write_units(session: Session, moment: Moment, lines: list[Line], ids: dict[str, int], done: Applied) -> list[Fact]:
    """Write units, parents before their children."""
    facts, waiting = [], list(lines)
    while waiting:
        ready = [line for line in waiting if (line.values["parent"] or "") in ids]
        if not ready:
            raise RuntimeError("units hang in a ring")
        for line in ready:
            unit = _write_unit(session, line, ids)
            ids[unit.name] = unit.id
            kind = "unit.create" if line.row_id is None else "unit.change"
            facts.append(Fact(kind, f"unit:{unit.id}", unit_id=unit.id, data={"changes": _changes(line)}))
        waiting = [line for line in waiting if line not in ready]
    session.flush()
    return facts


def _write_unit(session: Session, line: Line, ids: dict[str, int]) -> Unit:
    values = {name: line.values[name] for name in ("name", "short_name", "kind")}
    if line.row_id is None:
        parent = session.get_one(Unit, ids[line.values["parent"] or ""])
        unit = add_unit(session, parent, values, line.values["code"])
    else:
        unit = session.get_one(Unit, line.row_id)
        for name, value in values.items():
            setattr(unit, name, value)
        if line.values["parent"]:
            unit.parent_id = ids[line.values["parent"]]
    authority_id = unit.id if unit.is_authority else unit.authority_id
    session.add_all(
        UnitAlias(authority_id=authority_id, unit_id=unit.id, name=alias) for alias in line.values["aliases"]
    )
    return unit


def _write_persons(
    session: Session, moment: Moment, lines: list[Line], ids: dict[str, int], done: Applied
) -> list[Fact]:
    facts, made = [], []
    for line in lines:
        values = {name: line.values[name] or None for name in ("name", "title", "phone")}
        values["unit_id"] = ids[line.values["unit"]]
        if line.row_id is None:
            made.append(Person(username=line.name, **values))
            continue
        person = session.get_one(Person, line.row_id)
        take_version(session, person, None)
        for name, value in values.items():
            setattr(person, name, value)
        changed = [change for change in _changes(line) if change[0] != "手机"]
        facts.append(Fact("account.change", f"person:{person.id}", unit_id=person.unit_id, data={"changes": changed}))
    session.add_all(made)
    session.flush()
    names = {unit_id: name for name, unit_id in ids.items() if name}
    for person in made:
        done.codes.append(issue_code(session, person, moment, True, names.get(person.unit_id or 0, "")))
        facts.append(Fact("account.create", f"person:{person.id}", unit_id=person.unit_id))
    session.flush()
    return facts


def _write_mandates(
    session: Session, moment: Moment, lines: list[Line], ids: dict[str, int], done: Applied
) -> list[Fact]:
    names = [line.name for line in lines]
    query = select(Person.username, Person.id).where(Person.username.in_(names)).order_by(Person.id).with_for_update()
    persons: dict[str, int] = {username: person_id for username, person_id in session.execute(query)}
    facts = []
    for line in lines:
        mandate, kind = _write_mandate(session, line, persons[line.name], ids)
        data: dict[str, Any] = {"person": mandate.person_id, "role": mandate.role, "changes": _changes(line)}
        data |= {"begins_on": str(mandate.begins_on), "ends_on": mandate.ends_on and str(mandate.ends_on)}
        facts.append(Fact(kind, f"mandate:{mandate.id}", unit_id=mandate.unit_id, data=data))
    return facts


def _write_mandate(session: Session, line: Line, person_id: int, ids: dict[str, int]) -> tuple[Mandate, str]:
    values = line.values
    dates = {"begins_on": values["begins_on"], "ends_on": values["ends_on"]}
    if line.row_id is None:
        mandate = Mandate(person_id=person_id, unit_id=ids[values["unit"]], role=values["role"], **dates)
        session.add(mandate)
        session.flush()
    else:
        mandate = session.get_one(Mandate, line.row_id)
        take_version(session, mandate, None)
        mandate.begins_on, mandate.ends_on = dates["begins_on"], dates["ends_on"]
        session.execute(delete(Portfolio).where(Portfolio.mandate_id == mandate.id))
    session.add_all(Portfolio(mandate_id=mandate.id, unit_id=ids[name]) for name in values["portfolio"])
    session.flush()
    return mandate, "mandate.grant" if line.row_id is None else "mandate.change"


def _changes(line: Line) -> list[list[str]]:
    return [list(change) for change in line.changes]


def reissue_codes(session: Session, actor: Actor, moment: Moment) -> list[IssuedCode]:
    """Give every open account without a password a new one-time code: the list was lost, or has run out.

    The other administrators' accounts are left out: whoever reads their codes could take them over.
    """
    by = require_keeper(actor, Role.ADMIN, "重新生成一次性代码")
    held = Mandate.role.in_(sorted(SEPARATE_ADMINISTRATORS)) & (
        Mandate.ends_on.is_(None) | (Mandate.ends_on >= moment.day)
    )
    waiting = visible(Person, actor).where(Person.password_hash.is_(None), Person.disabled_at.is_(None))
    waiting = waiting.where(Person.id.not_in(select(Mandate.person_id).where(held))).order_by(Person.unit_id, Person.id)
    names = {key: name for key, name in session.execute(select(Unit.id, Unit.name))}
    persons = session.scalars(waiting).all()
    codes = [issue_code(session, person, moment, True, names.get(person.unit_id or 0, "")) for person in persons]
    session.flush()
    if codes:
        facts = [Fact("password.reset", f"person:{code.person_id}", mandate_id=by) for code in codes]
        record_many(session, facts, actor, moment)
    return codes
