"""Checking the chains: every event again from the first, and the head against the last."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.chain import event_hash
from app.audit.models import Chain, Event

COLUMNS = list(Event.__table__.columns)


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where a chain does not hold: the sequence number and what is wrong, in Chinese."""

    chain_id: int
    seq: int
    said: str


def broken_chains(session: Session) -> Iterator[Break]:
    """Yield the first break of each chain that does not hold."""
    heads = {
        chain_id: (seq, digest) for chain_id, seq, digest in session.execute(select(Chain.id, Chain.seq, Chain.hash))
    }
    known = set(session.scalars(select(Event.chain_id).distinct()))
    for chain_id in sorted(known | set(heads)):
        if found := _first_break(session, chain_id, heads.get(chain_id, (0, ""))):
            yield found


def _first_break(session: Session, chain_id: int, head: tuple[int, str]) -> Break | None:
    before, seq = "", 0
    query = select(*COLUMNS).where(Event.chain_id == chain_id).order_by(Event.seq)
    with session.execute(query.execution_options(yield_per=2000)).mappings() as rows:
        for row in rows:
            seq += 1
            if row["seq"] != seq:
                return Break(chain_id, seq, "缺少这一条记录")
            if row["alg"] != "sha256" or event_hash(before, dict(row)) != row["hash"]:
                return Break(chain_id, seq, "内容与哈希不符")
            before = row["hash"]
    if (seq, before) != head:
        return Break(chain_id, max(seq, head[0]), "链尾与链头登记不符")
    return None
