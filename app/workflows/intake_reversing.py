"""An import taken back: cases that nobody has touched are voided, changes undone, the rest named with a reason."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from app.audit import Fact, record, record_many
from app.core.errors import Invalid, Refused, Stale
from app.ledgers.cases import Case, CaseSource, Listing
from app.ledgers.cases.words import STATES
from app.ledgers.intake import ImportBatch, ImportRow
from app.people import Grant
from app.workflows.case import CASE
from app.workflows.context import Context
from app.workflows.engine import move_along
from app.workflows.intake import Progress, mandate_for, queue_up, silent
from app.workflows.posting import insert_or_ignore
from app.workflows.taking import UNASSIGNED, mark_of
from app.workflows.withholding import refuse_contacts

TAKEN = ("created", "updated", "noted")
CHUNK = 400
MOST_NAMED = 5
TOUCHED = "登记之后又有办理（更正、备注、申请等）"
JOINED = "有其他来源并入或补充在这一件里"
MERGED = "有其他问题并入了这一件"
CHANGED = "导入之后又有改动，不能恢复原样"
UNKEPT = "这一行导入时没有留下原来的内容，不能恢复"


@dataclass(frozen=True, slots=True)
class Step:
    """What reversing would do with one row: void its case or undo its change; `reason` says why it cannot."""

    row: ImportRow
    case: Case
    reason: str = ""

    @property
    def is_new(self) -> bool:
        """Whether the row made the case."""
        return self.row.outcome == "created"


def steps_of(context: Context, batch: ImportBatch) -> list[Step]:
    """Return what reversing the import would do now, row by row; rows that changed nothing are left out."""
    mine = ImportRow.batch_id == batch.id, ImportRow.outcome.in_(TAKEN)
    query = select(ImportRow, Case).join(Case, Case.id == ImportRow.case_id).where(*mine).order_by(Case.id)
    found = [(row, case) for row, case in context.session.execute(query)]
    sources = _counted(context, CaseSource.case_id, found, CaseSource.withdrawn_event_id.is_(None))
    merged = _counted(context, Case.merged_into_id, found)
    texts = _texts(context, [row for row, _ in found])
    return [Step(row, case, _reason(row, case, (sources, merged, texts))) for row, case in found]


def reverse_import(
    context: Context,
    batch: ImportBatch,
    version: int,
    reason: str,
    leave_moved: bool = False,
    progress: Progress = silent,
) -> Counter[str]:
    """Take an import back in one transaction and return how many rows were voided, restored and left.

    Refused with the reasons while one case has moved on, unless those are to be left as they are.
    """
    grant = mandate_for(context, batch.authority_id)
    queue_up(context.session, batch.authority_id)
    _still_applied(context, batch, version)
    check_reason(context, batch, reason)
    _lock_cases(context, batch)
    steps = steps_of(context, batch)
    ready, left = [step for step in steps if not step.reason], [step for step in steps if step.reason]
    if left and not leave_moved:
        raise Refused(f"有 {len(left)} 件不能撤销：{_said(left)}。请先处理，或选择只撤销其余 {len(ready)} 件。")
    if not ready:
        raise Refused("这一批没有可以撤销的内容：" + (_said(left) or "当时没有登记也没有改动问题") + "。")
    new, changed = [step for step in ready if step.is_new], [step for step in ready if not step.is_new]
    _void(context, batch, grant, reason, new, progress)
    _restore(context, batch, grant, reason, changed)
    done = Counter(voided=len(new), restored=len(changed), left=len(left))
    batch.state, batch.version = "reversed", batch.version + 1
    batch.reversed_at, batch.reversed_by_id = context.moment.at, context.actor.person_id
    batch.reversal_event_id = record(context.session, _fact(batch, grant, reason, done), context.actor, context.moment)
    context.session.flush()
    return done


def check_reason(context: Context, batch: ImportBatch, reason: str) -> None:
    """Invalid without a reason, or where it tells who a citizen is: it is written on every case."""
    if not reason.strip():
        raise Invalid({"reason": "请填写撤销原因。"})
    told = select(CaseSource.contact).join(ImportRow, ImportRow.case_id == CaseSource.case_id)
    contacts = context.session.scalars(told.where(ImportRow.batch_id == batch.id, CaseSource.contact.is_not(None)))
    refuse_contacts((), [contact or "" for contact in contacts], {"reason": reason})


def _still_applied(context: Context, batch: ImportBatch, version: int) -> None:
    context.session.flush()
    context.session.refresh(batch, with_for_update=True)
    if batch.state != "applied":
        said = "已经撤销" if batch.state == "reversed" else "还没有导入"
        raise Refused(f"这一批{said}，不能撤销。")
    if batch.version != version:
        raise Stale(version, batch.version)


def _lock_cases(context: Context, batch: ImportBatch) -> None:
    wanted = select(ImportRow.case_id).where(ImportRow.batch_id == batch.id, ImportRow.outcome.in_(TAKEN))
    locked = select(Case).where(Case.id.in_(wanted)).order_by(Case.id).with_for_update()
    context.session.scalars(locked.execution_options(populate_existing=True)).all()


def _reason(row: ImportRow, case: Case, known: tuple[Counter[int], Counter[int], dict[int, str]]) -> str:
    sources, merged, texts = known
    if row.outcome == "created":
        if case.state != "reported":
            return f"已是“{STATES[case.state]}”"
        if merged[case.id]:
            return MERGED
        if sources[case.id] > 1:
            return JOINED
        return TOUCHED if case.version > 1 else ""
    if row.before is None:
        return UNKEPT
    if row.outcome == "updated" and (case.state not in UNASSIGNED or case.version != row.before["version"]):
        return CHANGED
    source = row.before.get("source")
    return CHANGED if source and mark_of(texts.get(source[0], "")) != source[2] else ""


def _counted(context: Context, column: Any, found: Sequence[tuple[ImportRow, Case]], *more: Any) -> Counter[int]:
    """Count the rows of a table that name each case."""
    counts: Counter[int] = Counter()
    ids = [case.id for _, case in found]
    for start in range(0, len(ids), CHUNK):
        query = select(column, func.count()).where(column.in_(ids[start : start + CHUNK]), *more).group_by(column)
        counts.update({case_id: count for case_id, count in context.session.execute(query)})
    return counts


def _texts(context: Context, rows: Iterable[ImportRow]) -> dict[int, str]:
    """Return the texts of the sources that the changes of these rows were written to and that are still in force."""
    ids = [row.before["source"][0] for row in rows if row.before and row.before.get("source")]
    texts: dict[int, str] = {}
    for start in range(0, len(ids), CHUNK):
        query = select(CaseSource.id, CaseSource.text).where(CaseSource.id.in_(ids[start : start + CHUNK]))
        query = query.where(CaseSource.withdrawn_event_id.is_(None))
        texts |= {source_id: text for source_id, text in context.session.execute(query)}
    return texts


def _void(
    context: Context, batch: ImportBatch, grant: Grant, reason: str, steps: list[Step], progress: Progress
) -> None:
    """Void the cases, one event each. Their sources let go of what a file is known by: the same file makes new cases."""
    session = context.session
    facts = [
        Fact(
            kind="case.take_back",
            subject=f"case:{step.case.id}",
            chain_id=batch.authority_id,
            case_id=step.case.id,
            source="reported",
            dest="voided",
            reason=reason,
            data={"import_row": f"{batch.file_name[-120:]} 第 {step.row.number} 行"},
            mandate_id=grant.mandate_id,
        )
        for step in steps
    ]
    listed = []
    for number, (step, event_id) in enumerate(
        zip(steps, record_many(session, facts, context.actor, context.moment), strict=True), start=1
    ):
        case, step.row.outcome = step.case, "voided"
        case.ended_on, case.ended_event_id, case.ended_from = context.day, event_id, "reported"
        case.moved_at = context.moment.at
        move_along(session, CASE, "take_back", case)
        listed.append({"case_id": case.id, "reason": "voided", "on": context.day, "event_id": event_id})
        progress(number)
    insert_or_ignore(session, Listing, listed)
    for start in range(0, len(steps), CHUNK):
        ids = [step.case.id for step in steps[start : start + CHUNK]]
        for source in session.scalars(select(CaseSource).where(CaseSource.case_id.in_(ids))):
            source.identity = None
    session.flush()


def _restore(context: Context, batch: ImportBatch, grant: Grant, reason: str, steps: list[Step]) -> None:
    """Put back what the changes of the import found, on the case and in the text of its source."""
    session, facts = context.session, []
    for step in steps:
        before = step.row.before or {}
        for name, value in before.get("case", {}).items():
            is_day = name == "proposed_due_on" and value
            setattr(step.case, name, date.fromisoformat(value) if is_day else value)
        if before.get("case"):
            step.case.version, step.case.moved_at = step.case.version + 1, context.moment.at
        if before.get("source"):
            session.get_one(CaseSource, before["source"][0]).text = before["source"][1]
        step.row.outcome = "restored"
        facts.append(_restored(batch, grant, reason, step))
    session.flush()
    record_many(session, facts, context.actor, context.moment)


def _restored(batch: ImportBatch, grant: Grant, reason: str, step: Step) -> Fact:
    return Fact(
        kind="case.source_restored",
        subject=f"case:{step.case.id}",
        chain_id=batch.authority_id,
        case_id=step.case.id,
        source=step.case.state,
        dest=step.case.state,
        reason=reason,
        due_on=step.case.due_on,
        data={"import_row": f"{batch.file_name[-120:]} 第 {step.row.number} 行"},
        mandate_id=grant.mandate_id,
    )


def _fact(batch: ImportBatch, grant: Grant, reason: str, done: Counter[str]) -> Fact:
    return Fact(
        kind="import.reversed",
        subject=f"import:{batch.id}",
        chain_id=batch.authority_id,
        reason=reason,
        data={"file": batch.file_name, "sha256": batch.sha256, "outcomes": dict(done)},
        mandate_id=grant.mandate_id,
    )


def _said(steps: Sequence[Step]) -> str:
    """Name the first few cases that stay, each with its reason."""
    named = [f"{step.case.number or step.case.title[:20]}（{step.reason}）" for step in steps[:MOST_NAMED]]
    return "、".join(named) + (f" 等 {len(steps)} 件" if len(steps) > MOST_NAMED else "")
