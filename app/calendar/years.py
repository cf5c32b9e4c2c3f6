"""Loading and changing an authority's calendar; nothing here commits, writes events or recomputes deadlines."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from threading import Lock
from typing import Any, Literal

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from app.calendar.counting import Calendar, SpecialDay
from app.calendar.records import CalendarChange, CalendarDay, CalendarYear
from app.calendar.state import state_calendar
from app.calendar.wording import say
from app.calendar.yearfile import StatedYear
from app.core.clock import Moment
from app.core.db import Ref
from app.core.errors import Invalid

FIRST_YEAR, LAST_YEAR = 1990, 2100
KEPT = 64
_loaded: dict[tuple[str, ...], Calendar] = {}
_lock = Lock()
WHOSE: Any = CalendarChange.authority_id
OF_THE_STATE = select(CalendarChange.id, CalendarChange.digest).where(WHOSE.is_(None)).order_by(CalendarChange.id)
CHANGES = (
    select(CalendarChange.id, CalendarChange.digest)
    .where(or_(WHOSE.is_(None), bindparam("authority_id", type_=Ref) == WHOSE))
    .order_by(CalendarChange.id)
)


@dataclass(frozen=True, slots=True)
class LocalDay:
    """A day that one authority declares off or worked, or takes back to what the state says (`usual`)."""

    day: date
    kind: Literal["off", "worked", "usual"]
    name: str
    notice: str


def load_calendar(session: Session, authority_id: int | None = None) -> Calendar:
    """Return the calendar in force for an authority, or the state-wide one.

    Kept in the process by what its changes say, so one small query answers while nothing has changed,
    and a change that is rolled back or belongs to another database can never be mistaken for this one.
    """
    asked = OF_THE_STATE if authority_id is None else CHANGES
    changes = session.execute(asked, {} if authority_id is None else {"authority_id": authority_id}).all()
    revision = tuple(change.digest for change in changes)
    calendar = _loaded.get(revision)
    if calendar is None:
        calendar = _read(session, [change.id for change in changes])
        with _lock:
            if len(_loaded) >= KEPT:
                _loaded.clear()
            _loaded[revision] = calendar
    return calendar


def seed_state_years(session: Session, at: Moment) -> tuple[int, ...]:
    """Load the state's years from the package where they are missing or the package has corrected them.

    Idempotent; a state-wide year that an office imported by hand is left alone. Returns the years loaded.
    """
    state, known = state_calendar(), load_calendar(session)
    by_hand = set(
        session.scalars(
            select(CalendarYear.year)
            .join(CalendarChange, CalendarChange.id == CalendarYear.change_id)
            .where(CalendarYear.authority_id.is_(None), CalendarChange.kind == "year")
        )
    )
    wanted = {
        year: notice
        for year, notice in state.years.items()
        if year not in by_hand and (not known.knows(year) or year_days(state, year) != year_days(known, year))
    }
    if wanted:
        change = CalendarChange(authority_id=None, kind="state", actor_id=None, made_at=at.at)
        days = [_day_row(None, day) for year in wanted for day in year_days(state, year)]
        _append(session, change, [_year_row(None, year, notice, at) for year, notice in wanted.items()], days)
    return tuple(wanted)


def import_year(
    session: Session, authority_id: int | None, stated: StatedYear, actor_id: int | None, at: Moment
) -> CalendarChange | None:
    """Make a year known to an authority (to all with None), in place of what was known of it; local days stay.

    Returns the change, or None when the authority already has exactly this year. Raises Invalid for a year outside
    1990–2100, an empty notice, or days of another year or twice.
    """
    _check_year(stated)
    year, notice = stated.year, stated.notice
    days = [_day_row(authority_id, SpecialDay(day.day, day.off, day.name, notice)) for day in stated.days]
    if _said(days) == _own_days(session, authority_id, year, notice):
        return None
    change = CalendarChange(authority_id=authority_id, kind="year", actor_id=actor_id, made_at=at.at)
    return _append(session, change, [_year_row(authority_id, year, notice, at)], days)


def add_local_day(
    session: Session, authority_id: int, local: LocalDay, actor_id: int | None, at: Moment
) -> CalendarChange | None:
    """Declare a day off or worked for one authority, or `usual` to take an earlier declaration back.

    The latest declaration of a day counts, before the state's; None when it says just this already.
    Raises Invalid for an empty or too long name or notice.
    """
    _check_filled(name=local.name, notice=local.notice)
    row = CalendarDay(authority_id=authority_id, local=True, **asdict(local))
    if _said([row]) == _local_day(session, authority_id, local.day):
        return None
    change = CalendarChange(authority_id=authority_id, kind="local", actor_id=actor_id, made_at=at.at)
    return _append(session, change, [], [row])


def year_days(calendar: Calendar, year: int) -> tuple[SpecialDay, ...]:
    """Return the special days of a year that are not local, in order."""
    days = (day for day in calendar.special.values() if day.day.year == year and not day.local)
    return tuple(sorted(days, key=lambda day: day.day))


def _read(session: Session, changes: Sequence[int]) -> Calendar:
    """Lay the changes over each other: an authority's own year before the state's, later changes before earlier."""
    years: dict[int, CalendarYear] = {}
    found = session.scalars(select(CalendarYear).where(CalendarYear.change_id.in_(changes)))
    for row in sorted(found, key=lambda row: (row.authority_id is not None, row.change_id)):
        years[row.year] = row
    days: list[SpecialDay] = []
    local: dict[date, CalendarDay] = {}
    for day in session.scalars(
        select(CalendarDay).where(CalendarDay.change_id.in_(changes)).order_by(CalendarDay.change_id)
    ):
        if day.local:
            local[day.day] = day
        elif years[day.day.year].change_id == day.change_id:
            days.append(SpecialDay(day.day, day.kind == "off", day.name, day.notice))
    declared = (day for day in local.values() if day.kind != "usual")
    days += [SpecialDay(day.day, day.kind == "off", day.name, day.notice, local=True) for day in declared]
    return Calendar.of({year: row.notice for year, row in years.items()}, days)


def _own_days(session: Session, authority_id: int | None, year: int, notice: str) -> list[tuple[str, ...]] | None:
    """Return what the latest loading of a year by just this authority says; None without one of this notice."""
    column = CalendarYear.authority_id
    mine = column.is_(None) if authority_id is None else column == authority_id
    latest = session.scalar(
        select(CalendarYear).where(mine, CalendarYear.year == year).order_by(CalendarYear.change_id.desc()).limit(1)
    )
    if latest is None or latest.notice != notice:
        return None
    rows = session.scalars(select(CalendarDay).where(CalendarDay.change_id == latest.change_id))
    return _said(row for row in rows if row.day.year == year)


def _local_day(session: Session, authority_id: int, day: date) -> list[tuple[str, ...]]:
    """Return what the authority's latest declaration of a day says."""
    mine = CalendarDay.authority_id == authority_id, CalendarDay.local, CalendarDay.day == day
    return _said(session.scalars(select(CalendarDay).where(*mine).order_by(CalendarDay.change_id.desc()).limit(1)))


