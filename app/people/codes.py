"""One-time codes: printed once, kept as a digest, good until a moment and for one new password."""

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta
from unicodedata import normalize

from app.people.models import Person
from app.people.passwords import read_password_pack

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that looks like something else
GROUPS, GROUP = 4, 4


def new_code() -> str:
    """Return a fresh code of 79 bits in groups that can be read aloud."""
    letters = [secrets.choice(ALPHABET) for _ in range(GROUPS * GROUP)]
    return "-".join("".join(letters[at : at + GROUP]) for at in range(0, len(letters), GROUP))


def set_code(person: Person, at: datetime, is_first: bool) -> str:
    """Give the person a code in place of the password and return it; this is the only time it can be read."""
    code = new_code()
    hours = read_password_pack()["codes"]["first_hours" if is_first else "reset_hours"]
    person.reset_hash, person.reset_expires_at = code_digest(code), at + timedelta(hours=hours)
    person.password_hash, person.password_changed_at = None, None
    return code


def is_code(person: Person, typed: str, at: datetime) -> bool:
    """Say whether the text is the person's code and still good."""
    if person.reset_hash is None or person.reset_expires_at is None or at >= person.reset_expires_at:
        return False
    return hmac.compare_digest(person.reset_hash, code_digest(typed))


def code_digest(typed: str) -> str:
    """Return the digest of a code however it was typed; codes are random and long, so a fast digest is enough."""
    plain = re.sub(r"[\W_]", "", normalize("NFKC", typed)).upper()
    return "sha256:" + hashlib.sha256(plain.encode()).hexdigest()
