"""When a business date or a clock is not to be trusted, and what an operator's word can and cannot change about it.

Without the word nothing is done at all. With it entries are proposed, but nothing is confirmed on a date that has not begun
or by a clock that disagrees: the word lets the job run, it cannot make the time for objections pass (docs/decisions/0006).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.audit import Event
from app.core.clock import Moment
from app.core.db import UtcDateTime
from app.people import load_parameters

SKEW = timedelta(minutes=10)
FARTHEST = timedelta(days=366)
TrueTime = Callable[[Session], datetime]


@dataclass(frozen=True, slots=True)
class Doubt:
    """One reason not to trust a date, with the sentence to show. `back` and `far` no operator can dispel."""

    kind: Literal["back", "far", "clock", "future", "gap"]
    said: str

    @property
    def is_final(self) -> bool:
        """Say whether the date is refused whatever an operator says."""
        return self.kind in ("back", "far")


def database_time(session: Session) -> datetime:
    """Return what the database's clock says."""
    if session.get_bind().dialect.name == "sqlite":
        return datetime.fromisoformat(session.scalar(text("SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')")) or "")
    return session.execute(select(func.clock_timestamp(type_=UtcDateTime))).scalar_one()


def doubts(session: Session, last: date | None, day: date, now: Moment, clock: TrueTime | None = None) -> list[Doubt]:
    """Return every reason not to trust the date, the gravest first.

    `last` is the last date done; `clock` reads the database's clock and is given at the edges, where `now` is the machine's.
    """
    return [*_of_date(session, last, day, now), *clock_doubts(session, now, clock)]


def clock_doubts(session: Session, now: Moment, clock: TrueTime | None = None) -> Iterator[Doubt]:
    """Yield where the machine's clock disagrees with the newest event, or with the database's, by more than ten minutes."""
    newest = session.scalar(select(func.max(Event.at)))
    if newest is not None and newest > now.at + SKEW:
        said = f"系统时钟 {_say(now.at)} 早于最近一条记录 {_say(newest)}（UTC）。请先校准时钟。"
        yield Doubt("clock", said)
    if clock is not None and abs((theirs := clock(session)) - now.at) > SKEW:
        yield Doubt("clock", f"本机时钟 {_say(now.at)} 与数据库时钟 {_say(theirs)}（UTC）不一致。请先校准时钟。")


def _of_date(session: Session, last: date | None, day: date, now: Moment) -> Iterator[Doubt]:
    if last is not None and day < last:
        yield Doubt("back", f"业务日期 {day} 早于已结算到的 {last}，不能倒退。")
    if day > now.day + FARTHEST:
        yield Doubt("far", f"业务日期 {day} 比今天（{now.day}）晚一年以上，不能结算。请核对日期。")
    if day > now.day:
        said = f"业务日期 {day} 尚未到来（今天是 {now.day}）。确需提前结算请加 --confirm：只产生拟扣，不确认任何扣分。"
        yield Doubt("future", said)
    gap = load_parameters(session, None)["daily_gap_days"]
    if last is not None and (missed := (day - last).days) > gap:
        yield Doubt("gap", f"距上次结算 {last} 已有 {missed} 天，超过 {gap} 天。请核对日期无误后加 --confirm 执行。")


def _say(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
