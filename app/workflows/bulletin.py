"""The bulletin workflow (督查通报): computed from one snapshot, issued when its parts add up, then never changed."""

import hashlib
import json
from typing import Any

from app.core.db import one_snapshot
from app.ledgers.bulletins import Bulletin, snapshot_faults, take_snapshot
from app.ledgers.bulletins.words import BULLETIN_STATES
from app.people import Role
from app.workflows.context import Context
from app.workflows.engine import NEW, STAYS, Attempt, Need, Transition, Workflow
from app.workflows.needs import REASON
from app.workflows.numbering import next_serial

INSPECTORS, SIGNERS = (Role.INSPECTOR, Role.SUPERVISOR), (Role.SUPERVISOR, Role.LEADER)
LONGEST_TITLE, MOST_DAYS = 60, 366
FIGURES = (
    Need("title", "标题", "line", hint="例如 3 月份督查督办情况"),
    Need("first_on", "统计起始日期", "date"),
    Need("last_on", "统计截止日期", "date"),
)


def new_bulletin(context: Context, authority_id: int) -> Bulletin:
    """Make the blank row of a bulletin."""
    day, person_id = context.day, context.actor.person_id
    return Bulletin(
        authority_id=authority_id, title="", first_on=day, last_on=day, as_of=day, state="", drafted_by_id=person_id
    )


def period_is_sound(attempt: Attempt) -> dict[str, str]:
    """The period has begun and ended in order, is no longer than a year, and does not reach into the future."""
    form = attempt.form
    if len(form["title"]) > LONGEST_TITLE:
        return {"title": f"标题最多 {LONGEST_TITLE} 字。"}
    if form["last_on"] > attempt.context.day:
        return {"last_on": "统计截止日期不能晚于今天。"}
    if form["first_on"] > form["last_on"]:
        return {"first_on": "统计起始日期不能晚于截止日期。"}
    if (form["last_on"] - form["first_on"]).days >= MOST_DAYS:
        return {"first_on": "统计期间不能超过一年。"}
    return {}


def put_period(attempt: Attempt) -> None:
    """Put down what period the bulletin is about, and its figures."""
    row, form = attempt.row, attempt.form
    row.title, row.first_on, row.last_on = form["title"], form["first_on"], form["last_on"]
    compute(attempt)


def compute(attempt: Attempt) -> None:
    """Compute the figures anew from one snapshot of what is on record today."""
    row: Bulletin = attempt.row
    row.as_of = attempt.context.day
    period, calendar = (row.first_on, row.last_on), attempt.context.calendar(row.authority_id)
    with one_snapshot(attempt.session) as session:
        row.snapshot = take_snapshot(session, row.authority_id, period, row.as_of, calendar)
    row.hash = attempt.data["hash"] = snapshot_hash(row.snapshot)


def snapshot_hash(snapshot: dict[str, Any]) -> str:
    """Return the hash of a snapshot's canonical text; printed on every bulletin."""
    canonical = json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def adds_up(attempt: Attempt) -> str | None:
    """A bulletin whose parts do not add up to its total, or whose shares do not round to 100, is not issued."""
    found = snapshot_faults(attempt.row.snapshot)
    return f"数字核对不上，不能印发：{'；'.join(found)}" if found else None


def hash_holds(attempt: Attempt) -> str | None:
    """What is issued is what was computed."""
    row: Bulletin = attempt.row
    return None if snapshot_hash(row.snapshot) == row.hash else "通报数字与哈希不符，不能印发。请重新计算。"


def is_of_today(attempt: Attempt) -> str | None:
    """Figures of an earlier day are computed anew before they go out."""
    row: Bulletin = attempt.row
    return None if row.as_of == attempt.context.day else f"数字是 {row.as_of} 计算的，请先重新计算再印发。"


def number_issue(attempt: Attempt) -> None:
    """Give the number of the authority and year and the signature, before the row freezes."""
    row, day = attempt.row, attempt.context.day
    row.year, row.issue = day.year, next_serial(attempt.session, row.authority_id, "bulletin", day.year)
    row.issued_on, row.signed_by_id = day, attempt.actor.person_id
    attempt.data |= {"issue": row.issue, "hash": row.hash}


BULLETIN = Workflow(
    "bulletin",
    "督查通报",
    Bulletin,
    BULLETIN_STATES,
    [
        Transition(
            "draft", "起草通报", (NEW,), "draft", INSPECTORS, (), (), FIGURES, (period_is_sound,), before=(put_period,)
        ),
        Transition("compute", "重新计算", ("draft",), STAYS, INSPECTORS, before=(compute,)),
        Transition(
            "issue",
            "印发",
            ("draft",),
            "issued",
            SIGNERS,
            (adds_up, hash_holds, is_of_today),
            before=(number_issue,),
            is_grave=True,
        ),
        Transition("drop", "弃用草稿", ("draft",), "dropped", INSPECTORS, needs=(REASON,)),
    ],
    units_of=lambda _bulletin: frozenset(),
)
