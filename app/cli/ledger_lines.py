"""What `flask ledger import` says of the rows of a file: counts, what is wrong, what must be confirmed, what was left out."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.ledgers.intake import Layout, SheetReading
from app.ledgers.intake.words import OUTCOMES, VERDICTS
from app.workflows.judging import Judged

MOST_LINES, MOST_NAMED = 200, 30


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for on the command line."""

    path: Path
    layout: Layout
    sheet: str | None
    matches: tuple[str, ...]
    taken: frozenset[int]
    is_doubtful_taken: bool

    def takes(self, one: Judged) -> bool:
        """Say whether a row that has to be confirmed was: by its number, or as one of the doubtful ones."""
        is_meant = self.is_doubtful_taken and one.verdict != "duplicate"
        return is_meant or one.row.reading.number in self.taken


def say_counts(judged: Iterable[Judged]) -> str:
    """Return how many rows there are of each verdict."""
    judged = list(judged)
    counts = Counter(one.verdict for one in judged)
    doubtful = sum(1 for one in judged if one.verdict == "new" and one.doubts)
    said = [f"{word} {counts[verdict]} 行" for verdict, word in VERDICTS.items() if counts[verdict]]
    return "、".join(said) + (f"；新增中有 {doubtful} 行待核对" if doubtful else "")


def say_outcomes(outcomes: Counter[str]) -> str:
    """Return what became of how many rows."""
    return "、".join(f"{word} {outcomes[outcome]} 行" for outcome, word in OUTCOMES.items() if outcomes[outcome])


def details(wanted: Wanted, judged: list[Judged], reading: SheetReading) -> Iterator[str]:
    """Name each wrong row with column and reason, each doubt, each possible duplicate, each change, and what was left out."""
    doubles = [one for one in judged if one.verdict == "duplicate"]
    taken = [one for one in doubles if wanted.takes(one)]
    doubtful = [one for one in judged if one.doubts and (one.verdict in ("new", "changed") or one in taken)]
    blocks = {
        "有误（不导入）": [f"{_row(one)} {column}：{why}" for one in judged for column, why in one.problems],
        "待核对（已指明，照样导入）": _doubts(one for one in doubtful if wanted.takes(one)),
        "待核对（不导入，核对后用 --take 行号 指明，或用 --take-doubtful 全部导入）": _doubts(
            one for one in doubtful if not wanted.takes(one)
        ),
        "可能重复（已用 --take 指明，照样导入）": [_repeated(one) for one in taken],
        "可能重复（不导入，确需导入用 --take 行号）": [_repeated(one) for one in doubles if one not in taken],
        "有变化": [f"{_row(one)} {'、'.join(one.changes or ())}" for one in judged if one.verdict == "changed"],
        "跳过的行（标题、签字栏等）": [f"第 {number} 行 {words[:40]}" for number, words in reading.passed_over],
    }
    for title, lines in blocks.items():
        if lines:
            yield f"{title}："
            yield from (f"  {line}" for line in lines[:MOST_LINES])
        if len(lines) > MOST_LINES:
            yield f"  …… 另有 {len(lines) - MOST_LINES} 行"
    if reading.unused_columns:
        yield f"这些列没有读取：{'、'.join(reading.unused_columns)}"


def left_out(wanted: Wanted, judged: Iterable[Judged]) -> Iterator[str]:
    """Say how many rows wait for a person's word, and where they stand."""
    rows = [one.row.reading.number for one in judged if one.must_be_confirmed and not wanted.takes(one)]
    if rows:
        more = "等" if len(rows) > MOST_NAMED else ""
        numbers = "、".join(str(number) for number in rows[:MOST_NAMED])
        yield f"其中 {len(rows)} 行须核对后指明，没有指明的不导入：第 {numbers} 行{more}。"


def _doubts(rows: Iterable[Judged]) -> list[str]:
    return [
        f"{_row(one)} {doubt['column']}：“{doubt['said']}”读作 {doubt['read_as']}（{doubt['why']}）"
        for one in rows
        for doubt in one.doubts
    ]


def _repeated(one: Judged) -> str:
    return f"{_row(one)} 与{f'第 {one.row.repeats} 行' if one.row.repeats else '已有的一件'}相同"


def _row(one: Judged) -> str:
    serial = one.row.reading.serial
    return f"第 {one.row.reading.number} 行" + (f"（序号 {serial}）" if serial else "")
