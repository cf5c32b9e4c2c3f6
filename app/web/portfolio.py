"""分管单位: what a leader answers for today, each number leading to its rows, and the month's pack for print."""

from calendar import monthrange
from datetime import date
from typing import Any

from flask import Blueprint, render_template, url_for

from app.core.db import one_snapshot
from app.core.errors import Absent
from app.ledgers.cases import Horizon
from app.ledgers.portfolio import Pack, UnitLine, month_pack, portfolio_lines
from app.ledgers.scores import score_sheet
from app.ledgers.slips.words import SLIP_STATES
from app.ledgers.talks.words import COMMITMENT_STATES, INTERVIEW_KINDS, INTERVIEW_STATES
from app.people import Role
from app.web.case_looks import home_authority, horizon
from app.web.policy import only, route
from app.web.shell import desk

blueprint = Blueprint("portfolio", __name__)
LEADERS = only(Role.LEADER)
EARLIEST = 2000
COLUMNS: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    ("open", "在办", "cases.ledger", {"part": "lead"}),
    ("soon", "即将到期", "cases.ledger", {"part": "lead", "when": "soon"}),
    ("overdue", "已逾期", "cases.ledger", {"part": "lead", "when": "overdue"}),
    ("to_sign", "待签发单据", "slips.ledger", {"state": "draft"}),
    ("instructions", "批示在办", "talks.instructions", {}),
    ("interviews", "约谈在办", "talks.interviews", {}),
    ("promised", "承诺未完成", "talks.interviews", {"state": "recorded"}),
)


@route(blueprint, "/portfolio", LEADERS)
def today() -> str:
    """Show the units of the actor's portfolio as they stand."""
    days, units = _days(), desk().actor.portfolio
    with one_snapshot(desk().session) as session:
        lines = portfolio_lines(session, desk().actor, units, days)
        ranks = _ranks(session)
    return render_template("portfolio/today.html", heads=COLUMNS, **_table(lines, ranks), months=_months(days.today))


@route(blueprint, "/portfolio/<month>", LEADERS)
def month(month: str) -> str:
    """Show the pack of a month, computed from one snapshot."""
    return render_template("portfolio/month.html", page=pack_data(month))


def pack_data(month: str) -> dict[str, Any]:
    """Return the pack of a month of the actor's portfolio; Absent for what is no month that has begun."""
    days, period = _days(), period_of(month, desk().moment.day)
    with one_snapshot(desk().session) as session:
        pack = month_pack(session, desk().actor, desk().actor.portfolio, period, days)
        ranks = _ranks(session)
    return {
        "month": f"{period[0].year} 年 {period[0].month} 月",
        "leader": desk().actor.name,
        "as_of": days.today,
        "counted": counted(str(days.today)),
        "is_running": period[1] >= days.today,
        "units": [_month_line(line, pack, ranks) for line in pack.lines],
        "lists": _lists(pack),
        "papers": [
            (label, url_for("talk_papers.month_paper", month=month, form=form))
            for label, form in (("PDF", "pdf"), ("Word", "docx"))
        ],
    }


def counted(day: str) -> str:
    """Say what of a pack is of its month, and what as of the day of making: states of earlier days are not kept."""
    return f"交办、销号、签发和得分变动按当月日期统计；逾期、得分、名次和各项状态截至生成之日（{day}），取自同一时点。"


def period_of(month: str, today: date) -> tuple[date, date]:
    """Return the first and last day of a month written 2026-03; Absent for anything else and for what lies ahead."""
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise Absent from None
    if len(month) != len("2026-03") or first > today or first.year < EARLIEST:
        raise Absent
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def _days() -> Horizon:
    return horizon(home_authority(desk().actor))


def _ranks(session: Any) -> dict[int, Any]:
    authority_id, day = home_authority(desk().actor), desk().moment.day
    calendar = desk().context.calendar(authority_id)
    sheet = score_sheet(session, desk().actor, authority_id, day.year, day, calendar, with_forecast=False)
    return {line.unit_id: line for line in sheet}


