"""Lanes: of each unit and of what is listed, the cases in the order of the list, kept by the database itself.

Nothing here is a record of its own, and nobody sees a case because of it: a list begins here instead of gathering the cases
of ten years, and asks besides what the actor sees.
"""

from datetime import date

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.db import Model, Ref
from app.core.watch import Watch, watch
from app.ledgers.cases.models import OPEN


class CaseLane(Model):
    """One case in one lane. `kind` is unit (`owner_id` has a part in it or found it itself) or listed (an authority's).

    `role` is that of the standing part, empty where there is none; `order_on` and `ended_on` are those of the case.
    """

    __tablename__ = "case_lanes"
    __table_args__ = (
        Index(
            "ix_case_lanes_open",
            "kind",
            "owner_id",
            "order_on",
            "case_id",
            "role",
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index("ix_case_lanes_order", "kind", "owner_id", "order_on", "case_id", "role"),
    )

    case_id: Mapped[int] = mapped_column(Ref, ForeignKey("cases.id", ondelete="RESTRICT"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    owner_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(10))
    order_on: Mapped[date]
    ended_on: Mapped[date | None]


COLUMNS = "kind, owner_id, case_id, role, order_on, ended_on"
OF_PARTS = (
    "SELECT 'unit' AS kind, a.unit_id AS owner_id, a.case_id AS case_id, a.role AS role, c.order_on, c.ended_on "
    "FROM assignments AS a JOIN cases AS c ON c.id = a.case_id WHERE a.released_on IS NULL"
)
OF_FINDERS = (
    "SELECT 'unit', c.reporter_unit_id, c.id, '', c.order_on, c.ended_on FROM cases AS c "
    "WHERE c.source_kind = 'self' AND c.reporter_unit_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM assignments AS a "
    "WHERE a.case_id = c.id AND a.unit_id = c.reporter_unit_id AND a.released_on IS NULL)"
)
OF_LISTED = (
    "SELECT 'listed', c.authority_id, c.id, '', c.order_on, c.ended_on FROM cases AS c "
    "WHERE EXISTS (SELECT 1 FROM listings AS l WHERE l.case_id = c.id)"
)
EVERY = f"{OF_PARTS} UNION ALL {OF_FINDERS} UNION ALL {OF_LISTED}"  # what the table must hold
KEPT = f"SELECT {COLUMNS} FROM case_lanes"
SOME = "WHERE case_id >= :low AND case_id < :high"
BATCH = 50_000
INTO = f"INSERT INTO case_lanes ({COLUMNS})"
NEEDS = ("case_lanes", "cases", "assignments", "listings")


def _of_unit(case: str, unit: str) -> tuple[str, str]:
    """Return the statements that keep one case anew for one unit, or for whom the expression names."""
    parts = f"{OF_PARTS} AND a.case_id = {case} AND a.unit_id = {unit}"
    finders = f"{OF_FINDERS} AND c.id = {case} AND c.reporter_unit_id = {unit}"
    gone = f"DELETE FROM case_lanes WHERE case_id = {case} AND kind = 'unit' AND owner_id = {unit}"
    return gone, f"{INTO} {parts} UNION ALL {finders}"


OF_PART = _of_unit("NEW.case_id", "NEW.unit_id")
IS_FOUND = "NEW.source_kind = 'self' AND NEW.reporter_unit_id IS NOT NULL"
watch(
    Watch(
        "watch_lanes_found",
        "INSERT",
        "cases",
        (f"{INTO} {OF_FINDERS} AND c.id = NEW.id",),
        when=IS_FOUND,
        needs=NEEDS,
    ),
    Watch(
        "watch_lanes_finder",
        "UPDATE OF source_kind, reporter_unit_id",
        "cases",
        (*_of_unit("NEW.id", "OLD.reporter_unit_id"), *_of_unit("NEW.id", "NEW.reporter_unit_id")),
        when="OLD.source_kind <> NEW.source_kind OR coalesce(OLD.reporter_unit_id, 0) <> coalesce(NEW.reporter_unit_id, 0)",
        needs=NEEDS,
    ),
    Watch(
        "watch_lanes_case",
        "UPDATE OF order_on, ended_on",
        "cases",
        ("UPDATE case_lanes SET order_on = NEW.order_on, ended_on = NEW.ended_on WHERE case_id = NEW.id",),
        when="OLD.order_on <> NEW.order_on OR coalesce(CAST(OLD.ended_on AS TEXT), '') "
        "<> coalesce(CAST(NEW.ended_on AS TEXT), '')",
        needs=NEEDS,
    ),
    Watch("watch_lanes_part", "INSERT", "assignments", OF_PART, when="NEW.released_on IS NULL", needs=NEEDS),
    Watch(
        "watch_lanes_released",
        "UPDATE OF released_on, role",
        "assignments",
        OF_PART,
        when="(OLD.released_on IS NULL) <> (NEW.released_on IS NULL) OR OLD.role <> NEW.role",
        needs=NEEDS,
    ),
    Watch(
        "watch_lanes_listed",
        "INSERT",
        "listings",
        (f"{INTO} {OF_LISTED} AND c.id = NEW.case_id ON CONFLICT DO NOTHING",),
        needs=NEEDS,
    ),
)


def rebuild_lanes(session: Session) -> int:
    """Make the lanes anew, while nobody writes; return how many places there are in them."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL statement_timeout = 0"))
        session.execute(text("LOCK TABLE case_lanes IN SHARE ROW EXCLUSIVE MODE"))
    session.execute(text("DELETE FROM case_lanes"))
    session.execute(text(f"{INTO} {EVERY}"))
    return int(session.scalar(text("SELECT count(*) FROM case_lanes")) or 0)


def lane_fault(session: Session) -> str | None:
    """Compare the lanes with the cases, some at a time, and return the first fault, in Chinese."""
    newest = int(session.scalar(text("SELECT max(id) FROM cases")) or 0)
    for low in range(0, newest + 1, BATCH):
        for one, other in ((EVERY, KEPT), (KEPT, EVERY)):
            strange = f"SELECT * FROM ({one}) AS wanted {SOME} EXCEPT SELECT * FROM ({other}) AS known {SOME}"
            compared = text(f"SELECT min(case_id) FROM ({strange}) AS found")
            case_id = session.scalar(compared, {"low": low, "high": low + BATCH})
            if case_id is not None:
                return f"问题 {case_id}：单位台账的次序与记录不符"
    return None
