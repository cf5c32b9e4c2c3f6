"""The figures of a bulletin: every case in hand during a period, as it stands on a day, divided in several ways.

All of it is read in one transaction that sees one moment; of a case named it holds number and unit alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from app.calendar import Calendar
from app.ledgers.bulletins.arithmetic import Part, Partition, Snapshot, faults, shares
from app.ledgers.cases import Case
from app.ledgers.cases.facts import late
from app.ledgers.cases.words import CHECKED_STATES, SOURCES, WORKING_STATES
from app.ledgers.slips import Slip
from app.people import Mandate, Person, Portfolio, Role, Unit, in_force

STAGES = {
    "working": "整改中（未逾期）",
    "overdue": "整改中（已逾期）",
    "checking": "待核查验收",
    "closed": "已销号",
    "other": "终止、并案等",
}
NO_LEADER = "未明确分管领导"
SHOWN = 5
Period = tuple[date, date]


def take_snapshot(
    session: Session, authority_id: int, period: Period, as_of: date, calendar: Calendar
) -> dict[str, Any]:
    """Return the snapshot as JSON values; the session must see one moment throughout."""
    counts = _counts(session, authority_id, period, as_of)
    units = {unit_id: name for unit_id, name in _units(session, authority_id)}
    leaders = _leaders(session, authority_id, as_of)
    partitions = [
        _partition("按办理阶段", [(STAGES[key], _sum(counts, stage=key)) for key in STAGES]),
        _partition("按责任单位", [(units[key], _sum(counts, unit=key)) for key in units if _sum(counts, unit=key)]),
        _partition("按分管领导", _by_leader(counts, leaders)),
        _partition(
            "按反馈来源", [(SOURCES[key], _sum(counts, source=key)) for key in SOURCES if _sum(counts, source=key)]
        ),
    ]
    return {
        "period": [str(period[0]), str(period[1])],
        "as_of": str(as_of),
        "total": sum(counts.values()),
        "partitions": partitions,
        "units": _unit_lines(counts, units, leaders),
        "overdue": _overdue(session, authority_id, period, as_of, calendar),
        "slips": _slips(session, authority_id, period),
    }


def snapshot_faults(snapshot: Mapping[str, Any]) -> list[str]:
    """Return what does not add up in a snapshot on record, one Chinese sentence each."""
    found = faults(read_snapshot(snapshot))
    late = next((part["count"] for part in snapshot["partitions"][0]["parts"] if part["name"] == STAGES["overdue"]), 0)
    if late != len(snapshot["overdue"]):
        found.append(f"逾期清单列出 {len(snapshot['overdue'])} 件，与逾期数 {late} 件不符。")
    for key, said in (("total", "总数"), ("overdue", "逾期数"), ("closed", "销号数")):
        whole = {"total": snapshot["total"], "overdue": late, "closed": _stage(snapshot, "closed")}[key]
        made = sum(line[key] for line in snapshot["units"])
        if made != whole:
            found.append(f"各单位{said}合计 {made} 件，与{said} {whole} 件不符。")
    return found


def read_snapshot(snapshot: Mapping[str, Any]) -> Snapshot:
    """Return the divisions of a snapshot on record as the arithmetic takes them."""
    divided = tuple(
        Partition(row["name"], tuple(Part(p["name"], p["count"], Decimal(p["share"])) for p in row["parts"]))
        for row in snapshot["partitions"]
    )
    return Snapshot(snapshot["total"], divided)


def in_hand(authority_id: int, period: Period) -> ColumnElement[bool]:
    """Return the condition of cases assigned by the end of the period and not ended before it began."""
    is_there = or_(Case.ended_on.is_(None), Case.ended_on >= period[0])
    return and_(
        Case.authority_id == authority_id, Case.assigned_on <= period[1], Case.lead_unit_id.is_not(None), is_there
    )


def rate(part: int, whole: int) -> str:
    """Return a percentage with one decimal, half away from zero."""
    share = Decimal(part * 100) / Decimal(whole) if whole else Decimal(0)
    return str(share.quantize(Decimal("0.1"), ROUND_HALF_UP))


Counts = Mapping[tuple[int, str, str], int]


def _counts(session: Session, authority_id: int, period: Period, as_of: date) -> Counts:
    stage = case(
        (late(as_of), "overdue"),
        (Case.state.in_(WORKING_STATES), "working"),
        (Case.state.in_(CHECKED_STATES), "checking"),
        (Case.state == "closed", "closed"),
        else_="other",
    )
    query = select(Case.lead_unit_id, stage, Case.source_kind, func.count())
    query = query.where(in_hand(authority_id, period)).group_by(Case.lead_unit_id, stage, Case.source_kind)
    return {(unit_id or 0, name, source): count for unit_id, name, source, count in session.execute(query)}


def _sum(counts: Counts, unit: int | None = None, stage: str | None = None, source: str | None = None) -> int:
    wanted = (unit, stage, source)
    return sum(
        count
        for key, count in counts.items()
        if all(asked is None or asked == had for asked, had in zip(wanted, key, strict=True))
    )


def _partition(name: str, parts: Sequence[tuple[str, int]]) -> dict[str, Any]:
    of = shares([count for _, count in parts])
    named = [
        {"name": part, "count": count, "share": str(share)} for (part, count), share in zip(parts, of, strict=True)
    ]
    return {"name": name, "parts": named}


def _units(session: Session, authority_id: int) -> Iterable[Any]:
    query = select(Unit.id, Unit.short_name).where(Unit.authority_id == authority_id)
    return session.execute(query.order_by(Unit.position, Unit.id)).all()


def _leaders(session: Session, authority_id: int, day: date) -> dict[int, str]:
    """Return the leader in charge of each unit; of several the one who has been it longest."""
    query = select(Portfolio.unit_id, Person.name).join(Mandate, Mandate.id == Portfolio.mandate_id)
    query = query.join(Person, Person.id == Mandate.person_id).join(Unit, Unit.id == Portfolio.unit_id)
    query = query.where(Unit.authority_id == authority_id, Mandate.role == Role.LEADER, in_force(day))
    rows = session.execute(query.order_by(Mandate.begins_on.desc(), Mandate.id.desc()))
    return {unit_id: name for unit_id, name in rows}


def _by_leader(counts: Counts, leaders: Mapping[int, str]) -> list[tuple[str, int]]:
    found: dict[str, int] = {}
    for (unit_id, _, _), count in sorted(counts.items()):
        name = leaders.get(unit_id, NO_LEADER)
        found[name] = found.get(name, 0) + count
    return list(found.items())


def _unit_lines(counts: Counts, units: Mapping[int, str], leaders: Mapping[int, str]) -> list[dict[str, Any]]:
    lines = []
    for unit_id, name in units.items():
        if total := _sum(counts, unit=unit_id):
            closed = _sum(counts, unit=unit_id, stage="closed")
            overdue = _sum(counts, unit=unit_id, stage="overdue")
            line = {"unit": name, "leader": leaders.get(unit_id, NO_LEADER), "total": total, "closed": closed}
            lines.append(line | {"overdue": overdue, "rate": rate(closed, total)})
    return lines


def _overdue(
    session: Session, authority_id: int, period: Period, as_of: date, calendar: Calendar
) -> list[dict[str, Any]]:
    """Return the cases overdue, the longest first, with the working days they are late."""
    query = select(Case.number, Unit.short_name, Case.due_on).join(Unit, Unit.id == Case.lead_unit_id)
    query = query.where(in_hand(authority_id, period), late(as_of)).order_by(Case.due_on, Case.id)
    return [
        {
            "number": number or "",
            "unit": unit,
            "due_on": str(due),
            "days": calendar.working_between(due or as_of, as_of),
        }
        for number, unit, due in session.execute(query)
    ]


def _slips(session: Session, authority_id: int, period: Period) -> list[dict[str, str]]:
    """List what was signed in the period; what was taken back since keeps its number and says so."""
    name = case((Slip.withdrawn_on.is_(None), Slip.name), else_=Slip.name + "（已撤回）")
    query = select(Slip.number, name, Unit.short_name, Slip.issued_on).join(Unit, Unit.id == Slip.unit_id)
    query = query.where(Slip.authority_id == authority_id, Slip.issued_on >= period[0], Slip.issued_on <= period[1])
    rows = session.execute(query.order_by(Slip.issued_on, Slip.id))
    return [{"number": number or "", "name": name, "unit": unit, "on": str(on)} for number, name, unit, on in rows]


def _stage(snapshot: Mapping[str, Any], key: str) -> int:
    parts = snapshot["partitions"][0]["parts"]
    return next((int(part["count"]) for part in parts if part["name"] == STAGES[key]), 0)


def best_and_worst(lines: Sequence[Mapping[str, Any]]) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """Return the units with the highest and with the lowest closure rates, up to SHOWN each and none in both."""
    ordered = sorted(lines, key=lambda line: (-Decimal(line["rate"]), -line["closed"], line["overdue"]))
    half = min(SHOWN, len(ordered) // 2)
    return ordered[:half], list(reversed(ordered[len(ordered) - half :])) if half else []
