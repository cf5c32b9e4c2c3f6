"""What is typed wrong on the command line is said in Chinese, whichever command it is."""

import re

import pytest
from flask import Flask

from app.cli.wording import HELP
from tests.cli.conftest import Command

ENGLISH = re.compile(r"[a-z]{3,} [a-z]{2,}")
WRONG = [
    (["nonsense"], "没有命令“nonsense”。"),
    (["calendar", "nonsense"], "没有命令“nonsense”。"),
    (["daily", "--bogus"], "没有选项“--bogus”。"),
    (["daily", "--confrm"], "是不是 '--confirm'？"),
    (["daily", "extra"], "多出了参数：extra"),
    (["calendar", "add"], "请填写参数 'START'"),
    (["ledger", "export", "--as", "x"], "请填写选项 '--layout'"),
    (["calendar", "add", "2026-01-01", "x"], "'COUNT' 填写有误：“x”不是有效的数字。"),
    (["calendar", "show", "1800"], "'YEAR' 填写有误：1800 超出了范围 1990<=x<=2100。"),
    (["scores", "show", "--format", "xml"], "“xml”不是可选的值，应为其中之一：'table', 'json'。"),
    (["scores", "show", "--unit"], "选项“--unit”后面要写一个值。"),
    (["scores", "show", "--unit", "没有的单位"], "--unit 填写有误：没有名称、简称或代码为“没有的单位”的单位。"),
    (["verify", "--against", "nowhere.jsonl"], "没有找到：nowhere.jsonl"),
    (["verify", "--checkpoint=1"], "选项“--checkpoint”不带值。"),
    (["ledger", "export", "--layout", "x", "--as", "y", "--from", "1"], "“1”不是有效日期，应写成 2026-02-09。"),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG, ids=[" ".join(arguments) for arguments, _ in WRONG])
def test_mistake_is_named_in_chinese_with_code_2(command: Command, arguments: list[str], said: str) -> None:
    result = command(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    usage, _, error = result.stderr.partition("错误：")
    assert error
    assert not ENGLISH.search(error)
    assert not re.search("Usage|Try|for help", usage)


@pytest.mark.parametrize("path", HELP)
def test_help_is_chinese_to_its_last_option(command: Command, path: str) -> None:
    result = command(*path.split(), "--help")
    assert result.exit_code == 0
    _, _, described = result.stdout.partition("\n")  # the usage names the command itself
    assert HELP[path].partition("\n")[0] in described
    assert not re.search(r"[a-z]+ [a-z]+ [a-z]+", described)


def test_every_command_has_its_line(application: Flask) -> None:
    shown = application.test_cli_runner().invoke(args=["--help"]).stdout
    for name in {path.split()[0] for path in HELP}:
        assert HELP[name].partition("\n")[0] in shown
