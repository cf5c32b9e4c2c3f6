"""`flask scores show`: what programs read, and what people read."""

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.cli.conftest import Command
from tests.story import Story

KEYS = ["unit", "group", "rank", "confirmed", "proposed", "forecast", "entries"]
ENTRY_KEYS = ["rule", "origin", "unit", "date", "points", "standing"]


def shown(command: Command, *arguments: str) -> list[dict[str, Any]]:
    """Return the sheet as JSON with decimals."""
    result = command("scores", "show", "--format", "json", *arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    rows: list[dict[str, Any]] = json.loads(result.stdout, parse_float=Decimal)
    return rows


def test_json_has_just_the_promised_names(command: Command) -> None:
    rows = shown(command)
    assert [list(row) for row in rows] == [KEYS] * 4
    assert all(list(entry) == ENTRY_KEYS for row in rows for entry in row["entries"])


def test_sum_of_the_entries_is_the_total(lived: Story, command: Command) -> None:
    for row in shown(command):
        sums: dict[str, Decimal] = {}
        for entry in row["entries"]:
            sums[entry["standing"]] = sums.get(entry["standing"], Decimal(0)) + entry["points"]
        assert row["confirmed"] == sums.get("confirmed", 0)
        assert row["proposed"] == sums.get("proposed", 0) + sums.get("contested", 0)
        code = {"县住建局": "A", "县水利局": "B", "东山镇": "T", "西河镇": "U"}[row["unit"]]
        assert (row["confirmed"], row["proposed"]) == lived.total(code)


def test_entries_of_every_standing_are_shown(command: Command) -> None:
    entries = [entry for row in shown(command) for entry in row["entries"]]
    assert {entry["standing"] for entry in entries} == {"proposed", "contested", "confirmed", "reversed"}
    assert {entry["origin"] for entry in entries} == {"case:1", "case:2", "case:3"}


def test_points_are_numbers_with_two_decimals(command: Command) -> None:
    text = command("scores", "show", "--format", "json").stdout
    assert '"points": -0.50' in text
    assert '"points": -0.05' in text


def test_ranks_are_within_the_group(command: Command) -> None:
    places = {row["unit"]: (row["group"], row["rank"]) for row in shown(command)}
    assert places == {
        "西河镇": ("乡镇组", 1),
        "东山镇": ("乡镇组", 2),
        "县水利局": ("县直部门组", 1),
        "县住建局": ("县直部门组", 2),
    }


@pytest.mark.parametrize("name", ["县住建局", "A"])
def test_unit_is_found_by_name_and_code(command: Command, name: str) -> None:
    assert [row["unit"] for row in shown(command, "--unit", name)] == ["县住建局"]


def test_unknown_unit_is_said(command: Command) -> None:
    result = command("scores", "show", "--unit", "无此单位")
    assert result.exit_code == 2
    assert "没有名称、简称或代码为“无此单位”的单位" in result.stderr


def test_year_without_rules_is_an_empty_list_and_a_word(command: Command) -> None:
    result = command("scores", "show", "--year", "2025", "--format", "json")
    assert (result.exit_code, json.loads(result.stdout)) == (0, [])
    assert "2025 年没有已批准的考核规则" in result.stderr


def test_table_is_for_people(command: Command) -> None:
    lines = command("scores", "show", "--unit", "A").stdout.splitlines()
    assert lines[0].split() == ["组别", "名次", "单位", "得分", "已确认", "拟扣", "年底预测"]
    assert lines[1].split()[:3] == ["县直部门组", "2", "县住建局"]
    assert any(line.endswith("冲销") for line in lines)
    assert any(line.endswith("申辩中") for line in lines)
