"""Tags: free words by which the office of an authority sorts its cases; units do not see them."""

import re

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, String, UniqueConstraint, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Id, Model, Ref
from app.ledgers.cases.models import Case
from app.ledgers.cases.scopes import OFFICE_ROLES
from app.people import Actor, scope, within

LONGEST_TAG, MOST_TAGS = 20, 10
MOST_OFFERED = 200
KEPT = sql("removed_event_id IS NULL")
BETWEEN = re.compile(r"[\s、，,；;]+")


class CaseTag(Model):
    """One word on one case. A tag taken off stays on record with the event that did it, and may be put on again."""

    __tablename__ = "case_tags"
    __table_args__ = (
        UniqueConstraint("case_id", "words"),
        Index("ix_case_tags_words", "authority_id", "words", "case_id", sqlite_where=KEPT, postgresql_where=KEPT),
    )

    id: Mapped[Id]
    authority_id: Mapped[int] = mapped_column(Ref, ForeignKey("units.id"))
    case_id: Mapped[int] = mapped_column(Ref, ForeignKey("cases.id", ondelete="RESTRICT"))
    words: Mapped[str] = mapped_column(String(LONGEST_TAG))
    event_id: Mapped[int] = mapped_column(Ref)
    removed_event_id: Mapped[int | None] = mapped_column(Ref)


@scope(CaseTag)
def _tags(actor: Actor) -> ColumnElement[bool]:
    return CaseTag.authority_id.in_(actor.authorities(*OFFICE_ROLES))


def read_tags(typed: str) -> list[str]:
    """Return the words typed, each once, in their order; they are parted by blanks, commas or 、."""
    return list(dict.fromkeys(word for word in BETWEEN.split(typed) if word))


def sees_tags(actor: Actor) -> bool:
    """Say whether the actor belongs to an office that tags its cases."""
    return bool(actor.authorities(*OFFICE_ROLES))


def tags_in_use(actor: Actor) -> Select[str]:
    """Select the words that stand on any case of the actor's authorities."""
    kept = (within(CaseTag, actor), CaseTag.removed_event_id.is_(None))
    return select(CaseTag.words).where(*kept).group_by(CaseTag.words).order_by(CaseTag.words).limit(MOST_OFFERED)


def tagged(actor: Actor, words: str) -> ColumnElement[bool]:
    """Return the condition of cases that carry the word; of none for who does not see tags."""
    found = select(CaseTag.case_id).where(within(CaseTag, actor), CaseTag.words == words)
    return Case.id.in_(found.where(CaseTag.removed_event_id.is_(None)))
