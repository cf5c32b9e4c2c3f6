"""A small ledger of an office, row by row, and what a person does with it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import func, select

from app.audit import Event
from app.core.sheet import Cell
from app.ledgers.cases import Case
from app.ledgers.intake import ImportBatch, ImportRow, SheetReading, find_layout, read_rows
from app.people import visible
from app.workflows import Context
from app.workflows.intake import FileFacts, apply_import, begin_reading, choose_rows, preview_import
from tests.people import Cast

HEAD = (
    "序号",
    "反馈来源",
    "反馈问题",
    "整改目标",
    "牵头单位",
    "配合单位",
    "反馈时间",
    "整改时限",
    "整改进展",
    "是否完成",
)
GOOD = (
    1,
    "专项督查",
    "河道垃圾堆积，无人清理。",
    "河道无垃圾",
    "县住建局",
    "东山镇、西河镇",
    "2026年2月2日",
    "2026年6月30日",
    "",
    "否",
)
SELF = (2, "自查", "楼道堆物", "清理", "县水利局", "", "2026/2/3", "2026.4.20", "已清一半", "否")
DOUBTFUL = (3, "审计反馈", "决算滞后", "完成决算", "东山镇", "", "2月4日", "2026年4月底前", "", "否")
IMPOSSIBLE = (4, "信访", "无证经营", "取缔", "西河镇", "", "2026年2月30日", "2026年5月1日", "", "否")
UNKNOWN = (5, "专项督查", "水渠坍塌", "修复", "县水务站", "", "2026年2月5日", "2026年5月20日", "", "否")
TWICE = (6, *GOOD[1:8], "另有进展", "否")
ROWS = (GOOD, SELF, DOUBTFUL, IMPOSSIBLE, UNKNOWN, TWICE)
FILE = FileFacts("0123.xlsx", "ab" * 32, 1234, "整改台账")
MESSAGES = ("留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "一级标签", "反对数", "点赞数")


def ledger(*rows: Sequence[Cell]) -> SheetReading:
    """Read a ledger of these rows, filled in on 2026-02-20."""
    above = (("填报日期：2026年2月20日", *[None] * (len(HEAD) - 1)), HEAD)
    return read_rows(find_layout("整改台账"), (*above, *(rows or ROWS)))


def messages(*rows: Sequence[Cell]) -> SheetReading:
    """Read an export of citizens' messages."""
    return read_rows(find_layout("网络问政"), (MESSAGES, *rows))


def hand_in(cast: Cast, reading: SheetReading, who: str = "supervisor", **facts: Any) -> int:
    """Preview a ledger and return the id of the import."""
    with cast.begin(who) as (session, actor):
        context = Context(session, actor, cast.clock.now())
        authority = actor.grants[0].authority_id
        assert authority is not None
        batch = begin_reading(context, authority, reading.layout, "台账.xlsx")
        preview_import(context, batch, reading, replace(FILE, **facts))
        return batch.id


def choose(cast: Cast, batch_id: int, *numbers: int, who: str = "supervisor") -> None:
    """Confirm these rows, and no others."""
    with cast.begin(who) as (session, actor):
        batch = session.scalars(visible(ImportBatch, actor).where(ImportBatch.id == batch_id)).one()
        choose_rows(Context(session, actor, cast.clock.now()), batch, batch.version, range(100), numbers)


def take_over(cast: Cast, batch_id: int, version: int | None = None, who: str = "supervisor") -> Counter[str]:
    """Apply an import and return its outcomes."""
    with cast.begin(who) as (session, actor):
        batch = session.scalars(visible(ImportBatch, actor).where(ImportBatch.id == batch_id)).one()
        return apply_import(Context(session, actor, cast.clock.now()), batch, version or batch.version)


def verdicts(cast: Cast, batch_id: int) -> list[str]:
    """Return what each row of an import was held to be."""
    return [row.verdict for row in rows_of(cast, batch_id)]


def rows_of(cast: Cast, batch_id: int) -> list[ImportRow]:
    """Return the rows of an import."""
    with cast.database.session(read_only=True) as session:
        query = select(ImportRow).where(ImportRow.batch_id == batch_id).order_by(ImportRow.number)
        return list(session.scalars(query))


def count(cast: Cast, model: type) -> int:
    """Return how many rows a table has."""
    with cast.database.session(read_only=True) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def cases(cast: Cast) -> list[Case]:
    """Return every case."""
    with cast.database.session(read_only=True) as session:
        return list(session.scalars(select(Case).order_by(Case.id)))


def events(cast: Cast, kind: str) -> list[Event]:
    """Return the events of a kind."""
    with cast.database.session(read_only=True) as session:
        return list(session.scalars(select(Event).where(Event.kind == kind).order_by(Event.id)))


def changed(row: Sequence[Cell], **cells: Cell) -> tuple[Cell, ...]:
    """Return a row with other words in the columns named by their place (c7="…")."""
    return tuple(cells.get(f"c{place}", value) for place, value in enumerate(row))
