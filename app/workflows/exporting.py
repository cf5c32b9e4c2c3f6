"""Exports: asked for under a throttle, made by one worker at a time, each step an event."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from app.audit import Fact, record
from app.core.errors import Refused
from app.core.leases import claim, hold, release
from app.ledgers.cases import (
    LISTED,
    MOST_COUNTED,
    USUAL,
    Asked,
    Case,
    Filters,
    Horizon,
    ListPage,
    ledger_conditions,
)
from app.ledgers.exports import Export, keep_filters, read_filters
from app.ledgers.exports.words import UNDER_WAY
from app.ledgers.intake import Layout
from app.ledgers.scores import contested_cases
from app.people import Actor, Grant, authorities_of, visible
from app.workflows.context import Context

MOST_ATTEMPTS = 3
HOUR = timedelta(hours=1)
BOOK = "book-"
NOT_NARROWED = Filters()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which ledger is asked for: its layout, what it is narrowed to, and its order; of a list or book what is asked of it."""

    layout: Layout
    filters: Filters = NOT_NARROWED
    order: str = USUAL
    book: Asked | None = None

    @property
    def kept(self) -> dict[str, Any]:
        """What is kept of filters and order until the file is made."""
        if self.book is not None:
            return {"book": {"unit": self.book.unit_id, "open": self.book.is_open}}
        return keep_filters(self.filters) | ({"order": self.order} if self.order != USUAL else {})


def read_wanted(layout: Layout, kept: Mapping[str, Any]) -> Wanted:
    """Return the ledger that was asked for."""
    if asked := kept.get("book"):
        return Wanted(layout, book=Asked(asked["unit"], asked["open"]))
    return Wanted(
        layout, read_filters({name: value for name, value in kept.items() if name != "order"}), kept.get("order", USUAL)
    )


def ask_export(context: Context, wanted: Wanted) -> Export:
    """Note that the actor wants a ledger. Refused while the last one is under way or too many were asked for."""
    actor, at = context.actor, context.moment.at
    grant = home_grant(actor)
    authority_id = grant.authority_id or 0
    _queue(context.session, actor.person_id or 0)
    mine = visible(Export, actor).with_only_columns(func.count())
    if context.session.scalar(mine.where(Export.state.in_(UNDER_WAY), Export.asked_at > at - timedelta(days=1))):
        raise Refused("您的上一份导出还没有完成，请等它完成后再导出。")
    most = context.parameters(authority_id)["export_hourly"]
    if (context.session.scalar(mine.where(Export.asked_at > at - HOUR)) or 0) >= most:
        raise Refused(f"一小时内最多导出 {most} 次，请稍后再试。")
    export = Export(
        authority_id=authority_id,
        person_id=actor.person_id,
        layout=wanted.layout.code,
        filters=wanted.kept,
        reach=reach_of(actor),
        file_name=file_name(wanted.layout, context),
        total=_short_total(context, authority_id, wanted),
        asked_at=at,
    )
    context.session.add(export)
    context.session.flush()
    _note(context, export, "export.ask", filters=export.filters)
    return export


def _short_total(context: Context, authority_id: int, wanted: Wanted) -> int | None:
    """Return how many rows there are if they are few enough to be written while the person waits, else None."""
    most = context.parameters(authority_id)["export_direct_rows"]
    found = count_wanted(context, wanted, most + 1)
    return found if found <= most else None


def count_wanted(context: Context, wanted: Wanted, most: int | None = None) -> int:
    """Count the rows that are asked for, up to `most` where it is given; those of a book up to one more than are counted."""
    if wanted.book is None:
        return count_rows(context, wanted.filters, most)
    page = find_listed(context, wanted, replace(wanted.book, most=1))
    return page.count if page.is_counted else MOST_COUNTED + 1


def find_listed(context: Context, wanted: Wanted, asked: Asked) -> ListPage:
    """Return a page of the list or book that is asked for."""
    return LISTED[wanted.layout.code.removeprefix(BOOK)](context.session, context.actor, asked)


def home_grant(actor: Actor) -> Grant:
    """Return the mandate by which the actor hands ledgers out; Refused for who has none."""
    home = min(authorities_of(actor), default=None)
    grant = next((grant for grant in actor.grants if grant.authority_id == home), None)
    if grant is None or home is None:
        raise Refused("您当前没有有效任职，不能导出台账。")
    return grant


def conditions_for(context: Context, filters: Filters) -> tuple[Any, ...]:
    """Return the conditions of the list on the screen with these filters, for the actor and the day."""
    authority_id = home_grant(context.actor).authority_id or 0
    soon, calendar = context.parameters(authority_id)["due_soon_days"], context.calendar(authority_id)
    horizon = Horizon(context.day, calendar.add_working(context.day, soon))
    narrowed = replace(filters, calendar=calendar)
    contested = contested_cases(context.actor)
    return tuple(ledger_conditions(context.session, context.actor, narrowed, horizon, contested))


