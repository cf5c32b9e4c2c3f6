"""What is kept beside the cases so that they are found at once: their words, and how many are in which state.

Nothing here is a record of its own: all of it follows from the cases and can be made anew.
"""

from typing import Any

from sqlalchemy import ARRAY, ForeignKey, Index, String, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.functions import FunctionElement

from app.core.db import Id, Model, Ref
from app.core.watch import Watch, index_pairs, watch

OPEN = "open"
PAIRS = Text().with_variant(ARRAY(Text()), "postgresql")


class spaced(FunctionElement[str]):
    """Words as SQLite keeps them, between spaces."""

    type = Text()
    inherit_cache = True


@compiles(spaced, "sqlite")
def _as_kept(element: Any, compiler: Any, **kw: Any) -> str:
    return str(compiler.process(element.clauses, **kw))


@compiles(spaced, "postgresql")
def _joined(element: Any, compiler: Any, **kw: Any) -> str:
    return f"array_to_string({compiler.process(element.clauses, **kw)}, ' ')"


def unit_mark(unit_id: int) -> str:
    """Return the mark of a unit."""
    return f"unit{unit_id}"


class CaseText(Model):
    """The words of a case that everybody who sees it may read (`unit_id` None), or those that one unit reported.

    `text` is plain (see core.grams); `grams` are its pairs: an array on PostgreSQL, words between spaces on SQLite. So are
    `marks`: OPEN, and unit_mark of every unit that has a part in the case or found it itself. They stand in the same index,
    so that a search begins with what is open, or with the cases of a unit; they narrow, what is seen the scopes say.
    """

    __tablename__ = "case_texts"
    __table_args__ = (
        Index("ix_case_texts_grams", "grams", "marks", postgresql_using="gin").ddl_if(dialect="postgresql"),
        Index("ix_case_texts_case", "case_id", "unit_id"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(Ref, ForeignKey("cases.id", ondelete="RESTRICT"))
    unit_id: Mapped[int | None] = mapped_column(Ref, ForeignKey("units.id"))
    text: Mapped[str] = mapped_column(Text)
    grams: Mapped[str] = mapped_column(PAIRS, deferred=True)
    marks: Mapped[str] = mapped_column(PAIRS, deferred=True)


class CaseChange(Model):
    """Something the database noted in this transaction and its end will settle: words to be read anew, or a count.

    `kind` is text (of the case `ref`), authority or unit (`ref` counts `by` more in the state).
    """

    __tablename__ = "case_changes"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(10))
    ref: Mapped[int] = mapped_column(Ref)
    state: Mapped[str] = mapped_column(String(20), server_default="")
    by: Mapped[int] = mapped_column("change", server_default="0")


class Tally(Model):
    """How many cases an authority has in a state, or how many in which a unit has a part or that it found itself."""

    __tablename__ = "case_tallies"

    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    owner_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(20), primary_key=True)
    count: Mapped[int]


WORDS = "INSERT INTO case_changes (kind, ref) VALUES ('text', {})"
MERGED = (
    "INSERT INTO case_changes (kind, ref) SELECT 'text', {row}.merged_into_id WHERE {row}.merged_into_id IS NOT NULL"
)
COUNTED = "INSERT INTO case_changes (kind, ref, state, change) "
FOUND_ITSELF = "NEW.source_kind = 'self' AND NEW.reporter_unit_id IS NOT NULL"
UNITS_OF_NEW = (
    "SELECT unit_id FROM assignments WHERE case_id = NEW.id AND released_on IS NULL "
    f"UNION SELECT NEW.reporter_unit_id WHERE {FOUND_ITSELF}"
)
NOT_ITS_OWN = "AND NOT (source_kind = 'self' AND coalesce(reporter_unit_id, 0) = {row}.unit_id)"
OF_PART = COUNTED + "SELECT 'unit', {row}.unit_id, state, {by} FROM cases WHERE id = {row}.case_id " + NOT_ITS_OWN
NEEDS = ("case_changes", "case_tallies", "assignments", "cases")


