"""Read what a cell of an office's ledger says: text, names, numbers, numbers of documents, classes and states."""

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from unicodedata import normalize

from app.core.sheet import Cell
from app.core.typed import readable

EVERY_TOWN = "各镇"
EVERY_KIND = "every"  # units of any kind
CLASS_WORDS = {
    "立行立改": "immediate",
    "立即整改": "immediate",
    "立整立改": "immediate",
    "即知即改": "immediate",
    "限期整改": "limited",
    "分阶段整改": "staged",
    "阶段整改": "staged",
    "长期坚持": "long_term",
    "长期整改": "long_term",
    "持续整改": "long_term",
    "持续推进": "long_term",
}
STATUS_WORDS = {
    "finished": (
        "是",
        "已完成",
        "完成",
        "已整改",
        "整改完成",
        "已完成整改",
        "已办结",
        "已办理",
        "办结",
        "已销号",
        "销号",
        "√",
        "✓",
        "✔",
    ),
    "unfinished": (
        *(
            "否",
            "未完成",
            "未整改",
            "未办结",
            "整改中",
            "正在整改",
            "推进中",
            "进行中",
            "办理中",
            "待办理",
            "待回复",
            "未销号",
            "×",
            "✗",
            "✘",
        ),
        *("达进度", "欠进度", "超进度", "部分完成", "基本完成"),
    ),
    "long_term": ("长期坚持", "持续推进", "持续整改", "长期推进"),
}
ASKED_AGAIN = 1024  # cells of which the same is asked more than once while their row is read
_ESCAPED = re.compile("_x000[0-9A-D]_")
_CJK_GAP = re.compile(r"(?<=[\u3400-\u9fff\U00020000-\U0003ffff])\s+(?=[\u3400-\u9fff\U00020000-\U0003ffff])")
_SEPARATORS = "、，,；;/|\n\t"
_EVERY_TOWN = re.compile(
    r"(?:全县)?(?:各|\d{0,2}个)(?:乡镇|镇乡|镇|乡)(?:\((?:街道|乡|镇|园区|开发区|办事处|[、,和])+\)|街道)*(?:人民政府|政府|党委政府)?"
)


@lru_cache(ASKED_AGAIN, typed=True)
def read_text(value: Cell) -> str:
    """Return the text of a cell: no control characters, no padding, single line breaks. `=` stays a character."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(" ") if value.time() != value.min.time() else value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    text = _ESCAPED.sub("", readable(str(value)).replace("\r\n", "\n").replace("\r", "\n"))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def read_person(value: Cell) -> str:
    """Return the names of persons with the blanks inside a Chinese name (赵 磊) closed."""
    return _CJK_GAP.sub("", read_text(value).replace("\n", "、"))


def read_number(value: Cell) -> Decimal | None:
    """Return a number, or None where the cell holds none."""
    try:
        number = Decimal(re.sub(r"[\s,]", "", normalize("NFKC", read_text(value))))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def read_reference(value: Cell) -> str:
    """Return the source's own number of a row: 188691.0 and ` 188691 ` are 188691."""
    return re.sub(r"\s+", "", normalize("NFKC", read_text(value))).removesuffix(".0")


def read_class(value: Cell) -> str | None:
    """Return the class of rectification that the words of a cell name, or None."""
    return CLASS_WORDS.get(fold(read_text(value)))


def read_status(value: Cell) -> str | None:
    """Return finished, unfinished or long_term; None where the words say none of them."""
    said = fold(read_text(value))
    return next((status for status, words in STATUS_WORDS.items() if said in words), None)


def read_names(value: Cell) -> tuple[str, ...]:
    """Return the names of units in a cell, each once, in order; EVERY_TOWN stands for all towns of the authority.

    Separators inside brackets do not part a name.
    """
    names: list[str] = []
    depth, name = 0, ""
    for mark in read_text(value) + "\n":
        depth = max(0, depth + (mark in "（(") - (mark in "）)"))
        if mark in _SEPARATORS and (depth == 0 or mark == "\n"):
            names.append(name.strip(" 。."))
            name = ""
        else:
            name += mark
    found = (EVERY_TOWN if _EVERY_TOWN.fullmatch(fold(name)) else name for name in names if name)
    return tuple(dict.fromkeys(found))


@lru_cache(ASKED_AGAIN)
def fold(text: str) -> str:
    """Fold widths and drop every blank, so that two writings of one name are equal."""
    return "".join(normalize("NFKC", text).split())
