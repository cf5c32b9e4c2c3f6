"""Names of a file that no unit bears: what each may mean, a unit or all units of a kind."""

import re
from collections import Counter
from typing import Any

from sqlalchemy import select

from app.ledgers.intake import EVERY_KIND, ImportBatch, ImportRow
from app.people import UNIT_KINDS, Unit, takes_parts, visible
from app.web.shell import desk

OF_MANY = re.compile(r"各|全[县市区体镇]|所有|有关|相关|成员单位")


def names_to_match(batch: ImportBatch) -> list[tuple[str, list[int]]]:
    """Return the unknown names of units in a file, each with the ids of the nearest units."""
    query = select(ImportRow.unmatched).where(ImportRow.batch_id == batch.id, ImportRow.verdict == "wrong")
    found: dict[str, list[int]] = {}
    for unmatched in desk().session.scalars(query.order_by(ImportRow.number)):
        for one in unmatched:
            found.setdefault(one["said"], one["near"])
    return list(found.items())


def names_shown(batch: ImportBatch) -> list[dict[str, Any]]:
    """Return the unknown names with what may be chosen for each; one that sounds like many units asks for a lead too."""
    names = names_to_match(batch)
    if not names:
        return []
    mine = Unit.authority_id == batch.authority_id, Unit.closed_on.is_(None), takes_parts()
    units = visible(Unit, desk().actor).where(*mine).order_by(Unit.position, Unit.id)
    found = list(desk().session.scalars(units))
    known, kinds = {unit.id: unit.name for unit in found}, Counter(unit.kind for unit in found)
    groups = [(kind, f"{group_word(kind)}（{count} 个）") for kind, count in ({EVERY_KIND: len(found)} | kinds).items()]
    return [
        {
            "said": said,
            "is_of_many": bool(OF_MANY.search(said)),
            "groups": groups,
            "near": [(unit_id, known[unit_id]) for unit_id in near if unit_id in known],
            "others": [(unit_id, name) for unit_id, name in known.items() if unit_id not in near],
            "units": list(known.items()),
        }
        for said, near in names
    ]


def group_word(kind: str) -> str:
    """Return the words for all units of a kind."""
    return "全部单位" if kind == EVERY_KIND else f"全部{UNIT_KINDS.get(kind, kind)}"
