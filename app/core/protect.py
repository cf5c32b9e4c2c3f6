"""Append-only tables are protected in the database itself, on both engines; the application checks at start.

SQLite: UPDATE and DELETE triggers do not see INSERT OR REPLACE, so an insert guard stands beside them.
PostgreSQL: row triggers ENABLE ALWAYS, a TRUNCATE trigger, and a role for the application that owns nothing.
"""

from sqlalchemy import Connection, Table, inspect, text

from app.core.db import Model
from app.core.watch import install, trigger_names

SAID = "append-only"


def protected_tables() -> list[tuple[Table, tuple[str, ...]]]:
    """Return every append-only table with its natural key, by table name."""
    found = [
        (mapper.local_table, mapper.class_.__natural_key__)
        for mapper in Model.registry.mappers
        if mapper.class_.__append_only__ and isinstance(mapper.local_table, Table)
    ]
    return sorted(found, key=lambda pair: pair[0].name)


def frozen_tables() -> list[tuple[str, str]]:
    """Return every table some rows of which freeze, with the condition."""
    found = {
        (mapper.local_table.name, mapper.class_.__frozen_when__)
        for mapper in Model.registry.mappers
        if mapper.class_.__frozen_when__ and isinstance(mapper.local_table, Table)
    }
    return sorted(found)


def protect(connection: Connection, app_role: str | None = None) -> None:
    """Put back every protection (idempotent); on PostgreSQL also grant the application's role what it needs."""
    existing = set(inspect(connection).get_table_names())
    install(connection, existing)
    tables = [(table, key) for table, key in protected_tables() if table.name in existing]
    if connection.dialect.name == "sqlite":
        for table, key in tables:
            _protect_sqlite(connection, table.name, key)
        _freeze(connection, existing)
        return
    _protect_postgresql(connection, [table.name for table, _ in tables])
    _freeze(connection, existing)
    if app_role:
        _grant(connection, app_role, {table.name for table, _ in tables})


def missing_protections(connection: Connection) -> list[str]:
    """Return the names of protections that are not in place; the application refuses to start while one is missing."""
    wanted = {name for table, key in protected_tables() for name in _trigger_names(connection, table.name, key)}
    wanted |= {f"freeze_{table}_{verb}" for table, _ in frozen_tables() for verb in ("update", "delete")}
    wanted |= trigger_names(connection)
    if connection.dialect.name == "sqlite":
        rows = connection.execute(text("SELECT name FROM sqlite_master WHERE type='trigger'"))
    else:
        rows = connection.execute(text("SELECT tgname FROM pg_trigger WHERE tgenabled='A' AND NOT tgisinternal"))
    return sorted(wanted - {row[0] for row in rows})


def _trigger_names(connection: Connection, table: str, key: tuple[str, ...]) -> list[str]:
    kinds = ["update", "delete", "truncate"]
    if connection.dialect.name == "sqlite":
        kinds = ["update", "delete", "insert", *(["natural"] if key else [])]
    return [f"protect_{table}_{kind}" for kind in kinds]


def _protect_sqlite(connection: Connection, table: str, key: tuple[str, ...]) -> None:
    for name in _trigger_names(connection, table, key):
        connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
    for verb in ("update", "delete"):
        connection.execute(
            text(
                f"CREATE TRIGGER protect_{table}_{verb} BEFORE {verb.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} {SAID}'); END"
            )
        )
    connection.execute(
        text(
            f"CREATE TRIGGER protect_{table}_insert BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) "
            f"BEGIN SELECT RAISE(ABORT, '{table} {SAID}'); END"
        )
    )
    if key:
        same = " AND ".join(f"{column} = NEW.{column}" for column in key)
        connection.execute(
            text(
                f"CREATE TRIGGER protect_{table}_natural BEFORE INSERT ON {table} "
                f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) BEGIN SELECT RAISE(IGNORE); END"
            )
        )


def _protect_postgresql(connection: Connection, tables: list[str]) -> None:
    connection.execute(
        text(
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '% {SAID}', TG_TABLE_NAME; END $$"
        )
    )
    for table in tables:
        for verb, level in (("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT")):
            name = f"protect_{table}_{verb}"
            connection.execute(text(f"DROP TRIGGER IF EXISTS {name} ON {table}"))
            connection.execute(
                text(
                    f"CREATE TRIGGER {name} BEFORE {verb.upper()} ON {table} "
                    f"FOR EACH {level} EXECUTE FUNCTION refuse_change()"
                )
            )
            connection.execute(text(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"))


def _freeze(connection: Connection, existing: set[str]) -> None:
    sqlite = connection.dialect.name == "sqlite"
    for table, condition in frozen_tables():
        for verb in ("update", "delete") if table in existing else ():
            name = f"freeze_{table}_{verb}"
            connection.execute(text(f"DROP TRIGGER IF EXISTS {name}" + ("" if sqlite else f" ON {table}")))
            body = f"BEGIN SELECT RAISE(ABORT, '{table} {SAID}'); END" if sqlite else "EXECUTE FUNCTION refuse_change()"
            head = f"CREATE TRIGGER {name} BEFORE {verb.upper()} ON {table} FOR EACH ROW WHEN"
            connection.execute(text(f"{head} {condition if sqlite else f'({condition})'} {body}"))
            if not sqlite:
                connection.execute(text(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"))


def _grant(connection: Connection, role: str, append_only: set[str]) -> None:
    connection.execute(text(f'GRANT USAGE ON SCHEMA public TO "{role}"'))
    connection.execute(text(f'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "{role}"'))
    for table in inspect(connection).get_table_names():
        rights = "SELECT, INSERT" if table in append_only else "SELECT, INSERT, UPDATE, DELETE"
        connection.execute(text(f'REVOKE ALL ON "{table}" FROM "{role}"'))
        connection.execute(text(f'GRANT {rights} ON "{table}" TO "{role}"'))