def _table(lines: list[UnitLine], ranks: dict[int, Any]) -> dict[str, Any]:
    rows = [
        {
            "unit": line.unit,
            "url": url_for("lists.of_unit", ref=line.unit_id, which="problems"),
            "cells": [
                (label, line[key], _address(endpoint, line.unit_id, kept)) for key, label, endpoint, kept in COLUMNS
            ],
            "late": line["late"],
            **_score(line.unit_id, ranks),
        }
        for line in lines
    ]
    sums = [(label, sum(line[key] for line in lines)) for key, label, _, _ in COLUMNS]
    return {"rows": rows, "sums": sums}


def _score(unit_id: int, ranks: dict[int, Any]) -> dict[str, Any]:
    line = ranks.get(unit_id)
    return {
        "total": line.total if line else None,
        "rank": f"{line.group.name} {line.rank}" if line and line.group and line.rank else "",
        "score_url": url_for("scores.unit", ref=unit_id),
    }


def _address(endpoint: str, unit_id: int, kept: dict[str, str]) -> str:
    args: dict[str, Any] = {"unit": unit_id, **kept}
    return url_for(endpoint, **args)


def _months(today: date) -> list[tuple[str, str]]:
    """Return the months of the year so far, and the last one of the year before, newest first."""
    found = [(today.year, number) for number in range(today.month, 0, -1)] + [(today.year - 1, 12)]
    return [(f"{y} 年 {m} 月", url_for("portfolio.month", month=f"{y}-{m:02d}")) for y, m in found]


def _month_line(line: UnitLine, pack: Pack, ranks: dict[int, Any]) -> dict[str, Any]:
    points, count = pack.points.get(line.unit_id, (None, 0))
    counts = {name: sum(1 for row in getattr(pack, name) if row.unit == line.unit) for name in ("came_in", "closed")}
    return {"unit": line.unit, **counts, "overdue": line["overdue"], "points": points, "entries": count} | _score(
        line.unit_id, ranks
    )


def _lists(pack: Pack) -> list[dict[str, Any]]:
    """Return each list of the pack: its name, its heads and its rows of (words, address)."""
    return [
        _list("本月交办", ("编号", "问题", "牵头单位", "交办日期"), [_case(row) for row in pack.came_in]),
        _list("本月销号", ("编号", "问题", "牵头单位", "销号日期"), [_case(row) for row in pack.closed]),
        _list("逾期未整改", ("编号", "问题", "牵头单位", "整改期限"), [_case(row) for row in pack.overdue]),
        _list("本月签发的三单", ("编号", "单据", "单位", "签发日期", "状态"), [_slip(row) for row in pack.slips]),
        _list("批示未回复", ("批示", "回复单位", "回复期限"), [_wish(row) for row in pack.instructions]),
        _list("约谈", ("编号", "种类", "单位", "约谈日期", "状态"), [_talk(row) for row in pack.interviews]),
        _list(
            "未完成的约谈承诺",
            ("承诺事项", "责任人", "单位", "完成时限", "状态"),
            [_promise(row) for row in pack.commitments],
        ),
    ]


def _list(name: str, heads: tuple[str, ...], rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"name": name, "heads": heads, "rows": rows}


def _case(row: Any) -> dict[str, Any]:
    words = (row.number or "未编号", row.title, row.unit, str(row.on))
    return {"url": url_for("cases.case", ref=row.id), "words": words}


def _slip(row: Any) -> dict[str, Any]:
    words = (row.number or "未编号", row.name, row.unit, str(row.on), SLIP_STATES[row.state])
    return {"url": url_for("slips.slip", ref=row.id), "words": words}


def _wish(row: Any) -> dict[str, Any]:
    return {"url": url_for("talks.instruction", ref=row.id), "words": (row.text, row.unit, str(row.due_on))}


def _talk(row: Any) -> dict[str, Any]:
    on = str(row.held_on or row.planned_on or "未定")
    words = (row.number or "未编号", INTERVIEW_KINDS[row.kind], row.unit, on, INTERVIEW_STATES[row.state])
    return {"url": url_for("talks.interview", ref=row.id), "words": words}


def _promise(row: Any) -> dict[str, Any]:
    words = (row.text, row.person, row.unit, str(row.due_on), COMMITMENT_STATES[row.state])
    return {"url": url_for("talks.interview", ref=row.interview_id), "words": words}
