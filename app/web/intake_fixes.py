"""The cells of a row as they are put right: which are wrong and why, what stands in them, what was typed."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from app.ledgers.intake import CONTACT, Column, ImportRow, Layout, readable
from app.workflows.intake_correcting import cells_of, digest_of

LONG = 30  # characters from which a cell is typed into a larger box
HELD = "（已填写，不显示）"
HELD_HINT = "已填写，这里不显示；要改的重新填写，不填就保持原样"
HINTS = {
    "date": "写成 2026年3月1日、2026/3/1 或 2026.3.1",
    "unit": "写单位全称或简称；有几个的，牵头的写在最前面",
    "units": "几个单位用顿号隔开",
    "status": "是 / 否 / 长期坚持",
    "number": "只写数字",
}


def fixes_of(row: ImportRow, layout: Layout) -> list[dict[str, Any]]:
    """Return the cells that are wrong, each with its reasons; what is wrong in no cell has none."""
    cells, reasons = cells_of(row, layout), _reasons(row)
    columns = [column for column in readable(layout) if column.label in reasons]
    return [_cell(row, column, cells, cells, reasons) for column in columns]


def seen_of(row: ImportRow, layout: Layout) -> str:
    """Return by what a form tells that the row is still as it was shown."""
    return digest_of(cells_of(row, layout))


def row_form(row: ImportRow, layout: Layout, typed: Mapping[str, str]) -> dict[str, Any]:
    """Return all cells of a row, first those that are wrong or typed over; what was typed stands in them."""
    cells, reasons = cells_of(row, layout), _reasons(row)
    found = [_cell(row, column, cells, {**cells, **typed}, reasons) for column in readable(layout)]
    labels = {column.label for column in readable(layout)}
    return {
        "number": row.number,
        "serial": row.serial,
        "seen": digest_of(cells),
        "cells": sorted(found, key=lambda cell: not (cell["reason"] or cell["is_changed"])),
        "others": [f"{label}：{said}" for label, said in reasons.items() if label not in labels],
        "url": url_for("intake_rows.correct", ref=row.batch_id),
    }


def _reasons(row: ImportRow) -> dict[str, str]:
    found: dict[str, str] = {}
    for problem in row.problems:
        label = problem["column"]
        found[label] = f"{found[label]}；{problem['reason']}" if label in found else problem["reason"]
    return found


def _cell(
    row: ImportRow, column: Column, now: Mapping[str, str], words: Mapping[str, str], reasons: Mapping[str, str]
) -> dict[str, Any]:
    said, before = words.get(column.field, ""), now.get(column.field, "")
    if column.field == CONTACT:  # it is never shown here, only typed anew
        said, before = ("", "") if said in ("", before) else (said, HELD if before else "")
    doubt = next((doubt for doubt in row.doubts if doubt["column"] == column.label), None)
    return {
        "name": f"cell-{row.number}-{column.field}",
        "label": column.label,
        "said": said,
        "reason": reasons.get(column.label, ""),
        "read_as": doubt["read_as"] if doubt else "",
        "hint": HELD_HINT if column.field == CONTACT and now.get(CONTACT) else HINTS.get(column.kind, ""),
        "before": before if before != said else "",
        "is_changed": before != said,
        "is_long": len(said) > LONG or "\n" in said or column.kind == "text",
        "is_typed": column.field in row.typed,
    }
