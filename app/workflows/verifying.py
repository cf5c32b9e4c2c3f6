"""Verifying: does the record still hold together? Each check names the first row that does not fit, in Chinese."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from app.audit import Event, broken_chains
from app.core.protect import missing_protections, protected_tables
from app.ledgers.cases import FILE_FACTS, Evidence, KeptFile, faults
from app.ledgers.scores import RuleSet, body_hash
from app.ledgers.talks import CommitmentFile
from app.workflows.verifying_scores import CHANGED, POSTED, unposted_events, wrong_entries, wrong_totals

CHUNK = 1024 * 1024
SAID: dict[Any, str] = {Evidence: "佐证材料", CommitmentFile: "承诺佐证材料"}
Stored = tuple[str, str, int, str]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: how much it looked at, and the first thing that is wrong, or None."""

    check: str
    looked_at: str
    wrong: str | None = None


Check = Callable[[Session], Finding]


def check_protections(session: Session) -> Finding:
    """Every trigger that keeps append-only tables append-only is in place."""
    missing = missing_protections(session.connection())
    wrong = f"缺少 {len(missing)} 项，第一项是 {missing[0]}" if missing else None
    return Finding("保护措施", f"{len(protected_tables())} 张只增不改的表", wrong)


def check_chains(session: Session) -> Finding:
    """Every event follows from the one before, and each chain ends where its head says."""
    count = session.scalar(select(func.count()).select_from(Event)) or 0
    wrong = "；".join(f"链 {b.chain_id} 第 {b.seq} 条：{b.said}" for b in broken_chains(session)) or None
    return Finding("事件链", f"{count} 条事件", wrong)


def check_entries(session: Session) -> Finding:
    """Every entry is what its event says, every posting event has its entry, and every standing fits."""
    count = session.scalar(select(func.count()).select_from(Event).where(Event.kind.in_(POSTED))) or 0
    # a row that was changed itself goes before those that no longer fit because of it
    first = min(wrong_entries(session), key=lambda found: (found[1] != CHANGED, found[0]), default=None)
    wrong = f"得分记录 {first[0]}：{first[1]}" if first else None
    wrong = wrong or next((f"事件 {event_id}：入账的得分记录不见了" for event_id in unposted_events(session)), None)
    return Finding("得分记录", f"{count} 条记录", wrong)


def check_totals(session: Session) -> Finding:
    """Every running total is the sum of the entries of its unit and year."""
    count, wrong = wrong_totals(session)
    return Finding("累计得分", f"{count} 个单位年度", wrong)


def check_rules(session: Session) -> Finding:
    """Every rule set is what its hash says."""
    rows = session.execute(select(RuleSet.id, RuleSet.year, RuleSet.body, RuleSet.hash).order_by(RuleSet.id)).all()
    bad = next((row for row in rows if not _is_hashed(row.body, row.hash)), None)
    wrong = f"考核规则 {bad.id}（{bad.year} 年）：内容与哈希不符" if bad else None
    return Finding("考核规则", f"{len(rows)} 个版本", wrong)


def check_finding(session: Session) -> Finding:
    """The words that cases are found by are those of the cases, and the kept counts are theirs."""
    words, counts, wrong = faults(session)
    wrong = f"{wrong}。可用 flask finding rebuild 重建" if wrong else None
    return Finding("检索和计数", f"{words} 段文字、{counts} 个计数", wrong)


def check_evidence(session: Session) -> Finding:
    """Every evidence row is named by its event, and every file an event names has its row."""
    listed: dict[int, list[str]] = {}
    said = session.execute(select(Event.id, Event.data).where(cast(Event.data, String).contains('"sha256"')))
    for event_id, data in said:
        listed[event_id] = sorted(_files_in(data))
    found: dict[int, list[str]] = {}
    wrong = None
    count = 0
    for row, event in _kept_files(session):
        count += 1
        found.setdefault(row.event_id, []).append(f"{row.sha256} {row.name}")
        if wrong is None and not _is_of_event(row, event):
            wrong = f"{SAID[type(row)]} {row.id}：与上传时的事件不符"
    lost = next(
        (event_id for event_id, files in sorted(listed.items()) if sorted(found.get(event_id, [])) != files), None
    )
    if wrong is None and lost is not None:
        wrong = f"事件 {lost}：所列佐证材料与登记不符"
    return Finding("佐证登记", f"{count} 份材料", wrong)


def _kept_files(session: Session) -> Iterator[Any]:
    """Yield every file on record with the event that brought it."""
    for model in SAID:
        query = select(model, Event).outerjoin(Event, Event.id == model.event_id).order_by(model.id)
        yield from session.execute(query.execution_options(yield_per=2000))


CHECKS: tuple[Check, ...] = (
    check_protections,
    check_chains,
    check_entries,
    check_totals,
    check_rules,
    check_evidence,
    check_finding,
)


def stored_evidence(session: Session) -> list[Stored]:
    """Return what each file on record is called, its stored name, size in bytes and digest."""
    found = []
    for model, said in SAID.items():
        columns = (model.id, model.stored_name, model.size, model.sha256)
        for row_id, name, size, digest in session.execute(select(*columns).order_by(model.id)):
            found.append((f"{said} {row_id}", name, size, digest))
    return found


def check_files(folder: Path, stored: list[Stored]) -> Finding:
    """Every stored file is there and hashes to what is on record; asked after the transaction has ended."""
    said = "；".join(_wrong_files(folder, stored)) or None
    return Finding("佐证文件", f"{len(stored)} 个文件", said)


def _wrong_files(folder: Path, stored: list[Stored]) -> Iterator[str]:
    for said, name, size, digest in stored:
        path = folder / name
        if path.parent != folder or not path.is_file():
            yield f"{said}：文件 {name} 不见了"
            return
        if path.stat().st_size != size or _hash(path) != digest:
            yield f"{said}：文件 {name} 的内容与登记的哈希不符"
            return


def _hash(path: Path) -> str:
    hashed = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(CHUNK):
            hashed.update(block)
    return hashed.hexdigest()


def _is_hashed(body: str, digest: str) -> bool:
    try:
        return body_hash(json.loads(body)) == digest
    except ValueError:
        return False


def _is_of_event(row: KeptFile, event: Event | None) -> bool:
    file = {name: getattr(row, name) for name in FILE_FACTS}
    if event is None or file not in _listed(event.data) or (row.person_id, row.at) != (event.actor_id, event.at):
        return False
    if isinstance(row, CommitmentFile):
        return (f"commitment:{row.commitment_id}", row.unit_id) == (event.subject, event.unit_id)
    return isinstance(row, Evidence) and _is_of_case(row, event)


def _is_of_case(row: Evidence, event: Event) -> bool:
    said = event.data.get("measure"), event.data.get("evidence_kind") or "document"
    kept = None if row.measure_id is None else str(row.measure_id), row.kind
    told = None if said[0] is None else str(said[0]), said[1]
    return told == kept and (row.case_id, row.unit_id) == (event.case_id, event.unit_id)


def _files_in(data: Any) -> list[str]:
    """Return digest and name of each file that an event's data lists."""
    return [f"{item['sha256']} {item['name']}" for item in _listed(data)]


def _listed(data: Any) -> list[dict[str, Any]]:
    lists = [value for value in data.values() if isinstance(value, list)]
    return [item for items in lists for item in items if isinstance(item, dict) and "sha256" in item]
