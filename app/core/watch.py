"""Triggers by which the database itself notes what was changed, whoever changed it, and the index of pairs on SQLite.

Ledgers register what is to be noted; protections are put back, and missed, together with those of append-only tables.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, inspect, text

WATCHES: list["Watch"] = []
INDEXED: list[str] = []
WORDS = "unicode61 remove_diacritics 0"


@dataclass(frozen=True, slots=True)
class Watch:
    """After an event on a table, the statements; they may use NEW and OLD. `needs` are other tables that they name."""

    name: str
    event: str
    table: str
    statements: tuple[str, ...]
    when: str = ""
    needs: tuple[str, ...] = ()


def watch(*found: Watch) -> None:
    """Register what the database notes by itself."""
    WATCHES.extend(found)


def index_pairs(table: str) -> None:
    """Register a table whose `grams` and `marks` SQLite indexes in `<table>_fts`; PostgreSQL has an index of its own kind."""
    INDEXED.append(table)


def install(connection: Connection, existing: set[str]) -> None:
    """Put every watch and index back (idempotent) for the tables that are there."""
    for found in WATCHES:
        if {found.table, *found.needs} <= existing:
            _install(connection, found)
    if connection.dialect.name == "sqlite":
        for table in INDEXED:
            if table in existing:
                _index(connection, table)


def uninstall(connection: Connection) -> None:
    """Take the watches away on SQLite, which renames no table while a trigger names it."""
    if connection.dialect.name == "sqlite":
        for name in (*(found.name for found in WATCHES), *(name for table in INDEXED for name in _index_names(table))):
            connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))


def trigger_names(connection: Connection) -> set[str]:
    """Return the names of the triggers that must be there."""
    names = {found.name for found in WATCHES}
    if connection.dialect.name == "sqlite":
        names |= {name for table in INDEXED for name in _index_names(table)}
    return names


def _install(connection: Connection, found: Watch) -> None:
    body = " ".join(f"{statement};" for statement in found.statements)
    if connection.dialect.name == "sqlite":
        connection.execute(text(f"DROP TRIGGER IF EXISTS {found.name}"))
        when = f"WHEN {found.when}" if found.when else ""
        head = f"CREATE TRIGGER {found.name} AFTER {found.event} ON {found.table} FOR EACH ROW {when}"
        connection.execute(text(f"{head} BEGIN {body} END"))
        return
    connection.execute(
        text(
            f"CREATE OR REPLACE FUNCTION {found.name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {body} RETURN NULL; END $$"
        )
    )
    connection.execute(text(f"DROP TRIGGER IF EXISTS {found.name} ON {found.table}"))
    when = f"WHEN ({found.when})" if found.when else ""
    connection.execute(
        text(
            f"CREATE TRIGGER {found.name} AFTER {found.event} ON {found.table} "
            f"FOR EACH ROW {when} EXECUTE FUNCTION {found.name}()"
        )
    )
    connection.execute(text(f"ALTER TABLE {found.table} ENABLE ALWAYS TRIGGER {found.name}"))


def _index_names(table: str) -> list[str]:
    return [f"fts_{table}_{verb}" for verb in ("insert", "update", "delete")]


def _index(connection: Connection, table: str) -> None:
    """Make the full-text index over the pairs of a table, and the triggers that keep it."""
    is_new = f"{table}_fts" not in inspect(connection).get_table_names()
    made = f"fts5(grams, marks, content='{table}', content_rowid='id', tokenize='{WORDS}')"
    if is_new:
        connection.execute(text(f"CREATE VIRTUAL TABLE {table}_fts USING {made}"))
        connection.execute(text(f"INSERT INTO {table}_fts({table}_fts) VALUES ('rebuild')"))
    gone = f"INSERT INTO {table}_fts({table}_fts, rowid, grams, marks) VALUES ('delete', OLD.id, OLD.grams, OLD.marks);"
    come = f"INSERT INTO {table}_fts(rowid, grams, marks) VALUES (NEW.id, NEW.grams, NEW.marks);"
    events = ("INSERT", "UPDATE OF grams, marks", "DELETE")
    for name, event, body in zip(_index_names(table), events, (come, gone + come, gone), strict=True):
        connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
        connection.execute(text(f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {body} END"))
