"""What must hold of the score ledger: entries as their events say, standings that fit, totals that are sums."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.audit import Event
from app.core.aliases import shared_alias
from app.ledgers.scores import ScoreEntry, Standing, Total
from app.workflows.posting import entry_digest

POSTED = ("entry.propose", "entry.reverse")
CONFIRMED_BY = ("entry.confirm", "objection.dismiss")
CHANGED = "内容与入账事件的摘要不符"
OPEN = ("proposed", "contested")
MOVED = shared_alias(Event)
CONTRA = shared_alias(ScoreEntry)
REVERSED = shared_alias(ScoreEntry)
Account = tuple[int, int, int]
Sums = tuple[Decimal, Decimal]


def wrong_entries(session: Session) -> Iterator[tuple[int, str]]:
    """Yield each entry that does not fit, with what is wrong, by id."""
    with session.execute(_entries().execution_options(yield_per=2000)) as rows:
        for entry, event, standing, moved_kind, moved_subject, contra_id, undoes in rows:
            said = _against_event(entry, event) or _against_standing(entry, event, standing)
            said = said or _state_of(entry, standing, (moved_kind, moved_subject), contra_id, undoes)
            if said:
                yield entry.id, said


def unposted_events(session: Session) -> Iterator[int]:
    """Yield each event that posted an entry which is not on record any more."""
    query = select(Event.id).outerjoin(ScoreEntry, ScoreEntry.posted_event_id == Event.id)
    yield from session.scalars(query.where(Event.kind.in_(POSTED), ScoreEntry.id.is_(None)).order_by(Event.id))


def wrong_totals(session: Session) -> tuple[int, str | None]:
    """Return how many running totals there are, and the first that is not the sum of its entries."""
    folded = _fold(session)
    query = select(Total.unit_id, Total.year, Total.authority_id, Total.confirmed, Total.proposed)
    kept = {(unit, year, authority): (c, p) for unit, year, authority, c, p in session.execute(query)}
    nothing = (Decimal("0.00"), Decimal("0.00"))
    for account in sorted(folded.keys() | kept.keys()):
        sums, total = folded.get(account, nothing), kept.get(account, nothing)
        if sums != total:
            said = f"登记为确认 {total[0]}、拟扣 {total[1]}，按记录应为确认 {sums[0]}、拟扣 {sums[1]}"
            return len(kept), f"单位 {account[0]} 的 {account[1]} 年：{said}"
    return len(kept), None


def _entries() -> Select[*tuple[Any, ...]]:
    columns = (ScoreEntry, Event, Standing, MOVED.kind, MOVED.subject, CONTRA.id, REVERSED.reverses_id)
    return (
        select(*columns)
        .outerjoin(Event, Event.id == ScoreEntry.posted_event_id)
        .outerjoin(Standing, Standing.entry_id == ScoreEntry.id)
        .outerjoin(MOVED, MOVED.id == Standing.event_id)
        .outerjoin(CONTRA, CONTRA.reverses_id == ScoreEntry.id)
        .outerjoin(REVERSED, REVERSED.id == ScoreEntry.reverses_id)
        .order_by(ScoreEntry.id)
    )


def _against_event(entry: ScoreEntry, event: Event | None) -> str | None:
    if event is None or event.kind not in POSTED:
        return "没有入账的事件"
    if event.data.get("digest") != entry_digest(entry):
        return CHANGED
    same = (event.chain_id, event.case_id, event.unit_id, event.at)
    if same != (entry.authority_id, entry.case_id, entry.unit_id, entry.posted_at):
        return "主体、问题、单位或入账时间与入账事件不符"
    return None


def _against_standing(entry: ScoreEntry, event: Event | None, standing: Standing | None) -> str | None:
    if standing is None:
        return "没有登记状态"
    if (standing.authority_id, standing.unit_id, standing.year) != (entry.authority_id, entry.unit_id, entry.year):
        return "状态登记的单位或年度与记录不符"
    if event is not None and (standing.told_on != event.day or standing.object_until < standing.told_on):
        return "告知日或申辩期与入账事件不符"
    return None


def _state_of(
    entry: ScoreEntry,
    standing: Standing | None,
    moved: tuple[str | None, str | None],
    contra_id: int | None,
    undoes: int | None,
) -> str | None:
    """Say what does not fit of the state: reversed just when a contra stands, confirmed only by an act that confirms."""
    state = standing.state if standing else ""
    is_plain_contra = entry.reverses_id is not None and undoes is None
    if (contra_id is not None or is_plain_contra) != (state == "reversed") and undoes is None:
        return "是否冲销与冲销记录不符"
    if (state == "confirmed") != (moved[0] in CONFIRMED_BY) and state in (*OPEN, "confirmed"):
        return "是否确认与办理事件不符"
    if moved[0] == "entry.confirm" and state == "confirmed" and moved[1] != f"entry:{entry.id}":
        return "确认它的事件属于另一条记录"
    return None


def _fold(session: Session) -> dict[Account, Sums]:
    """Sum the entries by account: what is confirmed, and what is proposed or contested still."""
    query = select(
        ScoreEntry.unit_id, ScoreEntry.year, ScoreEntry.authority_id, Standing.state, func.sum(ScoreEntry.points)
    )
    query = query.join(Standing, Standing.entry_id == ScoreEntry.id).where(Standing.state != "reversed")
    grouped = query.group_by(ScoreEntry.unit_id, ScoreEntry.year, ScoreEntry.authority_id, Standing.state)
    folded: dict[Account, Sums] = {}
    for unit_id, year, authority_id, state, points in session.execute(grouped):
        confirmed, proposed = folded.get((unit_id, year, authority_id), (Decimal("0.00"), Decimal("0.00")))
        added = (confirmed + points, proposed) if state == "confirmed" else (confirmed, proposed + points)
        folded[unit_id, year, authority_id] = added
    return folded
