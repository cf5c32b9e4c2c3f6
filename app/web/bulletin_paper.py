"""A bulletin as an official paper, from the snapshot on record."""

from typing import Any

from app.documents.official import BulletinFacts, BulletinSection, OfficialPaper, Table, official_dates
from app.documents.official import bulletin as bulletin_paper
from app.ledgers.bulletins import Bulletin
from app.people import Unit
from app.web.bulletin_pages import HASH_SHOWN, figures_of, said_of_shares
from app.web.shell import desk


def paper_of(row: Bulletin) -> OfficialPaper:
    """Return the bulletin as an official paper."""
    figures, office = figures_of(row.snapshot), desk().session.get_one(Unit, row.authority_id).name
    parts = [BulletinSection(part["name"], "", (_table(part),)) for part in figures["partitions"]]
    listed = [
        BulletinSection(name, "" if lines else "没有。", (Table(heads, lines),) if lines else ())
        for name, heads, lines in figures["lists"]
    ]
    return bulletin_paper(
        BulletinFacts(
            office=f"{office}督查室",
            issue=row.issue,
            period=row.title.removesuffix("督查督办情况"),
            opening=opening(row),
            sections=(*parts, *listed),
            issued_on=row.issued_on,
            year=row.year,
            closing=f"特此通报。（{said_of_shares(row.snapshot)}数据摘要 {row.hash[:HASH_SHOWN]}。）",
        )
    )


def _table(part: dict[str, Any]) -> Table:
    total = ("合计", str(part["sum"]), part["share"])
    return Table(("项目", "件数", "占比"), (*part["lines"], total), widths=(12, 5, 5))


def opening(row: Bulletin) -> str:
    """Return the first words of a bulletin: what was counted, and as of when."""
    total = row.snapshot["total"]
    counts = {part["name"]: part["count"] for part in row.snapshot["partitions"][0]["parts"]}
    said = "，".join(f"{name} {count} 件" for name, count in counts.items())
    return official_dates(f"{row.first_on}至{row.last_on}，纳入督办的问题共 {total} 件。截至{row.as_of}，{said}。")
