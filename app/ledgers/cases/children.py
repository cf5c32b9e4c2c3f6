"""Children of a case: what was handed down from it, how far it is, and what of that is shown above.

A child is its own authority's case: nobody above sees it. What is told of it above is told of the part it was handed
down from, to whoever sees that part whole: number, state, deadline, and once it is closed its result.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, select
from sqlalchemy.orm import Session

from app.core.aliases import shared_alias
from app.ledgers.cases.models import Assignment, Case
from app.ledgers.cases.scopes import own_parts
from app.ledgers.cases.story_statements import THIS
from app.ledgers.cases.words import STATES
from app.people import Actor, Unit

DONE_WITH = (
    "closed",
    "rejected",
    "voided",
)  # solved, or never the lower level's to do: what is left stays with the unit
MERGED = shared_alias(Case)
ACTORS = 64


@dataclass(frozen=True, slots=True)
class OpenChild:
    """A child that keeps its parent from being submitted: its number and state, and the unit that handed it down."""

    number: str
    state: str
    unit_id: int

    @property
    def said(self) -> str:
        """Say what is missing, in words fit to show."""
        if self.state == "terminated":
            return f"下级转办的{self.number}已终止(未整改)，须重新转办"
        return f"下级转办的{self.number}（{STATES[self.state]}）还没有销号"


def tree_of(case_id: int) -> Select[Any]:
    """Select the ids of a case and of everything that was merged into it."""
    tree = select(Case.id).where(Case.id == case_id).cte("merged_tree", recursive=True)
    tree = tree.union(select(MERGED.id).join(tree, MERGED.merged_into_id == tree.c.id))
    return select(tree.c.id)


def standing_for(session: Session, case_id: int) -> Case:
    """Return the case that stands for a case by now: itself, or what it was merged into."""
    found = session.get_one(Case, case_id)
    while found.merged_into_id is not None:
        found = session.get_one(Case, found.merged_into_id)
    return found


def unfinished_children(*conditions: ColumnElement[bool]) -> Subquery:
    """Select the children not done with of the cases that the conditions name: top_id, number, state, authority_id, id.

    A child that was merged is as far as the case it was merged into. One that was terminated is made up for by a later
    child of the same part.
    """
    tree = select(Case.id.label("top_id"), Case.id.label("at_id")).where(*conditions).cte(recursive=True)
    tree = tree.union(select(tree.c.top_id, MERGED.id).join(tree, MERGED.merged_into_id == tree.c.at_id))
    born: tuple[Any, ...] = (tree.c.top_id, MERGED.id, MERGED.number, MERGED.authority_id, MERGED.id.label("at_id"))
    stands = select(*born).join(tree, MERGED.parent_id == tree.c.at_id).cte(recursive=True)
    passed = (stands.c.top_id, stands.c.id, stands.c.number, stands.c.authority_id, MERGED.merged_into_id)
    is_merged = and_(MERGED.id == stands.c.at_id, MERGED.merged_into_id.is_not(None))
    stands = stands.union(select(*passed).join(stands, is_merged))
    newest = func.max(stands.c.id).over(partition_by=(stands.c.top_id, stands.c.authority_id)).label("newest_id")
    columns = (stands.c.top_id, stands.c.id, stands.c.number, stands.c.authority_id, MERGED.state, newest)
    ends = and_(MERGED.id == stands.c.at_id, MERGED.merged_into_id.is_(None))
    found = select(*columns).join(MERGED, ends).subquery()
    is_made_up = and_(found.c.state == "terminated", found.c.newest_id != found.c.id)
    return select(found).where(found.c.state.not_in(DONE_WITH), ~is_made_up).subquery()


def open_children(session: Session, case_id: int, unit_id: int | None = None) -> list[OpenChild]:
    """Return the children not done with, of one unit's part if it is named; for guards alone, which see all there is."""
    found = unfinished_children(Case.id == case_id)
    query = select(found.c.number, found.c.state, found.c.authority_id).order_by(found.c.id)
    rows = session.execute(query.where(found.c.authority_id == unit_id) if unit_id else query)
    return [OpenChild(row.number or "一件（未编号）", row.state, row.authority_id) for row in rows]


def children_shown(session: Session, actor: Actor, case_id: int) -> Sequence[Any]:
    """Return what is told above of the children of a case: (unit, number, state, due_on, saved_at, ended_on, result)."""
    return session.execute(_shown(actor), {"case_id": case_id}).all()


@lru_cache(maxsize=ACTORS)
def _shown(actor: Actor) -> Select[Any]:
    is_from = and_(Assignment.case_id == Case.parent_id, Assignment.unit_id == Case.authority_id)
    result = case((Case.state == "closed", Case.result), else_="").label("result")
    columns: tuple[Any, ...] = (Case.number, Case.state, Case.due_on, Case.saved_at, Case.ended_on, result)
    query = select(Unit.short_name.label("unit"), *columns).join(Assignment, is_from)
    query = query.join(Unit, Unit.id == Case.authority_id).where(Case.parent_id == THIS, own_parts(actor))
    return query.order_by(Case.id)
