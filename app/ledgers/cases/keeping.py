"""Keeping words and counts in step with the cases: settled at the end of every transaction, before it is committed.

The database notes what changed (see texts); nobody who writes a case has to think of it, and nobody can forget it.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    CTE,
    Select,
    Text,
    bindparam,
    case,
    cast,
    delete,
    event,
    func,
    insert,
    literal,
    select,
    text,
    union,
    union_all,
)
from sqlalchemy.orm import Session

from app.core.aliases import shared_alias
from app.core.among import among
from app.core.db import Ref
from app.core.grams import grams, plain
from app.core.inserting import insertion, insertion_of
from app.ledgers.cases.kept_lanes import lane_fault
from app.ledgers.cases.models import Assignment, Case, CaseSource
from app.ledgers.cases.texts import OPEN, CaseChange, CaseText, Tally, spaced, unit_mark
from app.ledgers.cases.work import ProgressReport

BATCH = 500
EARLIER = shared_alias(Case)
CHANGES: Any = CaseChange.__table__
TEXTS: Any = CaseText.__table__
TALLIES: Any = Tally.__table__
NOTED = delete(CHANGES).returning(CHANGES.c.kind, CHANGES.c.ref, CHANGES.c.state, CHANGES.c.change)
Key = tuple[int, int | None]
KEPT = select(TEXTS.c.case_id, TEXTS.c.unit_id, TEXTS.c.text, TEXTS.c.grams, TEXTS.c.marks).where(
    among(TEXTS.c.case_id, "case_ids")
)


class Words(NamedTuple):
    """What is kept of a case for finding it: its plain text and its marks."""

    text: str
    marks: str


def _merged() -> CTE:
    """Select (kept, id) of the cases that were merged into some, and of those merged into them before."""
    into = select(Case.merged_into_id.label("kept"), Case.id).where(among(Case.merged_into_id, "case_ids"))
    found = into.cte("merged", recursive=True)
    return found.union(select(found.c.kept, EARLIER.id).join(EARLIER, EARLIER.merged_into_id == found.c.id))


def _pieces() -> Select[Any]:
    """Select (case, unit or nobody, kept row, place, mark, unit marked, four texts) of all that can be found of some cases.

    Rows that have a kept row say what is kept now; one statement asks for both, since every move of a case asks.
    """
    nobody, nothing, none = literal(None, Ref), literal(None, Text), literal(None, Ref)
    merged, report, source, part = _merged(), ProgressReport, CaseSource, Assignment
    found_by = case((Case.source_kind == "self", Case.reporter_unit_id))
    parts = (
        select(Case.id.label("case_id"), nobody.label("unit_id"), none.label("kept"), literal(0, Ref).label("at"))
        .add_columns(case((Case.ended_on.is_(None), OPEN)).label("mark"), found_by.label("marked"))
        .add_columns(*(column.label(column.key) for column in (Case.number, Case.title, Case.text, Case.place)))
        .where(among(Case.id, "case_ids")),
        select(part.case_id, nobody, none, none, nothing, part.unit_id, nothing, nothing, nothing, nothing).where(
            among(part.case_id, "case_ids"), part.released_on.is_(None)
        ),
        select(merged.c.kept, nobody, none, -Case.id, nothing, none, Case.number, nothing, nothing, nothing).join(
            Case, Case.id == merged.c.id
        ),
        select(
            source.case_id, nobody, none, source.id, nothing, none, source.reference, source.text, nothing, nothing
        ).where(among(source.case_id, "case_ids"), source.withdrawn_event_id.is_(None)),
        select(
            report.case_id, report.unit_id, none, report.id, nothing, none, report.text, nothing, nothing, nothing
        ).where(among(report.case_id, "case_ids")),
        select(TEXTS.c.case_id, TEXTS.c.unit_id, TEXTS.c.id, none, spaced(TEXTS.c.marks), none, TEXTS.c.text)
        .add_columns(nothing, nothing, nothing)
        .where(among(TEXTS.c.case_id, "case_ids")),
    )
    pieces = union_all(*parts).subquery()
    return select(*pieces.c).order_by(pieces.c.case_id, pieces.c.at)


PIECES = _pieces()  # made once: every move of every case asks it


@event.listens_for(Session, "before_commit")
def _settle(session: Session) -> None:
    """Settle what the database noted; not at the end of a savepoint, where locks of others are still to be taken."""
    if session.in_nested_transaction():
        return
    session.flush()
    noted = session.execute(NOTED).all()
    if noted:
        keep_texts(session, sorted({ref for kind, ref, _, _ in noted if kind == "text"}))
        _count(session, [row for row in noted if row[0] != "text"])


def keep_texts(session: Session, case_ids: Sequence[int]) -> None:
    """Read the words of the cases anew, and write what is not as it was."""
    for batch in _batches(case_ids):
        wanted, known = _pieces_of(session, batch)
        changed = {key: words for key, words in wanted.items() if key not in known or known[key][1] != words}
        if old := sorted((known[key][0], key) for key in changed.keys() & known.keys()):
            _write(session, [{"kept": row_id, **_row(session, key, changed[key])} for row_id, key in old], is_new=False)
        if new := [_row(session, key, words) for key, words in changed.items() if key not in known]:
            _write(session, new, is_new=True)
        if gone := [row_id for key, (row_id, _) in known.items() if key not in wanted]:
            session.execute(delete(TEXTS).where(TEXTS.c.id.in_(gone)))


def _write(session: Session, rows: list[dict[str, Any]], is_new: bool) -> None:
    dialect = session.get_bind().dialect.name
    if dialect == "postgresql":
        rows = [row | {name: _as_array(row[name]) for name in ("grams", "marks")} for row in rows]
    session.execute(_writing(dialect, is_new), rows)


@cache
def _writing(dialect: str, is_new: bool) -> Any:
    """Return the insert of many rows, in the words of the engine; of rows that are there it writes them anew.

    Each statement is a flush of SQLite's index: there many rows are one statement (returning). PostgreSQL is given one row
    after another: a statement of very many values is taken apart in the driver, which costs more than all the rest.
    """
    is_postgresql = dialect == "postgresql"
    values: dict[str, Any] = {name: bindparam(name) for name in ("case_id", "unit_id", "text", "grams", "marks")}
    if is_postgresql:
        values |= {name: cast(bindparam(name, type_=Text()), ARRAY(Text())) for name in ("grams", "marks")}
    if not is_new:
        values["id"] = bindparam("kept", type_=Ref)
    made = insertion_of(dialect, TEXTS).values(values)
    if not is_new:
        written = {name: made.excluded[name] for name in ("text", "grams", "marks")}
        made = made.on_conflict_do_update(index_elements=[TEXTS.c.id], set_=written)
    return made if is_postgresql else made.returning(TEXTS.c.id)


def _as_array(words: Sequence[str]) -> str:
    """Write words of letters and digits as PostgreSQL reads an array: the driver's own way takes each word by itself."""
    return '{"' + '","'.join(words) + '"}' if words else "{}"


