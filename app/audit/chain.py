"""Writing events: each is chained to the one before it in its authority's chain, in the transaction of the act."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, insert, or_, select, update
from sqlalchemy.orm import Session

from app.audit.models import SYSTEM_CHAIN, Chain, Event
from app.core.clock import Moment
from app.core.inserting import insert_many, insertion
from app.people import Actor

EVENTS: Any = Event.__table__
CHAINS: Any = Chain.__table__
THIS = CHAINS.c.id == bindparam("chain_id")
HEAD = select(CHAINS.c.seq, CHAINS.c.hash).where(THIS).with_for_update()
MOVE_HEAD = update(CHAINS).where(THIS)
APPEND = insert(EVENTS).returning(EVENTS.c.id, EVENTS.c.chain_id, EVENTS.c.seq)
FIELDS = (
    "kind",
    "subject",
    "case_id",
    "unit_id",
    "actor_id",
    "mandate_id",
    "source",
    "dest",
    "reason",
    "due_on",
    "data",
)


@dataclass(frozen=True, slots=True)
class Fact:
    """What is to be recorded as one event. `chain_id` is the authority, or SYSTEM_CHAIN for sign-ins and the like.

    `subject` names the row acted upon, such as `case:12`; `unit_id` the unit whose part it concerns (others then see only
    that it happened); `data` holds JSON values, digests of ledger rows and evidence among them, never citizens' contacts.
    """

    kind: str
    subject: str
    chain_id: int = SYSTEM_CHAIN
    case_id: int | None = None
    unit_id: int | None = None
    source: str | None = None
    dest: str | None = None
    reason: str | None = None
    due_on: date | None = None
    data: dict[str, Any] = field(default_factory=dict)
    mandate_id: int | None = None


def record(session: Session, fact: Fact, actor: Actor, moment: Moment) -> int:
    """Append one event and return its id. The chain stays locked until the caller's transaction ends."""
    return record_many(session, [fact], actor, moment)[0]


def record_many(session: Session, facts: list[Fact], actor: Actor, moment: Moment) -> list[int]:
    """Append events in order, one chain lock for each chain named, and return their ids in the same order."""
    if not facts:
        return []
    heads = {chain_id: _lock_chain(session, chain_id) for chain_id in sorted({fact.chain_id for fact in facts})}
    rows = []
    for fact in facts:
        seq, last = heads[fact.chain_id]
        row = _row(fact, seq + 1, last, actor, moment)
        heads[fact.chain_id] = (row["seq"], row["hash"])
        rows.append(row)
    ids = {(chain_id, seq): event_id for event_id, chain_id, seq in _append(session, rows)}
    if len(ids) != len(facts):
        raise RuntimeError("an event found its place in the chain taken")
    for chain_id, (seq, last) in heads.items():
        session.execute(MOVE_HEAD, {"chain_id": chain_id, "seq": seq, "hash": last})
    return [ids[row["chain_id"], row["seq"]] for row in rows]


def _append(session: Session, rows: list[dict[str, Any]]) -> Iterable[Any]:
    if len(rows) == 1:
        return session.execute(APPEND, rows[0])
    first = {row["chain_id"]: row["seq"] for row in reversed(rows)}
    mine = or_(*((EVENTS.c.chain_id == chain_id) & (EVENTS.c.seq >= seq) for chain_id, seq in first.items()))
    return insert_many(session, EVENTS, rows, (EVENTS.c.id, EVENTS.c.chain_id, EVENTS.c.seq), mine)


def event_hash(before: str, row: dict[str, Any]) -> str:
    """Return the hash of an event's content and the hash before it."""
    content = {name: row[name] for name in FIELDS}
    content |= {"chain_id": row["chain_id"], "seq": row["seq"], "at": _plain(row["at"]), "day": _plain(row["day"])}
    return hashlib.sha256((before + CANONICAL.encode(content)).encode()).hexdigest()


def _row(fact: Fact, seq: int, before: str, actor: Actor, moment: Moment) -> dict[str, Any]:
    row: dict[str, Any] = {
        "chain_id": fact.chain_id,
        "seq": seq,
        "kind": fact.kind,
        "subject": fact.subject,
        "case_id": fact.case_id,
        "unit_id": fact.unit_id,
        "actor_id": actor.person_id,
        "mandate_id": fact.mandate_id,
        "at": moment.at,
        "day": moment.day,
        "source": fact.source,
        "dest": fact.dest,
        "reason": fact.reason,
        "due_on": fact.due_on,
        "data": fact.data,
        "alg": "sha256",
    }
    row["hash"] = event_hash(before, row)
    return row


def _lock_chain(session: Session, chain_id: int) -> tuple[int, str]:
    head = session.execute(HEAD, {"chain_id": chain_id}).one_or_none()
    if head is None:  # two may begin a chain at once: one row is made, and both then wait for its lock
        session.execute(insertion(session, Chain).values(id=chain_id, seq=0, hash="").on_conflict_do_nothing())
        head = session.execute(HEAD, {"chain_id": chain_id}).one()
    return head[0], head[1]


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    return str(value)


CANONICAL = json.JSONEncoder(sort_keys=True, ensure_ascii=False, default=_plain, separators=(",", ":"))
