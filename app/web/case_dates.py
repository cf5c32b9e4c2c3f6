"""Why a deadline falls on its date: every day from sending to deadline, counted or off, and by which notice."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from app.calendar import Calendar, DayReason, Limit, explain, say
from app.ledgers.cases import Deadline
from app.ledgers.cases.words import DEADLINE_CAUSES

MARKS = {"weekend": "休", "holiday": "假", "worked_weekend": "班", "local": "本地"}
MOST_WEEKS = 60


class Cell(NamedTuple):
    """One day of the weeks: its words, its running number if it counts, else why it is off."""

    day: date
    label: str
    counted: int
    mark: str
    name: str


@dataclass(frozen=True, slots=True)
class Why:
    """The reasons for one deadline as a page shows them: sentences, weeks of days, and the notices that made a difference."""

    said: list[str]
    weeks: list[list[Cell | None]]
    notices: list[str]
    provisional: bool


def why_this_date(calendar: Calendar, deadline: Deadline) -> Why:
    """Explain a deadline as it was set."""
    start = deadline.counted_from or deadline.recorded_on
    limit = Limit.parse(deadline.limit) if deadline.limit else None
    found = explain(calendar, start, deadline.due_on, limit)
    said = [_how(deadline, start, found.counted)]
    if deadline.stated_on and deadline.stated_on != deadline.due_on:
        said.append(f"原定的 {say(deadline.stated_on)} 是休息日，顺延到其后第一个工作日 {say(deadline.due_on)}。")
    if found.provisional:
        years = "、".join(str(year) for year in found.unknown_years)
        said.append(f"{years} 年工作日历尚未导入，暂按周一至周五计；导入后会重新计算，期间不产生拟扣。")
    notices = [
        f"{span.word}：{_days(span.first, span.last)} {span.name}（{span.notice}）"
        for span in found.spans()
        if span.notice
    ]
    return Why(said, _weeks(found.days) if start < deadline.due_on else [], notices, found.provisional)


def history(deadlines: list[Deadline]) -> list[dict[str, Any]]:
    """Return every deadline as it was set, oldest first."""
    return [
        {
            "due_on": row.due_on,
            "recorded_on": row.recorded_on,
            "effective_on": row.effective_on,
            "cause": DEADLINE_CAUSES.get(row.cause, row.cause),
            "stated_on": row.stated_on,
            "provisional": row.provisional,
        }
        for row in deadlines
    ]


def _how(deadline: Deadline, start: date, counted: int) -> str:
    if deadline.limit:
        return f"从 {say(start)} 的次日起算 {deadline.limit}，到 {say(deadline.due_on)} 为止（交办当天不计）。"
    if deadline.due_on < start:
        return f"由督查室直接指定为 {say(deadline.due_on)}，早于记录当天。"
    return f"由督查室直接指定为 {say(deadline.stated_on or deadline.due_on)}；从 {say(start)} 的次日算起共 {counted} 个工作日。"


def _weeks(days: tuple[DayReason, ...]) -> list[list[Cell | None]]:
    """Lay the days out in weeks from Monday; the running number stands on each day that counts."""
    cells: list[Cell | None] = [None] * days[0].day.weekday()
    counted = 0
    for at, reason in enumerate(days):
        counted += reason.counted
        day = reason.day
        label = f"{day.month}月{day.day}日" if day.day == 1 or at == 0 else str(day.day)
        mark = "" if reason.kind == "counted" else MARKS[reason.kind]
        cells.append(Cell(day, label, counted if reason.counted else 0, mark, reason.name))
    cells += [None] * (-len(cells) % 7)
    return [cells[at : at + 7] for at in range(0, len(cells), 7)][:MOST_WEEKS]


def _days(first: date, last: date) -> str:
    return say(first) if first == last else f"{say(first)}至{say(last)}（{(last - first + timedelta(days=1)).days} 天）"
