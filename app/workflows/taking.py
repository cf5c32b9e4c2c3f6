"""Take judged rows over: a new one becomes a case by the real move, a changed one is noted on the case it became."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.audit import Fact, record_many
from app.ledgers.cases import Case, CaseSource, joined
from app.ledgers.cases.lengths import LONGEST
from app.ledgers.intake import ImportBatch, contact_of, source_text
from app.ledgers.intake.words import FACTS
from app.people import Grant
from app.workflows.case import CASE
from app.workflows.case_start import new_case
from app.workflows.context import Context
from app.workflows.firing_many import fire_many
from app.workflows.judging import Judged, form_of

UNASSIGNED = ("reported", "ledgered")
OWN_FACTS = (
    "title",
    "text",
    "category",
    "place",
    "standard",
)  # facts of the case itself, as a correction may change them
PROPOSED = ("proposed_lead", "proposed_lead_id", "proposed_assist", "proposed_class", "proposed_state")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row: the case it is, and what it found there, so that it can be taken back."""

    word: str
    case_id: int | None
    before: dict[str, Any] | None = None


Taken = dict[int, Outcome]


def take_rows(context: Context, grant: Grant, batch: ImportBatch, rows: Iterable[tuple[Judged, bool]]) -> Taken:
    """Take over what is good and, where needed, confirmed. Returns outcome and case by row number."""
    good = [one for one, is_chosen in rows if is_chosen or not one.must_be_confirmed]
    changed = [one for one in good if one.verdict == "changed"]
    taken = _note_changes(context, grant, batch, changed) if changed else {}
    new = [one for one in good if one.verdict in ("new", "duplicate")]
    attempts = fire_many(context, CASE, "take_in", (_new_case(context, batch, one) for one in new))
    for one, attempt in zip(new, attempts, strict=True):
        taken[one.row.reading.number] = Outcome("created", attempt.row.id)
    return taken


def _new_case(context: Context, batch: ImportBatch, one: Judged) -> tuple[Case, dict[str, Any]]:
    reading = one.row.reading
    form = form_of(one.row, one.facts, one.doubts)
    case = new_case(context.actor, batch.authority_id, form, context.moment)
    case.standard = reading.text("standard")
    _propose(case, one)
    form |= {"identity": one.identity, "import_row": f"{batch.file_name[-120:]} 第 {reading.number} 行"}
    return case, form


def _propose(case: Case, one: Judged) -> None:
    """Put what the file says of units, deadline and state on the case, for the supervisor to decide on."""
    row, reading = one.row, one.row.reading
    case.proposed_due_on = reading.day("due_on")
    case.proposed_lead = row.lead.name if row.lead else ""
    case.proposed_lead_id = row.lead.id if row.lead else None
    case.proposed_assist = [unit.id for unit in row.assisting] or None
    case.proposed_class = reading.text("rect_class") or None
    case.proposed_state = one.facts.get("status", "")[:40]


def _propose_changes(case: Case, one: Judged) -> None:
    """Put on the case what a row says differently that was once written out here; its layout may lack the rest."""
    row, reading, changes = one.row, one.row.reading, one.changes or {}
    if "due_on" in changes:
        case.proposed_due_on = reading.day("due_on")
    if "lead" in changes:
        case.proposed_lead, case.proposed_lead_id = (row.lead.name, row.lead.id) if row.lead else ("", None)
    if "assisting" in changes:
        case.proposed_assist = [unit.id for unit in row.assisting] or None
    if "rect_class" in changes:
        case.proposed_class = reading.text("rect_class") or None
    if "status" in changes:
        case.proposed_state = one.facts.get("status", "")[:40]


def _note_changes(context: Context, grant: Grant, batch: ImportBatch, rows: list[Judged]) -> Taken:
    """Record on each case what its file says differently now; only an unassigned case takes the new words over."""
    session = context.session
    wanted = sorted({one.case_id for one in rows if one.case_id is not None})
    locked = select(Case).where(Case.id.in_(wanted)).order_by(Case.id).with_for_update()
    cases = {case.id: case for case in session.scalars(locked.execution_options(populate_existing=True))}
    known = select(CaseSource).where(CaseSource.authority_id == batch.authority_id)
    known = known.where(
        CaseSource.identity.in_([one.identity for one in rows if one.identity]), CaseSource.withdrawn_event_id.is_(None)
    )
    sources = {source.identity: source for source in session.scalars(known)}
    facts, taken = [], Taken()
    for one in rows:
        case = cases[one.case_id or 0]
        before: dict[str, Any] = {}
        if one.identity:
            source, said = sources[one.identity], source_text(one.facts, list(one.doubts))
            before["source"] = [source.id, source.text, mark_of(said)]
            told = joined(source.contact or "", tuple(contact_of(one.row.reading).split("；")))
            source.text, source.contact = said, told[: LONGEST["contact"]] or None
        is_updated = case.state in UNASSIGNED
        if is_updated:
            before["case"] = _state_of(case)
            _update_case(context, case, one)
        facts.append(_fact(batch, grant, case, one, is_updated))
        before["version"] = case.version
        taken[one.row.reading.number] = Outcome("updated" if is_updated else "noted", case.id, before)
    session.flush()
    record_many(session, facts, context.actor, context.moment)
    return taken


def mark_of(text: str) -> str:
    """Return by what a text is known to be still the one that was written."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _state_of(case: Case) -> dict[str, Any]:
    """Return what an update may change on a case, as JSON values."""
    due_on = case.proposed_due_on.isoformat() if case.proposed_due_on else None
    return {name: getattr(case, name) for name in (*OWN_FACTS, *PROPOSED)} | {"proposed_due_on": due_on}


def _update_case(context: Context, case: Case, one: Judged) -> None:
    for field in OWN_FACTS:
        if one.changes and field in one.changes:
            setattr(case, field, one.facts.get(field, ""))
    if one.identity:
        _propose(case, one)
    else:
        _propose_changes(case, one)
    case.version += 1
    case.moved_at = context.moment.at


def _fact(batch: ImportBatch, grant: Grant, case: Case, one: Judged, is_updated: bool) -> Fact:
    changes = {FACTS[field]: both for field, both in (one.changes or {}).items()}
    return Fact(
        kind="case.source_changed",
        subject=f"case:{case.id}",
        chain_id=batch.authority_id,
        case_id=case.id,
        source=case.state,
        dest=case.state,
        due_on=case.due_on,
        data={
            "import_row": f"{batch.file_name[-120:]} 第 {one.row.reading.number} 行",
            "changes": changes,
            "is_updated": is_updated,
        },
        mandate_id=grant.mandate_id,
    )
