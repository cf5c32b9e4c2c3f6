"""Checkpoints: where each chain stood, how many rows hung on it and what they summed to, signed and kept elsewhere.

A chain alone does not show that its tail was cut or that all of it was written anew; a line kept from an earlier day does.
Rows are counted by the event they hang on, so that a transaction in flight can never be mistaken for a loss.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit import Chain, Event
from app.core.clock import Moment
from app.ledgers.cases import Evidence
from app.ledgers.scores import ScoreEntry
from app.ledgers.talks import CommitmentFile

Marks = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One line: when it was taken, and for each chain its sequence number, hash, counts and sum of points."""

    at: str
    chains: Mapping[str, Marks]
    signature: str = ""

    def signed(self, secret: str) -> "Checkpoint":
        """Return it with the signature that the secret gives it."""
        return Checkpoint(self.at, self.chains, _sign(self, secret))

    def text(self) -> str:
        """Return the line to keep."""
        content = {"at": self.at, "chains": self.chains, "signature": self.signature}
        return json.dumps(content, ensure_ascii=False, sort_keys=True)


def take_checkpoint(session: Session, now: Moment, secret: str) -> Checkpoint:
    """Return where every chain stands now, signed."""
    heads = session.execute(select(Chain.id, Chain.seq, Chain.hash).order_by(Chain.id)).all()
    chains = {str(chain_id): _marks(session, chain_id, seq, digest) for chain_id, seq, digest in heads}
    return Checkpoint(now.at.isoformat(timespec="seconds"), chains).signed(secret)


def read_checkpoints(text: str) -> list[Checkpoint]:
    """Read kept lines; ValueError names the first that is not one."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            row = json.loads(line)
            found.append(Checkpoint(row["at"], dict(row["chains"]), row["signature"]))
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"第 {number} 行不是检查点") from error
    return found


def broken_checkpoints(session: Session, checkpoints: list[Checkpoint], secret: str) -> Iterator[str]:
    """Yield what no longer agrees with the lines kept, oldest first."""
    for checkpoint in checkpoints:
        if not hmac.compare_digest(checkpoint.signature, _sign(checkpoint, secret)):
            yield f"{checkpoint.at} 的检查点：签名不符"
            continue
        for chain_id, marks in checkpoint.chains.items():
            if said := _disagreement(session, int(chain_id), marks):
                yield f"{checkpoint.at} 的检查点：链 {chain_id} {said}"


def _disagreement(session: Session, chain_id: int, marks: Marks) -> str | None:
    seq = marks["seq"]
    digest = session.scalar(select(Event.hash).where(Event.chain_id == chain_id, Event.seq == seq)) or ""
    if not digest and seq:
        return f"第 {seq} 条不见了，链尾被截断"
    if digest != marks["hash"]:
        return f"第 {seq} 条的哈希与当时不同，此前的事件被改写"
    now = _marks(session, chain_id, seq, digest)
    words = {"events": "事件数", "entries": "得分记录数", "points": "得分合计", "evidence": "佐证材料数"}
    for name, word in words.items():
        if now[name] != marks.get(name):
            return f"截至第 {seq} 条的{word}当时为 {marks.get(name)}，现为 {now[name]}"
    return None


def _marks(session: Session, chain_id: int, seq: int, digest: str) -> Marks:
    """Count and sum what hangs on the events of a chain up to a sequence number."""
    reach = (Event.chain_id == chain_id, Event.seq <= seq)
    entries = select(func.count(), func.sum(ScoreEntry.points)).join(Event, Event.id == ScoreEntry.posted_event_id)
    count, points = session.execute(entries.where(*reach)).one()
    files = [
        session.scalar(select(func.count()).select_from(kept).join(Event, Event.id == kept.event_id).where(*reach)) or 0
        for kept in (Evidence, CommitmentFile)
    ]
    return {
        "seq": seq,
        "hash": digest,
        "events": session.scalar(select(func.count()).select_from(Event).where(*reach)) or 0,
        "entries": count,
        "points": f"{points or 0:.2f}",
        "evidence": sum(files),
    }


def _sign(checkpoint: Checkpoint, secret: str) -> str:
    content = json.dumps({"at": checkpoint.at, "chains": checkpoint.chains}, ensure_ascii=False, sort_keys=True)
    return hmac.new(f"checkpoint:{secret}".encode(), content.encode(), hashlib.sha256).hexdigest()
