"""Working off a bulk run: one case after the other, its move and its outcome in one transaction.

Whoever is killed leaves whole cases behind: the next one takes the run up when the lease has ended and goes on with the
first case that has no outcome. So nothing is lost and nothing is done twice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.core.clock import Clock
from app.core.db import Database
from app.core.errors import Absent, Invalid, Refused, Stale
from app.ledgers.bulk import BulkRun
from app.ledgers.cases import Case
from app.people import SYSTEM, load_actor, visible
from app.workflows.bulk import ITEM, RUN, claim_run, hold_run, note_run, read_form, release_run
from app.workflows.bulk_acts import ACTS, NO_REQUEST, Act, filled, row_of
from app.workflows.case import CASE
from app.workflows.context import Context
from app.workflows.engine import fire, seize

MOST_ATTEMPTS = 5  # without any case done in between
GIVEN_UP = "办理几次都没有进展，已停止。请把未办理的重新选择一次；再次停止请联系系统管理员。"
NEXT = select(ITEM.c.id, ITEM.c.case_id, ITEM.c.version).where(ITEM.c.outcome.is_(None)).order_by(ITEM.c.id).limit(1)
OF_TWO = ("merge", "unmerge")  # whose other case may have to be locked first


@dataclass(frozen=True, slots=True)
class Hand:
    """Who works on which run, and by which clock."""

    database: Database
    clock: Clock
    run_id: int
    worker: str


def work_next(database: Database, clock: Clock, worker: str, run_id: int | None = None) -> Hand | None:
    """Claim the oldest run that waits, or the one named; None when there is none."""
    found = database.retried(lambda session: claim_run(session, worker, clock.now().at, run_id))
    return Hand(database, clock, found, worker) if found is not None else None


def work_off(hand: Hand, is_ending: Callable[[], bool] = lambda: False) -> None:
    """Move case after case until none is left, the run is stopped, or the worker ends."""
    while not is_ending():
        case_id = None
        try:
            case_id = hand.database.retried(lambda session: _one(session, hand))
        except OperationalError:
            raise  # the database itself: the run is gone on with when the lease has ended
        except _BrokenError as error:
            hand.database.retried(lambda session, error=error: _note_broken(session, hand, error))  # type: ignore[misc]
            continue
        if case_id is None:
            return
    hand.database.retried(lambda session: release_run(session, hand.run_id, hand.worker))


class _BrokenError(Exception):
    """A case whose move failed as no move should; the others go on."""

    def __init__(self, item_id: int, kind: str) -> None:
        self.item_id, self.kind = item_id, kind
        super().__init__(kind)


def _one(session: Session, hand: Hand) -> int | None:
    """Move the first case without an outcome and write its outcome; None when the run is over or another's."""
    now = hand.clock.now()
    if not hold_run(session, hand.run_id, hand.worker, now.at):
        return None
    run = session.get_one(BulkRun, hand.run_id)
    actor = load_actor(session, run.person_id, now.day)
    item = session.execute(NEXT.where(ITEM.c.run_id == run.id)).first()
    if item is None or actor is None or run.attempts > MOST_ATTEMPTS:
        said = "" if item is None else "账号已停用。" if actor is None else GIVEN_UP
        _finish(Context(session, actor or SYSTEM, now), run, said)
        return None
    context = Context(session, actor, now)
    values: dict[str, Any] = {"outcome": "done", "said": "", "at": now.at}
    try:
        with session.begin_nested():
            values["event_id"] = _move(context, ACTS[run.act], (item.case_id, item.version), read_form(run.form))
    except (Refused, Absent, Invalid) as error:
        values |= {"outcome": "refused", "said": str(error)}
    except OperationalError:
        raise
    except Exception as error:
        raise _BrokenError(item.id, type(error).__name__) from error
    _note(session, hand.run_id, item.id, values)
    return int(item.case_id)


def _move(context: Context, act: Act, seen: tuple[int, int], form: dict[str, Any]) -> int:
    """Make the act's move on a case with the version it was seen with; the same guards as one by one."""
    case_id, version = seen
    query = visible(Case, context.actor).where(Case.id == case_id)
    is_single = act.workflow is CASE and act.form.name not in OF_TWO
    case = seize(context, query) if is_single else context.session.scalars(query).one_or_none()
    if case is None:
        raise Absent
    if case.version != version:
        raise Stale(version, case.version)
    row = row_of(context, act, case)
    if row is None:
        raise Refused(NO_REQUEST)
    return fire(context, act.workflow, act.form.name, row, filled(context, act, case, form), row.version).event_id


def _note(session: Session, run_id: int, item_id: int, values: dict[str, Any]) -> None:
    column = "done" if values["outcome"] == "done" else "refused"
    session.execute(update(ITEM).where(ITEM.c.id == item_id).values(**values))
    session.execute(update(RUN).where(RUN.c.id == run_id).values({column: RUN.c[column] + 1, "attempts": 1}))


def _note_broken(session: Session, hand: Hand, error: _BrokenError) -> None:
    now = hand.clock.now()
    if hold_run(session, hand.run_id, hand.worker, now.at):
        said = f"这一件办理时出错（{error.kind}），没有办理。请打开这一件单独办理；再次出错请联系系统管理员。"
        _note(session, hand.run_id, error.item_id, {"outcome": "refused", "said": said, "at": now.at})


def _finish(context: Context, run: BulkRun, said: str) -> None:
    values = {"state": "failed" if said else "done", "note": said, "ended_at": context.moment.at, "lease_until": None}
    context.session.execute(update(RUN).where(RUN.c.id == run.id).values(**values))
    note_run(context, run, "bulk.end", done=run.done, refused=run.refused)
