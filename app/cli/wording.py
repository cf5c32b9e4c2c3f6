"""What click itself says to an operator, in Chinese: one catalogue for every command."""

from typing import Any

import click

WORDS = {
    "Usage:": "用法：",
    "Options": "选项",
    "Commands": "命令",
    "Show this message and exit.": "显示这些说明。",
    "Aborted!": "已中止。",
    "Try '{command} {option}' for help.": "用法说明见 {command} {option}",
    "Error: {message}": "错误：{message}",
    "No such command {name!r}.": "没有命令“{name}”。",
    "No such option {name!r}.": "没有选项“{name}”。",
    "Did you mean {possibility}?": "是不是 {possibility}？",
    "(Did you mean one of: {possibilities}?)": "（是不是其中之一：{possibilities}？）",
    "Missing command.": "请写出命令。",
    "Missing argument": "请填写参数",
    "Missing option": "请填写选项",
    "Missing parameter": "请填写参数",
    "Missing {param_type}": "请填写 {param_type}",
    "Missing parameter: {param_name}": "请填写参数：{param_name}",
    "Choose from:\n\t{choices}": "可选：{choices}",
    "Invalid value: {message}": "填写有误：{message}",
    "Invalid value for {param_hint}: {message}": "{param_hint} 填写有误：{message}",
    "Got unexpected extra argument ({args})": "多出了参数：{args}",
    "Got unexpected extra arguments ({args})": "多出了参数：{args}",
    "Option {name!r} does not take a value.": "选项“{name}”不带值。",
    "Option {name!r} requires an argument.": "选项“{name}”后面要写一个值。",
    "Option {name!r} requires {nargs} arguments.": "选项“{name}”后面要写 {nargs} 个值。",
    "Argument {name!r} takes {nargs} values.": "参数“{name}”要写 {nargs} 个值。",
    "Takes {nargs} values but 1 was given.": "要写 {nargs} 个值，只写了 1 个。",
    "Takes {nargs} values but {len} were given.": "要写 {nargs} 个值，写了 {len} 个。",
    "{value!r} is not {choice}.": "“{value}”不是可选的值，应为 {choice}。",
    "{value!r} is not one of {choices}.": "“{value}”不是可选的值，应为其中之一：{choices}。",
    "{value!r} is not a valid {number_type}.": "“{value}”不是有效的数字。",
    "{value} is not in the range {range}.": "{value} 超出了范围 {range}。",
    "{value!r} does not match the format {format}.": "“{value}”不是有效日期，应写成 2026-02-09。",
    "{value!r} does not match the formats {formats}.": "“{value}”不是有效日期，应写成 2026-02-09。",
    "{name} {filename!r} does not exist.": "没有找到：{filename}",
    "{name} {filename!r} is a file.": "{filename} 是文件，这里要写文件夹。",
    "{name} {filename!r} is a directory.": "{filename} 是文件夹，这里要写文件。",
    "{name} {filename!r} is not readable.": "不能读取：{filename}",
    "{name} {filename!r} is not writable.": "不能写入：{filename}",
    "Could not open file {filename!r}: {message}": "不能打开文件 {filename}：{message}",
}
MODULES = (click.core, click.decorators, click.exceptions, click.formatting, click.parser, click.types)


def speak_chinese() -> None:
    """Give click the catalogue in place of the system's, which has no Chinese for it; what is not in it stays as it is."""
    for module in MODULES:
        own: dict[str, Any] = vars(module)
        own |= {name: say for name, say in (("_", _one), ("ngettext", _many)) if name in own}


def _one(words: str) -> str:
    return WORDS.get(words, words)


def _many(one: str, many: str, count: int) -> str:
    return _one(one if count == 1 else many)
