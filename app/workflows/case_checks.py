"""What must hold of the words and dates in which a case is told: none found tomorrow, none longer than a ledger can show."""

from datetime import timedelta

from app.ledgers.cases.lengths import LONGEST
from app.workflows.engine import Attempt

OLDEST = timedelta(days=3660)


def found_is_not_future(attempt: Attempt) -> dict[str, str]:
    """A problem cannot have been found tomorrow, nor before anybody could still answer for it."""
    found_on, today = attempt.form.get("found_on"), attempt.context.day
    if found_on and found_on > today:
        return {"found_on": "反馈日期不能晚于今天。"}
    return {"found_on": "反馈日期过早，请核对年份。"} if found_on and found_on < today - OLDEST else {}


def check_lengths(attempt: Attempt) -> dict[str, str]:
    """Titles and texts stay within what a ledger can show and store."""
    return {
        name: f"最多 {limit} 字，现有 {len(attempt.form[name])} 字。"
        for name, limit in LONGEST.items()
        if attempt.form.get(name) and len(attempt.form[name]) > limit
    }
