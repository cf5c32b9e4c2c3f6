"""Finding cases by words: number, title, text, place, sources, progress and names of units, as far as the actor reads them.

What a rare word stands in is looked up in the index of pairs, once; among those cases the other words are looked for. Common
words are looked for case by case in the order of the list, because there the page is full long before all their hits are
gathered. A word is rare or common within its marks: a unit begins with what it has a part in, a list of open cases with those.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    Text,
    and_,
    bindparam,
    intersect,
    literal,
    or_,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import Boolean

from app.core.among import among
from app.core.grams import Term, plain, terms_of
from app.ledgers.cases.models import Case
from app.ledgers.cases.scopes import only_units, readable
from app.ledgers.cases.texts import CaseText, spaced, unit_mark
from app.people import Actor, Unit, within

COMMON = 8_000  # hits beyond which a word is looked for case by case
SOME = 3_000  # hits of a common word that are counted before it is counted case by case
FEW = 200  # cases in which further words are looked for without looking them up
SHORT = 2  # characters from which the name of a unit is looked for
Marks = tuple[tuple[str, ...], ...]  # of each group one mark must stand there


class condition(FunctionElement[bool]):
    """A condition written out as it is: SQLite would be asked whether it equals 1, and use no index for that."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:
        """Stand among other conditions without being compared."""
        return self


class in_index(condition):
    """True for rows of case_texts: on SQLite those of a search in its index, on PostgreSQL those of a condition on arrays."""

    inherit_cache = True


class holds(condition):
    """True where a text holds another as it is written."""

    inherit_cache = True


@compiles(in_index, "sqlite")
def _matching(element: Any, compiler: Any, **kw: Any) -> str:
    row_id, asked, _ = element.clauses
    hits = f"SELECT rowid FROM case_texts_fts WHERE case_texts_fts MATCH {compiler.process(asked, **kw)}"  # noqa: S608 - a placeholder
    return f"{compiler.process(row_id, **kw)} IN ({hits})"


@compiles(in_index, "postgresql")
def _meeting(element: Any, compiler: Any, **kw: Any) -> str:
    return str(compiler.process(element.clauses.clauses[2].self_group(), **kw))


@compiles(holds, "sqlite")
def _instr(element: Any, compiler: Any, **kw: Any) -> str:
    whole, part = element.clauses
    return f"instr({compiler.process(whole, **kw)}, {compiler.process(part, **kw)}) > 0"


@compiles(holds, "postgresql")
def _strpos(element: Any, compiler: Any, **kw: Any) -> str:
    whole, part = element.clauses
    return f"strpos({compiler.process(whole, **kw)}, {compiler.process(part, **kw)}) > 0"


