"""What click itself says to an operator, and the help of each command, in Chinese: one catalogue for every command."""

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
HELP = {
    "calendar": "按国务院节假日安排计算工作日。",
    "calendar add": "显示 START 之后第 COUNT 个工作日（START 当天不计）。",
    "calendar count": "显示 FIRST 至 LAST 的工作日数，首尾都计。",
    "calendar show": "列出 YEAR 年的放假日和调休上班日。",
    "daily": "逐日结算到指定日期，每天一行。",
    "demo": "载入演示数据。",
    "demo load": "在空数据库里载入演示县“云岭县”的一个季度。",
    "docs": "按流转表重写 docs/workflows（不需要数据库）。",
    "finding": "台账检索用的字词和计数。",
    "finding rebuild": "按现有问题重建检索字词和计数，期间其他写入须等待。",
    "ledger": "台账的导入、撤销和导出。",
    "ledger import": "读取台账文件 FILE，逐行说明新增、变更、疑似重复或有误。\n\n"
    "不加 --apply 只试读。待核对的行不导入，除非用 --take 写明行号，或加 --take-doubtful 全部导入。",
    "ledger reverse": "撤销一次导入，BATCH 是导入页面网址里的编号。\n\n问题作废，不删除。",
    "ledger export": "导出某人能看到的台账，与在页面上导出一样留有记录。",
    "people": "只能由运维人员办理的账号和单位事项。",
    "people reset": "清除 USERNAME 的密码和第二验证，显示一次性验证码。\n\n验证码只显示这一次。",
    "people authority": "让代码为 CODE 的单位（如乡镇）对下级自行督办和考核。",
    "scores": "得分、位次和得分记录。",
    "scores show": "列出各单位的组别、位次、得分、预测和得分记录。",
    "verify": "核对保护措施、事件链、得分、规则和佐证，每项一行。\n\n有不符时以状态 1 结束，并指出第一处。",
    "worker": "后台任务：每日结算、发送、导出和批量办理，直到收到结束信号。",
}
MODULES = (click.core, click.decorators, click.exceptions, click.formatting, click.parser, click.types)


def speak_chinese() -> None:
    """Give click the catalogue in place of the system's, which has no Chinese for it; what is not in it stays as it is."""
    for module in MODULES:
        own: dict[str, Any] = vars(module)
        own |= {name: say for name, say in (("_", _one), ("ngettext", _many)) if name in own}


def help_in_chinese(command: click.Command, path: str) -> None:
    """Give a command, and those of its group, the words its --help shows; a docstring speaks to who reads the code."""
    command.help = HELP[path]
    if isinstance(command, click.Group):
        for name, part in command.commands.items():
            help_in_chinese(part, f"{path} {name}")


def _one(words: str) -> str:
    return WORDS.get(words, words)


def _many(one: str, many: str, count: int) -> str:
    return _one(one if count == 1 else many)
