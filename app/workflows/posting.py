"""Posting to the score ledger: entry, standing, running total, event and message in one transaction, insert-if-absent."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Row, String, case, cast, insert, literal, select
from sqlalchemy.orm import Session

from app.audit import Fact, record_many
from app.core.among import among
from app.core.db import UtcDateTime
from app.core.inserting import insert_many, insertion, insertion_if_absent
from app.ledgers.messages import Message
from app.ledgers.scores import Deduction, ScoreEntry, Standing, Total
from app.workflows.context import Context

ENTRIES: Any = ScoreEntry.__table__
STANDINGS: Any = Standing.__table__
TOTALS: Any = Total.__table__
SUMS = ("proposed", "confirmed")
Posted: TypeAlias = ScoreEntry | Row[Any]  # an entry on record, or its columns alone, which are read much faster
OF_CASES = (
    select(*(column for column in ENTRIES.c if column.name not in ("calculation", "posted_at")))
    .where(among(ScoreEntry.case_id, "case_ids"))
    .order_by(ScoreEntry.id)
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line to be posted for a case: a deduction, or a contra that reverses an entry (and the event that decided it)."""

    case_id: int
    authority_id: int
    deduction: Deduction
    reverses_id: int | None = None
    accounted_year: int | None = None

    @property
    def year(self) -> int:
        """The year whose total it belongs to: a contra's is that of the entry it reverses."""
        return self.accounted_year or self.deduction.day.year

    @property
    def origin(self) -> str:
        """What the entry comes from."""
        return f"case:{self.case_id}"


def post(context: Context, lines: Sequence[Line], told_on: date | None = None) -> dict[Line, int]:
    """Post the lines that are not on record yet and return their entry ids.

    Callers hold the locks of the cases named, so a line found taken is an error, never silence.
    """
    if not lines:
        return {}
    session, moment = context.session, context.moment
    told = told_on or moment.day
    events = record_many(session, [_fact(line) for line in lines], context.actor, moment)
    rows = [_entry(line, event_id, moment.at) for line, event_id in zip(lines, events, strict=True)]
    mine = among(ENTRIES.c.case_id, {line.case_id for line in lines}) & (ENTRIES.c.posted_event_id >= min(events))
    ids = dict(insert_many(session, ENTRIES, rows, (ENTRIES.c.posted_event_id, ENTRIES.c.id), mine))
    if len(ids) != len(lines):
        raise RuntimeError("a score entry was already on record")
    _stand(context, lines, mine, told)
    add_to_totals(session, [(line, "proposed", line.deduction.points) for line in lines if line.reverses_id is None])
    _tell_proposed(context, mine)
    return {line: ids[event_id] for line, event_id in zip(lines, events, strict=True)}


def _stand(context: Context, lines: Sequence[Line], mine: ColumnElement[bool], told: date) -> None:
    """Give the entries just posted their standings, in one statement."""
    entry = ENTRIES.c
    until = {authority: _heard_until(context, authority, told) for authority in _authorities(lines)}
    values = {
        "entry_id": entry.id,
        "authority_id": entry.authority_id,
        "unit_id": entry.unit_id,
        "year": entry.year,
        "state": case((entry.reverses_id.is_(None), "proposed"), else_="reversed"),
        "version": literal(1),
        "told_on": literal(told),
        "object_until": case(until, value=entry.authority_id),
        "event_id": entry.posted_event_id,
    }
    context.session.execute(insert(STANDINGS).from_select(list(values), select(*values.values()).where(mine)))


def _tell_proposed(context: Context, mine: ColumnElement[bool]) -> None:
    """Tell the units of the entries just proposed, in one statement."""
    entry, moment = ENTRIES.c, context.moment
    values = {
        "authority_id": entry.authority_id,
        "unit_id": entry.unit_id,
        "kind": literal("entry_proposed"),
        "subject": cast(entry.id, String(60)),
        "case_id": entry.case_id,
        "day": literal(moment.day),
        "at": literal(moment.at, UtcDateTime()),
    }
    proposed = select(*values.values()).where(mine, entry.reverses_id.is_(None))
    told = insertion(context.session, Message.__table__).from_select(list(values), proposed)
    context.session.execute(told.on_conflict_do_nothing())


