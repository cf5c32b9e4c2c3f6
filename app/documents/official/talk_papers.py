"""Papers of an interview (约谈) from plain facts: the notice, and the record with what was promised."""

from dataclasses import dataclass
from datetime import date

from app.documents.official.paper import OfficialPaper, Paragraph, numbered, paragraphs, say_date, sections


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkFacts:
    """What every paper of an interview says. `kind` is the word (工作约谈, 提醒约谈, 告诫约谈)."""

    office: str
    kind: str
    number: str
    unit: str
    reason: str
    place: str = ""
    host: str = ""
    attendees: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewFacts(TalkFacts):
    """What a notice says besides. `planned_at` is the hour in words."""

    noticed_on: date | None
    planned_on: date | None
    planned_at: str = ""
    request: str = ""
    copy_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CommitmentFacts:
    """What a unit promised: the text, the person and the date."""

    text: str
    person: str
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFacts(TalkFacts):
    """What a record says besides: what was said, what was promised."""

    held_on: date | None
    minutes: str
    recorded_by: str
    commitments: tuple[CommitmentFacts, ...] = ()


def interview_notice(facts: InterviewFacts) -> OfficialPaper:
    """Return the notice that calls a unit's leader to an interview (约谈通知)."""
    when = f"时间：{say_date(facts.planned_on)}{facts.planned_at}。" if facts.planned_on else ""
    return OfficialPaper(
        kind="interview-notice",
        head=facts.office,
        number=facts.number,
        title=f"关于对{facts.unit}进行{facts.kind}的通知",
        addressee=facts.unit,
        blocks=(
            Paragraph(f"经研究，决定对你单位进行{facts.kind}。现将有关事项通知如下："),
            *sections(
                ("约谈事由", paragraphs(facts.reason)),
                ("时间和地点", (*paragraphs(when), *paragraphs(f"地点：{facts.place}。" if facts.place else ""))),
                ("约谈人", paragraphs(facts.host)),
                ("参加人员", paragraphs(facts.attendees)),
                ("有关要求", paragraphs(facts.request)),
            ),
            Paragraph("请准时参加。"),
        ),
        signer=facts.office if facts.noticed_on else "",
        signed_on=facts.noticed_on,
        seal=bool(facts.noticed_on),
        copy_to=facts.copy_to,
        mark=facts.mark,
        printed_by=facts.office if facts.copy_to else "",
        printed_on=facts.noticed_on,
    )


def interview_record(facts: RecordFacts) -> OfficialPaper:
    """Return the record of an interview (约谈记录) with its commitments."""
    rows = ((c.text, c.person, say_date(c.due_on)) for c in facts.commitments)
    promised = numbered(("序号", "承诺事项", "责任人", "完成时限"), rows, (2, 12, 3, 5))
    return OfficialPaper(
        kind="interview-record",
        head=facts.office,
        number=facts.number,
        title=f"{facts.unit}{facts.kind}记录",
        addressee="",
        blocks=(
            *sections(
                ("约谈事由", paragraphs(facts.reason)),
                ("时间和地点", paragraphs(f"{say_date(facts.held_on)}，{facts.place}".rstrip("，"))),
                ("约谈人", paragraphs(facts.host)),
                ("参加人员", paragraphs(facts.attendees)),
                ("约谈内容", paragraphs(facts.minutes)),
                ("被约谈单位承诺", promised),
            ),
            *paragraphs(f"记录人：{facts.recorded_by}" if facts.recorded_by else ""),
            Paragraph("约谈人签名：　　　　　　被约谈人签名："),
        ),
        signer=facts.office,
        signed_on=facts.held_on,
        seal=False,
        mark=facts.mark,
    )
