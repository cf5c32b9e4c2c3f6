"""Effects of a case's moves that set what is on record about the case itself. Effects only write rows."""

from datetime import date
from typing import Any

from sqlalchemy import bindparam, select

from app.calendar import Due, stated_deadline
from app.ledgers.cases import (
    FILE_FACTS,
    NO_DEADLINE,
    Assignment,
    CaseSource,
    Deadline,
    Evidence,
    Listing,
    StoredFile,
    Verification,
)
from app.ledgers.scores import ScoreEntry
from app.workflows.case_guards import case_of
from app.workflows.children import keeps_to_parent, recap_children
from app.workflows.engine import Attempt, Effect
from app.workflows.numbering import next_serial
from app.workflows.posting import insert_or_ignore, tell
from app.workflows.settling import settle
from app.workflows.table import UNIT_ROLES

ENTRIES: Any = ScoreEntry.__table__
EARLY = (
    select(ENTRIES.c.id).where(ENTRIES.c.case_id == bindparam("case_id"), ENTRIES.c.day > bindparam("today")).limit(1)
)
CORRECTABLE = ("title", "text", "category", "place", "standard")


def put_scores_right(attempt: Attempt) -> None:
    """Post what the event costs, and reverse what it takes back, in the transaction of the event."""
    attempt.session.flush()
    attempt.context.memory["decided_event"] = attempt.event_id
    settle(attempt.context, [case_of(attempt).id])


def take_back_early(attempt: Attempt) -> None:
    """Take back at once what a clock that ran ahead posted for days that this move now covers."""
    case = case_of(attempt)
    if attempt.session.scalar(EARLY, {"case_id": case.id, "today": attempt.context.day}) is not None:
        put_scores_right(attempt)


def touch(attempt: Attempt) -> None:
    """Note that the case moved."""
    case_of(attempt).moved_at = attempt.context.moment.at


def save_source(attempt: Attempt) -> None:
    """Record the feedback that the case, or a further one that names it, came with."""
    case, form = case_of(attempt), attempt.form
    # what a unit found itself is self-found, whatever else the form says
    is_own = attempt.transition.name == "log_self"
    attempt.session.add(
        CaseSource(
            authority_id=case.authority_id,
            case_id=case.id,
            kind="self" if is_own else form["source_kind"],
            discovery="self" if is_own else form["discovery"],
            reference=form.get("reference") or "",
            identity=form.get("identity"),
            text=form.get("source_text") or "",
            contact=form.get("contact") or None,
            found_on=form.get("found_on") or attempt.context.day,
            saved_at=attempt.context.moment.at,
            event_id=attempt.event_id,
        )
    )


def give_number(attempt: Attempt) -> None:
    """Give the case the next number of its authority and year (gaps are allowed)."""
    case, session, year = case_of(attempt), attempt.session, attempt.context.day.year
    if case.number:
        return
    case.number = f"{year}-{next_serial(session, case.authority_id, 'case', year):04d}"


def assign_units(attempt: Attempt) -> None:
    """Make each unit's part, set the deadline, tell the units."""
    case, form = case_of(attempt), attempt.form
    due, limit = deadline_asked(attempt)
    case.lead_unit_id, case.rect_class = form["lead"], form["rect_class"]
    case.standard, case.is_systemic = form["standard"], bool(form.get("is_systemic"))
    case.assigned_on = attempt.context.day
    set_deadline(attempt, due, attempt.context.day, "assigned", limit)
    case.original_due_on, case.stated_due_on = due.on, due.stated
    add_part(attempt, form["lead"], "lead")
    for unit_id in form.get("assist") or []:
        if unit_id != form["lead"]:
            add_part(attempt, unit_id, "assist")


def deadline_asked(attempt: Attempt) -> tuple[Due, str | None]:
    """Return the deadline of the form: the date stated, or the limit of the class when none is."""
    case, stated = case_of(attempt), attempt.form.get("due_on")
    if stated is None:
        days = attempt.context.parameters(case.authority_id)["immediate_days"]
        return attempt.context.limit(case.authority_id, "immediate_days"), f"{days}个工作日"
    return stated_deadline(attempt.context.calendar(case.authority_id), stated), None