def add_to_totals(session: Session, moves: Iterable[tuple[Line | Standing, str, Decimal]]) -> None:
    """Add points to the running totals: (whose, column `proposed` or `confirmed`, signed points)."""
    sums: dict[tuple[int, int, int], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for whose, column, points in moves:
        sums[_account(whose)][column] += points
    rows = [
        {"unit_id": unit_id, "year": year, "authority_id": authority_id, **{name: added[name] for name in SUMS}}
        for (unit_id, year, authority_id), added in sorted(sums.items(), key=lambda account: account[0])
    ]
    if rows:
        statement = insertion(session, TOTALS)
        grown = {name: TOTALS.c[name] + statement.excluded[name] for name in SUMS}
        session.execute(statement.on_conflict_do_update(index_elements=["unit_id", "year"], set_=grown), rows)


def tell(context: Context, notices: Iterable[tuple[int, int, str, object, int | None]]) -> None:
    """Write messages (authority, unit, kind, subject, case), once for each unit, kind and subject."""
    moment = context.moment
    rows = [
        {
            "authority_id": authority_id,
            "unit_id": unit_id,
            "kind": kind,
            "subject": str(subject),
            "case_id": case_id,
            "day": moment.day,
            "at": moment.at,
        }
        for authority_id, unit_id, kind, subject, case_id in notices
    ]
    insert_or_ignore(context.session, Message, rows)


def insert_or_ignore(session: Session, model: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows, leaving those whose unique key is taken as they are."""
    if not rows:
        return
    session.execute(insertion_if_absent(session, model.__table__), rows)


def contra(entry: Posted, event_id: int, day: date, said: str) -> Deduction:
    """Return the contra of an entry: the opposite points, on the day of the event that decided it."""
    calculation = f"冲销 {entry.day} 的记录（{entry.points:+.2f}）：{said}"
    key, beyond = f"contra:{entry.id}", -entry.beyond
    return Deduction(
        entry.rule, entry.unit_id, key, day, -entry.points, beyond, calculation, entry.rule_set_id, event_id
    )


def digest(values: Iterable[object]) -> str:
    """Return the digest of a ledger row that the chain covers."""
    return hashlib.sha256("|".join(str(value) for value in values).encode()).hexdigest()


def entry_digest(row: Any) -> str:
    """Return the digest of an entry on record; `verify` compares it with the event that posted it."""
    points, beyond = f"{row.points:.2f}", f"{row.beyond:.2f}"
    covered = (row.rule, row.origin, row.unit_id, row.key, row.day, points, beyond, row.calculation, row.rule_set_id)
    return digest((*covered, row.year, row.event_id, row.reverses_id))


def entries_by_case(session: Session, case_ids: Sequence[int]) -> dict[int, list[Posted]]:
    """Return the entries of the cases named, oldest first."""
    found: dict[int, list[Posted]] = defaultdict(list)
    for entry in session.execute(OF_CASES, {"case_ids": case_ids}).all():
        found[entry.case_id].append(entry)
    return found


def _heard_until(context: Context, authority_id: int, told: date) -> date:
    """Return the last day for objections; the day of telling itself where the office gives no time."""
    return context.limit(authority_id, "objection_days", told).on if heard(context, authority_id) else told


def heard(context: Context, authority_id: int) -> bool:
    """Say whether the office gives time for objections at all."""
    return context.parameters(authority_id)["objection_days"] > 0


def _account(whose: "Line | Standing") -> tuple[int, int, int]:
    if isinstance(whose, Line):
        return whose.deduction.unit_id, whose.year, whose.authority_id
    return whose.unit_id, whose.year, whose.authority_id


def _authorities(lines: Iterable[Line]) -> set[int]:
    return {line.authority_id for line in lines}


def _place(line: Line) -> tuple[str, str, int, str]:
    return line.deduction.rule, line.origin, line.deduction.unit_id, line.deduction.key


def _fact(line: Line) -> Fact:
    deduction = line.deduction
    points, beyond = f"{deduction.points:.2f}", f"{deduction.beyond:.2f}"
    covered = (*_place(line), deduction.day, points, beyond, deduction.calculation, deduction.rule_set_id)
    account = (line.year, deduction.event_id, line.reverses_id)
    return Fact(
        kind="entry.reverse" if line.reverses_id else "entry.propose",
        subject=f"{deduction.rule}/{deduction.key}",
        chain_id=line.authority_id,
        case_id=line.case_id,
        unit_id=deduction.unit_id,
        data={
            "points": points,
            "day": str(deduction.day),
            "digest": digest((*covered, *account)),
            "said": deduction.calculation,
        },
    )


def _entry(line: Line, event_id: int, at: Any) -> dict[str, Any]:
    deduction = line.deduction
    return {
        "authority_id": line.authority_id,
        "unit_id": deduction.unit_id,
        "year": line.year,
        "rule_set_id": deduction.rule_set_id,
        "rule": deduction.rule,
        "origin": line.origin,
        "key": deduction.key,
        "day": deduction.day,
        "points": deduction.points,
        "beyond": deduction.beyond,
        "calculation": deduction.calculation,
        "case_id": line.case_id,
        "event_id": deduction.event_id,
        "reverses_id": line.reverses_id,
        "posted_event_id": event_id,
        "posted_at": at,
    }
