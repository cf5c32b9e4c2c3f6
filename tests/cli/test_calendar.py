"""`flask calendar` answers without a database."""

import pytest
from click.testing import CliRunner

from app.cli.calendar import calendar_cli


@pytest.mark.parametrize(
    ("arguments", "printed"),
    [
        (["add", "2026-02-09", "5"], "2026-02-14\n"),
        (["add", "2026-02-09", "10"], "2026-02-28\n"),
        (["count", "2024-09-29", "2024-10-09"], "4\n"),
        (["count", "2024-10-09", "2024-10-09"], "1\n"),
    ],
)
def test_the_answer_is_printed_bare(arguments: list[str], printed: str) -> None:
    result = CliRunner().invoke(calendar_cli, arguments)
    assert (result.exit_code, result.stdout, result.stderr) == (0, printed, "")


def test_provisional_answer_says_so_beside_the_answer() -> None:
    result = CliRunner().invoke(calendar_cli, ["add", "2026-12-30", "3"])
    assert (result.exit_code, result.stdout) == (0, "2027-01-04\n")
    assert "暂定：2027 年" in result.stderr


def test_year_is_shown_with_its_notice() -> None:
    result = CliRunner().invoke(calendar_cli, ["show", "2026"])
    lines = result.stdout.splitlines()
    assert lines[0] == "国务院办公厅关于2026年部分节假日安排的通知"
    assert "2026-02-14（周六） 班 春节" in lines
    assert lines[-1] == "全年 248 个工作日"


def test_unknown_year_is_not_guessed() -> None:
    result = CliRunner().invoke(calendar_cli, ["show", "2027"])
    assert result.exit_code == 1
    assert "尚未收录" in result.stderr


def test_impossible_date_is_refused_in_words() -> None:
    result = CliRunner().invoke(calendar_cli, ["add", "2026-02-30", "5"])
    assert result.exit_code == 2
    assert "“2026-02-30”不是有效日期，应写成 2026-02-09。" in result.stderr


def test_days_the_wrong_way_round_are_refused_in_words() -> None:
    result = CliRunner().invoke(calendar_cli, ["count", "2024-10-09", "2024-09-29"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "2024-09-29 早于 2024-10-09，请先写较早的日期。" in result.stderr


def test_date_beyond_the_calendar_is_refused_in_words() -> None:
    result = CliRunner().invoke(calendar_cli, ["add", "9999-12-30", "5"])
    assert result.exit_code == 1
    assert "超出了可表示的日期范围" in result.stderr