def set_deadline(attempt: Attempt, due: Due, effective_on: date, cause: str, limit: str | None = None) -> None:
    """Record a deadline and put it in force; a child's is never later than its parent's, nor becomes so by it."""
    case = case_of(attempt)
    keeps_to_parent(case, due.on)
    attempt.session.add(
        Deadline(
            case_id=case.id,
            cycle=case.cycle,
            recorded_on=attempt.context.day,
            effective_on=effective_on,
            due_on=due.on,
            stated_on=due.stated,
            limit=limit,
            counted_from=attempt.context.day if limit else None,
            provisional=due.provisional,
            cause=cause,
            event_id=attempt.event_id,
        )
    )
    case.due_on = case.order_on = due.on
    case.due_provisional = due.provisional
    if cause != "assigned":
        attempt.session.flush()
        recap_children(attempt)


def add_part(attempt: Attempt, unit_id: int, role: str) -> Assignment:
    """Give a unit a part in the case and tell it."""
    case = case_of(attempt)
    receipt = attempt.context.limit(case.authority_id, "receipt_days")
    part = Assignment(
        case_id=case.id,
        unit_id=unit_id,
        role=role,
        state="waiting",
        version=1,
        assigned_on=attempt.context.day,
        event_id=attempt.event_id,
        receipt_due_on=receipt.on,
        receipt_provisional=receipt.provisional,
    )
    attempt.session.add(part)
    attempt.session.flush()
    tell(attempt.context, [(case.authority_id, unit_id, "assigned", f"part:{part.id}", case.id)])
    return part


def end_case(attempt: Attempt) -> None:
    """Note when and from where the case ended; a merged one also into which."""
    case = case_of(attempt)
    case.ended_on, case.ended_event_id, case.ended_from = attempt.context.day, attempt.event_id, attempt.source


def revive_case(attempt: Attempt) -> None:
    """Take back that the case ended."""
    case = case_of(attempt)
    case.ended_on = case.ended_event_id = case.ended_from = case.merged_into_id = None


def list_for_discipline(reason: str) -> Effect:
    """Make the effect that lists the case for discipline inspection; once listed, always."""

    def effect(attempt: Attempt) -> None:
        kept = "false" if reason == "returned" and attempt.form.get("false") else reason
        row = {"case_id": case_of(attempt).id, "reason": kept, "on": attempt.context.day, "event_id": attempt.event_id}
        insert_or_ignore(attempt.session, Listing, [row])

    return effect


def keep_evidence(attempt: Attempt) -> None:
    """Record the files that came with the move."""
    case, form = case_of(attempt), attempt.form
    acts_for_unit = attempt.grant is not None and attempt.grant.role in UNIT_ROLES
    unit_id = getattr(attempt.row, "unit_id", None) or (
        attempt.grant.unit_id if acts_for_unit and attempt.grant else None
    )
    files: list[StoredFile] = form.get("files") or []
    for file in files:
        attempt.session.add(
            Evidence(
                case_id=case.id,
                unit_id=unit_id,
                measure_id=form.get("measure"),
                kind=form.get("evidence_kind") or "document",
                **kept_file(attempt, file),
            )
        )


def kept_file(attempt: Attempt, file: StoredFile) -> dict[str, Any]:
    """Return what is on record of a file that came with a move: what it is, who brought it, when, by which event."""
    kept = {name: getattr(file, name) for name in (*FILE_FACTS, "stored_name")}
    return kept | {"person_id": attempt.actor.person_id, "at": attempt.context.moment.at, "event_id": attempt.event_id}


def save_verification(level: int, passed: bool) -> Effect:
    """Make the effect that records a check."""

    def effect(attempt: Attempt) -> None:
        case, form, actor = case_of(attempt), attempt.form, attempt.actor
        second = form.get("second_person") or ""
        attempt.session.add(
            Verification(
                case_id=case.id,
                cycle=case.cycle,
                level=level,
                passed=passed,
                person_id=actor.person_id,
                names=f"{actor.name}、{second}" if second else actor.name,
                site_on=form.get("site_on"),
                method=form.get("method") or "",
                opinion=form.get("reason") or "",
                on=attempt.context.day,
                event_id=attempt.event_id,
            )
        )

    return effect


def keep_old_facts(attempt: Attempt) -> None:
    """Put the values that a correction replaces into its event."""
    case = case_of(attempt)
    attempt.data["before"] = {name: getattr(case, name) for name in CORRECTABLE if attempt.form.get(name)}


def correct_facts(attempt: Attempt) -> None:
    """Change facts of the case; the event holds the old values."""
    case = case_of(attempt)
    for name in CORRECTABLE:
        if attempt.form.get(name):
            setattr(case, name, attempt.form[name])


def no_deadline(attempt: Attempt) -> None:
    """A case that has no clock is ordered behind those that have one."""
    case_of(attempt).order_on = NO_DEADLINE