def _append(
    session: Session, change: CalendarChange, years: Sequence[CalendarYear], days: Sequence[CalendarDay]
) -> CalendarChange:
    """Write a change with all it says; its digest covers every word of it."""
    said = [change.kind, change.authority_id, sorted((year.year, year.notice) for year in years), _said(days)]
    change.digest = sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
    session.add(change)
    session.flush()
    for year in years:
        year.change_id = change.id
    for day in days:
        day.change_id = change.id
    session.add_all([*years, *days])
    session.flush()
    return change


def _said(days: Iterable[CalendarDay]) -> list[tuple[str, ...]]:
    return sorted((day.day.isoformat(), day.kind, day.name, day.notice) for day in days)


def _year_row(authority_id: int | None, year: int, notice: str, at: Moment) -> CalendarYear:
    return CalendarYear(authority_id=authority_id, year=year, notice=notice, loaded_at=at.at)


def _day_row(authority_id: int | None, day: SpecialDay) -> CalendarDay:
    kind = "off" if day.off else "worked"
    return CalendarDay(authority_id=authority_id, day=day.day, kind=kind, name=day.name, notice=day.notice, local=False)


def _check_year(stated: StatedYear) -> None:
    _check_filled(notice=stated.notice)
    year, days = stated.year, [day.day for day in stated.days]
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Invalid({"year": f"年份应在 {FIRST_YEAR} 至 {LAST_YEAR} 之间。"})
    wrong = next((day for day in days if day.year != year), None)
    if wrong is not None:
        raise Invalid({"days": f"{say(wrong)}不在 {year} 年。"})
    if len(set(days)) != len(days):
        raise Invalid({"days": "同一天写了两次。"})
    if not any(day.off for day in stated.days):
        raise Invalid({"days": f"没有写 {year} 年的任何放假日。"})


def _check_filled(**texts: str) -> None:
    said = {"name": ("名称", 60), "notice": ("依据的文件", 200)}
    errors = {}
    for field, text in texts.items():
        word, most = said[field]
        if not text.strip():
            errors[field] = f"请填写{word}。"
        elif len(text) > most:
            errors[field] = f"{word}最多 {most} 个字，现在有 {len(text)} 个字。"
    if errors:
        raise Invalid(errors)
