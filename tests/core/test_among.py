"""Asking by many ids: none, some, very many, twice in one statement; by name and by value."""

from sqlalchemy import select

from app.core.among import among
from app.core.db import Database
from app.ledgers.cases import Assignment
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


def test_index_serves_the_ids(database: Database) -> None:
    """Rows are looked up by their ids; a whole table that is read for a few of them makes every move slower with the years."""
    is_sqlite = database.url.startswith("sqlite")
    words = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
    with database.engine.connect() as connection:
        if not is_sqlite:
            connection.exec_driver_sql("SET enable_seqscan = off")  # of two rows it would read the table whole
        for column in (Unit.id, Assignment.case_id):
            asked = select(column).where(among(column, [1, 2]))
            said = str(asked.compile(connection, compile_kwargs={"literal_binds": True}))
            plan = " ".join(str(row) for row in connection.exec_driver_sql(words + said))
            assert "SCAN units" not in plan
            assert "SCAN assignments" not in plan
            assert "Seq Scan" not in plan