def _moved(state: str, by: int) -> tuple[str, str]:
    """Return the statements that count a case out of its old state or into its new one."""
    own = f"{COUNTED} VALUES ('authority', NEW.authority_id, {state}, {by})"
    return own, f"{COUNTED} SELECT 'unit', u.unit_id, {state}, {by} FROM ({UNITS_OF_NEW}) AS u"


def _finder(row: str, by: int) -> str:
    """Return the statement that counts a case for the unit that found it itself and has no part in it."""
    own = f"{row}.source_kind = 'self' AND {row}.reporter_unit_id IS NOT NULL"
    part = f"SELECT 1 FROM assignments AS a WHERE a.case_id = {row}.id AND a.unit_id = {row}.reporter_unit_id"
    return (
        f"{COUNTED} SELECT 'unit', {row}.reporter_unit_id, OLD.state, {by} "
        f"WHERE {own} AND NOT EXISTS ({part} AND a.released_on IS NULL)"
    )


watch(
    Watch(
        "watch_cases_insert",
        "INSERT",
        "cases",
        (WORDS.format("NEW.id"), *_moved("NEW.state", 1)),
        needs=NEEDS,
    ),
    Watch(
        "watch_cases_state",
        "UPDATE OF state",
        "cases",
        (*_moved("OLD.state", -1), *_moved("NEW.state", 1)),
        when="OLD.state <> NEW.state",
        needs=NEEDS,
    ),
    Watch(
        "watch_cases_finder",
        "UPDATE OF source_kind, reporter_unit_id",
        "cases",
        (_finder("OLD", -1), _finder("NEW", 1), WORDS.format("NEW.id")),
        when="OLD.source_kind <> NEW.source_kind OR coalesce(OLD.reporter_unit_id, 0) <> coalesce(NEW.reporter_unit_id, 0)",
        needs=NEEDS,
    ),
    Watch(
        "watch_cases_end",
        "UPDATE OF ended_on",
        "cases",
        (WORDS.format("NEW.id"),),
        when="(OLD.ended_on IS NULL) <> (NEW.ended_on IS NULL)",
        needs=NEEDS,
    ),
    Watch("watch_cases_words", "UPDATE OF number, title, text, place", "cases", (WORDS.format("NEW.id"),), needs=NEEDS),
    Watch(  # the case that is kept is found by the numbers of those merged into it
        "watch_cases_merged",
        "UPDATE OF merged_into_id",
        "cases",
        tuple(MERGED.format(row=row) for row in ("NEW", "OLD")),
        when="coalesce(OLD.merged_into_id, 0) <> coalesce(NEW.merged_into_id, 0)",
        needs=NEEDS,
    ),
    Watch("watch_sources_insert", "INSERT", "case_sources", (WORDS.format("NEW.case_id"),), needs=NEEDS),
    Watch(
        "watch_sources_update",
        "UPDATE OF reference, text, withdrawn_event_id, case_id",
        "case_sources",
        (WORDS.format("NEW.case_id"), WORDS.format("OLD.case_id")),
        needs=NEEDS,
    ),
    Watch("watch_progress_insert", "INSERT", "progress_reports", (WORDS.format("NEW.case_id"),), needs=NEEDS),
    Watch(
        "watch_parts_insert",
        "INSERT",
        "assignments",
        (OF_PART.format(row="NEW", by=1), WORDS.format("NEW.case_id")),
        when="NEW.released_on IS NULL",
        needs=NEEDS,
    ),
    Watch(
        "watch_parts_release",
        "UPDATE OF released_on",
        "assignments",
        (OF_PART.format(row="OLD", by=-1), WORDS.format("NEW.case_id")),
        when="OLD.released_on IS NULL AND NEW.released_on IS NOT NULL",
        needs=NEEDS,
    ),
    Watch(
        "watch_parts_return",
        "UPDATE OF released_on",
        "assignments",
        (OF_PART.format(row="NEW", by=1), WORDS.format("NEW.case_id")),
        when="OLD.released_on IS NOT NULL AND NEW.released_on IS NULL",
        needs=NEEDS,
    ),
)
index_pairs(CaseText.__tablename__)
