"""Imports from files: a kept file read and judged, and the work on long ones, done where no request waits."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.core.clock import Clock
from app.core.db import Database
from app.core.errors import DukaoError, Invalid, Refused
from app.core.sheet import Sheet
from app.documents.workbook import read_sheet
from app.ledgers.intake import ImportBatch, ImportTask, Layout, SheetReading, layout_of, read_rows
from app.people import load_actor
from app.workflows import Context
from app.workflows.intake import CHANGES, NOTHING, FileFacts, apply_import, judge_again, keep_preview, refuse_reading
from app.workflows.intake_reversing import reverse_import
from app.workflows.intake_tasks import MOST_ATTEMPTS, end_task, release_task, say_progress
from app.workflows.judging import judge

FOLDER = "imports"
GIVEN_UP = "处理几次都没有完成，请联系系统管理员查看后台日志。"
NO_MANDATE = "申请之后您的任职有变化，没有继续处理。"
Beat = Callable[[int, int], None]


class LostError(Exception):
    """Another worker has the task by now, or this one ends."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as it is kept: where, under which name a person gave it, its digest and size."""

    path: Path
    name: str
    sha256: str
    size: int


def read_kept_file(kept: Kept, layout: Layout, sheet: str | None) -> tuple[Sheet, SheetReading]:
    """Read a kept file by its layout. Invalid where it cannot be read, names other sheets, or holds no row."""
    found = read_sheet(kept.path, filename=kept.name, sheet=sheet, preferred=layout.sheet)
    try:
        reading = read_rows(layout, found.rows, found.quotes, found.formulas)
    except Invalid as error:
        others = [name for name in found.names if name != found.name][:20]
        more = f"读的是工作表“{found.name}”，文件里还有：{'、'.join(others)}。" if others else ""
        raise Invalid({name: said + more for name, said in error.errors.items()}) from error
    if not reading.rows:
        raise Invalid({"file": f"工作表“{found.name}”里只有表头，没有可以导入的行。"})
    return found, reading


def do_task(
    database: Database,
    clock: Clock,
    instance: Path,
    task_id: int,
    worker: str,
    is_ending: Callable[[], bool] = lambda: False,
) -> None:
    """Do work that the worker has claimed; what the domain refuses is noted on it, what goes wrong is noted and raised."""
    claim, place = (task_id, worker), _Place(database, clock, instance)
    with database.session(read_only=True) as session:
        task = session.get_one(ImportTask, task_id)
    try:
        if task.attempts > MOST_ATTEMPTS:
            _end(place, task, claim, GIVEN_UP)
            return
        beat = _beat(database, clock, claim, is_ending)
        beat(0, task.total or 0)
        WORK[task.kind](place, task, claim, beat)
    except LostError:
        return
    except DukaoError as refused:
        _end(place, task, claim, str(refused))
    except Exception as error:
        said = f"处理时出错（{type(error).__name__}），请再试一次；再次出错请联系系统管理员。"
        _end(place, task, claim, said)
        raise


@dataclass(frozen=True, slots=True)
class _Place:
    database: Database
    clock: Clock
    instance: Path

    def context(self, session: Session, task: ImportTask) -> Context:
        """Return the asker's surroundings today; Refused for who has no mandate any more."""
        moment = self.clock.now()
        actor = load_actor(session, task.person_id, moment.day)
        if actor is None:
            raise Refused(NO_MANDATE)
        return Context(session, actor, moment)


