"""What a paper says, from what the actor sees: a slip, or the story of a case."""

from flask import url_for

from app.core.errors import Refused
from app.documents.official import (
    CheckFacts,
    ClosureFacts,
    MeasureFacts,
    NoticeFacts,
    OfficialPaper,
    SlipFacts,
    VerificationFacts,
    closure_application,
    rectification_notice,
    slip_paper,
    verification_record,
)
from app.ledgers.cases import Case, CaseStory
from app.ledgers.cases.words import CLASSES, SOURCES, STATES
from app.ledgers.scores import names_of
from app.ledgers.slips import Slip
from app.people import Unit
from app.web.shell import desk
from app.web.slip_page import signer_words

CLOSING = ("accepted", "closed")
OF_A_CASE = ("notice", "整改通知书"), ("closure", "销号申请"), ("verification", "核查记录")


def office_of(authority_id: int) -> str:
    """Return the name under which an authority's office signs."""
    return f"{desk().session.get_one(Unit, authority_id).name}督查室"


def slip_as_paper(slip: Slip, case: Case | None) -> OfficialPaper:
    """Return a slip as a paper; what the case says only for who sees the case."""
    persons = [person for person in (slip.signed_by_id, slip.signed_for_id) if person is not None]
    signed = signer_words(slip, names_of(desk().session, persons)) if slip.signed_by_id is not None else ""
    return slip_paper(
        SlipFacts(
            office=office_of(slip.authority_id),
            name=slip.name,
            colour=slip.colour,
            number=slip.number or "",
            unit=slip.unit.name,
            text=slip.text,
            state=slip.state,
            case_number=(case and case.number) or "",
            case_title=case.title if case else "",
            case_text=case.text if case else "",
            due_on=slip.basis_due_on,
            why=tuple((str(what), str(how)) for what, how in slip.why),
            issued_on=slip.issued_on,
            receipt_due_on=slip.receipt_due_on,
            reply_due_on=slip.reply_due_on,
            copy_to=tuple(slip.copy_to),
            signed_by=signed,
            withdrawn_reason=slip.withdrawn_reason,
        )
    )


def notice_as_paper(story: CaseStory) -> OfficialPaper:
    """Return the notice of rectification; Refused before the case is assigned."""
    case, parts = story.case, [part for part in story.parts if part.state != "released"]
    lead = next((part for part in parts if part.role == "lead"), None)
    if case.assigned_on is None or lead is None:
        raise Refused("这一件还没有交办，没有整改通知书。请在交办后下载。")
    return rectification_notice(
        NoticeFacts(
            office=office_of(case.authority_id),
            number=case.number or "",
            title=case.title,
            text=case.text,
            source=SOURCES.get(case.source_kind, case.source_kind),
            found_on=case.found_on,
            lead=lead.unit,
            assisting=tuple(part.unit for part in parts if part is not lead),
            rect_class=CLASSES.get(case.rect_class or "", ""),
            due_on=case.due_on,
            standard=case.standard,
            assigned_on=case.assigned_on,
            receipt_due_on=lead.receipt_due_on if lead.received_on is None else None,
            place=case.place,
            duties=tuple((part.unit, part.row.duty) for part in parts if part.row is not None),
            provisional=case.due_provisional,
            mark=f"该问题已结束：{STATES[case.state]}" if case.ended_on and case.state != "closed" else "",
        )
    )


def closure_as_paper(story: CaseStory) -> OfficialPaper:
    """Return the application for closure; Refused before the case is accepted, and for who does not see the lead's part."""
    case = story.case
    if not story.sees_lead:
        raise Refused("销号申请由牵头单位提出，请向牵头单位或督查室索取。")
    if case.state not in CLOSING:
        raise Refused("这一件还没有验收通过，没有销号申请。请在验收通过后下载。")
    result, lesson, mechanism = story.result
    return closure_application(
        ClosureFacts(
            office=office_of(case.authority_id),
            unit=_lead(story),
            number=case.number or "",
            title=case.title,
            text=case.text,
            due_on=case.due_on,
            submitted_on=case.submitted_on,
            standard=case.standard,
            result=result,
            lesson=lesson,
            mechanism=mechanism,
            measures=tuple(MeasureFacts(m.text, m.person, m.due_on, m.done_on) for m in story.measures),
            checks=_checks(story),
            attachments=tuple(row[0].name for row in story.evidence),
            closed_on=case.ended_on if case.state == "closed" else None,
        )
    )


def verification_as_paper(story: CaseStory) -> OfficialPaper:
    """Return the record of verification of the present cycle; Refused while there is none to be seen."""
    checks = _checks(story)
    if not checks:
        raise Refused("这一件还没有核查记录。请在核查后下载。")
    case = story.case
    facts = (case.number or "", case.title, case.standard, story.result[0], checks)
    return verification_record(VerificationFacts(office_of(case.authority_id), _lead(story), *facts))


def papers_of(story: CaseStory) -> list[tuple[str, str, str]]:
    """Return the papers of a case that there are now: name, address of the PDF, address of the Word document."""
    case = story.case
    there = {
        "notice": case.assigned_on is not None and any(part.role == "lead" for part in story.parts),
        "closure": story.sees_lead and case.state in CLOSING,
        "verification": bool(_checks(story)),
    }
    found = []
    for name, label in OF_A_CASE:
        if there[name]:
            pdf, word = (url_for(f"papers.{name}_{form}", ref=case.id) for form in ("pdf", "docx"))
            found.append((label, pdf, word))
    return found


def _lead(story: CaseStory) -> str:
    return next((part.unit for part in story.parts if part.role == "lead" and part.state != "released"), "")


def _checks(story: CaseStory) -> tuple[CheckFacts, ...]:
    rows = [(row, person) for row, person in story.verifications if row.cycle == story.case.cycle]
    return tuple(
        CheckFacts(
            level=row.level,
            passed=row.passed,
            names=tuple(filter(None, (row.names or person or "").split("、"))),
            on=row.on,
            site_on=row.site_on,
            method=row.method,
            opinion=row.opinion,
        )
        for row, person in rows
    )
