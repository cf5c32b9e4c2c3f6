"""Imports: a dry run of a file, what a person matches and confirms in it, and its rows taken over in one transaction."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from app.audit import Fact, record
from app.core.errors import Refused, Stale
from app.ledgers.cases import withhold
from app.ledgers.intake import (
    CONTACT,
    EVERY_TOWN,
    OWN_NUMBER,
    TAKERS,
    ImportBatch,
    ImportRow,
    Layout,
    SheetDate,
    SheetReading,
    keep_reading,
    layout_of,
    read_kept,
)
from app.ledgers.intake.words import VERDICTS, WHY_CLOSED
from app.people import Grant
from app.workflows.context import Context
from app.workflows.judging import Judged, judge
from app.workflows.taking import Outcome, Taken, take_rows

CHANGES = {"created", "updated", "noted"}
NOTHING = "这一批没有需要导入的行：各行已经在台账里，或者有误、尚未确认。什么都没有改变。请返回，点“重新核对”看各行现在的情况。"
PICTURES = "文件里有照片。导入只读文字，照片不会带进来；请在登记的问题里作为佐证材料上传。"
Progress = Callable[[int], object]
READING_LEASE = timedelta(minutes=2)  # a reader that is older than that has died
MOST_READINGS = 2  # at one time for one authority
LONGEST_NAME = 120


def silent(_done: int) -> None:
    """Tell nobody how far the work is."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """The file an import came from, as it is kept."""

    stored_name: str
    sha256: str
    size: int
    sheet: str
    has_pictures: bool = False


def begin_reading(context: Context, authority_id: int, layout: Layout, file_name: str) -> ImportBatch:
    """Note that a file is about to be read. Refused while the person, or too many of the authority, are reading one."""
    mandate_for(context, authority_id)
    queue_up(context.session, authority_id)
    still = ImportBatch.state == "reading", ImportBatch.begun_at > context.moment.at - READING_LEASE
    readers = list(
        context.session.scalars(select(ImportBatch.person_id).where(ImportBatch.authority_id == authority_id, *still))
    )
    if context.actor.person_id in readers:
        raise Refused("您上传的上一个文件还在读取，请等它完成后再上传。")
    if len(readers) >= MOST_READINGS:
        raise Refused("现在有几个文件正在读取，请过一分钟再上传。")
    batch = ImportBatch(
        authority_id=authority_id,
        state="reading",
        layout=layout.code,
        file_name=withhold(file_name[-200:]).text,
        person_id=context.actor.person_id,
        begun_at=context.moment.at,
    )
    context.session.add(batch)
    context.session.flush()
    return batch


def refuse_reading(batch: ImportBatch, said: str) -> None:
    """Note why a file could not be read."""
    batch.state, batch.note = "refused", said


def preview_import(context: Context, batch: ImportBatch, reading: SheetReading, file: FileFacts) -> list[Judged]:
    """Judge a file and keep what was found: nothing but the import itself is written."""
    judged = judge(context, batch.authority_id, reading, {})
    keep_preview(context, batch, reading, file, judged)
    return judged


def keep_preview(
    context: Context, batch: ImportBatch, reading: SheetReading, file: FileFacts, judged: list[Judged]
) -> None:
    """Keep what a file was read as and judged to be."""
    batch.state, (batch.stated_on, batch.period) = "previewed", reading.filled_in
    batch.stored_name, batch.sha256, batch.size, batch.sheet = (
        file.stored_name,
        file.sha256,
        file.size,
        file.sheet[:120],
    )
    batch.note = PICTURES if file.has_pictures else ""
    batch.passed_over = [[number, withhold(words).text[:200]] for number, words in reading.passed_over[:200]]
    batch.unused_columns = [withhold(words).text[:60] for words in reading.unused_columns[:60]]
    batch.counts = count_verdicts(judged)
    context.session.flush()
    same = {"batch_id": batch.id, "authority_id": batch.authority_id}
    if judged:
        context.session.execute(insert(ImportRow), [same | _first_values(one) for one in judged])


def judge_again(
    context: Context, batch: ImportBatch, progress: Progress = silent, doubles_too: bool = True
) -> list[Judged]:
    """Judge a previewed file by what is on record now; what a person confirmed stays confirmed.

    Possible duplicates are looked for again unless `doubles_too` says that those of the preview hold.
    """
    rows = rows_of(context.session, batch)
    kept = {row.number: row.case_id for row in rows if row.verdict == "duplicate" and row.case_id and not row.repeats}
    reading = reading_of(context.session, batch, rows)
    earlier = identities_before(context.session, batch)
    judged = judge(context, batch.authority_id, reading, {}, progress, None if doubles_too else kept, earlier)
    for row, one in zip(rows, judged, strict=True):
        for name, value in _values(one).items():
            setattr(row, name, value)
    batch.counts = count_verdicts(judged)
    batch.version += 1
    return judged


def choose_rows(
    context: Context, batch: ImportBatch, version: int, shown: Iterable[int], chosen: Iterable[int]
) -> None:
    """Note which of the rows shown a person confirms; the others of them are not (any more)."""
    still_open(context, batch, version)
    wanted, seen = set(chosen), set(shown)
    for row in rows_of(context.session, batch, seen):
        if must_be_confirmed(row):
            row.is_chosen = row.number in wanted
    batch.version += 1


def choose_doubtful(context: Context, batch: ImportBatch, version: int) -> None:
    """Confirm every row with a date or another reading to confirm; what may be another problem is chosen one by one."""
    still_open(context, batch, version)
    mine = ImportRow.batch_id == batch.id, ImportRow.is_doubtful
    named = context.session.scalars(select(ImportRow).where(*mine, ImportRow.identity.is_(None)))
    strange = [row.id for row in named if any(doubt["column"] == OWN_NUMBER.label for doubt in row.doubts)]
    context.session.execute(update(ImportRow).where(*mine, ImportRow.id.not_in(strange)).values(is_chosen=True))
    batch.version += 1


def apply_import(context: Context, batch: ImportBatch, version: int, progress: Progress = silent) -> Counter[str]:
    """Take the rows over in one transaction: all that are good and confirmed, or none. Returns the count of each outcome.

    The file is judged again by what is on record now, so that the same file twice changes nothing.
    """
    grant = mandate_for(context, batch.authority_id)
    queue_up(context.session, batch.authority_id)
    still_open(context, batch, version)
    judged = judge_again(context, batch, progress, doubles_too=False)
    rows = rows_of(context.session, batch)
    pairs = list(zip(rows, judged, strict=True))
    taken = take_rows(context, grant, batch, [(one, row.is_chosen) for row, one in pairs])
    for row, one in pairs:
        _close_row(row, one, taken)
    outcomes = Counter(row.outcome for row in rows if row.outcome)
    batch.state, batch.applied_at, batch.applied_by_id = "applied", context.moment.at, context.actor.person_id
    batch.counts = batch.counts | dict(outcomes)
    batch.event_id = record(context.session, _fact(batch, grant, outcomes), context.actor, context.moment)
    context.session.flush()
    return outcomes


def mandate_for(context: Context, authority_id: int) -> Grant:
    """Return the mandate by which the actor may import for the authority; Refused when there is none (any more)."""
    grant = context.actor.grant(*TAKERS, authority_id=authority_id)
    if grant is None:
        words = "或".join(role.label for role in TAKERS)
        raise Refused(f"导入反馈台账须由{words}办理，您当前没有这项任职。")
    return grant


def must_be_confirmed(row: ImportRow) -> bool:
    """Say whether a row waits for a person's word before it is taken over."""
    return row.verdict == "duplicate" or row.is_doubtful


