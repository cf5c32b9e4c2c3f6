"""Ledgers as files: the rows the actor sees, in a layout, written batch by batch in one moment of the database."""

import hashlib
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.core.clock import Clock, Moment
from app.core.db import Database, one_snapshot
from app.documents.book_rows import book_rows, words_of_book
from app.documents.workbook import Face, Written, write_ledger
from app.ledgers.cases import read_checked
from app.ledgers.exports import Export, Photo, Records, row_reader
from app.ledgers.intake import layout_of
from app.people import load_actor
from app.workflows import Context
from app.workflows.exporting import (
    MOST_ATTEMPTS,
    Wanted,
    conditions_for,
    count_wanted,
    fail_export,
    finish_export,
    home_grant,
    reach_of,
    read_wanted,
    release_export,
    say_progress,
)

FOLDER = "exports"
REACH_CHANGED = "申请导出之后您的任职有变化，请重新导出。"
GIVEN_UP = "导出几次都没有完成，请缩小范围后再试，或联系系统管理员查看后台日志。"
Progress = Callable[[int, int], None]


class LostError(Exception):
    """Somebody else makes the export by now, or the asker gave it up."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where files lie: the data folder with the evidence, and the file to write."""

    instance: Path
    path: Path


def write_file(context: Context, wanted: Wanted, place: Place, progress: Progress | None = None) -> int:
    """Write the ledger the actor sees now and return its rows; `progress` is told how many of how many after each batch."""
    with one_snapshot(context.session) as reader:
        reading = Context(reader, context.actor, context.moment)
        total = count_wanted(reading, wanted)

        def tell(done: int) -> None:
            if progress:
                progress(done, max(done, total))

        is_book = wanted.book is not None
        rows = book_rows(reading, wanted, tell) if is_book else _rows(reading, wanted, place.instance, tell)
        return write_ledger(place.path, wanted.layout, face_of(reading, wanted), rows)


def face_of(context: Context, wanted: Wanted) -> Face:
    """Return what stands around the rows for the actor and the day."""
    grant, day, layout = home_grant(context.actor), context.moment.day, wanted.layout
    words = {
        "authority": grant.authority_name,
        "unit": grant.unit_name,
        "day": f"{day.year}年{day.month}月{day.day}日",
        "year": str(day.year),
    }
    if wanted.book is not None:
        words |= words_of_book(context, wanted)
    return Face(*(_filled(said, words) for said in (layout.title, layout.left, layout.right)))


def make_export(
    database: Database,
    clock: Clock,
    instance: Path,
    export_id: int,
    worker: str,
    is_ending: Callable[[], bool] = lambda: False,
) -> None:
    """Make the file of an export that the worker has claimed; what goes wrong is noted on it and raised.

    A worker that ends meanwhile lets go of it with the next batch.
    """
    folder = instance / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    stored = f"{secrets.token_hex(16)}.xlsx"
    part = folder / f".{stored}.part"
    try:
        with database.session(read_only=True) as session:
            export = session.get_one(Export, export_id)
            if export.attempts > MOST_ATTEMPTS:
                _fail(database, clock, export_id, GIVEN_UP)
                return
            context = _context(session, export, clock.now())
            if context is None:
                _fail(database, clock, export_id, REACH_CHANGED)
                return
            wanted = read_wanted(layout_of(session, export.layout), export.filters)
            session.rollback()  # a long file is read in a snapshot of its own; nothing waits beside it for minutes
            beat = _beat(database, clock, (export_id, worker), is_ending)
            rows = write_file(context, wanted, Place(instance, part), beat)
        _finish(database, clock, (export_id, worker), rows, (part, folder / stored))
    except LostError:
        return
    except Exception as error:
        _fail(
            database, clock, export_id, f"导出时出错（{type(error).__name__}），请重新导出；再次出错请联系系统管理员。"
        )
        raise
    finally:
        part.unlink(missing_ok=True)


def digest_of(path: Path) -> str:
    """Return the digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _rows(
    context: Context, wanted: Wanted, instance: Path, progress: Callable[[int], object]
) -> Iterator[list[Written]]:
    evidence = instance / "evidence"
    fields = {column.field for column in wanted.layout.shown}
    records = Records(context.session, context.actor, fields, context.day, wanted.layout.ledger_of)
    serial, row_of = 0, row_reader(wanted.layout, context.day)
    photos = [place for place, column in enumerate(wanted.layout.shown) if column.kind == "photos"]
    for batch in records.batches(conditions_for(context, wanted.filters), wanted.order):
        for record in batch:
            serial += 1
            row: list[Any] = row_of(record, serial)
            for place in photos:
                row[place] = _files(row[place], evidence)
            yield row
        progress(serial)
    context.session.rollback()  # all is read: the file is closed without the database


def _files(photos: tuple[Photo, ...] | None, evidence: Path) -> tuple[Path, ...]:
    """Return the files of pictures, those that are no longer what was stored left out."""
    return tuple(evidence / photo.stored_name for photo in photos or () if _is_whole(evidence, photo))


def _is_whole(evidence: Path, photo: Photo) -> bool:
    return read_checked(evidence, photo.stored_name, photo.sha256) is not None


def _filled(said: str, words: dict[str, str]) -> str:
    for name, value in words.items():
        said = said.replace(f"{{{name}}}", value)
    return said


def _context(session: Session, export: Export, moment: Moment) -> Context | None:
    """Return the asker's surroundings today, or None where the mandates reach something else by now."""
    actor = load_actor(session, export.person_id, moment.day)
    return Context(session, actor, moment) if actor is not None and reach_of(actor) == export.reach else None


def _beat(database: Database, clock: Clock, claim: tuple[int, str], is_ending: Callable[[], bool]) -> Progress:
    def beat(done: int, total: int) -> None:
        with database.begin() as session:
            if is_ending():
                release_export(session, *claim)
            elif say_progress(session, *claim, clock.now().at, (done, total)):
                return
        raise LostError

    return beat


def _finish(database: Database, clock: Clock, claim: tuple[int, str], rows: int, files: tuple[Path, Path]) -> None:
    """Put the file in its place and note it, unless somebody else has the export by now."""
    part, final = files
    export_id, worker = claim
    digest, size = digest_of(part), part.stat().st_size
    with database.begin() as session:
        if not say_progress(session, export_id, worker, clock.now().at, (rows, rows)):
            raise LostError
        export = session.get_one(Export, export_id)
        context = _context(session, export, clock.now())
        if context is None:
            fail_export(export, REACH_CHANGED, clock.now().at)
            return
        finish_export(context, export, rows, (final.name, digest, size))
        part.rename(final)


def _fail(database: Database, clock: Clock, export_id: int, said: str) -> None:
    with database.begin() as session:
        fail_export(session.get_one(Export, export_id), said, clock.now().at)
