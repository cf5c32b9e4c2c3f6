"""What a settled row says in plain words, by which two files are compared; contacts of citizens are no part of it. Pure."""

import re
from collections.abc import Mapping
from datetime import date

from app.ledgers.cases.lengths import LONGEST
from app.ledgers.cases.withholding import joined, names_in, names_told, withhold, withhold_in_reference
from app.ledgers.cases.words import CLASSES
from app.ledgers.intake.kept import CONTACT
from app.ledgers.intake.readings import RowReading
from app.ledgers.intake.settling import SettledRow
from app.ledgers.intake.words import FACTS, STATUSES

TITLE_LENGTH = 40
LONGEST_TITLE = LONGEST["title"]
WHOLE = ("lead", "assisting")
OF_OFFICIALS = ("leader", "person", "inspectors", "checked_by")  # their names stay, numbers leave
CODED: Mapping[str, Mapping[str, str]] = {"rect_class": CLASSES, "status": STATUSES}
IN_SOURCE = (
    *("measures", "progress", "status", "leader", "person", "remark", "inspectors", "amount", "finding", "is_true"),
    *("handling", "mechanism", "done_on", "checked_on", "checked_by", "check_result", "votes", "against"),
)


def facts_of(row: SettledRow) -> dict[str, str]:
    """Return the facts of a row by field, each as the words a person reads; blank ones are left out."""
    reading = row.reading
    facts = {"title": title_of(reading.text("title"), reading.text("text"))}
    for field in FACTS:
        value = reading.values.get(field, "")
        if field == "source":
            facts[field] = reading.text(field)
        elif field == "lead":
            facts[field] = row.lead.name if row.lead else "、".join(reading.names("lead"))
        elif field == "assisting":
            facts[field] = "、".join(unit.name for unit in row.assisting) or "、".join(reading.names("assisting"))
        elif isinstance(value, date):
            facts[field] = value.isoformat()
        elif field != "title":
            said = "、".join(value) if isinstance(value, tuple) else str(value)
            facts[field] = CODED.get(field, {}).get(said, said)
    names = names_in(reading.text(CONTACT)) + names_told(_words_of(reading))
    return {field: _told(field, said, names) for field, said in facts.items() if said}


def contact_of(reading: RowReading) -> str:
    """Return the contact of a row, with what else in its cells tells who a citizen is or how to reach one."""
    found = [one for words in _words_of(reading) for one in withhold(words).found]
    found += [one for field in OF_OFFICIALS for one in withhold(reading.text(field), None).found]
    found += withhold_in_reference(reading.text("reference")).found
    return joined(reading.text(CONTACT), tuple(dict.fromkeys(found)))


def _words_of(reading: RowReading) -> list[str]:
    """Return what the cells of a row say, but for whom the office names and by what the row is known."""
    kept = (CONTACT, "reference", *WHOLE, *OF_OFFICIALS)
    return [value for name, value in reading.values.items() if name not in kept and isinstance(value, str)]


def _told(field: str, said: str, names: tuple[str, ...]) -> str:
    """Return the words of a fact without what tells who a citizen is."""
    if field in WHOLE:
        return said
    if field == "reference":
        return withhold_in_reference(said).text
    return withhold(said, None if field in OF_OFFICIALS else names).text


def title_of(title: str, text: str) -> str:
    """Return the title of a case: the file's own, else the first sentence of the text, cut to what a ledger shows."""
    if title:
        plain = " ".join(title.split())
        return plain if len(plain) <= LONGEST_TITLE else plain[: LONGEST_TITLE - 1] + "…"
    sentence = re.split(r"[。！？!?；;\n]", text.strip(), maxsplit=1)[0].strip() or text.strip()
    if len(sentence) <= TITLE_LENGTH:
        return sentence
    cut = max(sentence.rfind(mark, 0, TITLE_LENGTH) for mark in "，,、：: ")
    return sentence[:cut] if cut >= TITLE_LENGTH // 2 else sentence[: TITLE_LENGTH - 1] + "…"


def compare(before: Mapping[str, str], now: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the facts that differ, each as what the file said before and what it says now."""
    return {
        field: [before.get(field, ""), now.get(field, "")]
        for field in FACTS
        if before.get(field, "") != now.get(field, "")
    }


def source_text(facts: Mapping[str, str], doubts: list[dict[str, str]]) -> str:
    """Return what a row says beyond the facts of the case itself, line by line, with what was not certain in it."""
    lines = [f"{FACTS[field]}：{facts[field]}" for field in ("source", *IN_SOURCE) if facts.get(field)]
    lines += [f"待核对：{d['column']}“{d['said']}”读作 {d['read_as']}（{d['why']}）" for d in doubts]
    return "\n".join(lines)
