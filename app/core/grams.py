"""Words to search by: a text in one plain form, and the pairs of characters that stand in it.

Chinese has no spaces between words, so two characters that stand together are the unit of finding; a longer word is found
by its pairs and then looked for in the plain text itself.
"""

import re
import unicodedata
from operator import add
from typing import NamedTuple

MOST_TERMS, MOST_CHARACTERS = 5, 60
BREAKS = re.compile(r"[\W_]+")
SPACES = re.compile(r"[ \t\u3000]+")


class Term(NamedTuple):
    """One thing searched for: its plain text, and the pairs of each of its runs, in order."""

    plain: str
    runs: tuple[tuple[str, ...], ...]

    @property
    def pairs(self) -> list[str]:
        """Every pair, once."""
        return list(dict.fromkeys(pair for run in self.runs for pair in run))


def plain(text: str) -> str:
    """Return a text in the form in which it is compared: full-width and capital letters as usual ones, single spaces."""
    return SPACES.sub(" ", unicodedata.normalize("NFKC", text).casefold())


def grams(text: str) -> list[str]:
    """Return the pairs of neighbouring letters and digits of a plain text, in order; none across a mark or a space."""
    return [pair for run in BREAKS.split(text) for pair in _pairs(run)]


def terms_of(typed: str) -> list[Term]:
    """Return what somebody searches for: each must be found; no more than MOST_TERMS are asked for."""
    words = dict.fromkeys(plain(typed[:MOST_CHARACTERS]).split())
    return [Term(word, tuple(pairs for run in BREAKS.split(word) if (pairs := _pairs(run)))) for word in words][
        :MOST_TERMS
    ]


def _pairs(run: str) -> tuple[str, ...]:
    return tuple(map(add, run, run[1:]))
