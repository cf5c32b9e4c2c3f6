"""Before any move is put on record: what tells who a citizen is leaves what was typed, and goes to the contact of the source.

The engine does this for every row of every table, so that no new one can forget it: a `Need` says only what it may hold.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import String, inspect, select

from app.core.errors import Invalid
from app.ledgers.cases import (
    NO_PLACE,
    Case,
    CaseSource,
    StoredFile,
    Withheld,
    joined,
    names_in,
    names_told,
    withhold,
    withhold_in_reference,
)
from app.workflows.table import Attempt, Need

LONGEST = 200  # characters of a contact
WHOLE = ("contact", "identity")  # the contact itself, and by what a feedback is known again
NAMES = ("person",)  # who carries a measure out
TOO_MUCH = "文字里的电话、证件号等太多，无法另存到反映人联系方式。请删减后再提交。"


class Withholding:
    """What is taken out of the texts of one move: numbers by their form, names by the contacts of the cases concerned.

    `texts` are all that was typed: who is named in one of them as having reported the problem is meant in the others too.
    """

    def __init__(
        self, needs: Iterable[Need], contacts: Iterable[str], texts: Iterable[Any] = (), is_of_case: bool = True
    ) -> None:
        self._holds = dict.fromkeys(NAMES, "names") | {need.name: need.holds for need in needs}
        self._contacts, self._is_of_case = "\n".join(contacts), is_of_case
        self._names = names_in(self._contacts) + names_told(one for one in texts if isinstance(one, str))
        self.found: dict[str, str] = {}  # what was taken out → the field it stood in first

    def kept(self, field: str, value: Any) -> Any:
        """Return a value of the form as it goes on record: texts, the measures of a plan, the names of files."""
        if isinstance(value, str):
            return value if field in WHOLE else self._words(field, value)
        if isinstance(value, StoredFile):
            return replace(value, name=self._words(field, value.name))
        if isinstance(value, Mapping):
            return {name: self.kept(name, one) for name, one in value.items()}
        return [self.kept(field, one) for one in value] if isinstance(value, list) else value

    def _words(self, field: str, words: str) -> str:
        text, found = withhold_in_reference(words) if field == "reference" else self._withheld(field, words)
        for one in found:
            self.found.setdefault(one, field)
        return text

    def _withheld(self, field: str, words: str) -> Withheld:
        holds = self._holds.get(field)
        names = None if holds == "names" else self._names
        is_letter = holds == "letter" or not self._is_of_case
        return withhold(words, names, known=self._contacts if is_letter else None)


def withhold_contacts(attempt: Attempt) -> None:
    """Take telephone numbers, identity numbers and citizens' names out of the form and out of a new row filled from it.

    Invalid where they cannot be kept: no case is concerned, or its contact is full.
    """
    row, is_new = attempt.row, attempt.row.id is None
    if not (attempt.form or is_new):
        return
    known = _sources_on_record(attempt)
    contact = str(attempt.form.get("contact") or "")
    is_of_case = bool(known) or isinstance(row, Case)
    contacts = [contact, *(source.contact or "" for source in known)]
    taking = Withholding(attempt.transition.needs, contacts, attempt.form.values(), is_of_case)
    attempt.form = {name: _fit(row, name, value, taking) for name, value in attempt.form.items()}
    model: Any = type(row)
    for name in _texts_of(model) if is_new else ():
        words = getattr(row, name)
        if words and (kept := _fit(row, name, words, taking)) != words:
            setattr(row, name, kept)
    if taking.found:
        attempt.withheld = tuple(taking.found)
        _keep(attempt, known, contact, taking.found)


def refuse_contacts(needs: Iterable[Need], contacts: Iterable[str], form: Mapping[str, Any]) -> None:
    """Invalid where a form that belongs to no single case holds what would be withheld from it."""
    taking = Withholding(needs, contacts, form.values())
    for name, value in form.items():
        taking.kept(name, value)
    if taking.found:
        raise _no_place(taking.found)


def _fit(row: Any, name: str, value: Any, taking: Withholding) -> Any:
    """Return a value as it goes on record; one that grew by a mark is cut to what its column holds."""
    kept = taking.kept(name, value)
    if kept == value or not isinstance(kept, str):
        return kept
    column: Any = inspect(type(row)).columns.get(name)
    return kept if column is None else kept[: getattr(column.type, "length", None)]


@cache
def _texts_of(model: Any) -> tuple[str, ...]:
    """Name the columns of a table that hold words."""
    columns: Any = inspect(model).columns
    return tuple(key for key, column in columns.items() if isinstance(column.type, String))


def _keep(attempt: Attempt, known: list[CaseSource], contact: str, found: Mapping[str, str]) -> None:
    """Keep what was taken out with the feedback that came with it, or with the first one of the case."""
    is_case = isinstance(attempt.row, Case)
    if is_case and (attempt.row.id is None or attempt.transition.name == "add_source"):
        attempt.form = {**attempt.form, "contact": _more(contact, found)}
    elif known:
        attempt.session.refresh(known[0], ["contact"], with_for_update=True)
        known[0].contact = _more(known[0].contact or "", found)
    else:
        raise _no_place(found)


def _more(contact: str, found: Mapping[str, str]) -> str:
    more = joined(contact, tuple(found))
    if len(more) > LONGEST:
        raise Invalid({next(iter(found.values())): TOO_MUCH})
    return more


def _no_place(found: Mapping[str, str]) -> Invalid:
    return Invalid({field: NO_PLACE.format("、".join(found)) for field in found.values()})


def _sources_on_record(attempt: Attempt) -> list[CaseSource]:
    """Return the feedbacks of the cases concerned, those of the move's own case first."""
    row: Any = attempt.row
    own = attempt.case.id if attempt.case is not None else getattr(row, "case_id", None)
    cases = [case_id for case_id in (own, attempt.form.get("case")) if case_id]
    if not cases:
        return []
    query = select(CaseSource).where(CaseSource.case_id.in_(cases), CaseSource.withdrawn_event_id.is_(None))
    found = attempt.session.scalars(query.order_by(CaseSource.id))
    return sorted(found, key=lambda source: source.case_id != cases[0])
