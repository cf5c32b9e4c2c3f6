"""Papers of a case from plain facts: notice (整改通知书), application for closure (销号申请), record of verification (核查)."""

from dataclasses import dataclass
from datetime import date

from app.documents.official.paper import (
    Block,
    OfficialPaper,
    Paragraph,
    Table,
    numbered,
    paragraphs,
    say_date,
    sections,
)


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """What a case's notice of rectification says; `assisting` are units, `duties` pairs (unit, its duty).

    `mark` says why it is not in force any more.
    """

    office: str
    number: str
    title: str
    text: str
    source: str
    found_on: date
    lead: str
    assisting: tuple[str, ...]
    rect_class: str
    due_on: date | None
    standard: str
    assigned_on: date
    receipt_due_on: date | None = None
    place: str = ""
    duties: tuple[tuple[str, str], ...] = ()
    provisional: bool = False
    mark: str = ""


@dataclass(frozen=True, slots=True)
class MeasureFacts:
    """One step of the plan."""

    text: str
    person: str
    due_on: date
    done_on: date | None


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """One check: level 1 (核查) on site by two persons, level 2 (验收)."""

    level: int
    passed: bool
    names: tuple[str, ...]
    on: date
    site_on: date | None = None
    method: str = ""
    opinion: str = ""


@dataclass(frozen=True, slots=True)
class ClosureFacts:
    """What an application for closure says. `closed_on` when it was granted; `mark` says what it is otherwise."""

    office: str
    unit: str
    number: str
    title: str
    text: str
    due_on: date | None
    submitted_on: date | None
    standard: str
    result: str
    lesson: str
    mechanism: str
    measures: tuple[MeasureFacts, ...] = ()
    checks: tuple[CheckFacts, ...] = ()
    attachments: tuple[str, ...] = ()
    closed_on: date | None = None
    mark: str = ""


@dataclass(frozen=True, slots=True)
class VerificationFacts:
    """What a record of verification says: the check on site, and the acceptance when there is one."""

    office: str
    unit: str
    number: str
    title: str
    standard: str
    result: str
    checks: tuple[CheckFacts, ...]
    mark: str = ""


def rectification_notice(facts: NoticeFacts) -> OfficialPaper:
    """Return the notice that hands a case to its units (整改通知书)."""
    units = f"牵头单位：{facts.lead}。" + (f"配合单位：{'、'.join(facts.assisting)}。" if facts.assisting else "")
    due = f"整改期限：{say_date(facts.due_on)}{'（暂定）' if facts.provisional else ''}。" if facts.due_on else ""
    receipt = f"请于{say_date(facts.receipt_due_on)}前在系统中签收。" if facts.receipt_due_on else ""
    where = f"地点：{facts.place}。" if facts.place else ""
    duties = tuple(Paragraph(f"{unit}：{duty}") for unit, duty in facts.duties if duty)
    opening = f"现将“{facts.title}”（{facts.number}）交你单位整改，请认真组织落实，按期报结。"
    return OfficialPaper(
        kind="notice",
        head=facts.office,
        number=facts.number,
        title=f"关于整改“{facts.title}”的通知书",
        addressee="、".join((facts.lead, *facts.assisting)),
        blocks=(
            Paragraph(opening),
            *sections(
                ("问题情况", (*paragraphs(facts.text), Paragraph(_source(facts) + where))),
                ("责任分工", (Paragraph(units), *duties)),
                ("整改时限", paragraphs(f"整改类别：{facts.rect_class}。{due}{receipt}")),
                ("验收标准", paragraphs(facts.standard)),
            ),
        ),
        signer=facts.office,
        signed_on=facts.assigned_on,
        mark=facts.mark,
        printed_by=facts.office,
        printed_on=facts.assigned_on,
    )


def closure_application(facts: ClosureFacts) -> OfficialPaper:
    """Return the unit's application to close a case (销号申请), with what was done and how it was checked."""
    opening = f"“{facts.title}”（{facts.number}）已完成整改，现将有关情况报告如下，申请予以销号。"
    closed = f"该问题已于{say_date(facts.closed_on)}销号。" if facts.closed_on else ""
    due = f"整改期限：{say_date(facts.due_on)}。" if facts.due_on else ""
    return OfficialPaper(
        kind="closure",
        head=facts.unit,
        number="",
        title=f"关于“{facts.title}”的销号申请",
        addressee=facts.office,
        blocks=(
            Paragraph(opening),
            *sections(
                ("问题情况", (*paragraphs(facts.text), *paragraphs(due))),
                ("整改措施及完成情况", _measures(facts.measures)),
                ("对照验收标准的整改结果", (*paragraphs(_standard(facts.standard)), *paragraphs(facts.result))),
                ("举一反三情况", paragraphs(facts.lesson)),
                ("长效机制", paragraphs(facts.mechanism)),
                ("核查验收情况", tuple(Paragraph(_said(check)) for check in facts.checks)),
            ),
            *paragraphs(closed),
        ),
        signer=facts.unit,
        signed_on=facts.submitted_on,
        attachments=facts.attachments,
        mark=facts.mark,
    )


def verification_record(facts: VerificationFacts) -> OfficialPaper:
    """Return the record of verification (核查记录): date on site, method and two names (domain §3, closure gate)."""
    rows = tuple(row for check in facts.checks for row in _check_rows(check))
    newest = facts.checks[-1].on if facts.checks else None
    return OfficialPaper(
        kind="verification",
        head=facts.office,
        number=facts.number,
        title=f"“{facts.title}”整改核查记录",
        addressee="",
        blocks=(
            *sections(
                ("核查对象", (Paragraph(f"责任单位：{facts.unit}。问题编号：{facts.number}。"),)),
                ("验收标准", paragraphs(facts.standard)),
                ("单位报告的整改结果", paragraphs(facts.result)),
                ("核查验收", (Table(("事项", "内容"), rows, widths=(1, 3)),) if rows else ()),
            ),
            Paragraph("核查人签名："),
        ),
        signer=facts.office,
        signed_on=newest,
        mark=facts.mark,
    )


def _source(facts: NoticeFacts) -> str:
    return f"反馈来源：{facts.source}，{say_date(facts.found_on)}。"


def _standard(text: str) -> str:
    return f"验收标准：{text}" if text else ""


def _measures(measures: tuple[MeasureFacts, ...]) -> tuple[Block, ...]:
    rows = ((m.text, m.person, say_date(m.due_on), say_date(m.done_on) or "未完成") for m in measures)
    return numbered(("序号", "整改措施", "责任人", "完成时限", "完成日期"), rows, (2, 9, 3, 6, 6))


def _said(check: CheckFacts) -> str:
    what = ("核查" if check.level == 1 else "验收") + ("通过" if check.passed else "未通过")
    site = f"{say_date(check.site_on)}现场核查，" if check.site_on else ""
    how = f"方式：{check.method}，" if check.method else ""
    opinion = f"意见：{check.opinion}" if check.opinion else ""
    return f"{say_date(check.on)}{what}。{site}{how}人员：{'、'.join(check.names)}。{opinion}"


def _check_rows(check: CheckFacts) -> list[tuple[str, str]]:
    name = "核查" if check.level == 1 else "验收"
    rows = [
        ("现场核查日期", say_date(check.site_on)),
        (f"{name}方式", check.method),
        (f"{name}人", "、".join(check.names)),
        (f"{name}结论", "通过" if check.passed else "未通过"),
        (f"{name}意见", check.opinion),
        ("记录日期", say_date(check.on)),
    ]
    return [(what, text) for what, text in rows if text]
