"""The roster as a file: the template to fill in, its sheets read safely, and the one-time codes to hand out."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter

from app.core.errors import Invalid
from app.core.sheet import Sheet
from app.documents.workbook import UnreadableWorkbook, read_sheet
from app.ledgers.roster import TABLES, RosterTable
from app.people import ROLE_LABELS, UNIT_KINDS
from app.workflows import IssuedCode

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
ROWS = 5000
HEAD = {"bold": True, "bg_color": "#E9ECEF", "border": 1, "text_wrap": True, "valign": "vcenter"}
GUIDE = (
    "填写说明",
    "一、共三张表：单位、账号由系统管理员导入，任职由安全管理员导入；可以用同一个文件，各自上传。",
    "二、标 * 的列必须填写。不要改动表头。灰色的示例行可以删除，不删也不会导入。",
    "三、上传后先预检：每行显示新增、变更、无变化或有误（指出列和原因）。有误的行不影响其他行。确认后才写入。",
    "四、同一个文件再导入一次不会有任何变化。已有的单位按编码或名称识别，账号按用户名识别；留空的列保持原样。",
    "五、新账号没有密码。导入后生成一次性代码，只显示一次，请当场打印或下载后分发；本人凭用户名和代码设置密码。",
)
CODES = (("单位", 30), ("姓名", 14), ("用户名", 20), ("一次性代码", 26), ("有效时间（小时）", 18))


def write_template() -> bytes:
    """Return the template: a guide and one sheet for each table, all cells text."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, OPTIONS) as book:
        guide = book.add_worksheet(GUIDE[0])
        guide.set_column(0, 0, 100, book.add_format({"text_wrap": True, "valign": "top"}))
        for number, words in enumerate(GUIDE):
            guide.write_string(number, 0, words)
        for table in TABLES:
            _add_table(book, table)
    return stream.getvalue()


def _add_table(book: Any, table: RosterTable) -> None:
    sheet = book.add_worksheet(table.sheet)
    head, text = book.add_format(HEAD), book.add_format({"num_format": "@"})
    grey = book.add_format({"num_format": "@", "font_color": "#6C757D", "italic": True})
    for at, column in enumerate(table.columns):
        sheet.set_column(at, at, column.width, text)
        sheet.write_string(0, at, column.label + ("*" if column.is_needed else ""), head)
        if column.hint:
            sheet.write_comment(0, at, column.hint, {"x_scale": 2})
        if choices := _choices(column.name):
            sheet.data_validation(1, at, ROWS, at, {"validate": "list", "source": choices, "error_type": "warning"})
    for number, example in enumerate(table.examples, 1):
        for at, words in enumerate(example):
            sheet.write_string(number, at, words, grey)
    sheet.freeze_panes(1, 0)


def _choices(column: str) -> list[str]:
    if column == "kind":
        return [label for kind, label in UNIT_KINDS.items() if kind != "county"]
    return list(ROLE_LABELS.values()) if column == "role" else []


def write_codes(codes: Sequence[IssuedCode]) -> bytes:
    """Return the codes as a workbook to print and cut up; whatever a name begins with stays text."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, OPTIONS) as book:
        sheet = book.add_worksheet("一次性代码")
        head, cell = book.add_format(HEAD), book.add_format({"border": 1, "num_format": "@"})
        for at, (label, width) in enumerate(CODES):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, label, head)
        for number, code in enumerate(codes, 1):
            row = (code.unit, code.name, code.username, code.code, str(code.hours))
            for at, words in enumerate(row):
                sheet.write_string(number, at, words, cell)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_footer("&C只打印一次，分发后由本人保管；设置密码后作废。&R第 &P 页，共 &N 页")
    return stream.getvalue()


def read_roster(path: Path, filename: str, tables: Iterable[RosterTable]) -> dict[str, Sheet]:
    """Read the sheets of the file that are asked for, by the name of the table; a sheet may be absent.

    Raises UnreadableWorkbook, and Invalid when none of them is there.
    """
    found: dict[str, Sheet] = {}
    wanted = tuple(tables)
    for table in wanted:
        try:
            found[table.name] = read_sheet(path, filename=filename, sheet=table.sheet)
        except UnreadableWorkbook as refused:
            if refused.reason != "sheet":
                raise
    for quote in (quote for sheet in found.values() for quote in sheet.quotes):
        raise Invalid({"file": f'第 {quote.line} 行的英文引号（"）没有闭合，各格可能错位。请改正文件后重新上传。'})
    if not found:
        raise Invalid(
            {"file": f"文件里没有名为{'、'.join(f'“{table.sheet}”' for table in wanted)}的工作表。请使用模板。"}
        )
    return found
