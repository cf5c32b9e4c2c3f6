"""Reading the facts of many cases at once, in a constant number of queries, into the values that `assess` takes."""

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import Session

from app.audit import Event
from app.core.among import among
from app.ledgers.cases import Assignment, Case, CaseSource, Deadline, Pause
from app.ledgers.scores.facts import CaseFacts, DeadlineFact, Happening, PartFact, PauseFact, SlipFact, SourceFact
from app.ledgers.scores.models import RuleSet
from app.ledgers.scores.rules import RuleBody, RuleBook, RuleVersion, body_of
from app.ledgers.slips import Slip

HAPPENINGS = {"case.send_back": "returned", "case.rebound": "rebound", "case.terminate": "terminated"}
# the case itself says whether any of them happened: few cases need their events read
MARKED = or_(Case.returned_count > 0, Case.rebound_count > 0, Case.state == "terminated")
IDS = "case_ids"


def _columns(model: Any, *names: str) -> Select[Any]:
    """Return the columns named, in the order of the facts' fields, past the ORM: the daily job reads very many."""
    columns = model.__table__.c
    query = select(*(columns[name] for name in names))
    return query.where(among(columns.case_id, IDS)).order_by(columns.id)


# made once: every move that may cost, and every batch of the daily job, asks them
PAUSES = _columns(
    Pause, "assignment_id", "since", "event_id", "until", "ended_event_id", "restored_from", "restored_limit"
)
PARTS = _columns(
    *(Assignment, "assigned_on", "event_id", "receipt_due_on", "receipt_provisional", "received_on", "released_on"),
    *("released_event_id", "id", "case_id", "unit_id", "role"),
)
DEADLINES = _columns(Deadline, "case_id", "recorded_on", "effective_on", "due_on", "provisional", "cycle", "event_id")
SLIPS = _columns(
    *(Slip, "case_id", "id", "unit_id", "name", "number", "score_key", "issued_on", "issued_event_id"),
    *("receipt_due_on", "reply_due_on", "is_provisional", "withdrawn_on", "withdrawn_event_id"),
    *("settled_on", "acknowledged_on", "first_replied_on"),
).where(Slip.__table__.c.issued_on.is_not(None))
RULE_SETS: Any = RuleSet.__table__
BOOK = (
    select(*(RULE_SETS.c[name] for name in ("id", "year", "number", "effective_on", "body")))
    .where(RULE_SETS.c.authority_id == bindparam("authority_id"), RULE_SETS.c.state == "approved")
    .order_by(RULE_SETS.c.id)
)
CASES = (
    select(Case.id, Case.authority_id, Case.number, Case.state, Case.ended_on, Case.ended_event_id, MARKED)
    .where(among(Case.id, IDS))
    .order_by(Case.id)
)
SOURCES = (
    select(CaseSource.case_id, CaseSource.discovery, Event.day, CaseSource.event_id)
    .join(Event, Event.id == CaseSource.event_id)
    .where(among(CaseSource.case_id, IDS), CaseSource.withdrawn_event_id.is_(None))
    .order_by(CaseSource.saved_at, CaseSource.id)
)


def load_facts(session: Session, case_ids: Sequence[int]) -> list[CaseFacts]:
    """Return the facts of the cases named, as of now, in the order of their ids."""
    if not case_ids:
        return []
    pauses = _pauses(session, case_ids)
    parts = _parts(session, case_ids, pauses)
    deadlines = _deadlines(session, case_ids)
    sources = _sources(session, case_ids)
    cases = session.execute(CASES, {"case_ids": case_ids}).all()
    happenings = _happenings(session, [row.id for row in cases if row[-1]])
    slips = _slips(session, case_ids)
    return [
        CaseFacts(
            case_id=case_id,
            authority_id=authority_id,
            label=number or f"#{case_id}",
            parts=tuple(parts[case_id]),
            deadlines=tuple(deadlines[case_id]),
            sources=tuple(sources[case_id]),
            happenings=tuple(happenings[case_id]),
            slips=tuple(slips[case_id]),
            ended=(state, ended_on, event_id) if ended_on and event_id else None,
        )
        for case_id, authority_id, number, state, ended_on, event_id, _ in cases
    ]


