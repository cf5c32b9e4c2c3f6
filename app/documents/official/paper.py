"""An official paper as plain values: what stands on it and in which order, before anybody thinks of fonts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

# Neither format can carry control characters; direction marks would let a text show other words than it holds.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)
NARROW, WIDE = 8, 30  # half characters of a column whose width nobody told
SHOWN_DATE = re.compile(r"(?<![\d-])(\d{4})-(\d{2})-(\d{2})(?![\d-])(?:（周.）)? ?")
LINE_ENDS = re.compile("\r\n?|[\n\x0b\x0c\x85\u2028\u2029]")
NUMERALS = "〇一二三四五六七八九"
LONGEST_HEAD = 15  # characters on one line: more would be smaller than 29 pt
HEAD_ENDS = re.compile("委员会|[县市区州省]委|政府|办公室|领导小组|[部局会组室厅院]")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 (一、) or 2 (（一）), its numeral included."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; what has several lines becomes several paragraphs."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its head row, repeated on each page. `widths` are shares of the line; none: by what it holds."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    widths: tuple[int, ...] = ()

    @property
    def shares(self) -> tuple[int, ...]:
        """Return the share of each column: as told, else by its longest text, none very narrow or very wide."""
        if self.widths:
            return self.widths
        longest = (max(map(_breadth, texts)) for texts in zip(self.columns, *self.rows, strict=True))
        return tuple(min(max(found + 2, NARROW), WIDE) for found in longest)


Block: TypeAlias = Heading | Paragraph | Table


@dataclass(frozen=True, slots=True)
class OfficialPaper:
    """One document by GB/T 9704-2012. `kind` names an office's own template; `mark` says why it is not (yet) in force.

    `seal`: room for a seal over the signature. `printed_by` and `printed_on` close the block of copies.
    """

    kind: str
    head: str
    number: str
    title: str
    addressee: str
    blocks: tuple[Block, ...]
    signer: str = ""
    signed_on: date | None = None
    attachments: tuple[str, ...] = ()
    copy_to: tuple[str, ...] = ()
    note: str = ""
    seal: bool = True
    mark: str = ""
    printed_by: str = ""
    printed_on: date | None = None


def _breadth(text: str) -> int:
    return sum(1 if char.isascii() else 2 for char in text)


def document_number(code: str, year: int, serial: int) -> str:
    """Return a number as GB/T 9704-2012 §7.2.5 wants it: full year in 〔〕, no leading zero, no 第."""
    if not 1000 <= year <= 9999 or serial < 1:  # noqa: PLR2004 - a year of four digits
        raise ValueError(f"no number of a document: {year}, {serial}")
    return f"{code}〔{year}〕{serial}号"


def say_date(day: date | None) -> str:
    """Return a date in Arabic numerals without leading zeros (GB/T 9704-2012 §7.3.5.4); empty for none."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def official_dates(text: str) -> str:
    """Return a sentence of ours with its dates as `say_date` writes them; the day of the week is dropped."""
    return SHOWN_DATE.sub(lambda found: say_date(date(*map(int, found.groups()))), text)


def numeral(number: int) -> str:
    """Return a Chinese numeral for headings, 1 to 99."""
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else NUMERALS[tens]) + "十" if tens else ""
    return head + (NUMERALS[ones] if ones or not tens else "")


def lines_of(text: str) -> tuple[str, ...]:
    """Return the lines of a text that hold anything, without what cannot be printed."""
    lines = (UNPRINTABLE.sub("", line.replace("\t", " ")).strip(" \u3000") for line in LINE_ENDS.split(text))
    return tuple(line for line in lines if line)


def one_line(text: str) -> str:
    """Return a text as one line."""
    return " ".join(lines_of(text))


def head_lines(text: str) -> tuple[str, ...]:
    """Return 发文机关标志 as one line, a long one as two: broken behind the name of an office where that is near the middle."""
    head = one_line(text)
    if _breadth(head) <= 2 * LONGEST_HEAD:
        return (head,)
    middle = len(head) / 2
    ends = [found.end() for found in HEAD_ENDS.finditer(head) if found.end() < len(head)]
    near = [end for end in ends if abs(end - middle) <= len(head) / 4]
    place = min(near, key=lambda end: abs(end - middle), default=round(middle))
    return head[:place].strip(), head[place:].strip()


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """Return the paragraphs of a text."""
    return tuple(Paragraph(line) for line in lines_of(text))


def sections(*named: tuple[str, tuple[Block, ...]]) -> tuple[Block, ...]:
    """Return the sections that hold anything, numbered 一、二、三 without gaps."""
    held = [(name, blocks) for name, blocks in named if blocks]
    found: list[Block] = []
    for count, (name, blocks) in enumerate(held, 1):
        found += [Heading(f"{numeral(count)}、{name}"), *blocks]
    return tuple(found)


def numbered(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]], widths: tuple[int, ...]) -> tuple[Block, ...]:
    """Return a table whose rows are numbered from 1 under the first head, or nothing when there is no row."""
    counted = tuple((str(number), *row) for number, row in enumerate(rows, 1))
    return (Table(heads, counted, widths=widths),) if counted else ()


def plain(paper: OfficialPaper) -> dict[str, object]:
    """Return the paper as strings, lists and dictionaries alone: all that a template ever gets to see."""
    return {
        "kind": paper.kind,
        "head": "\n".join(head_lines(paper.head)),
        "number": one_line(paper.number),
        "title": one_line(paper.title),
        "addressee": one_line(paper.addressee),
        "blocks": [entry for block in paper.blocks for entry in _block(block)],
        "signer": one_line(paper.signer),
        "signed_on": say_date(paper.signed_on),
        "attachments": [one_line(name) for name in paper.attachments],
        "copy_to": "，".join(one_line(name) for name in paper.copy_to),
        "note": one_line(paper.note),
        "seal": paper.seal,
        "mark": one_line(paper.mark),
        "printed_by": one_line(paper.printed_by),
        "printed_on": say_date(paper.printed_on),
    }


def _block(block: Block) -> list[dict[str, object]]:
    if isinstance(block, Heading):
        return [{"kind": "heading", "level": block.level, "text": one_line(block.text)}]
    if isinstance(block, Table):
        columns = [one_line(name) for name in block.columns]
        rows = [[one_line(cell) for cell in row] for row in block.rows]
        if any(len(row) != len(columns) for row in rows):
            raise ValueError(f"a row of the table {block.caption} has another number of cells than the head")
        shares = list(block.shares)
        return [
            {"kind": "table", "columns": columns, "rows": rows, "caption": one_line(block.caption), "widths": shares}
        ]
    return [{"kind": "paragraph", "text": line} for line in lines_of(block.text)]
