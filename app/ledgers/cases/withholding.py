"""What tells who a citizen is: taken out of the texts that units read before they are put on record. Pure.

Numbers and addresses are known by their form (`traces`), names by the contact that came with the text or by what stands
before them (反映人：). What is taken out goes to the contact of the source, which stays outside the chain of events and is
shown only on a deliberate, recorded look.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from app.core.errors import Invalid
from app.ledgers.cases.traces import FORMS, FURTHER, NAME_MARK, SURNAMES, WORDS, Form, may_tell, narrowed

NO_PLACE = "“{}”像是个人的联系方式、证件号或反映人姓名，这里不能写。请删去后再提交。"
HIDDEN = tuple(dict.fromkeys(form.mark for form in FORMS))
NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")
BETWEEN = re.compile(r"[^\u4e00-\u9fff]+|联系人|反映人|来电人|投诉人|举报人|姓名|电话|手机|住址|地址")
NO_NAME = re.compile(r"[县市区镇乡村组街路巷号社户楼栋某]|先生|女士|小姐|同志|师傅|老师")
PLAIN = tuple(form for form in FORMS if form.is_plain)
TELLING = tuple(form for form in FORMS if form.is_name and not form.is_offices)


class Withheld(NamedTuple):
    """A text as it is put on record, and what was taken out of it."""

    text: str
    found: tuple[str, ...]


@lru_cache(1024)  # the texts of a row are asked for again and again while it is read
def withhold(
    text: str, names: tuple[str, ...] | None = (), known: str | None = None, forms: tuple[Form, ...] = FORMS
) -> Withheld:
    """Take what has one of the forms, and the names, out of a text. `names` is None where those of officials are asked for.

    `known` is given for what an office writes to a unit: what an office may print of itself (its landline, its mail, whom
    to ask there) then leaves only if it stands in there.
    """
    found: list[str] = []
    pieces, last, told = [], 0, list(names or ())
    for start, end, form in _matches(text, forms, known) if may_tell(text) else ():
        if form.is_name and names is None:
            continue
        pieces += [text[last:start], form.mark]
        found.append(text[start:end])
        told += [text[start:end]] if form.is_name else []
        last = end
    kept = "".join([*pieces, text[last:]]) if found else text
    for name in told:
        if name in kept:
            kept = kept.replace(name, NAME_MARK)
            found.append(name)
    return Withheld(kept, tuple(dict.fromkeys(found)))


def _matches(text: str, forms: tuple[Form, ...], known: str | None) -> Iterator[tuple[int, int, Form]]:
    """Yield where something is to be taken out, in order; of two that overlap the one earlier in the table."""
    narrow, own = narrowed(text), None if known is None else narrowed(known)
    taken: list[tuple[int, int, Form]] = []
    for form in forms:
        for match in form.pattern.finditer(narrow):
            start, end = match.span("it")
            is_own = form.is_offices and own is not None and match["it"] not in own
            if is_own or not form.holds(match) or any(start < past and first < end for first, past, _ in taken):
                continue
            taken.append((start, end, form))
            taken += ((*one.span("it"), form) for one in _further(narrow, end) if form.is_name)
    return iter(sorted(taken, key=lambda one: one[0]))


def _further(narrow: str, end: int) -> Iterator[re.Match[str]]:
    """Yield the names that are joined to one that ends there."""
    while match := FURTHER.match(narrow, end):
        yield match
        end = match.end()


def withhold_in_reference(reference: str) -> Withheld:
    """Take what is plainly a person's out of a source's own number; one that is nothing else is an order's number."""
    number = narrowed(reference.strip())
    return Withheld(reference, ()) if number.isascii() and number.isalnum() else withhold(reference, forms=PLAIN)


def refuse_persons(**texts: str) -> None:
    """Invalid for texts of an office that belong to no case and tell who a citizen is: there is nowhere to keep that.

    What an office may print of itself (its landline, whom to ask there) is its own.
    """
    found = {name: withhold(text, known="").found for name, text in texts.items()}
    if errors := {name: NO_PLACE.format("、".join(told)) for name, told in found.items() if told}:
        raise Invalid(errors)


def names_told(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the names that stand in texts as those of who reported, complained or wrote (反映人：赵铁柱)."""
    found = (withhold(text, forms=TELLING).found for text in texts if WORDS.search(text))
    return tuple(dict.fromkeys(name for names in found for name in names))


def names_in(contact: str) -> tuple[str, ...]:
    """Return the names of persons in a contact: two to four characters with a surname, no address and no title."""
    words = [word for word in BETWEEN.split(contact) if NAME.fullmatch(word)]
    return tuple(dict.fromkeys(word for word in words if word[0] in SURNAMES and not NO_NAME.search(word)))


def joined(contact: str, found: tuple[str, ...]) -> str:
    """Return a contact with what was taken out of the texts, each once."""
    more = [words for words in found if words not in contact]
    return "；".join([*([contact] if contact else []), *more])