def array_of(words: Sequence[str]) -> ColumnElement[Any]:
    """Write words out as an array of PostgreSQL, so that its planner knows how common they are."""
    return bindparam("words", list(words), ARRAY(Text()), unique=True, literal_execute=True)


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched for: terms, for each the units whose names hold it, within marks; and cases where it was found.

    The cases are all of them (`is_whole`), or the first hits of common words that must all be looked for in each case.
    """

    terms: tuple[Term, ...]
    units: tuple[tuple[int, ...], ...]
    marks: Marks = ()
    cases: tuple[int, ...] = ()
    is_whole: bool = False


def prepare(session: Session, actor: Actor, typed: str, marks: Marks = ()) -> Search | None:
    """Read what was typed; None when there is nothing in it. What is wanted bears one mark of each group.

    Asks for the names of units, and for the hits of each term until few cases are left.
    """
    terms = tuple(terms_of(typed))
    if not terms:
        return None
    if own := only_units(actor):
        marks = (*marks, _marks_of(own))
    search = Search(terms, _units_named(session, actor, terms), marks)
    found, left, some = _look_up(session, actor, search)
    if found is None:
        found, left, some = _look_up_together(session, actor, search, some)
    if found is None:
        return replace(search, cases=tuple(sorted(set(some[:SOME]))))
    for at in left if found else ():
        found = set(session.scalars(_among_them(actor, search, at, found)))
    return replace(search, cases=tuple(sorted(found)), is_whole=True)


def found_by(actor: Actor, search: Search, in_order: bool = False) -> list[ColumnElement[bool]]:
    """Return the conditions of a case in which every term is found; `in_order` for a list that ends with its first rows."""
    if search.is_whole:
        return [found_among(search)]
    hits = [None if in_order else _hits(actor, search, at) for at in range(len(search.terms))]
    return [_one_by_one(actor, search, at) if hit is None else Case.id.in_(hit) for at, hit in enumerate(hits)]


def found_among(search: Search) -> ColumnElement[bool]:
    """Return the condition of the cases looked up: all of them, or some."""
    return among(Case.id, search.cases)


def _look_up(session: Session, actor: Actor, search: Search) -> tuple[set[int] | None, list[int], Sequence[int]]:
    """Return the cases in which the rare terms stand (None: no term is rare), the terms left, and hits of a common one."""
    found: set[int] | None = None
    left: list[int] = []
    some: Sequence[int] = ()
    for at in sorted(range(len(search.terms)), key=lambda at: -len(search.terms[at].plain)):
        hits = None if found is not None and len(found) <= FEW else _hits(actor, search, at)
        cases = _ids(session, hits) if hits is not None else ()
        if hits is None or len(cases) > COMMON:
            left.append(at)
            some = cases or some
        else:
            found = set(cases) if found is None else found.intersection(cases)
    return found, left, some


def _look_up_together(
    session: Session, actor: Actor, search: Search, some: Sequence[int]
) -> tuple[set[int] | None, list[int], Sequence[int]]:
    """Do the same for terms each of which is common: they may be rare together.

    Where one text after another holds them all they are not; only else all their hits are compared.
    """
    known = [at for at, term in enumerate(search.terms) if term.runs]
    left = [at for at, term in enumerate(search.terms) if not term.runs]
    if len(known) <= 1:
        return None, left, () if left else some
    texts = _texts([search.terms[at] for at in known], search.marks).where(readable(actor))
    together = _ids(session, texts)
    if len(together) <= COMMON:
        every = [hits for at in known if (hits := _hits(actor, search, at)) is not None]
        cases = _ids(session, intersect(*every))
        if len(cases) <= COMMON:
            return set(cases), left, ()
    return None, left, () if left else together


def _ids(session: Session, hits: Select[int] | CompoundSelect[int]) -> Sequence[int]:
    """Return the first ids, and whether there are more than are looked up; read as rows, since there may be thousands."""
    return session.connection().scalars(hits.limit(COMMON + 1)).all()


def _units_named(session: Session, actor: Actor, terms: tuple[Term, ...]) -> tuple[tuple[int, ...], ...]:
    words = [term.plain for term in terms if len(term.plain) >= SHORT]
    if not words:
        return ((),) * len(terms)
    names = select(Unit.id, Unit.name, Unit.short_name).where(within(Unit, actor))
    named = or_(*(column.icontains(word, autoescape=True) for word in words for column in (Unit.name, Unit.short_name)))
    rows = [(row.id, f"{plain(row.name)}\n{plain(row.short_name)}") for row in session.execute(names.where(named))]
    return tuple(tuple(unit_id for unit_id, said in rows if term.plain in said) for term in terms)


def _hits(actor: Actor, search: Search, at: int) -> Select[int] | None:
    """Return the ids of the cases in which a term stands, from the index; None for a term that it does not know."""
    term, units = search.terms[at], search.units[at]
    if not term.runs:
        return None
    texts = _texts([term], search.marks).where(readable(actor))
    if not units:
        return texts
    named = _texts([], (*search.marks, _marks_of(units))).where(CaseText.unit_id.is_(None))
    both = texts.union_all(named).subquery()
    return select(both.c[0])


def _texts(terms: Sequence[Term], marks: Marks) -> Select[int]:
    """Select the case of each text that holds the terms and bears the marks."""
    phrases = ['"' + " ".join(run) + '"' for term in terms for run in term.runs]
    asked = " AND ".join([*phrases, *(f"({' OR '.join(group)})" for group in marks)])
    pairs = [pair for term in terms for pair in term.pairs]
    holding = [CaseText.grams.op("@>")(array_of(pairs))] if pairs else []
    on_arrays = and_(*holding, *(CaseText.marks.op("&&")(array_of(group)) for group in marks))
    is_said_by_pairs = [term.runs == ((term.plain,),) for term in terms]
    spelt = [_holds(term) for term, is_said in zip(terms, is_said_by_pairs, strict=True) if not is_said]
    return select(CaseText.case_id).where(in_index(CaseText.id, literal(asked, String()), on_arrays), *spelt)


def _among_them(actor: Actor, search: Search, at: int, cases: Collection[int]) -> Select[int]:
    return select(CaseText.case_id).where(among(CaseText.case_id, cases), _stands_in(actor, search, at))


def _one_by_one(actor: Actor, search: Search, at: int) -> ColumnElement[bool]:
    here = select(CaseText.id).where(CaseText.case_id == Case.id, _stands_in(actor, search, at))
    return here.correlate(Case).exists()


def _stands_in(actor: Actor, search: Search, at: int) -> ColumnElement[bool]:
    """Return the condition of a text in which a term stands, or that bears the mark of a unit whose name holds it."""
    said = and_(_holds(search.terms[at]), readable(actor))
    marks = literal(" ") + spaced(CaseText.marks) + literal(" ")
    return or_(said, *(holds(marks, literal(f" {unit_mark(unit_id)} ")) for unit_id in search.units[at]))


def _holds(term: Term) -> ColumnElement[bool]:
    return holds(CaseText.text, literal(term.plain, String()))


def _marks_of(units: Collection[int]) -> tuple[str, ...]:
    return tuple(map(unit_mark, sorted(units)))
