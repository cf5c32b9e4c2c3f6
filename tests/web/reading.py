"""Reading a page in tests: the numbers it shows, a part of it, and the page without what differs at every request."""

import re
from decimal import Decimal


def numbers(text: str) -> list[Decimal]:
    """Return the points shown in a piece of a page, in order."""
    shown = re.findall(r'class="k-points[^"]*">([^<]+)<', text)
    return [Decimal(words.replace("−", "-")) for words in shown]


def between(text: str, start: str, end: str) -> str:
    """Return the part of a page between two marks."""
    return text.split(start, 1)[1].split(end, 1)[0]


def without_token(text: str) -> str:
    """Return a page without its tokens against forged forms."""
    return re.sub(r'(name="(?:csrf_token|_key)" value=)"[^"]*"', r"\1", text)
