"""A few places under a name: whoever finds none free comes too often at one time.

All processes share them on PostgreSQL, where nothing is written for it; on SQLite they are those of a process.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from sqlalchemy.orm import Session

from app.core.alone import is_alone

LOCK = Lock()
TAKEN: Counter[str] = Counter()


@contextmanager
def a_place(session: Session, name: str, most: int) -> Iterator[bool]:
    """Hold one of the places to the end (on PostgreSQL to that of the transaction), or say that none is free."""
    if session.get_bind().dialect.name != "sqlite":
        yield any(is_alone(session, f"{name} {place}") for place in range(most))
        return
    with LOCK:
        is_free = TAKEN[name] < most
        TAKEN[name] += is_free
    try:
        yield is_free
    finally:
        with LOCK:
            TAKEN[name] -= is_free
            if not TAKEN[name]:
                del TAKEN[name]
