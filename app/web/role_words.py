"""The word for a role at the level that a page is about: a leader is 县级 in a county alone."""

from collections.abc import Iterable

from app.people import Role, role_word
from app.web.shell import desk
from app.workflows import level_of


def word_at(authority_id: int | None, role: str) -> str:
    """Return the word for a role of an authority."""
    return role_word(Role(role), level_of(desk().context, authority_id))


def words_at(authority_id: int | None, roles: Iterable[str], between: str = "、") -> str:
    """Return the words for roles of an authority."""
    return between.join(word_at(authority_id, role) for role in roles)
