"""Before a move is put on record: what tells who a citizen is leaves the texts, and goes to the contact of the source."""

from typing import Any

from sqlalchemy import select

from app.core.errors import Invalid
from app.ledgers.cases import Case, CaseSource, joined, names_in, withhold
from app.workflows.engine import Attempt

WORDS = ("title", "text", "place", "source_text", "reason")
LONGEST = 200  # characters of a contact
LIMITS = {"title": 120, "place": 120}
TOO_MUCH = "文字里的电话、证件号太多，无法另存到反映人联系方式。请删减后再提交。"


def withhold_contacts(attempt: Attempt) -> None:
    """Take telephone numbers, identity numbers and the citizen's name out of what was typed, before the event is written."""
    form, row = dict(attempt.form), attempt.row
    typed = {name: form[name] for name in WORDS if isinstance(form.get(name), str)}
    known = _sources_on_record(attempt)
    contact = str(form.get("contact") or "")
    names = names_in("\n".join([contact, *(source.contact or "" for source in known)]))
    found: list[str] = []
    for name, words in typed.items():
        kept, taken = withhold(words, names)
        if taken:
            form[name] = kept[: LIMITS.get(name, len(kept))]
            found += taken
            if row.id is None and hasattr(row, name):
                setattr(row, name, form[name])
    attempt.form = form
    if found:
        _keep(attempt, known[0] if known else None, contact, tuple(found))


def _keep(attempt: Attempt, known: CaseSource | None, contact: str, found: tuple[str, ...]) -> None:
    """Keep what was taken out with the feedback that came with it, or with the first one of the case."""
    adds_source = attempt.row.id is None or attempt.transition.name == "add_source"
    was = contact if adds_source else (known and known.contact) or ""
    more = joined(was, found)
    if len(more) > LONGEST:
        raise Invalid({next(name for name in WORDS if attempt.form.get(name)): TOO_MUCH})
    if adds_source:
        attempt.form = {**attempt.form, "contact": more}
    elif known is not None:
        known.contact = more


def _sources_on_record(attempt: Attempt) -> list[CaseSource]:
    row: Any = attempt.row
    if row.id is None or not isinstance(row, Case):
        return []
    sources = select(CaseSource).where(CaseSource.case_id == row.id, CaseSource.withdrawn_event_id.is_(None))
    return list(attempt.session.scalars(sources.order_by(CaseSource.id)))
