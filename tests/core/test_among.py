"""Asking by many ids: none, some, very many, twice in one statement; by name and by value."""

from sqlalchemy import select

from app.core.among import among
from app.core.db import Database
from app.people import Unit
from tests.people import make_cast


def test_rows_of_the_ids_are_found_and_no_others(database: Database) -> None:
    cast = make_cast(database, "2026-03-02")
    named = {cast.units[code] for code in ("A", "B")}
    with database.session(read_only=True) as session:
        for ids in (set(), named, named | set(range(1_000_000, 1_040_000))):
            found = session.scalars(select(Unit.id).where(among(Unit.id, ids)))
            assert set(found) == ids & named
        both = select(Unit.id).where(among(Unit.id, "some"), among(Unit.id, "others"))
        assert list(session.scalars(both, {"some": sorted(named), "others": [max(named)]})) == [max(named)]
        assert list(session.scalars(select(Unit.id).where(~among(Unit.id, named), Unit.id <= min(named)))) == [
            number for number in range(1, min(named))
        ]
