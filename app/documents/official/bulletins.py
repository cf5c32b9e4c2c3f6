"""The supervision bulletin (督查通报 第N期) from plain facts: paragraphs and tables that were reckoned before."""

from dataclasses import dataclass
from datetime import date

from app.documents.official.paper import Block, OfficialPaper, paragraphs, sections


@dataclass(frozen=True, slots=True)
class BulletinSection:
    """A part of a bulletin: its name without numeral, its text, and blocks (tables) after it."""

    name: str
    text: str = ""
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class BulletinFacts:
    """What a bulletin says. `issue` is its number (第N期) or None for a draft; `period` the time it is about."""

    office: str
    issue: int | None
    period: str
    opening: str
    sections: tuple[BulletinSection, ...]
    issued_on: date | None
    year: int | None = None
    closing: str = "特此通报。"
    addressee: str = "各乡镇，县直各部门"
    copy_to: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    mark: str = ""


def bulletin(facts: BulletinFacts) -> OfficialPaper:
    """Return the bulletin as a paper; ValueError for an issue below 1."""
    if facts.issue is not None and facts.issue < 1:
        raise ValueError(f"no issue of a bulletin: {facts.issue}")
    named = tuple((part.name, (*paragraphs(part.text), *part.blocks)) for part in facts.sections)
    year = f"{facts.year}年" if facts.year else ""
    return OfficialPaper(
        kind="bulletin",
        head="督查通报",
        number=f"{year}第{facts.issue}期" if facts.issue else "（未签发）",
        title=f"关于{facts.period}督查情况的通报",
        addressee=facts.addressee,
        blocks=(*paragraphs(facts.opening), *sections(*named), *paragraphs(facts.closing)),
        signer=facts.office if facts.issued_on else "",
        signed_on=facts.issued_on,
        attachments=facts.attachments,
        copy_to=facts.copy_to,
        mark=facts.mark or ("" if facts.issue else "草稿，尚未签发"),
        seal=bool(facts.issued_on),
        printed_by=facts.office if facts.issued_on else "",
        printed_on=facts.issued_on,
    )
