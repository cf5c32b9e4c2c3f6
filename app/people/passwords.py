"""Passwords: how they are hashed, what a profile asks of a new one, and which ones are too easy to guess."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

PACK = Path(__file__).parents[2] / "packs" / "passwords"
LONGEST = 128
FEWEST_DIFFERENT = 5
LONGEST_WITHOUT_LETTERS = 19
RUNS = ("0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn")
SHORTEST_RUN = 4
LEET = str.maketrans("0134578@$!|", "oieastbasii")
CLASSES = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@dataclass(frozen=True, slots=True)
class PasswordProfile:
    """What is asked of a password: length, character classes (of four), block list, age in days, number of old ones barred."""

    name: str
    label: str
    shortest: int
    classes: int
    is_blocking: bool
    history: int
    days: int | None = None


def password_profile(name: str) -> PasswordProfile:
    """Return the shipped profile of that name; KeyError for any other."""
    return PasswordProfile(name=name, **read_password_pack()["profiles"][name])


@cache
def read_password_pack() -> dict[str, dict[str, Any]]:
    """Read the profiles, the rule of the lock-out and how long codes last."""
    return tomllib.loads((PACK / "profiles.toml").read_text(encoding="utf-8"))


def hash_password(password: str) -> str:
    """Return the argon2id hash (19 MiB, two passes, one lane; about 20 ms)."""
    return _HASHER.hash(normalize("NFKC", password))


def is_password(hashed: str | None, password: str) -> bool:
    """Say whether the password is the one hashed; takes the same time where there is no hash."""
    try:
        found = _HASHER.verify(hashed or _nobody(), normalize("NFKC", password[: LONGEST + 1]))
    except (VerificationError, InvalidHashError):
        return False
    return found and hashed is not None


def is_outdated(hashed: str) -> bool:
    """Say whether a hash was made with other costs than today's."""
    return _HASHER.check_needs_rehash(hashed)


def password_fault(password: str, profile: PasswordProfile, own_words: Iterable[str] = ()) -> str | None:
    """Return what is wrong with a new password, in words fit to show, or None. `own_words` are the person's own names."""
    if len(password) < profile.shortest:
        return f"至少 {profile.shortest} 个字符，现在是 {len(password)} 个。可以用几个不相干的词连成一句。"
    if len(password) > LONGEST:
        return f"最多 {LONGEST} 个字符。"
    if sum(bool(re.search(kind, password)) for kind in CLASSES) < profile.classes:
        return f"须含小写字母、大写字母、数字、符号四类中的至少 {profile.classes} 类。"
    if profile.is_blocking and is_guessable(password, own_words):
        return "太容易被猜到：由常用词、姓名、连续或重复的字符组成。请换一个。"
    return None


def is_guessable(password: str, own_words: Iterable[str] = ()) -> bool:
    """Say whether the password is made of nothing but blocked words, the person's own names, runs and repetitions."""
    plain = normalize("NFKC", password).casefold()
    if len(set(plain)) < FEWEST_DIFFERENT or re.fullmatch(r"(.{1,5}?)\1+", plain):
        return True
    if not re.search(r"[^\W\d_]", plain):
        return len(plain) <= LONGEST_WITHOUT_LETTERS
    words = _blocked_words() | {word.casefold() for word in own_words if len(word) > 1}
    stripped = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)
    cores = {
        re.sub(r"[\W_]", "", plain),
        re.sub(r"[\W\d_]", "", plain),
        re.sub(r"[\W\d_]", "", stripped.translate(LEET)),
    }
    return any(_is_made_of(core, words) for core in cores)


def _is_made_of(text: str, words: frozenset[str]) -> bool:
    """Say whether the text can be cut into blocked words and keyboard runs; the empty text can."""
    reached = {0}
    for start in range(len(text)):
        if start in reached:
            ends = range(start + 1, len(text) + 1)
            reached.update(end for end in ends if text[start:end] in words or _is_run(text[start:end]))
    return len(text) in reached


def _is_run(text: str) -> bool:
    return len(text) >= SHORTEST_RUN and any(text in run or text in run[::-1] for run in RUNS)


@cache
def _blocked_words() -> frozenset[str]:
    lines = (PACK / "blocked.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@cache
def _nobody() -> str:
    return hash_password("an account that does not exist")
