"""The commitment workflow (约谈承诺): the unit reports it done, the office confirms or sends it back."""

from app.ledgers.talks import Commitment, CommitmentFile
from app.ledgers.talks.words import COMMITMENT_STATES
from app.people import Role
from app.workflows.case_effects import kept_file
from app.workflows.engine import Attempt, Need, Transition, Workflow
from app.workflows.needs import FILES, NOTE, REASON
from app.workflows.posting import tell

UNIT, OFFICE = (Role.HEAD, Role.LIAISON), (Role.INSPECTOR, Role.SUPERVISOR)


def keep_report(attempt: Attempt) -> None:
    """Put down what the unit reports."""
    row, day = attempt.row, attempt.context.day
    row.report, row.reported_on, row.reported_by_id = attempt.form["text"], day, attempt.actor.person_id


def keep_files(attempt: Attempt) -> None:
    """Keep the files that prove it; those of an earlier report stay beside them."""
    row: Commitment = attempt.row
    for file in attempt.form.get("files") or []:
        attempt.session.add(CommitmentFile(commitment_id=row.id, unit_id=row.unit_id, **kept_file(attempt, file)))


def confirm_done(attempt: Attempt) -> None:
    """It is done on the day it was reported; the office saw to it."""
    row: Commitment = attempt.row
    row.done_on, row.confirmed_by_id = row.reported_on, attempt.actor.person_id
    row.answer = attempt.form.get("reason") or ""


def send_back(attempt: Attempt) -> None:
    """Tell the unit that it is not done."""
    row: Commitment = attempt.row
    row.answer, row.reported_on, row.reported_by_id = attempt.form["reason"], None, None
    subject = f"commitment:{row.id}:{attempt.event_id}"
    tell(attempt.context, [(row.authority_id, row.unit_id, "commitment_returned", subject, None)])


COMMITMENT = Workflow(
    "commitment",
    "约谈承诺",
    Commitment,
    COMMITMENT_STATES,
    [
        Transition(
            "report",
            "报告完成",
            ("open",),
            "reported",
            UNIT,
            effects=(keep_report, keep_files),
            needs=(Need("text", "完成情况", "text"), FILES),
        ),
        Transition("confirm", "确认完成", ("reported",), "done", OFFICE, (), (confirm_done,), (NOTE,)),
        Transition("send_back", "退回", ("reported",), "open", OFFICE, (), (send_back,), (REASON,)),
    ],
    units_of=lambda commitment: frozenset({commitment.unit_id}),
)
