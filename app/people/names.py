"""How accounts and persons are named: one spelling for a username, one way to compare names, however they were typed."""

import re
from unicodedata import category, normalize

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.people.models import Person

LONGEST = 60
_BETWEEN = re.compile(r"[、，,;；/／|]")
_USERNAME = re.compile(r"[\w.@-]{2,60}")


def normal_username(typed: str) -> str:
    """Return the one spelling of a username: no blanks, half-width, small letters."""
    return re.sub(r"\s+", "", normalize("NFKC", typed)).casefold()[: LONGEST + 1]


def has_gap(typed: str) -> bool:
    """Say whether blanks stand inside what was typed as a username: nobody is given another name than was written."""
    return re.search(r"\s", typed.strip()) is not None


def is_username(text: str) -> bool:
    """Say whether the text, as `normal_username` returns it, can be a username."""
    return _USERNAME.fullmatch(text) is not None


def is_phone(text: str) -> bool:
    """Say whether a text can be a telephone number."""
    return re.fullmatch(r"\+?[\d\s-]{5,30}", text) is not None


def find_person(session: Session, username: str) -> Person | None:
    """Return the account of that name, for signing in and for keeping names unique."""
    return session.scalars(select(Person).where(Person.username == normal_username(username))).first()


def bare(name: str) -> str:
    """Return a name as it is compared: without spaces, signs that nobody sees, and differences of width or case."""
    seen = (sign for sign in normalize("NFKC", name) if category(sign)[0] not in "ZC")
    return "".join(seen).casefold()


def names_in(text: str) -> list[str]:
    """Return the names that were typed, as they are compared."""
    return [name for name in map(bare, _BETWEEN.split(text)) if name]
