"""The data of the pages of bulletins, all of it from the snapshot on record."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import url_for

from app.core.errors import Absent
from app.ledgers.bulletins import Bulletin, best_and_worst, list_bulletins, snapshot_faults
from app.ledgers.bulletins.words import BULLETIN_STATES
from app.ledgers.scores import names_of
from app.people import Role, visible
from app.web.moves import Failed, moves_of
from app.web.score_looks import page_asked
from app.web.shell import desk

SHOWN = 30
HASH_SHOWN = 12
ROUNDED = "占比按最大余数法取一位小数，合计为 100%，与逐项四舍五入可能相差 0.1 个百分点。"
TONES = {"draft": "draft", "issued": "good", "dropped": "ended"}
UNIT_HEADS = ("责任单位", "分管领导", "总数", "已销号", "现逾期", "销号率")


def said_of_shares(snapshot: dict[str, Any]) -> str:
    """Say how the shares of a bulletin were made; of nothing there are none."""
    return ROUNDED if snapshot.get("total") else "统计期内没有问题，不计占比。"


def bulletins_data() -> dict[str, Any]:
    """Return one page of bulletins."""
    page = page_asked()
    rows = list_bulletins(desk().session, desk().actor, SHOWN + 1, page * SHOWN)
    return {
        "rows": [_row(row) for row in rows[:SHOWN]],
        "can_draft": bool(desk().actor.roles & {Role.INSPECTOR, Role.SUPERVISOR}),
        "next_url": url_for("bulletins.bulletins", page=page + 2) if len(rows) > SHOWN else "",
        "first_url": url_for("bulletins.bulletins") if page else "",
    }


def bulletin_data(bulletin_id: int, failed: Failed | None = None) -> dict[str, Any]:
    """Return one bulletin with its figures, what does not add up in them, and its moves."""
    row = find_bulletin(bulletin_id)
    people = names_of(desk().session, [row.drafted_by_id, row.signed_by_id])
    page = _row(row) | {
        "id": row.id,
        "hash": row.hash[:HASH_SHOWN],
        "rounded": said_of_shares(row.snapshot),
        "drafted_by": people.get(row.drafted_by_id, ""),
        "signed_by": people.get(row.signed_by_id or 0, ""),
        "papers": [
            (label, url_for("talk_papers.bulletin_paper", ref=row.id, form=form))
            for label, form in (("PDF", "pdf"), ("Word", "docx"))
        ],
        "faults": snapshot_faults(row.snapshot),
        **figures_of(row.snapshot),
    }
    return {"page": page, "moves": moves_of("bulletins", row, failed=failed)}


def find_bulletin(bulletin_id: int) -> Bulletin:
    """Return a bulletin the actor sees; Absent when there is none for them."""
    row = desk().session.scalars(visible(Bulletin, desk().actor).where(Bulletin.id == bulletin_id)).one_or_none()
    if row is None:
        raise Absent
    return row


def _row(row: Bulletin) -> dict[str, Any]:
    return {
        "url": url_for("bulletins.bulletin", ref=row.id),
        "number": f"{row.year} 年第 {row.issue} 期" if row.issue else "未印发",
        "title": row.title,
        "period": f"{row.first_on} 至 {row.last_on}",
        "as_of": row.as_of,
        "state": (BULLETIN_STATES[row.state], TONES[row.state]),
        "issued_on": row.issued_on,
        "is_issued": row.issued_on is not None,
    }


def figures_of(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tables of a snapshot as words."""
    best, worst = best_and_worst(snapshot["units"])
    late = tuple(
        (line["number"], line["unit"], line["due_on"], f"{line['days']} 个工作日") for line in snapshot["overdue"]
    )
    slips = tuple((line["number"], line["name"], line["unit"], line["on"]) for line in snapshot["slips"])
    return {
        "total": snapshot["total"],
        "partitions": [
            {
                "name": part["name"],
                "lines": tuple((p["name"], str(p["count"]), f"{p['share']}%") for p in part["parts"]),
                "sum": sum(p["count"] for p in part["parts"]),
                "share": f"{sum(Decimal(p['share']) for p in part['parts'])}%",
            }
            for part in snapshot["partitions"]
        ],
        "lists": [
            ("各责任单位情况", UNIT_HEADS, tuple(_unit(line) for line in snapshot["units"])),
            ("销号率居前的单位", UNIT_HEADS, tuple(_unit(line) for line in best)),
            ("销号率居后的单位", UNIT_HEADS, tuple(_unit(line) for line in worst)),
            ("逾期清单", ("编号", "责任单位", "整改期限", "已逾期"), late),
            ("本期签发的三单", ("编号", "单据", "单位", "签发日期"), slips),
        ],
    }


def _unit(line: Mapping[str, Any]) -> tuple[str, ...]:
    counts = (str(line[name]) for name in ("total", "closed", "overdue"))
    return (line["unit"], line["leader"], *counts, f"{line['rate']}%")
