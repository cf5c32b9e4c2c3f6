"""Filling a database for the bench: people, cases, and the daily job of the day before."""

import time
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.audit import Chain
from app.calendar import Calendar, load_calendar
from app.core.clock import Moment
from app.core.db import Database
from app.ledgers.cases import rebuild
from app.ledgers.scores import DailyRun
from app.workflows import run_day
from bench.bulk import Bulk
from bench.cases import Author
from bench.people import County, make_county
from bench.stock import Stock

OPEN_SHARE = 0.08


@dataclass(slots=True)
class Seeded:
    """What was filled: the county, the business date that the measured job does, seconds to make words and counts anew."""

    county: County
    day: date
    rebuild_seconds: float = 0.0


def fill(stock: Stock, name: str, cases: int, now: Moment) -> Seeded:
    """Make and fill a database; the job has been done up to the day before the last working day."""
    database = stock.create(name)
    county = make_county(database, now)
    with database.session(read_only=True) as session:
        calendar = load_calendar(session, county.id)
    day = last_known_working_day(calendar, now.day)
    bulk = Bulk(database, stock.superuser_url(name))
    author = Author(bulk, county, day)
    author.write(cases, OPEN_SHARE)
    author.close_book()
    before = calendar.add_working(day, -2)
    bulk.add(DailyRun, day=before, told_on=before, finished_at=now.at)
    bulk.finish()
    began = time.perf_counter()
    with database.begin() as session:  # words and counts, which the moves of years would have kept
        rebuild(session)
    rebuilt = time.perf_counter() - began
    run_day(database, calendar.add_working(day, -1), now)
    database.dispose()
    return Seeded(county, day, rebuilt)


def add_overdue(stock: Stock, name: str, database: Database, seeded: Seeded, cases: int) -> None:
    """Add cases whose deadline was the last working day before the day."""
    with database.session(read_only=True) as session:
        calendar = load_calendar(session, seeded.county.id)
        head = session.execute(select(Chain.seq, Chain.hash).where(Chain.id == seeded.county.id)).one()
    bulk = Bulk(database, stock.superuser_url(name))
    author = Author(bulk, seeded.county, seeded.day, seed=2)
    author.go_on((head.seq, head.hash))
    author.write_overdue(cases, calendar)
    author.move_head()
    bulk.finish()
    with database.begin():  # its end settles the words and counts of what was added
        pass
    database.dispose()


def last_known_working_day(calendar: Calendar, day: date) -> date:
    """Return the last working day up to the day in a year that is loaded."""
    known = max(year for year in calendar.years if year <= day.year)
    last = day if known == day.year else date(known, 12, 30)
    return calendar.add_working(last, -1) if not calendar.is_working(last) else last
