"""What two databases must agree on, whatever happened to the jobs: read out without ids, and checked in itself."""

from collections import Counter
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select

from app.audit import Event, broken_chains
from app.core.db import Database
from app.ledgers.cases import Listing
from app.ledgers.messages import Message
from app.ledgers.scores import DailyRun, ScoreEntry, Standing, Total
from app.ledgers.slips import Slip
from app.workflows import entries_in_force

Ledger = dict[str, Any]


def read_ledger(database: Database, with_standings: bool = True) -> Ledger:
    """Return everything the daily job leaves, each line by its natural place, with how often it stands there."""
    with database.session(read_only=True) as session:
        entries = {entry.id: entry for entry in session.scalars(select(ScoreEntry))}
        places = {entry_id: place(entry, entries) for entry_id, entry in entries.items()}
        standings = {row.entry_id: row.state for row in session.scalars(select(Standing))}
        totals = {(t.unit_id, t.year): (t.confirmed, t.proposed) for t in session.scalars(select(Total))}
        messages = [(m.unit_id, m.kind, subject(m, places)) for m in session.scalars(select(Message))]
        moved = or_(Event.kind.like("entry.%"), Event.kind.like("slip.%"), Event.kind == "interview.propose")
        kinds = [(e.kind, e.case_id) for e in session.scalars(select(Event).where(moved))]
        slips = session.scalars(select(Slip)).all()
        ledger: Ledger = {
            "entries": Counter(places.values()),
            "listings": Counter((row.case_id, row.reason) for row in session.scalars(select(Listing))),
            "events": Counter(kinds),
            "slips": Counter((s.case_id, s.unit_id, s.type_code, s.key, str(s.drafted_on)) for s in slips),
        }
        if with_standings:
            ledger["standings"] = Counter((places[entry_id], state) for entry_id, state in standings.items())
            ledger["totals"] = totals
            ledger["slips now"] = Counter((s.case_id, s.key, s.state, s.lapsed_on, s.sign_due_on) for s in slips)
            ledger["messages"] = Counter(messages)
            ledger["days"] = [run.day for run in session.scalars(select(DailyRun).order_by(DailyRun.day))]
        return ledger


def place(entry: ScoreEntry, entries: dict[int, ScoreEntry]) -> tuple[Any, ...]:
    """Return an entry's natural place: rule, origin, unit, date, points, and of a contra what it reverses."""
    against = place(entries[entry.reverses_id], entries) if entry.reverses_id else None
    return entry.rule, entry.origin, entry.unit_id, str(entry.day), entry.points, entry.beyond, against


def subject(message: Message, places: dict[int, Any]) -> Any:
    """Return what a message is about, without the id of an entry."""
    if message.kind.startswith("entry_"):
        return places[int(message.subject)]
    return message.subject


def doubled(database: Database) -> list[Any]:
    """Return the places of the ledger that are taken twice."""
    entries = read_ledger(database)["entries"]
    return [where for where, times in entries.items() if times > 1]


def wrong_in_itself(database: Database) -> list[str]:
    """Say what does not hold within one database: totals against the fold of the ledger, chains, missing standings."""
    said = []
    with database.session(read_only=True) as session:
        entries = list(session.scalars(select(ScoreEntry)))
        standings = {row.entry_id: row.state for row in session.scalars(select(Standing))}
        totals = {(t.unit_id, t.year): (t.confirmed, t.proposed) for t in session.scalars(select(Total))}
        said += [f"chain {broken}" for broken in broken_chains(session)]
    if {entry.id for entry in entries} != set(standings):
        said.append("entries and standings differ")
    folded: dict[tuple[int, int], list[Decimal]] = {}
    for entry in entries_in_force(entries):
        column = 0 if standings.get(entry.id) == "confirmed" else 1
        folded.setdefault((entry.unit_id, entry.year), [Decimal(0), Decimal(0)])[column] += entry.points
    for account in folded.keys() | totals.keys():
        want = tuple(folded.get(account, (Decimal(0), Decimal(0))))
        if totals.get(account, (Decimal(0), Decimal(0))) != want:
            said.append(f"total of {account} is {totals.get(account)}, the ledger says {want}")
    if len({entry.reverses_id for entry in entries if entry.reverses_id}) != sum(bool(e.reverses_id) for e in entries):
        said.append("an entry is reversed twice")
    return said
