"""How accounts are named and reached: one spelling for a username however it was typed."""

import re
from unicodedata import normalize

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.people.models import Person

LONGEST = 60
_USERNAME = re.compile(r"[\w.@-]{2,60}")


def normal_username(typed: str) -> str:
    """Return the one spelling of a username: no blanks, half-width, small letters."""
    return re.sub(r"\s+", "", normalize("NFKC", typed)).casefold()[: LONGEST + 1]


def is_username(text: str) -> bool:
    """Say whether the text, as `normal_username` returns it, can be a username."""
    return _USERNAME.fullmatch(text) is not None


def is_phone(text: str) -> bool:
    """Say whether a text can be a telephone number."""
    return re.fullmatch(r"\+?[\d\s-]{5,30}", text) is not None


def find_person(session: Session, username: str) -> Person | None:
    """Return the account of that name, for signing in and for keeping names unique."""
    return session.scalars(select(Person).where(Person.username == normal_username(username))).first()