def count_verdicts(judged: Iterable[Judged]) -> dict[str, int]:
    """Return how many rows have each verdict, and how many are to be confirmed."""
    counts = Counter(one.verdict for one in judged)
    counts["doubtful"] = sum(1 for one in judged if one.must_be_confirmed and one.verdict != "duplicate")
    return dict(counts)


def reading_of(session: Session, batch: ImportBatch, rows: Iterable[ImportRow]) -> SheetReading:
    """Return the sheet as it was read when it was handed in."""
    readings = []
    for row in rows:
        reading = read_kept(row.number, row.serial, row.reading)
        if row.contact:
            reading.values[CONTACT] = row.contact
        readings.append(reading)
    filled_in = SheetDate(batch.stated_on, batch.period)
    return SheetReading(layout_of(session, batch.layout), filled_in, tuple(readings), (), ())


def rows_of(session: Session, batch: ImportBatch, numbers: Iterable[int] | None = None) -> list[ImportRow]:
    """Return the rows of a batch in order, or those of these numbers."""
    query = select(ImportRow).where(ImportRow.batch_id == batch.id).order_by(ImportRow.number)
    return list(session.scalars(query if numbers is None else query.where(ImportRow.number.in_(list(numbers)))))


def identities_before(session: Session, batch: ImportBatch) -> list[str]:
    """Return by what the rows are known that the same file brought in before, where an import goes on with the rest."""
    found: list[str] = []
    before = batch.continues_id
    while before is not None:
        mine = ImportRow.batch_id == before, ImportRow.identity.is_not(None), ImportRow.outcome != "left"
        found += [identity for identity in session.scalars(select(ImportRow.identity).where(*mine)) if identity]
        before = session.scalars(select(ImportBatch.continues_id).where(ImportBatch.id == before)).one()
    return found