def rebuild(session: Session) -> tuple[int, int]:
    """Make words and counts anew, while nobody writes; return how many cases and counts there are."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL statement_timeout = 0"))
        session.execute(text("LOCK TABLE case_changes IN SHARE ROW EXCLUSIVE MODE"))
    session.execute(delete(CHANGES))
    cases = 0
    for batch in _all_ids(session):
        keep_texts(session, batch)
        cases += len(batch)
    session.execute(delete(TALLIES))
    counts = counted()
    session.execute(insert(TALLIES).from_select(["kind", "owner_id", "state", "count"], counts))
    return cases, session.scalar(select(func.count()).select_from(Tally)) or 0


def faults(session: Session) -> tuple[int, int, str | None]:
    """Compare what is kept with the cases: how many words and counts there are, and the first fault, in Chinese."""
    number, wrong = 0, None
    for batch in _all_ids(session):
        wanted, _ = _pieces_of(session, batch)
        known = {(row.case_id, row.unit_id): row for row in session.execute(KEPT, {"case_ids": batch})}
        number += len(known)
        wrong = wrong or next(_strange_texts(session, wanted, known), None)
    kept = {(kind, owner, state): n for kind, owner, state, n in session.execute(select(*TALLIES.c)) if n}
    true = {(kind, owner, state): count for kind, owner, state, count in session.execute(counted())}
    strange = sorted(key for key in kept.keys() | true.keys() if kept.get(key, 0) != true.get(key, 0))
    if wrong is None and strange:
        key = strange[0]
        wrong = f"单位 {key[1]} 状态 {key[2]}：计数为 {kept.get(key, 0)}，实有 {true.get(key, 0)} 件"
    return number, len(kept), wrong or lane_fault(session) or _unsettled(session)


def counted() -> Select[Any]:
    """Select (kind, owner, state, count) of all cases, counted: what the tallies must say."""
    parts = select(Assignment.unit_id.label("owner"), Assignment.case_id.label("case_id")).where(
        Assignment.released_on.is_(None)
    )
    found = select(Case.reporter_unit_id, Case.id).where(Case.source_kind == "self", Case.reporter_unit_id.is_not(None))
    units = union(parts, found).subquery()
    of_units = select(literal("unit").label("kind"), units.c.owner, Case.state, func.count().label("n"))
    of_units = of_units.join(Case, Case.id == units.c.case_id).group_by(units.c.owner, Case.state)
    own = select(literal("authority"), Case.authority_id, Case.state, func.count())
    both = union_all(of_units, own.group_by(Case.authority_id, Case.state)).subquery()
    return select(*both.c)


def _unsettled(session: Session) -> str | None:
    left = session.scalar(select(func.count()).select_from(CaseChange))
    return f"有 {left} 处变动没有计入检索和计数" if left else None


def _strange_texts(session: Session, wanted: dict[Key, Words], known: dict[Key, Any]) -> Iterator[str]:
    for case_id, unit_id in sorted(wanted.keys() | known.keys(), key=lambda key: (key[0], key[1] or 0)):
        key = (case_id, unit_id)
        row, words = known.get(key), wanted.get(key)
        kept = words and {name: getattr(row, name, None) for name in ("case_id", "unit_id", "text", "grams", "marks")}
        if words is None or kept != _row(session, key, words):
            yield f"问题 {case_id}：检索用的文字与记录不符"


def _count(session: Session, noted: Sequence[Any]) -> None:
    """Add up what changed and write it in one order, so that two who write never wait for each other."""
    sums: dict[tuple[str, int, str], int] = defaultdict(int)
    for kind, owner, state, by in noted:
        sums[kind, owner, state] += by
    rows = [
        {"kind": kind, "owner_id": owner, "state": state, "count": by}
        for (kind, owner, state), by in sorted(sums.items())
        if by
    ]
    if rows:
        new = insertion(session, TALLIES)
        more = {"count": TALLIES.c.count + new.excluded.count}
        session.execute(new.on_conflict_do_update(index_elements=list(TALLIES.primary_key), set_=more), rows)


def _pieces_of(session: Session, case_ids: Sequence[int]) -> tuple[dict[Key, Words], dict[Key, tuple[int, Words]]]:
    """Return the words of each case and those that each unit reported about it; and the rows that are kept."""
    found: dict[Key, list[str]] = defaultdict(list)
    marks: dict[int, set[str]] = defaultdict(set)
    known: dict[Key, tuple[int, Words]] = {}
    for case_id, unit_id, kept, _, mark, marked, *texts in session.execute(PIECES, {"case_ids": case_ids}):
        if kept is not None:
            known[case_id, unit_id] = kept, Words(texts[0], mark)
            continue
        marks[case_id] |= {mark} - {None}
        marks[case_id] |= {unit_mark(marked)} if marked else set()
        for said in filter(None, texts):
            if (words := plain(said)) not in found[case_id, unit_id]:
                found[case_id, unit_id].append(words)
    return {key: Words("\n".join(said), " ".join(sorted(marks[key[0]]))) for key, said in found.items()}, known


def _row(session: Session, key: Key, words: Words) -> dict[str, Any]:
    """Return the row as the engine keeps it: pairs in order for phrases and words between spaces, or each once in arrays."""
    pairs, row = grams(words.text), {"case_id": key[0], "unit_id": key[1], "text": words.text}
    if session.get_bind().dialect.name == "postgresql":
        return {**row, "grams": sorted(set(pairs)), "marks": words.marks.split()}
    return {**row, "grams": " ".join(pairs), "marks": words.marks}


def _all_ids(session: Session) -> Iterator[Sequence[int]]:
    last = 0
    while ids := session.scalars(select(Case.id).where(Case.id > last).order_by(Case.id).limit(BATCH)).all():
        yield ids
        last = ids[-1]


def _batches(case_ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(case_ids), BATCH):
        yield case_ids[start : start + BATCH]
