"""The one place where an import asks what on record a row may be a second copy of: the same number, or the same words."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.ledgers.cases import COPIES, Case, CaseSource, Told, find_alike
from app.ledgers.cases.words import SOURCES
from app.ledgers.intake.settling import SettledRow
from app.people import Actor, within

CHUNK = 400
T = TypeVar("T")


def find_doubles(session: Session, actor: Actor, authority_id: int, rows: Sequence[SettledRow]) -> Iterator[int | None]:
    """Yield for each new row in turn the case the actor sees that it may repeat; rows that are known are not asked about.

    A voided case is no double: what was taken in by mistake may be taken in again.
    """
    numbered = _by_number(session, actor, authority_id, rows)
    worded = _by_text(session, actor, authority_id, [row for row in rows if row.reading.number not in numbered])
    return (numbered.get(row.reading.number) or next(worded) for row in rows)


def _by_number(session: Session, actor: Actor, authority_id: int, rows: Sequence[SettledRow]) -> dict[int, int]:
    """Look for the same number under another kind of source: a hotline and a petition may name one problem."""
    wanted: dict[str, int] = {}
    for row in rows:
        reference, own = row.reading.text("reference"), row.reading.text("source_kind")
        wanted |= {f"{kind}:{reference}": row.reading.number for kind in SOURCES if reference and kind != own}
    found: dict[int, int] = {}
    for part in _parts(sorted(wanted)):
        query = select(CaseSource.identity, Case.id).join(Case, Case.id == CaseSource.case_id)
        query = query.where(CaseSource.authority_id == authority_id, CaseSource.identity.in_(part))
        query = query.where(CaseSource.withdrawn_event_id.is_(None), Case.state != "voided", within(Case, actor))
        found |= {wanted[identity or ""]: case_id for identity, case_id in session.execute(query)}
    return found


def _by_text(session: Session, actor: Actor, authority_id: int, rows: Sequence[SettledRow]) -> Iterator[int | None]:
    """Look for the same words, or nearly the same."""
    told = (
        Told(
            row.reading.text("title"), row.reading.text("text"), row.reading.text("place"), row.reading.text("category")
        )
        for row in rows
    )
    for alike in find_alike(session, actor, authority_id, told, reach=COPIES):
        yield alike[0].case_id if alike else None


def _parts(keys: Sequence[T]) -> Iterator[Sequence[T]]:
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))