def still_open(context: Context, batch: ImportBatch, version: int | None) -> None:
    """Lock the batch; Refused when it is applied already, Stale when the preview was another one (None: any)."""
    mandate_for(context, batch.authority_id)
    context.session.flush()
    context.session.refresh(batch, with_for_update=True)
    if batch.state != "previewed":
        raise Refused(WHY_CLOSED[batch.state])
    if version is not None and batch.version != version:
        raise Stale(version, batch.version)


def queue_up(session: Session, authority_id: int) -> None:
    """Let imports of one authority wait for each other until the transaction ends (SQLite has one writer anyhow)."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"intake {authority_id}"}
        )


def _first_values(one: Judged) -> dict[str, Any]:
    reading = one.row.reading
    kept = {"number": reading.number, "serial": reading.serial[:60], "reading": keep_reading(reading)}
    return kept | {"contact": reading.text(CONTACT) or None, "is_chosen": False, "typed": {}} | _values(one)


def _values(one: Judged) -> dict[str, Any]:
    named = [match for match in one.row.unmatched if match.said != EVERY_TOWN and len(match.said) <= LONGEST_NAME]
    return {
        "verdict": one.verdict,
        "identity": one.identity,
        "facts": one.facts,
        "changes": one.changes or {},
        "problems": [{"column": column, "reason": reason} for column, reason in one.problems],
        "doubts": list(one.doubts),
        "unmatched": [{"said": m.said, "near": [unit.id for unit in m.units or m.suggestions]} for m in named],
        "repeats": one.row.repeats,
        "is_doubtful": one.must_be_confirmed and one.verdict != "duplicate",
        "case_id": one.case_id,
    }


def _close_row(row: ImportRow, one: Judged, taken: Taken) -> None:
    """Note what became of a row; what is no longer needed of it goes, the contact of the citizen among it.

    What was read of a row that was left stays: it can be put right and taken over later.
    """
    usual = Outcome("known" if one.verdict == "unchanged" else "left", one.case_id)
    found = taken.get(one.row.reading.number, usual)
    row.outcome, row.case_id, row.before = found.word, found.case_id, found.before
    if row.outcome != "left":
        row.reading, row.contact, row.typed = {}, None, dict.fromkeys(row.typed, "")


def _fact(batch: ImportBatch, grant: Grant, outcomes: Mapping[str, int]) -> Fact:
    rows = sum(batch.counts.get(verdict, 0) for verdict in VERDICTS)
    return Fact(
        kind="import.applied",
        subject=f"import:{batch.id}",
        chain_id=batch.authority_id,
        data={
            "layout": batch.layout,
            "file": batch.file_name,
            "sheet": batch.sheet,
            "sha256": batch.sha256,
            "rows": rows,
            "outcomes": dict(outcomes),
        },
        mandate_id=grant.mandate_id,
    )
