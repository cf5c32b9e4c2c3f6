"""The paper of a slip (三单), from plain facts."""

from dataclasses import dataclass
from datetime import date

from app.documents.official.paper import Block, OfficialPaper, official_dates, paragraphs, say_date, sections

MARKS = {"draft": "草稿，尚未签发", "withdrawn": "本单已撤回", "lapsed": "草稿，已失效"}


@dataclass(frozen=True, slots=True)
class SlipFacts:
    """What a slip says. `name` and `colour` are its type's words; `why` holds pairs (what, how it stands).

    `signed_by` says who signed, a substitute with whom for. `state` is one of the slip's states.
    """

    office: str
    name: str
    colour: str
    number: str
    unit: str
    text: str
    state: str
    case_number: str
    case_title: str
    case_text: str
    due_on: date | None
    why: tuple[tuple[str, str], ...] = ()
    issued_on: date | None = None
    receipt_due_on: date | None = None
    reply_due_on: date | None = None
    copy_to: tuple[str, ...] = ()
    signed_by: str = ""
    withdrawn_reason: str = ""


def slip_paper(facts: SlipFacts) -> OfficialPaper:
    """Return the paper of a slip: to one unit about one case (一事一单); an office signs only what was issued."""
    signed = f"签发：{facts.signed_by}" if facts.signed_by else ""
    withdrawn = f"撤回理由：{facts.withdrawn_reason}" if facts.withdrawn_reason else ""
    named = f"{facts.name}（{facts.colour}）"
    return OfficialPaper(
        kind="slip",
        head=f"{facts.office}{facts.name}",
        number=facts.number or "（未签发，未编号）",
        title=f"关于“{facts.case_title}”的{named}" if facts.case_title else named,
        addressee=facts.unit,
        blocks=(*paragraphs(facts.text), *_details(facts)),
        signer=facts.office if facts.issued_on else "",
        signed_on=facts.issued_on,
        copy_to=facts.copy_to,
        note="；".join(filter(None, (signed, withdrawn))),
        seal=bool(facts.issued_on),
        mark=MARKS.get(facts.state, ""),
        printed_by=facts.office if facts.issued_on else "",
        printed_on=facts.issued_on,
    )


def _details(facts: SlipFacts) -> tuple[Block, ...]:
    due = f"整改期限：{say_date(facts.due_on)}。" if facts.due_on else ""
    why = "；".join(f"{what}：{official_dates(how)}" for what, how in facts.why)
    receipt = f"请于{say_date(facts.receipt_due_on)}前签收" if facts.receipt_due_on else ""
    reply = f"请于{say_date(facts.reply_due_on)}前书面回复" if facts.reply_due_on else ""
    asked = "，".join(filter(None, (receipt, reply)))
    return sections(
        ("问题情况", paragraphs("\n".join((facts.case_text, due)))),
        ("发单依据", paragraphs(f"{why}。" if why else "")),
        ("签收和回复", paragraphs(f"{asked}。" if asked else "")),
    )
