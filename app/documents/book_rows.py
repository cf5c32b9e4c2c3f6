"""The rows of a list or book (三张清单, 三本账) as its workbook takes them: what the page shows, in plain values."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from app.calendar import Calendar, say_remaining
from app.documents.workbook import Written
from app.ledgers.cases import reports_by_id, who_answers
from app.ledgers.cases.words import ASSIGNMENT_ROLES, CHECKED_STATES, PART_STATES, SOURCES, STATES, WORKING_STATES
from app.ledgers.slips import slips_beside
from app.ledgers.slips.words import SLIP_STATES
from app.people import Role, Unit, role_word
from app.workflows import Context
from app.workflows.exporting import BOOK, Wanted, find_listed, home_grant

BATCH = 500
ANSWERING = (Role.LEADER, Role.HEAD, Role.LIAISON)
UNNUMBERED, PROVISIONAL = "未编号", "（暂定）"
Values = dict[str, Written]


@dataclass(frozen=True, slots=True)
class _Reading:
    """Who reads which book, by which calendar."""

    context: Context
    wanted: Wanted
    authority_id: int

    @property
    def calendar(self) -> Calendar:
        return self.context.calendar(self.authority_id)

    @property
    def unit_id(self) -> int | None:
        return self.wanted.book.unit_id if self.wanted.book else None


def book_rows(context: Context, wanted: Wanted, progress: Callable[[int], object]) -> Iterator[list[Written]]:
    """Yield the rows of a list or book, each the shown columns and the case's number; `progress` is told after each batch."""
    if wanted.book is None:
        raise ValueError("no book is asked for")
    unit = context.session.get(Unit, wanted.book.unit_id or 0)
    authority_id = (unit.authority_id if unit else None) or home_grant(context.actor).authority_id or 0
    reading, read = _Reading(context, wanted, authority_id), READERS[wanted.layout.code.removeprefix(BOOK)]
    serial, asked = 0, replace(wanted.book, most=BATCH, cursor=None)
    while True:
        page = find_listed(context, wanted, asked)
        for values in read(reading, page.rows):
            serial += 1
            values["serial"] = serial
            yield [*(values.get(column.field) for column in wanted.layout.shown), values["number"]]
        progress(serial)
        if page.next_cursor is None:
            context.session.rollback()  # all is read: the file is closed without the database
            return
        asked = replace(asked, cursor=page.next_cursor)


def words_of_book(context: Context, wanted: Wanted) -> dict[str, str]:
    """Return what the words above a book are filled with: whose it is and who answers for it."""
    unit = context.session.get(Unit, wanted.book.unit_id or 0) if wanted.book else None
    if unit is None:
        return {"unit": "全部单位", "answers": ""}
    office = context.session.get(Unit, unit.authority_id or 0)
    answers, kind = who_answers(context.session, unit.id, context.day), office.kind if office else None
    said = [f"{role_word(role, kind)}：{'、'.join(answers[role]) or '未明确'}" for role in ANSWERING]
    return {"unit": unit.name, "answers": "；".join(said)}


def _head(row: Any) -> Values:
    return {"number": row.number or UNNUMBERED, "title": row.title, "state": STATES[row.state]}


def _day(on: date | None, is_provisional: bool = False) -> Written:
    return f"{on}{PROVISIONAL}" if on is not None and is_provisional else on


def _left(reading: _Reading, state: str, due_on: date | None) -> str:
    if due_on is None or state not in WORKING_STATES:
        return "已报结" if due_on and state in CHECKED_STATES else ""
    return say_remaining(reading.calendar, reading.context.day, due_on)


def _part(reading: _Reading, row: Any) -> Values:
    """Return what every book of parts says."""
    left = _left(reading, row.state, row.due_on)
    return _head(row) | {"role": ASSIGNMENT_ROLES[row.role], "due": row.due_on, "left": left}


def _times(reading: _Reading, rows: Sequence[Any]) -> Iterator[Values]:
    context, authority_id = reading.context, reading.authority_id
    plan_days = context.parameters(authority_id)["plan_days"]
    for row in rows:
        plans = row.role == "lead" and row.received_on is not None
        yield _part(reading, row) | {
            "unit": row.unit,
            "assigned": row.assigned_on,
            "receipt": row.receipt_due_on,
            "plan": context.days_from(authority_id, plan_days, row.received_on).on if plans else None,
            "original": row.original_due_on,
            "due": _day(row.due_on, row.due_provisional),
            "extensions": str(row.extension_count or ""),
            "check": row.check_due_on,
        }


def _measures(reading: _Reading, rows: Sequence[Any]) -> Iterator[Values]:
    for row in rows:
        yield _step(reading, row) | {"unit": row.unit, "proofs": str(row.proofs or "")}


def _tasks(reading: _Reading, rows: Sequence[Any]) -> Iterator[Values]:
    for row in rows:
        yield _step(reading, row)


def _step(reading: _Reading, row: Any) -> Values:
    today = reading.context.day
    late = "逾期未完成" if row.due_on < today else "未完成"
    return _head(row) | {
        "step": f"{row.position}. {row.text}",
        "person": row.person,
        "due": row.due_on,
        "left": "" if row.done_on else say_remaining(reading.calendar, today, row.due_on),
        "state": "已完成" if row.done_on else late,
        "done_on": row.done_on,
    }


def _progress(reading: _Reading, rows: Sequence[Any]) -> Iterator[Values]:
    context = reading.context
    reports = reports_by_id(context.session, context.actor, [row.report_id for row in rows if row.report_id])
    for row in rows:
        report = reports.get(row.report_id)
        yield _part(reading, row) | {
            "unit": row.unit,
            "part": PART_STATES[row.part_state],
            "steps": f"{row.done}/{row.steps}" if row.steps else "",
            "report": report.text if report else "",
            "reported": report.on if report else None,
            "still": str((context.day - row.moved_on).days),
        }


def _problems(reading: _Reading, rows: Sequence[Any]) -> Iterator[Values]:
    context = reading.context
    slips = slips_beside(context.session, context.actor, [row.id for row in rows], reading.unit_id)
    for row in rows:
        yield _problem(reading, row) | {"slips": "\n".join(_slip(slip) for slip in slips.get(row.id, []))}


def _problem(reading: _Reading, row: Any) -> Values:
    source = SOURCES.get(row.source_kind, row.source_kind)
    due_on = _day(row.due_on, row.due_provisional)
    return _part(reading, row) | {"lead": row.lead, "source": source, "due": due_on, "duty": row.duty}


def _slip(slip: Any) -> str:
    return f"{slip.number or slip.name}（{SLIP_STATES[slip.state]}）"


def _duties(reading: _Reading, rows: Sequence[Any]) -> Iterator[Values]:
    for row in rows:
        persons = "\n".join(f"{name}（{done}/{steps} 条措施已完成）" for name, steps, done in row.persons)
        yield _problem(reading, row.case) | {"persons": persons}


READERS: Mapping[str, Callable[[_Reading, Sequence[Any]], Iterator[Values]]] = {
    "problems": _problems,
    "tasks": _tasks,
    "duties": _duties,
    "times": _times,
    "measures": _measures,
    "progress": _progress,
}
