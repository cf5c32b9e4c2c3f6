"""约谈和批示 on the web: lists, one interview with its commitments, one instruction, and proposing an interview."""

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from app.ledgers.talks import Commitment, CommitmentFile, Interview
from app.people import Role, visible
from app.web.beginnings import Beginning, begin
from app.web.kept_files import send_kept
from app.web.moves import HOMES, Failed, Home
from app.web.policy import only, route
from app.web.shell import desk, shows_form_again
from app.web.talk_looks import READERS
from app.web.talk_pages import instruction_data, instructions_data, interview_data, interviews_data, last_data
from app.workflows import INTERVIEW

blueprint = Blueprint("talks", __name__)
OFFICES = only(Role.INSPECTOR, Role.SUPERVISOR)
DECIDERS = only(Role.INSPECTOR, Role.SUPERVISOR, Role.ASSESSOR, Role.LEADER)
PROPOSAL = Beginning(
    INTERVIEW,
    "propose",
    "talk/propose.html",
    "已提出约谈，签发通知后单位才会看到。",
    "talks.interview",
    lambda authority_id: Interview(authority_id=authority_id),
)
GIVEN = ("unit", "kind", "basis", "period", "reason")


@route(blueprint, "/interviews", READERS)
def interviews() -> str:
    """List interviews, newest first."""
    return render_template("talk/interviews.html", **interviews_data())


@route(blueprint, "/interviews/last", DECIDERS)
def last_ranked() -> str:
    """Show the last of each group, for people to decide whom to interview."""
    return render_template("talk/last.html", **last_data())


@route(blueprint, "/interviews/new", OFFICES, ("GET", "POST"))
@shows_form_again
def propose() -> Any:
    """Show the form of a proposal, filled with what the address names, and keep the proposal."""
    return begin(PROPOSAL, _named)


@route(blueprint, "/interviews/<int:ref>", READERS)
def interview(ref: int) -> str:
    """Show one interview."""
    return show_interview(ref)


@route(blueprint, "/commitment-files/<int:ref>", READERS)
def commitment_file(ref: int) -> Response:
    """Send a file that proves a commitment, if it is still what was stored."""
    return send_kept(CommitmentFile, ref)


@route(blueprint, "/instructions", READERS)
def instructions() -> str:
    """List instructions, those that wait first."""
    return render_template("talk/instructions.html", **instructions_data())


@route(blueprint, "/instructions/<int:ref>", READERS)
def instruction(ref: int) -> str:
    """Show one instruction."""
    return show_instruction(ref)


def show_interview(interview_id: int, failed: Failed | None = None) -> str:
    """Render the page of an interview; with a failed form it stands open as it was typed."""
    return render_template("talk/interview.html", **interview_data(interview_id, failed))


def show_instruction(instruction_id: int, failed: Failed | None = None) -> str:
    """Render the page of an instruction; with a failed form it stands open as it was typed."""
    return render_template("talk/instruction.html", **instruction_data(instruction_id, failed))


def show_commitment(commitment_id: int, failed: Failed) -> str:
    """Render the page of the interview that the commitment belongs to."""
    query = visible(Commitment, desk().actor).where(Commitment.id == commitment_id)
    return show_interview(desk().session.scalars(query).one().interview_id, failed)


def _named() -> dict[str, Any]:
    """Return what the form of a proposal begins with: what the address names."""
    return {"basis": "manual"} | {name: request.args[name] for name in GIVEN if request.args.get(name)}


HOMES["interviews"] = Home(lambda row: url_for("talks.interview", ref=row.id), show_interview)
HOMES["commitments"] = Home(lambda row: url_for("talks.interview", ref=row.interview_id), show_commitment)
HOMES["instructions"] = Home(lambda row: url_for("talks.instruction", ref=row.id), show_instruction)
