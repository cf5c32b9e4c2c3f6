"""Readiness: whether the house can serve now, and what is wrong if it cannot; what `/readyz` answers from."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.core.clock import Moment
from app.core.protect import missing_protections
from app.ledgers.messages import Delivery
from app.workflows.daily import last_done
from app.workflows.suspicion import TrueTime, clock_doubts, database_time

LEAST_FREE = 500 * 1024 * 1024
OLDEST_JOB = timedelta(days=1)
OLDEST_DELIVERY = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must hold: its name (database, disk, protections, clock, daily_job, outbox), whether it does, words."""

    name: str
    is_met: bool
    said: str


def is_ready(conditions: list[Condition]) -> bool:
    """Say whether everything holds."""
    return all(condition.is_met for condition in conditions)


def readiness(session: Session, folder: Path, now: Moment, clock: TrueTime | None = database_time) -> list[Condition]:
    """Return every condition; a database that does not answer leaves the ones that ask it unmet, and raises nothing.

    `folder` is the data folder; `clock` reads the database's clock (None where the clock is set by hand).
    """
    found = [_disk(folder)]
    try:
        session.execute(select(1))
        found += [Condition("database", True, "可用"), *_of_database(session, now, clock)]
    except SQLAlchemyError as error:
        found.append(Condition("database", False, f"不可用（{type(error).__name__}）"))
    return found


def _of_database(session: Session, now: Moment, clock: TrueTime | None) -> Iterator[Condition]:
    missing = missing_protections(session.connection())
    yield Condition("protections", not missing, f"缺少 {len(missing)} 项" if missing else "齐全")
    doubts = [doubt.said for doubt in clock_doubts(session, now, clock)]
    yield Condition("clock", not doubts, "；".join(doubts) or "一致")
    last = last_done(session)
    is_fresh = last is None or now.day - last <= OLDEST_JOB
    yield Condition("daily_job", is_fresh, f"已结算到 {last}" if last else "尚未结算")
    yield _outbox(session, now)


def _outbox(session: Session, now: Moment) -> Condition:
    """Nothing has been due for half an hour: what cannot be sent is tried again later, or dead and the administrator's."""
    due = Delivery.state.in_(("waiting", "claimed")), Delivery.next_try_at < now.at - OLDEST_DELIVERY
    stuck = session.scalar(select(func.min(Delivery.next_try_at)).where(*due))
    minutes = int((now.at - stuck).total_seconds() // 60) if stuck else 0
    return Condition("outbox", stuck is None, f"最久的一条已等待 {minutes} 分钟" if stuck else "没有积压")


def _disk(folder: Path) -> Condition:
    if not os.access(folder, os.W_OK):
        return Condition("disk", False, "数据目录不能写入")
    free = shutil.disk_usage(folder).free
    return Condition("disk", free >= LEAST_FREE, f"剩余 {free // (1024 * 1024)} MB")
