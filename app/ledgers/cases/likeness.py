"""Whether two problems may be the same one: the same words, nearly the same words, or the same place and kind. Pure.

What is compared are the pairs of neighbouring characters by which cases are found (core.grams).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from app.core.grams import BREAKS, grams, plain
from app.ledgers.cases.withholding import HIDDEN, withhold

GROUNDS = {"same": "相同内容", "near": "内容相近", "place": "同一地点同类问题"}
NEAR = 0.4  # share of the pairs of both texts from which they are near
HELD = 0.7  # share of the pairs of the new text that stand in the old one, however much more that says
FEWEST_PAIRS = 6  # a text of fewer says too little to be compared
LETTERS_OF_SAME = 10  # a text of fewer is the same only as a whole
MARKS = 8  # one in so many pairs of the same text may be parted by a mark in one of two writings
LIKE_TITLES = 0.35
ELSEWHERE = 0.15  # how much less likely the same problem is at another place
LONGEST = 3000  # characters of a text that are compared


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody is about to enter."""

    title: str = ""
    text: str = ""
    place: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class Sketch:
    """A text ready to be compared: its letters, its pairs, those of its title, and the place and kind in plain form."""

    letters: str
    pairs: frozenset[str]
    title: frozenset[str] = field(default_factory=frozenset)
    place: str = ""
    category: str = ""


def sketch(told: Told) -> Sketch:
    """Read what is to be entered; what would be withheld from the record is left out here as well."""
    title, text = (_unmarked(withhold(words[:LONGEST]).text) for words in (told.title, told.text))
    whole = plain(text or title)
    pairs = frozenset(grams(plain(f"{title}\n{text}")))
    return Sketch(_letters(whole), pairs, frozenset(grams(plain(title))), _word(told.place), _word(told.category))


def _unmarked(words: str) -> str:
    """Leave out the marks that stand for what was withheld: two texts are not alike because both told a number."""
    for mark in HIDDEN:
        words = words.replace(mark, "")
    return words


class OnRecord:
    """What is compared of a case: its own words, and `words`, in which its numbers and further sources stand too.

    Most cases are seen to differ by the pairs that their words hold; what takes longer is read only of the others.
    """

    def __init__(self, told: Told, words: str) -> None:
        self.told, self.words = told, words[: 3 * LONGEST]

    @cached_property
    def place(self) -> str:
        """The place in plain form."""
        return _word(self.told.place)

    @cached_property
    def text(self) -> str:
        """The plain text that somebody entered."""
        return plain(_unmarked(self.told.text[:LONGEST]))

    @cached_property
    def own(self) -> Sketch:
        """The words that somebody entered, read as those of a new text."""
        title = plain(_unmarked(self.told.title))
        pairs = frozenset(grams(f"{title}\n{self.text}"))
        return Sketch(_letters(self.text), pairs, frozenset(grams(title)), self.place, _word(self.told.category))

    def holding(self, pairs: Iterable[str]) -> int:
        """Count the pairs that stand in the words: a pair is two letters side by side, there as here."""
        words = self.words
        return len([pair for pair in pairs if pair in words])


def ground_of(new: Sketch, old: OnRecord, least: float = NEAR) -> tuple[str, float] | None:
    """Return why the case may be the same, a key of GROUNDS, and how much of the words they share, 0 to 1; else None.

    `least` is the share from which they are near.
    """
    held = old.holding(new.pairs)
    if new.letters and (_is_held(new, old, held) or new.letters == _letters(old.text)):
        return "same", 1.0
    is_there = bool(new.place) and new.place == old.place
    if not is_there and 2 * held < least * (len(new.pairs) + held):
        return None  # no more pairs can be shared than are held
    share = share_of(new, old, held)
    if share >= least:
        return "near", share
    return ("place", share) if is_there and _is_like_kind(new, old.own) else None


def are_strangers(new: Told, old: Told) -> bool:
    """Say whether neither the title nor the text of one is like that of the other; False where they say too little."""
    pairs = [tuple(frozenset(grams(plain(words[:LONGEST]))) for words in both) for both in _both(new, old)]
    told = [(one, other) for one, other in pairs if one and other and max(len(one), len(other)) >= FEWEST_PAIRS]
    return bool(told) and not any(_is_like(one, other) for one, other in told)


def _both(new: Told, old: Told) -> tuple[tuple[str, str], ...]:
    """Return the titles and the texts side by side, without the marks of what was withheld."""
    told = ((new.title, old.title), (new.text, old.text))
    return tuple((_unmarked(one), _unmarked(other)) for one, other in told)


def _is_like(one: frozenset[str], other: frozenset[str]) -> bool:
    return max(_likeness(one, other), len(one & other) / min(len(one), len(other))) >= LIKE_TITLES


def share_of(new: Sketch, old: OnRecord, held: int) -> float:
    """Return how near the words are: those shared of both, or of the new text alone when the old one says much more.

    `held` is how many pairs of the new text the old one holds.
    """
    if len(new.pairs) < FEWEST_PAIRS:
        return 0.0
    share = _likeness(new.pairs, old.own.pairs)
    part = held / len(new.pairs)
    share = max(share, part if part >= HELD else 0.0)
    return share - ELSEWHERE if new.place and old.place and new.place != old.place else share


def _is_held(new: Sketch, old: OnRecord, held: int) -> bool:
    """Say whether the new text stands in the old one as it is, marks and spaces aside: asked only where the pairs do."""
    is_long, missing = len(new.letters) >= LETTERS_OF_SAME, len(new.pairs) - held - len(new.title)
    return is_long and missing * MARKS <= len(new.pairs) + MARKS and new.letters in _letters(old.words)


def _is_like_kind(new: Sketch, old: Sketch) -> bool:
    """Say whether the kinds are the same, or where one has none whether the titles are alike."""
    if new.category and old.category:
        return new.category == old.category
    return bool(new.title) and bool(old.title) and _likeness(new.title, old.title) >= LIKE_TITLES


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0


def _letters(words: str) -> str:
    return BREAKS.sub("", words)


def _word(said: str) -> str:
    return _letters(plain(said))
