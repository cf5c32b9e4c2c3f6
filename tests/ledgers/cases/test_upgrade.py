"""An upgrade makes the words and counts of the cases that were there before it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from alembic import command
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.core.db import Database
from app.ledgers.cases import Case, CaseText, faults
from app.people import Unit
from tests.databases import Databases, as_owner
from tests.migrating import alembic_config, build_schema

BEFORE = "0003_talks"
UNITS: Any = Unit.__table__
CASES: Any = Case.__table__


def fill_before(database: Database, titles: tuple[str, ...] = ("河道垃圾",)) -> None:
    """Take an empty database back to the revision before, and put cases into it, each later one merged into the first."""
    command.downgrade(alembic_config(database), BEFORE)
    at = datetime(2026, 3, 2, tzinfo=UTC)
    with as_owner(database) as owner, owner.begin() as connection:
        unit = {"code": "C", "name": "测试县", "short_name": "测试县", "kind": "county", "is_authority": True}
        county = connection.execute(insert(UNITS).returning(UNITS.c.id), unit).scalar_one()
        case = {
            "authority_id": county,
            "state": "reported",
            "text": "污水直排",
            "found_on": date(2026, 3, 2),
        }
        case |= {"source_kind": "audit", "saved_at": at, "moved_at": at}
        first = connection.execute(insert(CASES).returning(CASES.c.id), case | {"title": titles[0]}).scalar_one()
        case |= {"state": "merged", "merged_into_id": first, "ended_on": date(2026, 3, 2)}
        for title in titles[1:]:
            connection.execute(insert(CASES), case | {"title": title})


@pytest.fixture
def upgraded(databases: Databases) -> Iterator[Database]:
    """A database that was used before finding came, upgraded."""
    made = databases.fresh()
    fill_before(made)
    build_schema(made)
    yield made
    made.dispose()


def test_cases_of_before_are_found_and_counted(upgraded: Database) -> None:
    with Session(upgraded.engine) as session:
        assert faults(session) == (1, 1, None)
        assert session.scalars(select(CaseText.text)).all() == ["河道垃圾\n污水直排"]


def test_cases_merged_before_are_found_after_an_upgrade(databases: Databases) -> None:
    database = databases.fresh()
    fill_before(database, ("河道垃圾", "河面漂浮物"))
    build_schema(database)
    with Session(database.engine) as session:
        assert faults(session)[2] is None
        assert sorted(session.scalars(select(CaseText.text))) == ["河道垃圾\n污水直排", "河面漂浮物\n污水直排"]
    database.dispose()
