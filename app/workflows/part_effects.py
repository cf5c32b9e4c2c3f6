"""Effects on the units' parts of a case: receipts, the clock's pauses, sign-offs."""

from collections.abc import Collection, Iterator

from sqlalchemy import bindparam, select

from app.ledgers.cases import Assignment, Measure, Pause, ProgressReport
from app.workflows.case_guards import case_of
from app.workflows.engine import Attempt, follow

PARTS = (
    select(Assignment)
    .where(Assignment.case_id == bindparam("case_id"), Assignment.released_on.is_(None))
    .order_by(Assignment.id)
)


def parts_of(attempt: Attempt) -> list[Assignment]:
    """Return the parts of the case that have not been released."""
    return list(attempt.session.scalars(PARTS, {"case_id": case_of(attempt).id}))


def lead_part(attempt: Attempt) -> Assignment:
    """Return the lead's part."""
    return next(part for part in parts_of(attempt) if part.role == "lead")


def sign_receipt(attempt: Attempt) -> None:
    """Note the receipt: of the part itself, or of the lead's part when the case moves."""
    part = attempt.row if isinstance(attempt.row, Assignment) else lead_part(attempt)
    part.received_on = attempt.context.day
    if attempt.row is not part:
        follow(attempt, "part", "acknowledge_lead", part)


def finish_part(attempt: Attempt) -> None:
    """Note an assisting unit's sign-off; its clock stands from now."""
    part: Assignment = attempt.row
    part.done_on, part.done_by_id = attempt.context.day, attempt.actor.person_id
    part.result = attempt.form.get("result") or ""
    _pause(attempt, part)


def reopen_part(attempt: Attempt) -> None:
    """An assisting unit takes its sign-off back: the days count as if it had never been given."""
    part: Assignment = attempt.row
    part.done_on = part.done_by_id = None
    for pause in _open_pauses(attempt, [part.id]):
        _end(attempt, pause, restored_limit=None, restored=True)


def report_finished(attempt: Attempt) -> None:
    """The lead reports finished: the case's clock stops."""
    case, part = case_of(attempt), lead_part(attempt)
    case.submitted_on, case.submitted_by_id, case.verified_by_id = attempt.context.day, attempt.actor.person_id, None
    case.result, case.lesson = attempt.form["result"], attempt.form["lesson"]
    case.mechanism = attempt.form.get("mechanism") or case.mechanism
    case.check_due_on = attempt.context.limit(case.authority_id, "verify_days").on
    follow(attempt, "part", "finish_lead", part)
    part.done_on, part.done_by_id = attempt.context.day, attempt.actor.person_id
    _pause(attempt, part)


def take_back(attempt: Attempt) -> None:
    """The head takes the report back before verification: all the days since count."""
    part = lead_part(attempt)
    for pause in _open_pauses(attempt, [part.id]):
        _end(attempt, pause, restored_limit=None, restored=True)
    _resume(attempt, [part])
    _not_submitted(attempt)


def send_parts_back(attempt: Attempt) -> None:
    """The check failed: the lead's clock and that of the failed parts run again, and the days since 报结 count.

    Never more than the verification limit of them (domain §4). The other parts stay done.
    """
    case, parts = case_of(attempt), parts_of(attempt)
    failed = set(attempt.form.get("parts") or [part.unit_id for part in parts])
    again = [part for part in parts if part.role == "lead" or part.unit_id in failed]
    limit = attempt.context.parameters(case.authority_id)["verify_days"]
    for pause in _open_pauses(attempt, [part.id for part in again]):
        _end(attempt, pause, restored_limit=limit, restored=True)
    _resume(attempt, again)
    case.returned_count += 1
    _not_submitted(attempt)


def resume_after_rebound(attempt: Attempt) -> None:
    """The case begins a new cycle: every part is open again, the days of rest between do not count."""
    parts = parts_of(attempt)
    for pause in _open_pauses(attempt, [part.id for part in parts]):
        _end(attempt, pause, restored_limit=None, restored=False)
    _resume(attempt, parts)
    _not_submitted(attempt)


def report_progress(attempt: Attempt) -> None:
    """Keep what the unit reports."""
    attempt.session.add(
        ProgressReport(
            case_id=case_of(attempt).id,
            unit_id=attempt.row.unit_id,
            person_id=attempt.actor.person_id,
            at=attempt.context.moment.at,
            on=attempt.context.day,
            text=attempt.form["text"],
            event_id=attempt.event_id,
        )
    )


def finish_measure(attempt: Attempt) -> None:
    """Note that a measure is done, when the form says so."""
    measure_id = attempt.form.get("measure")
    if measure_id and attempt.form.get("measure_done"):
        measure = attempt.session.get(Measure, measure_id)
        if measure is not None and measure.case_id == case_of(attempt).id and measure.done_on is None:
            measure.done_on = attempt.context.day


def _pause(attempt: Attempt, part: Assignment) -> None:
    pause = Pause(case_id=part.case_id, assignment_id=part.id, since=attempt.context.day, event_id=attempt.event_id)
    attempt.session.add(pause)


def _open_pauses(attempt: Attempt, part_ids: Collection[int]) -> Iterator[Pause]:
    query = select(Pause).where(Pause.assignment_id.in_(part_ids), Pause.until.is_(None))
    return iter(list(attempt.session.scalars(query)))


def _end(attempt: Attempt, pause: Pause, restored_limit: int | None, restored: bool) -> None:
    pause.until, pause.ended_event_id = attempt.context.day, attempt.event_id
    if restored:
        submitted = case_of(attempt).submitted_on
        pause.restored_from = max(pause.since, submitted) if submitted else pause.since
        pause.restored_limit = restored_limit


def _resume(attempt: Attempt, parts: list[Assignment]) -> None:
    for part in parts:
        if part.state == "done":
            follow(attempt, "part", "resume", part)
        part.done_on = part.done_by_id = None


def _not_submitted(attempt: Attempt) -> None:
    case = case_of(attempt)
    case.submitted_on = case.submitted_by_id = case.verified_by_id = case.check_due_on = case.notice_until = None