def load_book(session: Session, authority_id: int, before: date | None = None) -> RuleBook:
    """Return every approved rule set of the authority; with `before` those approved before that day began."""
    query = BOOK if before is None else BOOK.where(RULE_SETS.c.approved_on < before)
    rows = session.execute(query, {"authority_id": authority_id}).all()
    return RuleBook(tuple(RuleVersion(i, year, number, on, _body(body)) for i, year, number, on, body in rows))


@lru_cache(maxsize=256)
def _body(text: str) -> RuleBody:
    """Read a body, once in a process: an approved one never changes, and the value cannot be changed either."""
    return body_of(json.loads(text))


def _pauses(session: Session, case_ids: Sequence[int]) -> dict[int, list[PauseFact]]:
    found: dict[int, list[PauseFact]] = defaultdict(list)
    for assignment_id, *values in session.execute(PAUSES, {"case_ids": case_ids}).all():
        found[assignment_id].append(PauseFact(*values))
    return found


def _parts(session: Session, case_ids: Sequence[int], pauses: dict[int, list[PauseFact]]) -> dict[int, list[PartFact]]:
    found: dict[int, list[PartFact]] = defaultdict(list)
    for *values, part_id, case_id, unit_id, role in session.execute(PARTS, {"case_ids": case_ids}).all():
        stood = tuple(pauses.get(part_id, ()))
        found[case_id].append(PartFact(unit_id, role == "lead", *(*values, stood)))
    return found


def _deadlines(session: Session, case_ids: Sequence[int]) -> dict[int, list[DeadlineFact]]:
    found: dict[int, list[DeadlineFact]] = defaultdict(list)
    for case_id, *values in session.execute(DEADLINES, {"case_ids": case_ids}).all():
        found[case_id].append(DeadlineFact(*values))
    return found


def _sources(session: Session, case_ids: Sequence[int]) -> dict[int, list[SourceFact]]:
    found: dict[int, list[SourceFact]] = defaultdict(list)
    for case_id, discovery, day, event_id in session.execute(SOURCES, {"case_ids": case_ids}).all():
        found[case_id].append(SourceFact(discovery, day, event_id))
    return found


def _happenings(session: Session, case_ids: Sequence[int]) -> dict[int, list[Happening]]:
    found: dict[int, list[Happening]] = defaultdict(list)
    if not case_ids:
        return found
    query = select(Event.case_id, Event.kind, Event.day, Event.id, Event.data)
    query = query.where(among(Event.case_id, case_ids), Event.kind.in_(HAPPENINGS)).order_by(Event.id)
    for case_id, kind, day, event_id, data in session.execute(query):
        name = "false_report" if data.get("false") else HAPPENINGS[kind]
        if case_id is not None:
            found[case_id].append(Happening(name, day, event_id, tuple(data.get("guilty", ()))))
    return found


def _slips(session: Session, case_ids: Sequence[int]) -> dict[int, list[SlipFact]]:
    found: dict[int, list[SlipFact]] = defaultdict(list)
    for row in session.execute(SLIPS, {"case_ids": case_ids}):
        settled = [row.settled_on] if row.settled_on else []  # what ended with its case is answered by that
        met = {
            name: min((on for on in (*settled, own) if on), default=None)
            for name, own in (("received_on", row.acknowledged_on), ("replied_on", row.first_replied_on))
        }
        found[row.case_id].append(
            SlipFact(
                slip_id=row.id,
                unit_id=row.unit_id,
                label=f"{row.name}（{row.number}）",
                score_key=row.score_key,
                issued_on=row.issued_on,
                event_id=row.issued_event_id,
                receipt_due_on=row.receipt_due_on,
                reply_due_on=row.reply_due_on,
                provisional=row.is_provisional,
                withdrawn_on=row.withdrawn_on,
                withdrawn_event_id=row.withdrawn_event_id,
                **met,
            )
        )
    return found
