"""我的工作清单: everything that waits for a person in one list by date, each thing once; it can be printed."""

from typing import Any

from flask import Blueprint, render_template, request, url_for

from app.calendar import Calendar, say_remaining
from app.ledgers.waiting import MOST
from app.ledgers.worklist import Item, work_page
from app.web.case_looks import home_authority
from app.web.policy import SIGNED_IN, route
from app.web.shell import desk
from app.web.workbench import ROWS

blueprint = Blueprint("worklist", __name__)


@route(blueprint, "/desk/list", SIGNED_IN)
def mine() -> str:
    """Show what waits for the person signed in."""
    cursor = request.args.get("after")
    page = work_page(desk().session, desk().actor, desk().moment.day, cursor)
    calendar = desk().context.calendar(home_authority(desk().actor))
    return render_template(
        "worklist.html",
        rows=[_shown(item, calendar) for item in page.items],
        name=desk().actor.name,
        day=desk().moment.day,
        late=_count(page.late),
        said=f"本页 {len(page.items)} 项，共 {_count(page.count)} 项",
        next_url=url_for("worklist.mine", after=page.next_cursor) if page.next_cursor else "",
        first_url=url_for("worklist.mine") if cursor else "",
    )


def _count(count: int) -> str:
    return f"{MOST}+" if count > MOST else str(count)


def _shown(item: Item, calendar: Calendar) -> dict[str, Any]:
    """Return a thing that waits as a row, its date and how far it is off said in one way for every kind."""
    today, due_on = desk().moment.day, item.due_on
    row = _measure(item.row) if item.kind.noun == "measures" else ROWS[item.kind.noun](item.row, calendar, today)
    tone = "" if due_on is None else "bad" if due_on < today else "warn" if due_on == today else ""
    left = say_remaining(calendar, today, due_on) if due_on else ""
    return row | {"due_on": due_on, "left": left, "tone": tone, "queues": item.queues}


def _measure(row: Any) -> dict[str, Any]:
    url = url_for("cases.case", ref=row.id)
    return {"url": url, "number": row.number or "未编号", "title": row.text, "unit": row.short_name, "state": ""}
