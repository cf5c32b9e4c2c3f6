"""Papers of talks to take away, as PDF and as Word: notice and record of an interview, a bulletin, a leader's month."""

from decimal import Decimal
from typing import Any

from flask import Blueprint, Response

from app.core.errors import Absent, Refused
from app.documents.official import (
    Block,
    CommitmentFacts,
    Heading,
    InterviewFacts,
    OfficialPaper,
    Paragraph,
    RecordFacts,
    Table,
    interview_notice,
    interview_record,
    say_date,
)
from app.ledgers.scores import names_of
from app.ledgers.talks import Interview, commitments_of
from app.ledgers.talks.words import INTERVIEW_KINDS
from app.people import Role, Unit, visible
from app.web.bulletin_pages import find_bulletin
from app.web.bulletin_paper import paper_of
from app.web.case_looks import home_authority
from app.web.papers import Download, file_name, send_docx, send_pdf
from app.web.policy import SIGNED_IN, only, route
from app.web.portfolio import counted, pack_data
from app.web.score_looks import signed
from app.web.shell import desk
from app.web.talk_looks import READERS

blueprint = Blueprint("talk_papers", __name__)
LEADERS = only(Role.LEADER)
NUMERALS = "一二三四五六七八九十"
NOT_IN_FORCE = {  # by: was it noticed, was it withdrawn
    (False, False): "草稿，尚未签发",
    (False, True): "草稿，约谈已撤回",
    (True, False): "",
    (True, True): "本通知已撤回",
}
SENDERS = {"pdf": send_pdf, "docx": send_docx}


@route(blueprint, "/interviews/<int:ref>/<any(notice,record):which>.<any(pdf,docx):form>", READERS)
def interview_paper(ref: int, which: str, form: str) -> Response:
    """Send the notice or the record of an interview."""
    row = desk().session.scalars(visible(Interview, desk().actor).where(Interview.id == ref)).one_or_none()
    if row is None:
        raise Absent
    if which == "record" and row.held_on is None:
        raise Refused("约谈记录还没有登记，不能下载。")
    unit, office = (desk().session.get_one(Unit, unit_id).name for unit_id in (row.unit_id, row.authority_id))
    paper = _notice(row, unit, f"{office}督查室") if which == "notice" else _record(row, unit, f"{office}督查室")
    name = file_name("约谈通知" if which == "notice" else "约谈记录", row.number or "草稿", unit)
    return SENDERS[form](Download(paper, name, f"interview:{row.id}", row.authority_id))


@route(blueprint, "/bulletins/<int:ref>/paper.<any(pdf,docx):form>", SIGNED_IN)
def bulletin_paper(ref: int, form: str) -> Response:
    """Send a bulletin."""
    row = find_bulletin(ref)
    name = file_name("督查通报", f"{row.year}年第{row.issue}期" if row.issue else "草稿", row.title)
    return SENDERS[form](Download(paper_of(row), name, f"bulletin:{row.id}", row.authority_id))


@route(blueprint, "/portfolio/<month>/paper.<any(pdf,docx):form>", LEADERS)
def month_paper(month: str, form: str) -> Response:
    """Send the month's pack of the actor's portfolio."""
    page, authority_id = pack_data(month), home_authority(desk().actor)
    units = tuple(
        (
            row["unit"],
            str(row["came_in"]),
            str(row["closed"]),
            str(row["overdue"]),
            signed(row["points"] or Decimal(0)),
            row["rank"],
        )
        for row in page["units"]
    )
    heads = ("单位", "本月交办", "本月销号", "现已逾期", "得分变动", "名次")
    lists = [("各单位情况", heads, units)]
    lists += [(each["name"], each["heads"], tuple(row["words"] for row in each["rows"])) for each in page["lists"]]
    blocks: list[Block] = [Paragraph(counted(say_date(page["as_of"])))]
    for number, (name, columns, rows) in enumerate(lists):
        blocks.append(Heading(f"{NUMERALS[number]}、{name}"))
        blocks.append(Table(columns, rows) if rows else Paragraph("没有。"))
    title = f"{page['month'].replace(' ', '')}分管工作月度材料"
    paper = OfficialPaper(
        kind="month-pack",
        head="督查督办",
        number="",
        title=title,
        addressee=page["leader"],
        blocks=tuple(blocks),
        seal=False,
    )
    return SENDERS[form](Download(paper, file_name(title), f"portfolio:{month}", authority_id))


def _facts(row: Interview, unit: str, office: str) -> dict[str, Any]:
    """Return what every paper of an interview says."""
    kind, number = INTERVIEW_KINDS[row.kind], row.number or ""
    said = {"office": office, "kind": kind, "number": number, "unit": unit, "reason": row.reason}
    return said | {"place": row.place, "host": row.host}


def _notice(row: Interview, unit: str, office: str) -> OfficialPaper:
    return interview_notice(
        InterviewFacts(
            **_facts(row, unit, office),
            noticed_on=row.noticed_on,
            planned_on=row.planned_on,
            planned_at=row.planned_at,
            request=row.request,
            mark=NOT_IN_FORCE[row.noticed_on is not None, row.state == "withdrawn"],
        )
    )


def _record(row: Interview, unit: str, office: str) -> OfficialPaper:
    promises = [promise.commitment for promise in commitments_of(desk().session, desk().actor, row.id)]
    recorder = names_of(desk().session, [row.recorded_by_id]).get(row.recorded_by_id or 0, "")
    return interview_record(
        RecordFacts(
            **_facts(row, unit, office),
            held_on=row.held_on,
            attendees=row.attendees,
            minutes=row.minutes,
            recorded_by=recorder,
            commitments=tuple(CommitmentFacts(p.text, p.person, p.due_on) for p in promises),
        )
    )