def _read(place: _Place, task: ImportTask, claim: tuple[int, str], beat: Beat) -> None:
    """Read the file and judge its rows while nothing is locked, then keep the preview."""
    kept, database = Kept(place.instance / FOLDER / task.asked["stored"], *_facts(task)), place.database
    with database.session(read_only=True) as session:
        batch = session.get_one(ImportBatch, task.batch_id)
        layout = layout_of(session, batch.layout)
        found, reading = read_kept_file(kept, layout, task.asked["sheet"])
        total = len(reading.rows)
        beat(0, total)
        judged = judge(place.context(session, task), batch.authority_id, reading, {}, lambda done: beat(done, total))
    with database.begin() as session:
        batch = session.get_one(ImportBatch, task.batch_id)
        file = FileFacts(kept.path.name, kept.sha256, kept.size, found.name, found.has_pictures)
        keep_preview(place.context(session, task), batch, reading, file, judged)
        _finish(session, place, claim)


def _judge(place: _Place, task: ImportTask, claim: tuple[int, str], beat: Beat) -> None:
    with place.database.begin() as session:
        batch = session.get_one(ImportBatch, task.batch_id)
        if batch.state == "previewed":
            judge_again(place.context(session, task), batch, _quiet(place.database, beat, _rows(batch)))
        _finish(session, place, claim)


def _apply(place: _Place, task: ImportTask, claim: tuple[int, str], beat: Beat) -> None:
    with place.database.begin() as session:
        batch = session.get_one(ImportBatch, task.batch_id)
        progress = _quiet(place.database, beat, _rows(batch))
        outcomes = apply_import(place.context(session, task), batch, task.asked["version"], progress)
        if not CHANGES & set(outcomes):
            raise Refused(NOTHING)
        _finish(session, place, claim)


def _reverse(place: _Place, task: ImportTask, claim: tuple[int, str], beat: Beat) -> None:
    with place.database.begin() as session:
        batch = session.get_one(ImportBatch, task.batch_id)
        progress = _quiet(place.database, beat, _rows(batch))
        asked = task.asked["version"], task.asked["reason"], task.asked["leave_moved"]
        reverse_import(place.context(session, task), batch, *asked, progress)
        _finish(session, place, claim)


WORK: dict[str, Callable[[_Place, ImportTask, tuple[int, str], Beat], None]] = {
    "read": _read,
    "judge": _judge,
    "apply": _apply,
    "reverse": _reverse,
}


def _facts(task: ImportTask) -> tuple[Any, ...]:
    return task.asked["name"], task.asked["sha256"], task.asked["size"]


def _rows(batch: ImportBatch) -> int:
    return sum(batch.counts.get(verdict, 0) for verdict in ("wrong", "new", "changed", "duplicate", "unchanged"))


def _quiet(database: Database, beat: Beat, total: int) -> Callable[[int], None]:
    """Say how far it is from within a writing transaction: SQLite has one writer, who is at work just now."""
    is_sqlite = database.engine.dialect.name == "sqlite"
    return lambda done: None if is_sqlite else beat(done, total)


def _beat(database: Database, clock: Clock, claim: tuple[int, str], is_ending: Callable[[], bool]) -> Beat:
    def beat(done: int, total: int) -> None:
        with database.begin() as session:
            if is_ending():
                release_task(session, claim)
            elif say_progress(session, claim, clock.now().at, (done, total)):
                return
        raise LostError

    return beat


def _finish(session: Session, place: _Place, claim: tuple[int, str]) -> None:
    """Note in the same transaction that the work is done; whoever lost it meanwhile writes nothing."""
    if not end_task(session, claim, place.clock.now().at):
        raise LostError


def _end(place: _Place, task: ImportTask, claim: tuple[int, str], said: str) -> None:
    """Note why the work was not done; a file that cannot be read is a batch that was refused, and is not kept."""
    with place.database.begin() as session:
        is_mine = end_task(session, claim, place.clock.now().at, said, is_done=False)
        if is_mine and task.kind == "read":
            refuse_reading(session.get_one(ImportBatch, task.batch_id), said)
    if is_mine and task.kind == "read":
        drop_file(place.instance, task)


def drop_file(instance: Path, task: ImportTask) -> None:
    """Delete the file of an import that came to nothing."""
    (instance / FOLDER / task.asked["stored"]).unlink(missing_ok=True)
