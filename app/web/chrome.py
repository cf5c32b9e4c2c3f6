"""What stands around every page: the navigation by role, the person's own corner, today's date."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request, url_for

from app.calendar import say
from app.ledgers.cases import kept_counts, open_count
from app.people import Actor, Role
from app.web.keys import new_key, sent_before
from app.web.shell import desk

OFFICE = (Role.INSPECTOR, Role.SUPERVISOR, Role.ASSESSOR, Role.LEADER)
UNIT = (Role.HEAD, Role.LIAISON)
KEEPERS = (Role.ADMIN, Role.SECURITY)


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the navigation and the roles that see it (empty: everybody)."""

    label: str
    endpoint: str
    icon: str
    roles: tuple[Role, ...] = ()


NAVIGATION = (
    Item("我的工作台", "desk.workbench", "layout-dashboard"),
    Item("消息", "messages.messages", "bell"),
    Item("问题台账", "cases.ledger", "list-details", (*OFFICE, *UNIT)),
    Item("登记问题", "cases.new", "plus", (Role.INSPECTOR, Role.SUPERVISOR, *UNIT)),
    Item("账和清单", "lists.units", "clipboard-list", (*OFFICE, *UNIT, Role.DISCIPLINE)),
    Item("期限日历", "due.month", "calendar-due", (*OFFICE, *UNIT, Role.DISCIPLINE)),
    Item("纪检视图", "cases.review", "shield-check", (Role.DISCIPLINE,)),
    Item("三单", "slips.ledger", "file-description", (*OFFICE, *UNIT, Role.DISCIPLINE)),
    Item("分管单位", "portfolio.today", "users-group", (Role.LEADER,)),
    Item("约谈", "talks.interviews", "message", (*OFFICE, *UNIT, Role.DISCIPLINE)),
    Item("领导批示", "talks.instructions", "writing-sign", (*OFFICE, *UNIT, Role.DISCIPLINE)),
    Item("本单位得分", "scores.own_unit", "chart-bar", UNIT),
    Item("排行", "scores.ranking", "trophy", (*OFFICE, *UNIT, Role.DISCIPLINE, Role.ORGANISATION)),
    Item("督查通报", "bulletins.bulletins", "report"),
    Item("申辩", "scores.objections", "message-report", (Role.ASSESSOR, Role.LEADER)),
    Item("考核规则", "scores.rules", "book", (*OFFICE, *UNIT)),
    Item("导入反馈", "intake.start", "table-import", (Role.INSPECTOR, Role.SUPERVISOR)),
    Item("工作日历", "years.year", "calendar", (*OFFICE, *UNIT)),
    Item("人员移交", "handover.leaving", "user-check", (Role.HEAD, Role.SUPERVISOR, *KEEPERS)),
    Item("单位与人员", "people.units", "users", KEEPERS),
    Item("发送失败", "messages.dead", "alert-circle", (Role.ADMIN,)),
    Item("审计日志", "log.events", "history", (Role.AUDITOR,)),
)


def init_chrome(app: Flask) -> None:
    """Give every template the shell's data and the one-time keys."""
    app.jinja_env.globals |= {"one_time_key": new_key, "sent_before": sent_before}
    app.jinja_env.filters["say"] = say
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(lambda: {"shell": shell()})


def shell() -> dict[str, Any] | None:
    """Return the data of the frame for whoever is signed in; None for a stranger."""
    actor = desk().actor_or_none
    if actor is None:
        return None
    grant = actor.grants[0] if actor.grants else None
    return {
        "nav": navigation(actor),
        "home_url": url_for("desk.workbench"),
        "authority": _authority(actor),
        "person_key": str(actor.person_id),
        "name": actor.name,
        "unit": grant.unit_name if grant else "没有有效任职",
        "role": "、".join(dict.fromkeys(g.role_word for g in actor.grants)),
        "today": say(desk().moment.day),
        "search_url": url_for("cases.ledger") if actor.roles & {*OFFICE, *UNIT} else "",
        "password_url": url_for("account.change_password"),
        "sign_out_url": url_for("account.sign_out"),
    }


def counts_kept() -> dict[str, int] | None:
    """Return how many cases the person sees in each state, as kept; asked once for a page."""
    kept = desk().context.memory
    if "counts" not in kept:
        kept["counts"] = kept_counts(desk().session, desk().actor)
    found: dict[str, int] | None = kept["counts"]  # type: ignore[assignment]
    return found


def navigation(actor: Actor) -> list[dict[str, Any]]:
    """Return the entries that the actor's roles see, and how many cases are open where that is kept."""
    here, counts = request.endpoint, counts_kept()
    counted = {"cases.ledger": open_count(counts)} if counts is not None else {}
    return [
        {
            "label": item.label,
            "url": url_for(item.endpoint),
            "icon": item.icon,
            "count": counted.get(item.endpoint),
            "active": here == item.endpoint,
        }
        for item in NAVIGATION
        if item.endpoint in current_app.view_functions and (not item.roles or actor.roles & set(item.roles))
    ]


def _authority(actor: Actor) -> str:
    """Return the name of the authority by whose calendar and parameters the actor's lists are read."""
    grants = [grant for grant in actor.grants if grant.authority_id is not None]
    return min(grants, key=lambda grant: grant.authority_id or 0).authority_name if grants else "督考一体"