def count_rows(context: Context, filters: Filters, most: int | None = None) -> int:
    """Count the rows of the list, up to `most` where it is given."""
    rows = select(Case.id).where(*conditions_for(context, filters))
    counted = (rows.limit(most) if most else rows).subquery()
    return context.session.scalar(select(func.count()).select_from(counted)) or 0


def reach_of(actor: Actor) -> str:
    """Return a digest of what the actor's mandates reach: another one sees other rows."""
    reached = sorted(
        f"{grant.role}:{grant.unit_id}:{grant.authority_id}:{sorted(grant.portfolio)}" for grant in actor.grants
    )
    return hashlib.sha256("\n".join(reached).encode()).hexdigest()


def file_name(layout: Layout, context: Context) -> str:
    """Return the name a person finds the file by."""
    return f"{layout.name}_{context.moment.day:%Y%m%d}.xlsx"


def claim_export(session: Session, worker: str, at: datetime, export_id: int | None = None) -> int | None:
    """Take the oldest export that waits, or whose maker has died, or the one named; None when there is none."""
    return claim(session, Export, worker, at, export_id, done=0)


def say_progress(session: Session, export_id: int, worker: str, at: datetime, progress: tuple[int, int]) -> bool:
    """Note how many rows of how many are written and hold on to the export; False when another has it by now."""
    return hold(session, Export, (export_id, worker), at, done=progress[0], total=progress[1])


def finish_export(context: Context, export: Export, rows: int, file: tuple[str, str, int]) -> None:
    """Note the file that was made: stored name, digest and size in bytes."""
    export.stored_name, export.sha256, export.size = file
    export.state, export.done, export.total, export.ended_at = "done", rows, rows, context.moment.at
    export.lease_until = None
    _note(context, export, "export.make", rows=rows, sha256=export.sha256, filters=export.filters)


def release_export(session: Session, export_id: int, worker: str) -> None:
    """Let go of an export that the worker cannot finish; another begins it anew."""
    release(session, Export, (export_id, worker))


def fail_export(export: Export, said: str, at: datetime) -> None:
    """Note why there is no file."""
    export.state, export.note, export.ended_at, export.lease_until = "failed", said, at, None


def note_fetch(context: Context, export: Export) -> None:
    """Record that the file leaves; Refused when it is not there, or the asker no longer reaches what is in it."""
    if export.state != "done":
        raise Refused("这份导出没有可以下载的文件，请重新导出。")
    if export.reach != reach_of(context.actor):
        raise Refused("导出之后您的任职有变化，这份文件不能再下载。请重新导出。")
    _note(context, export, "export.fetch", sha256=export.sha256)


def lose_file(export: Export) -> None:
    """Note that the file is gone, or no longer what was made."""
    export.state, export.stored_name, export.note = "expired", None, "文件已不在或被改动，请重新导出。"


def expire_exports(session: Session, before: datetime) -> list[str]:
    """Forget the files of old exports and return their stored names; the exports stay on record."""
    old = Export.state == "done", Export.ended_at < before
    names = [name for name in session.scalars(select(Export.stored_name).where(*old)) if name]
    session.execute(update(Export).where(*old).values(state="expired", stored_name=None))
    return names


def cancel_export(export: Export, at: datetime) -> None:
    """Give up an export that is not done yet; who is making it notices with the next batch."""
    if export.state in UNDER_WAY:
        fail_export(export, "已取消。", at)


def write_event(context: Context, wanted: Wanted, rows: int, sha256: str) -> None:
    """Record a ledger that was handed out at once and kept nowhere."""
    grant = home_grant(context.actor)
    data = {"layout": wanted.layout.code, "filters": wanted.kept, "rows": rows, "sha256": sha256}
    fact = Fact("export.make", "export:file", grant.authority_id or 0, data=data, mandate_id=grant.mandate_id)
    record(context.session, fact, context.actor, context.moment)


def kept_files(session: Session, folder: Path) -> set[Path]:
    """Return the files in the folder that exports on record still name."""
    names = session.scalars(select(Export.stored_name).where(Export.stored_name.is_not(None)))
    return {folder / name for name in names if name}


def _note(context: Context, export: Export, kind: str, **data: Any) -> None:
    grant = context.actor.grant(*context.actor.roles, authority_id=export.authority_id)
    fact = Fact(
        kind,
        f"export:{export.id}",
        export.authority_id,
        data={"layout": export.layout, **data},
        mandate_id=grant.mandate_id if grant else None,
    )
    record(context.session, fact, context.actor, context.moment)


def _queue(session: Session, person_id: int) -> None:
    """Let the requests of one person wait for each other until the transaction ends."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"export {person_id}"})
