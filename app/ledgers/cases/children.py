"""Children of a case: what was handed down from it, how far it is, and what of that is shown above.

A child is its own authority's case: nobody above sees it. What is told of it above is told of the part it was handed
down from, to whoever sees that part whole: number, state, deadline, and once it is closed its result.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, and_, case, select
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


def open_children(session: Session, case_id: int, unit_id: int | None = None) -> list[OpenChild]:
    """Return the children that are not done with, of one unit's part if it is named; for guards alone, which see all there is.

    A child that was merged is as far as the case it was merged into. One that was terminated is made up for by a later
    child of the same part.
    """
    query = select(Case.id, Case.number, Case.state, Case.merged_into_id, Case.authority_id)
    query = query.where(Case.parent_id.in_(tree_of(case_id))).order_by(Case.id)
    rows = session.execute(query.where(Case.authority_id == unit_id) if unit_id else query).all()
    newest = {row.authority_id: row.id for row in rows}
    found = []
    for row in rows:
        state = row.state if row.merged_into_id is None else standing_for(session, row.merged_into_id).state
        is_made_up = state == "terminated" and newest[row.authority_id] != row.id
        if state not in DONE_WITH and not is_made_up:
            found.append(OpenChild(row.number or "一件（未编号）", state, row.authority_id))
    return found


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
