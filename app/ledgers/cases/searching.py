"""Finding cases by words: number, title, text, place, sources, progress and names of units, as far as the actor reads them.

A rare word is looked up in the index of pairs, once, and other words are looked for in its cases; common words are looked
for case by case in the order of the list, because there the page is full long before all their hits are gathered.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Select, String, Text, bindparam, literal, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import Boolean

from app.core.among import among
from app.core.grams import Term, plain, terms_of
from app.ledgers.cases.models import Assignment, Case
from app.ledgers.cases.scopes import readable
from app.ledgers.cases.texts import CaseText
from app.people import Actor, Unit, within

COMMON = 12_000  # hits beyond which a word is looked for case by case
FEW = 200  # cases in which further words are looked for one by one
SHORT = 2  # characters from which the name of a unit is looked for


class condition(FunctionElement[bool]):
    """A condition written out as it is: SQLite would be asked whether it equals 1, and use no index for that."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:
        """Stand among other conditions without being compared."""
        return self


class has_pairs(condition):
    """True for rows of case_texts that hold all pairs of a term, neighbours on SQLite; the text itself is asked besides."""

    inherit_cache = True


class holds(condition):
    """True where a text holds another as it is written."""

    inherit_cache = True


@compiles(has_pairs, "sqlite")
def _in_index(element: Any, compiler: Any, **kw: Any) -> str:
    row_id, _, phrase, _ = element.clauses
    asked = compiler.process(phrase, **kw)
    hits = f"SELECT rowid FROM case_texts_fts WHERE case_texts_fts MATCH {asked}"  # noqa: S608 - a placeholder
    return f"{compiler.process(row_id, **kw)} IN ({hits})"


@compiles(has_pairs, "postgresql")
def _in_array(element: Any, compiler: Any, **kw: Any) -> str:
    _, pairs, _, wanted = element.clauses
    return f"{compiler.process(pairs, **kw)} @> {compiler.process(wanted, **kw)}"


@compiles(holds, "sqlite")
def _instr(element: Any, compiler: Any, **kw: Any) -> str:
    whole, part = element.clauses
    return f"instr({compiler.process(whole, **kw)}, {compiler.process(part, **kw)}) > 0"


@compiles(holds, "postgresql")
def _strpos(element: Any, compiler: Any, **kw: Any) -> str:
    whole, part = element.clauses
    return f"strpos({compiler.process(whole, **kw)}, {compiler.process(part, **kw)}) > 0"


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched for: terms, for each the units whose names hold it; of those looked up the cases they stand in.

    Those are all their cases where they are rare, else some of a common word's.
    """

    terms: tuple[Term, ...]
    units: tuple[tuple[int, ...], ...]
    looked_up: tuple[int, ...] = ()
    cases: tuple[int, ...] = ()
    is_rare: bool = False


def prepare(session: Session, actor: Actor, typed: str) -> Search | None:
    """Read what was typed; None when there is nothing in it.

    Asks for the names of units, and for the hits of each term until few cases are left.
    """
    terms = tuple(terms_of(typed))
    if not terms:
        return None
    units = _units_named(session, actor, terms)
    some, rare = Search(terms, units), Search(terms, units)
    for at in sorted(range(len(terms)), key=lambda at: -len(terms[at].plain)):
        if (len(rare.cases) <= FEW and rare.is_rare) or (hits := _hits(actor, terms[at], units[at])) is None:
            continue
        found = session.scalars(hits.limit(COMMON + 1)).all()
        if len(found) > COMMON:
            some = Search(terms, units, (at,), tuple(sorted(set(found))))
            continue
        both = set(found).intersection(rare.cases) if rare.is_rare else set(found)
        rare = Search(terms, units, (*rare.looked_up, at), tuple(sorted(both)), is_rare=True)
    return rare if rare.is_rare else some


def found_by(actor: Actor, search: Search, in_order: bool = False) -> list[ColumnElement[bool]]:
    """Return the conditions of a case in which every term is found; `in_order` for a list that ends with its first rows."""
    if search.is_rare:
        return found_among(actor, search)
    found = []
    for term, units in zip(search.terms, search.units, strict=True):
        hits = None if in_order or actor.own_units else _hits(actor, term, units)
        found.append(_one_by_one(actor, term, units) if hits is None else Case.id.in_(hits))
    return found


def found_among(actor: Actor, search: Search) -> list[ColumnElement[bool]]:
    """Return the conditions of a case in which every term is found, one of those looked up: all of them or some."""
    others = [
        _one_by_one(actor, term, units)
        for at, (term, units) in enumerate(zip(search.terms, search.units, strict=True))
        if at not in search.looked_up
    ]
    return [among(Case.id, search.cases), *others]


def _units_named(session: Session, actor: Actor, terms: tuple[Term, ...]) -> tuple[tuple[int, ...], ...]:
    words = [term.plain for term in terms if len(term.plain) >= SHORT]
    if not words:
        return ((),) * len(terms)
    names = select(Unit.id, Unit.name, Unit.short_name).where(within(Unit, actor))
    named = or_(*(column.icontains(word, autoescape=True) for word in words for column in (Unit.name, Unit.short_name)))
    rows = [(row.id, f"{plain(row.name)}\n{plain(row.short_name)}") for row in session.execute(names.where(named))]
    return tuple(tuple(unit_id for unit_id, said in rows if term.plain in said) for term in terms)


def _hits(actor: Actor, term: Term, units: tuple[int, ...]) -> Select[int] | None:
    """Return the ids of the cases in which a term stands, from the indexes; None for a term that no index knows."""
    if not term.runs:
        return None
    texts = select(CaseText.case_id).where(_has(term), _holds(term), readable(actor))
    if not units:
        return texts
    both = texts.union_all(_parts(units).with_only_columns(Assignment.case_id)).subquery()
    return select(both.c[0])


def _one_by_one(actor: Actor, term: Term, units: tuple[int, ...]) -> ColumnElement[bool]:
    here = select(CaseText.id).where(CaseText.case_id == Case.id, _holds(term), readable(actor)).correlate(Case)
    part = _parts(units).where(Assignment.case_id == Case.id).correlate(Case) if units else None
    return here.exists() if part is None else or_(here.exists(), part.exists())


def _parts(units: tuple[int, ...]) -> Select[Any]:
    return select(Assignment.id).where(Assignment.unit_id.in_(units), Assignment.released_on.is_(None))


def _has(term: Term) -> ColumnElement[bool]:
    """Ask the index: on SQLite for phrases, on PostgreSQL for the pairs, written out so that it knows how common they are."""
    phrase = " ".join('"' + " ".join(run) + '"' for run in term.runs)
    pairs = bindparam("pairs", term.pairs, ARRAY(Text()), unique=True, literal_execute=True)
    return has_pairs(CaseText.id, CaseText.grams, literal(phrase, String()), pairs)


def _holds(term: Term) -> ColumnElement[bool]:
    return holds(CaseText.text, literal(term.plain, String()))
