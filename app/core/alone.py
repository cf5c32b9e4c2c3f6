"""Being the only one: a lock that all workers of a PostgreSQL database share and that ends with the process that holds it.

On SQLite there is one worker, and each transaction that writes is alone by itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.db import Database


@contextmanager
def alone(database: Database, name: str) -> Iterator[bool]:
    """Say whether nobody else holds the name, and hold it until the end; a killed holder's lock is free at once."""
    if database.engine.dialect.name == "sqlite":
        yield True
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        key = {"key": _key(name)}
        is_mine = bool(connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), key))
        try:
            yield is_mine
        finally:
            if is_mine:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)


def is_alone(session: Session, name: str) -> bool:
    """Take the name until the end of the transaction, or say that somebody else has it."""
    if session.get_bind().dialect.name == "sqlite":
        return True
    return bool(session.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _key(name)}))


def _key(name: str) -> int:
    return int.from_bytes(sha256(f"dukao:{name}".encode()).digest()[:8], "big", signed=True)
