"""我的工作台: what waits for me, until when, one click from the act."""

from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from app.calendar import Calendar, say_remaining
from app.core.errors import Absent
from app.ledgers.cases.words import CHECKED_STATES, STATES, WORKING_STATES
from app.ledgers.messages import MESSAGE_KINDS, Message
from app.ledgers.scores import DailyRun, RuleSet
from app.ledgers.scores.words import REVERSAL_STATES, RULE_SET_STATES
from app.ledgers.waiting import MOST, Waiting, count_late, waiting_for, whole_queue
from app.people import Actor, Role, authorities_of, visible
from app.web.policy import SIGNED_IN, route
from app.web.shell import desk
from app.web.slip_looks import clock_of, slip_state
from app.web.talk_looks import TALK_ROWS

blueprint = Blueprint("desk", __name__)
NEWS, SOON = 12, 3
SIGNED_AT_ONCE = ("issue", "issue_leader")
WORDS = {"slips": "张"}


@route(blueprint, "/", SIGNED_IN)
def home() -> Response:
    """Lead to the workbench."""
    return redirect(url_for("desk.workbench"))


@route(blueprint, "/desk", SIGNED_IN)
def workbench() -> str:
    """Show the queues of the person's roles, the news of the unit and what the office must know."""
    actor, day = desk().actor, desk().moment.day
    waiting = list(waiting_for(desk().session, actor, day))
    queues = [_shown(found, actor) for found in waiting]
    return render_template(
        "workbench.html",
        queues=queues,
        urgent=_urgent(actor, day, waiting),
        news=_news(actor),
        notices=_notices(actor),
        has_roles=bool(actor.grants),
        can_log=bool(actor.roles & {Role.INSPECTOR, Role.SUPERVISOR, Role.LIAISON, Role.HEAD}),
    )


def _urgent(actor: Actor, day: date, waiting: list[Waiting]) -> str:
    """Return how much of what waits is late, of every kind, all of it and each once."""
    kinds = dict.fromkeys(found.queue.of for found in waiting)
    count = count_late(desk().session, actor, day, kinds)
    return f"{MOST}+" if count > MOST else str(count or "")


@route(blueprint, "/desk/<key>", SIGNED_IN)
def queue(key: str) -> str:
    """Show one queue whole."""
    found = whole_queue(desk().session, desk().actor, desk().moment.day, key)
    if found is None:
        raise Absent
    return render_template("queue.html", queue=_shown(found, desk().actor), shown=len(found.rows))


def _shown(found: Waiting, actor: Actor) -> dict[str, Any]:
    authority_id = next(iter(authorities_of(actor)))
    calendar, day = desk().context.calendar(authority_id), desk().moment.day
    rows = [ROWS[found.queue.of.noun](row, calendar, day) for row in found.rows]
    count = f"{MOST}+" if found.count > MOST else str(found.count)
    queue = found.queue
    url = url_for("slips.signing") if queue.key in SIGNED_AT_ONCE else ""
    return {
        "key": queue.key,
        "label": queue.label,
        "hint": queue.hint,
        "count": count,
        "rows": rows,
        "url": url,
        "unit_word": WORDS.get(queue.of.noun, "件"),
    }


def _slip_row(row: Any, calendar: Calendar, day: date) -> dict[str, Any]:
    clock = clock_of(row, calendar, day) or {"on": None, "left": "", "tone": ""}
    return {
        "url": url_for("slips.slip", ref=row.id),
        "number": row.number or row.case_number or "未编号",
        "title": f"{row.name}（{row.colour}）{row.title or ''}",
        "unit": row.unit,
        "due_on": clock["on"],
        "provisional": row.is_provisional,
        "left": clock["left"],
        "tone": clock["tone"],
        "state": slip_state(row)[0],
    }


def _case_row(row: Any, calendar: Calendar, day: date) -> dict[str, Any]:
    due_on = _due_of(row)
    return {
        "url": url_for("cases.case", ref=row.id),
        "number": row.number or "未编号",
        "title": row.title,
        "unit": row.short_name or "",
        "due_on": due_on,
        "provisional": row.due_provisional and due_on == row.due_on,
        "left": say_remaining(calendar, day, due_on) if due_on else "",
        "tone": "" if due_on is None else "bad" if due_on < day else "warn" if (due_on - day).days <= SOON else "",
        "state": STATES[row.state],
    }


def _reversal_row(row: Any, _calendar: Calendar, _day: date) -> dict[str, Any]:
    address = url_for("scores.entry", ref=row.id)
    title = row.title or "不属于任何问题的记录"
    return (
        UNDATED
        | {"url": address, "number": row.number or "未编号", "title": title, "unit": row.short_name}
        | {"state": REVERSAL_STATES[row.state]}
    )


def _rule_set_row(row: Any, _calendar: Calendar, _day: date) -> dict[str, Any]:
    address, name = url_for("scores.rule_set", ref=row.id), f"{row.year} 年考核规则，自 {row.effective_on} 起"
    return (
        UNDATED
        | {"url": address, "number": f"第 {row.number} 版", "title": name, "unit": row.short_name}
        | {"state": RULE_SET_STATES[row.state]}
    )


UNDATED = {"due_on": None, "provisional": False, "left": "", "tone": ""}
ROWS = {
    "cases": _case_row,
    "slips": _slip_row,
    "reversals": _reversal_row,
    "rule-sets": _rule_set_row,
    **TALK_ROWS,
}


def _due_of(row: Any) -> date | None:
    """Return the date that matters now: the units' deadline while they work, the office's own while it checks."""
    if row.state in WORKING_STATES:
        return row.due_on  # type: ignore[no-any-return]
    return row.check_due_on if row.state in CHECKED_STATES else None


def _news(actor: Actor) -> list[dict[str, Any]]:
    """Return the newest messages of the person's units."""
    if not actor.own_units:
        return []
    query = visible(Message, actor).order_by(Message.id.desc()).limit(NEWS)
    return [
        {
            "day": message.day,
            "words": MESSAGE_KINDS[message.kind].words,
            "url": url_for("cases.case", ref=message.case_id) if message.case_id else "",
        }
        for message in desk().session.scalars(query)
    ]


def _notices(actor: Actor) -> list[tuple[str, str]]:
    """Return what the assessors and supervisors must know: no rules for the year, an unknown year, a job behind."""
    offices = actor.authorities(Role.ASSESSOR, Role.SUPERVISOR)
    if not offices:
        return []
    session, day, found = desk().session, desk().moment.day, []
    for authority_id in sorted(offices):
        has_rules = RuleSet.authority_id == authority_id, RuleSet.year == day.year, RuleSet.state == "approved"
        if not session.scalar(select(func.count()).select_from(RuleSet).where(*has_rules)):
            found.append(("warn", f"{day.year} 年还没有批准的考核规则，不会产生拟扣。请考核办起草、领导批准。"))
        if not desk().context.calendar(authority_id).knows(day.year):
            found.append(("warn", f"{day.year} 年工作日历尚未导入，期限均为暂定，不会产生拟扣。请考核办导入。"))
    last = session.scalar(select(func.max(DailyRun.day)))
    if last is None or last < day:
        said = f"每日结算只到 {last}" if last else "每日结算还没有运行过"
        found.append(("info", f"{said}，今天的逾期和拟扣可能尚未更新。请联系系统管理员检查后台任务。"))
    return found
