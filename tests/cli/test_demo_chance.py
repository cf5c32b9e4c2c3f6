"""Whatever chance draws, and whatever day it is: the demo casts, staffs and loads."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.cli.demo import load_county
from app.cli.demo.build import Key, Place, build_county
from app.cli.demo.casting import cast
from app.cli.demo.office import inspector
from app.cli.demo.quarter import CASES, Wanted, live_quarter
from app.cli.demo.stage import Stage
from app.core.clock import Moment
from app.core.db import Database
from app.ledgers.cases import Case
from tests.databases import SqliteDatabases

LAST = date(2026, 11, 20)
KEY = Key("a password for the tests", Moment.on(LAST))
DAYS_MET = [LAST - timedelta(days=41 * number) for number in range(8)]  # every weekday, holidays and the turn of a year


@pytest.fixture
def built(sqlite_databases: SqliteDatabases) -> Iterator[tuple[Database, Place]]:
    """The county without any case."""
    database = sqlite_databases.fresh()
    yield database, build_county(database, load_county(), LAST - timedelta(days=400), LAST, KEY)
    database.dispose()


def test_both_verifiers_of_any_case_are_of_its_office_and_answer_for_none_of_its_units(
    built: tuple[Database, Place], tmp_path: Path
) -> None:
    database, whole = built
    mandates = {person.username: person.mandates for person in whole.county.people}
    for seed, last_day in enumerate(DAYS_MET):
        wanted = Wanted(last_day, seed)
        stage = Stage(database, Place(whole.county, last_day, whole.units, whole.persons), tmp_path, wanted.first_day)
        roles = cast(stage, seed, CASES)
        assert len(roles) >= CASES, (seed, last_day)
        for role in roles:
            life = role.life
            first = inspector(life)
            second = inspector(life, first)
            assert first != second
            for held in (*mandates[first], *mandates[second]):
                assert held.unit not in {life.lead, *life.assisting}, (seed, last_day, life.problem.title)
                assert held.role != "inspector" or held.office == life.authority


@pytest.mark.parametrize(
    ("last_day", "seed"), [(date(2026, 11, 20), 1), (date(2026, 2, 23), 5), (date(2025, 10, 8), 11)]
)
def test_few_cases_of_any_quarter_are_lived(
    last_day: date, seed: int, sqlite_databases: SqliteDatabases, tmp_path: Path
) -> None:
    database = sqlite_databases.fresh()
    moves = live_quarter(database, tmp_path / "evidence", Wanted(last_day, seed, cases=12), KEY)
    with database.session(read_only=True) as session:
        assert session.query(Case).count() >= 12
    assert moves > 12
    database.dispose()
