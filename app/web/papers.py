"""Official papers to take away, as PDF and as Word: made from what the actor sees, each download an event."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from flask import Blueprint, Response, current_app
from sqlalchemy import select

from app.audit import Fact, record
from app.documents.official import OfficialPaper, render_docx, render_pdf
from app.ledgers.cases import Case, CaseStory, case_story, find_case
from app.ledgers.slips import find_slip
from app.people import Role, within
from app.web.paper_facts import closure_as_paper, notice_as_paper, slip_as_paper, verification_as_paper
from app.web.policy import only, route
from app.web.shell import close_desk, desk

blueprint = Blueprint("papers", __name__)
READERS = only(Role.INSPECTOR, Role.SUPERVISOR, Role.ASSESSOR, Role.LEADER, Role.HEAD, Role.LIAISON, Role.DISCIPLINE)
PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\s\x00-\x1f]+')
LONGEST_NAME = 80
POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"


@dataclass(frozen=True, slots=True)
class Download:
    """A paper on its way out: `subject` and `authority_id` say of what and in whose chain the download is recorded."""

    paper: OfficialPaper
    name: str
    subject: str
    authority_id: int


@route(blueprint, "/slips/<int:ref>/paper.pdf", READERS)
def slip_pdf(ref: int) -> Response:
    """Send a slip as PDF."""
    return send_pdf(_slip(ref))


@route(blueprint, "/slips/<int:ref>/paper.docx", READERS)
def slip_docx(ref: int) -> Response:
    """Send a slip as Word document."""
    return send_docx(_slip(ref))


@route(blueprint, "/cases/<int:ref>/notice.pdf", READERS)
def notice_pdf(ref: int) -> Response:
    """Send the notice of rectification as PDF."""
    return send_pdf(_of_case(ref, notice_as_paper, "整改通知书"))


@route(blueprint, "/cases/<int:ref>/notice.docx", READERS)
def notice_docx(ref: int) -> Response:
    """Send the notice of rectification as Word document."""
    return send_docx(_of_case(ref, notice_as_paper, "整改通知书"))


@route(blueprint, "/cases/<int:ref>/closure.pdf", READERS)
def closure_pdf(ref: int) -> Response:
    """Send the application for closure as PDF."""
    return send_pdf(_of_case(ref, closure_as_paper, "销号申请"))


@route(blueprint, "/cases/<int:ref>/closure.docx", READERS)
def closure_docx(ref: int) -> Response:
    """Send the application for closure as Word document."""
    return send_docx(_of_case(ref, closure_as_paper, "销号申请"))


@route(blueprint, "/cases/<int:ref>/verification.pdf", READERS)
def verification_pdf(ref: int) -> Response:
    """Send the record of verification as PDF."""
    return send_pdf(_of_case(ref, verification_as_paper, "核查记录"))


@route(blueprint, "/cases/<int:ref>/verification.docx", READERS)
def verification_docx(ref: int) -> Response:
    """Send the record of verification as Word document."""
    return send_docx(_of_case(ref, verification_as_paper, "核查记录"))


def send_pdf(download: Download) -> Response:
    """Make the PDF, record the download and send it; Refused without typefaces or with a broken template."""
    return _send(download, "pdf", PDF)


def send_docx(download: Download) -> Response:
    """Make the Word document, record the download and send it; Refused with a broken template."""
    return _send(download, "docx", WORD)


def file_name(*words: str) -> str:
    """Return a file name that every system takes, of the words that say anything."""
    joined = "_".join(filter(None, (NOT_IN_NAMES.sub("_", word).strip("_. ") for word in words)))
    return joined[:LONGEST_NAME].strip("_. ") or "文书"


def _send(download: Download, suffix: str, media_type: str) -> Response:
    actor, moment, instance = desk().actor, desk().moment, current_app.config["DUKAO"].instance
    close_desk()  # making a paper takes its time; no transaction is open meanwhile
    templates = instance / "templates"
    is_pdf = suffix == "pdf"
    paper = download.paper
    content = render_pdf(paper, instance / "fonts", templates) if is_pdf else render_docx(paper, templates)
    data = {"paper": paper.kind, "form": suffix, "number": paper.number}
    fact = Fact(kind="paper.download", subject=download.subject, chain_id=download.authority_id, data=data)
    with desk().database.begin() as session:
        record(session, fact, actor, moment)
    answer = Response(content, mimetype=media_type)
    name = quote(f"{download.name}.{suffix}", safe="")
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


def _slip(slip_id: int) -> Download:
    session, actor = desk().session, desk().actor
    slip = find_slip(session, actor, slip_id)
    case = session.scalars(select(Case).where(Case.id == slip.case_id, within(Case, actor))).one_or_none()
    name = file_name(slip.name, slip.number or "草稿", slip.unit.name)
    return Download(slip_as_paper(slip, case), name, f"slip:{slip.id}", slip.authority_id)


def _of_case(case_id: int, paper_of: Callable[[CaseStory], OfficialPaper], label: str) -> Download:
    story: CaseStory = case_story(desk().session, desk().actor, find_case(desk().session, desk().actor, case_id))
    case = story.case
    name = file_name(label, case.number or "", case.title[:30])
    return Download(paper_of(story), name, f"case:{case.id}", case.authority_id)
