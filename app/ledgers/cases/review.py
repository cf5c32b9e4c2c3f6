"""What discipline inspection looks over: every case that was ever listed, with the reasons and since when."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from app.ledgers.cases.finders import COLUMNS, PAGE_ROWS, place_of
from app.ledgers.cases.flags import Flag, Horizon, flags_of
from app.ledgers.cases.models import Case, Listing
from app.people import Actor, Unit, within


@dataclass(slots=True)
class ReviewRow:
    """One listed case: its columns, its flags, and each reason with the day it was listed for it."""

    case: Any
    flags: tuple[Flag, ...]
    reasons: list[tuple[str, date]]
    latest: date


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """A page of listed cases, the latest first, and how many cases are listed for each reason."""

    rows: list[ReviewRow] = field(default_factory=list)
    next_cursor: str | None = None
    counts: dict[str, int] = field(default_factory=dict)
    count: int = 0


def review_page(
    session: Session, actor: Actor, horizon: Horizon, reason: str = "", is_open: bool = False, cursor: str | None = None
) -> ReviewPage:
    """Return a page of the cases listed (for a reason, if one is named), those listed last first."""
    seen = (within(Case, actor), *((Case.ended_on.is_(None),) if is_open else ()))
    listed = select(Listing.case_id, func.max(Listing.on).label("latest")).where(within(Listing, actor))
    listed = listed.where(Listing.reason == reason) if reason else listed
    found = listed.group_by(Listing.case_id).subquery()
    query = select(*COLUMNS, found.c.latest).join(found, found.c.case_id == Case.id)
    query = query.outerjoin(Unit, Unit.id == Case.lead_unit_id).where(*seen)
    if cursor:
        query = query.where(tuple_(found.c.latest, Case.id) < tuple_(*place_of(cursor)))
    rows = session.execute(query.order_by(found.c.latest.desc(), Case.id.desc()).limit(PAGE_ROWS + 1)).all()
    counted = select(Listing.reason, func.count()).join(Case, Case.id == Listing.case_id).where(*seen)
    counts = {name: count for name, count in session.execute(counted.group_by(Listing.reason))}
    total = select(func.count(Listing.case_id.distinct())).join(Case, Case.id == Listing.case_id).where(*seen)
    shown = rows[:PAGE_ROWS]
    reasons = _reasons(session, actor, [row.id for row in shown])
    return ReviewPage(
        [ReviewRow(row, flags_of(row, horizon, ()), reasons[row.id], row.latest) for row in shown],
        f"{shown[-1].latest}.{shown[-1].id}" if len(rows) > PAGE_ROWS else None,
        counts,
        session.scalar(total) or 0,
    )


def _reasons(session: Session, actor: Actor, case_ids: Sequence[int]) -> dict[int, list[tuple[str, date]]]:
    found: dict[int, list[tuple[str, date]]] = defaultdict(list)
    query = select(Listing.case_id, Listing.reason, Listing.on).where(within(Listing, actor))
    for case_id, reason, on in session.execute(query.where(Listing.case_id.in_(case_ids)).order_by(Listing.id)):
        found[case_id].append((reason, on))
    return found
