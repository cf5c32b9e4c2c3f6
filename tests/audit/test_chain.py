"""Chains: each event follows the one before, also when several begin a chain at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit import Event, Fact, broken_chains, chain, record
from app.audit.models import Chain
from app.core.clock import Moment
from app.core.db import Database
from app.people import SYSTEM

NOW = Moment.on(date(2026, 3, 2))


def write_at_once(database: Database, chain_id: int, barrier: Barrier) -> int:
    """Write an event when everybody is ready."""
    barrier.wait(30)
    with database.begin() as session:
        return record(session, Fact("probe", "probe:1", chain_id), SYSTEM, NOW)


def begin_together(database: Database, chain_id: int) -> list[int]:
    """Let six sessions write the first event of a chain."""
    barrier = Barrier(6)
    with ThreadPoolExecutor(6) as pool:
        writes = [pool.submit(write_at_once, database, chain_id, barrier) for _ in range(6)]
        return [write.result() for write in writes]


def begin_many(database: Database) -> None:
    """Begin twenty chains."""
    for chain_id in range(20):
        begin_together(database, chain_id)


def test_several_may_begin_a_chain_at_once(database: Database) -> None:
    for chain_id in range(5):
        assert len(set(begin_together(database, chain_id))) == 6
    with database.session(read_only=True) as session:
        assert session.scalar(select(func.count()).select_from(Event)) == 30
        assert list(broken_chains(session)) == []


def test_chain_begun_without_care_is_not_begun_by_two(
    postgresql_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wrong variant: look, then insert; where writers do not wait for each other, somebody is thrown out."""

    def careless(session: Session, chain_id: int) -> tuple[int, str]:
        head = session.execute(
            select(Chain.seq, Chain.hash).where(Chain.id == chain_id).with_for_update()
        ).one_or_none()
        if head is None:
            session.execute(insert(Chain).values(id=chain_id, seq=0, hash=""))
            return 0, ""
        return head[0], head[1]

    monkeypatch.setattr(chain, "_lock_chain", careless)
    with pytest.raises(IntegrityError, match="duplicate key"):
        begin_many(postgresql_database)
