"""Judge the mandates of a roster against the record and against each other: pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.core.sheet import Cell
from app.ledgers.intake import read_date
from app.ledgers.intake.cells import fold, read_names, read_reference
from app.ledgers.roster.known import Record, RosterMandate, RosterPerson
from app.ledgers.roster.lines import Line, Plan, Row, check_needed
from app.people import ROLE_LABELS, Role, conflict, normal_username

ROLE_WORDS = {label: role for role, label in ROLE_LABELS.items()} | {role.value: role for role in Role}
FAR = date.max


@dataclass(frozen=True, slots=True)
class Held:
    """A mandate that stands or would stand once the lines before are applied."""

    role: Role
    unit_name: str
    begins_on: date
    ends_on: date


def plan_mandates(rows: Sequence[Row], record: Record, day: date, own_username: str) -> Plan:
    """Judge the sheet of mandates; a mandate is known by person, role and unit. Nobody appoints himself."""
    persons = {person.username: person for person in record.persons if person.is_kept}
    held: dict[str, list[Held]] = {}
    for mandate in record.mandates:
        held.setdefault(mandate.username, []).append(_held(mandate))
    lines = []
    for row in rows:
        line = Line(row, normal_username(read_reference(row.cells.get("username"))))
        check_needed(line)
        _read_mandate(line, record, persons, own_username)
        known = _known(line, record, day)
        _read_dates(line, known, day)
        if line.status != "wrong":
            _compare(line, known)
            _blame_conflicts(line, known, held.setdefault(line.name, []))
        lines.append(line)
    return Plan(tuple(lines))


def _read_mandate(line: Line, record: Record, persons: dict[str, RosterPerson], own_username: str) -> None:
    row = line.row
    person = persons.get(line.name)
    if line.name and person is None:
        line.blame("username", f"没有用户名“{line.name}”，请先导入账号")
    elif person is not None and person.is_disabled:
        line.blame("username", "账号已停用")
    elif line.name == own_username:
        line.blame("username", "不能给自己授予任职")
    said = row.text("role")
    line.values = {"username": line.name, "role": ROLE_WORDS.get(fold(said)), "portfolio": ()}
    if said and line.values["role"] is None:
        line.blame("role", f"没有“{said}”这一角色，应为{'、'.join(ROLE_LABELS.values())}")
    line.values["unit"] = _find_unit(line, "unit", row.text("unit"), record)
    names = read_names(row.cells.get("portfolio"))
    found = [_find_unit(line, "portfolio", name, record) for name in names]
    line.values["portfolio"] = tuple(sorted(name for name in found if name))
    if names and line.values["role"] not in (None, Role.LEADER):
        line.blame("portfolio", "只有县级分管领导有分管单位")


def _find_unit(line: Line, column: str, said: str, record: Record) -> str | None:
    if not said:
        return None
    unit, why = record.find(said)
    if unit is not None and unit.id is not None:
        return unit.name
    line.blame(column, why or f"“{said}”还没有导入")
    return None


def _known(line: Line, record: Record, day: date) -> RosterMandate | None:
    """Return the mandate of the same person, role and unit that has not ended."""
    wanted = line.name, line.values.get("role"), line.values.get("unit")
    same = (m for m in record.mandates if (m.username, m.role, m.unit_name) == wanted)
    return next((mandate for mandate in same if mandate.ends_on is None or mandate.ends_on >= day), None)


def _read_dates(line: Line, known: RosterMandate | None, day: date) -> None:
    begins_on = _day(line, "begins_on") or (known.begins_on if known else day)
    ends_on = _day(line, "ends_on") or (known.ends_on if known else None)
    if ends_on is not None and ends_on < begins_on:
        line.blame("ends_on", "早于起始日期")
    elif ends_on is not None and ends_on < day:
        line.blame("ends_on", "已经过去；终止任职请到人员页面办理")
    line.values |= {"begins_on": begins_on, "ends_on": ends_on}


def _day(line: Line, column: str) -> date | None:
    value: Cell = line.row.cells.get(column)
    if not line.row.text(column):
        return None
    reading = read_date(value)
    if reading.problem or reading.doubt:
        line.blame(column, reading.problem or f"{reading.doubt}，请写成 2026-03-01")
    return reading.day


def _compare(line: Line, known: RosterMandate | None) -> None:
    if known is not None:
        for column, old in (("begins_on", known.begins_on), ("ends_on", known.ends_on)):
            if line.values[column] != old:
                line.compare(column, old or "长期", line.values[column] or "长期")
        said = line.row.text("portfolio")
        if said and set(line.values["portfolio"]) != known.portfolio:
            line.compare("portfolio", "、".join(sorted(known.portfolio)), "、".join(line.values["portfolio"]))
        elif not said:
            line.values["portfolio"] = tuple(sorted(known.portfolio))
    line.settle(known.id if known else None)


def _blame_conflicts(line: Line, known: RosterMandate | None, held: list[Held]) -> None:
    """Blame an overlap with a mandate that stands or that an earlier line brings; else the line itself stands."""
    role, unit = line.values["role"], line.values["unit"]
    wanted = Held(role, unit, line.values["begins_on"], line.values["ends_on"] or FAR)
    others = [other for other in held if known is None or other != _held(known)]
    for other in _overlapping(wanted, others):
        if (other.role, other.unit_name) == (role, unit):
            line.blame("role", "与已有或前面行的同一任职日期重叠")
            return
        if why := conflict(other.role, role):
            line.blame("role", f"{why}：同期已任{other.role.label}")
            return
    held[:] = [*others, wanted]


def _overlapping(wanted: Held, others: Iterable[Held]) -> Iterable[Held]:
    return (other for other in others if other.begins_on <= wanted.ends_on and other.ends_on >= wanted.begins_on)


def _held(mandate: RosterMandate) -> Held:
    return Held(mandate.role, mandate.unit_name, mandate.begins_on, mandate.ends_on or FAR)
