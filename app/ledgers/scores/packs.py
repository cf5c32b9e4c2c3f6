"""Rule sets as the text people edit: TOML out of what is stored, and what is wrong with a text, named line by line. Pure."""

import json
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from app.ledgers.scores.assess import TABLE_WORDS, TRIGGERS

TEXTS = ("name", "full_marks", "floor")
LISTS = ("groups", "components", "grades", "rules")
RULE_KEYS = ("code", "name", "sign", "trigger", "points", "lead", "assist", "evidence_by", "basis")
RULE_NUMBERS = ("points", "further", "cap_case", "lead", "assist")
OTHER_KEYS = {
    "groups": ("code", "name", "kinds"),
    "components": ("code", "name", "weight"),
    "grades": ("name", "threshold"),
}
WORDS = {"groups": "分组", "components": "组成部分", "grades": "等次", "rules": "规则"}
WHOLE, MOST, CENTS = Decimal(100), Decimal(1000), -2


def pack_text(data: Mapping[str, Any]) -> str:
    """Return the TOML of a rule set's plain data; `read_pack` of it gives the same data."""
    lines = [f"{key} = {_value(value)}" for key, value in data.items() if not _is_tables(value)]
    for key, rows in data.items():
        for row in rows if _is_tables(rows) else ():
            lines += ["", f"[[{key}]]"]
            lines += [f"{name} = {_value(value)}" for name, value in row.items() if not isinstance(value, dict)]
            for name, table in row.items():
                if isinstance(table, dict):
                    lines += ["", f"[{key}.{name}]", *(f"{k} = {_value(v)}" for k, v in table.items())]
    return "\n".join(lines) + "\n"


def pack_faults(text: str) -> list[str]:
    """Return what is wrong with a rule set's TOML, each in a sentence that names the place; empty when nothing is."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return [f"文本不是有效的 TOML（{error}），请检查该行的引号、等号和方括号"]
    shape = [f"缺少 {key}" for key in TEXTS if not isinstance(data.get(key), str)]
    shape += [f"缺少{WORDS[key]}，要写成 [[{key}]]" for key in LISTS if not _is_tables(data.get(key))]
    if shape:
        return shape
    return list(_missing(data)) or [fault for check in (_numbers, _meanings, _sums) for fault in check(data)]


def _missing(data: Mapping[str, Any]) -> Iterator[str]:
    for key in LISTS:
        wanted = RULE_KEYS if key == "rules" else OTHER_KEYS[key]
        for number, row in enumerate(data[key], 1):
            for name in wanted:
                if name not in row:
                    yield f"{_place(key, number, row)}缺少 {name}"
                elif not isinstance(row[name], list if name == "kinds" else str):
                    yield f"{_place(key, number, row)}的 {name} 要写{'在方括号' if name == 'kinds' else '在引号'}里"
            if not isinstance(row.get("table", {}), dict):
                yield f"{_place(key, number, row)}的分值表要写成 [{key}.table]"


def _numbers(data: Mapping[str, Any]) -> Iterator[str]:
    for key in ("full_marks", "floor"):
        yield from _number(f"{key}", data[key])
    for key, name in (("components", "weight"), ("grades", "threshold")):
        for number, row in enumerate(data[key], 1):
            yield from _number(f"{_place(key, number, row)}的 {name}", row.get(name, "0"))
    for number, row in enumerate(data["rules"], 1):
        place = _place("rules", number, row)
        for name in RULE_NUMBERS:
            yield from _number(f"{place}的 {name}", row.get(name, "0"))
        for name, value in row.get("table", {}).items():
            yield from _number(f"{place}的分值表 {name}", value)


def _meanings(data: Mapping[str, Any]) -> Iterator[str]:
    for number, row in enumerate(data["rules"], 1):
        place = _place("rules", number, row)
        if row.get("trigger") not in TRIGGERS:
            yield f"{place}的 trigger 写成了“{row.get('trigger')}”，只能是 {'、'.join(TRIGGERS)}"
        if row.get("sign") != "deduct":
            yield f"{place}的 sign 写成了“{row.get('sign')}”，目前只能是 deduct（扣分）"
        words = TABLE_WORDS.get(row.get("trigger"), {})
        for name in row.get("table", {}):
            if name not in words:
                what = "发现方式" if row.get("trigger") == "found" else "项目"
                yield f"{place}的分值表里没有“{name}”这种{what}，只能是 {'、'.join(words) or '空的'}"
        amounts = [row.get(name, "0") for name in ("points", "further", "cap_case")] + list(
            row.get("table", {}).values()
        )
        if any(_decimal(amount) > 0 for amount in amounts):
            yield f"{place}是扣分，分值、上限和分值表都不能为正数"
    for key in LISTS:
        codes = Counter(row.get("code", row.get("name")) for row in data[key])
        yield from (f"{WORDS[key]}“{code}”重复了 {count} 次" for code, count in codes.items() if count > 1)


def _sums(data: Mapping[str, Any]) -> Iterator[str]:
    weights = sum((_decimal(row.get("weight", "0")) for row in data["components"]), Decimal(0))
    if weights != WHOLE:
        yield f"各组成部分的权重合计为 {weights}%，须为 100%"
    kinds = Counter(kind for row in data["groups"] for kind in row.get("kinds", ()))
    yield from (f"单位类别“{kind}”归入了 {count} 个分组，只能归入一个" for kind, count in kinds.items() if count > 1)
    if _decimal(data["floor"]) > _decimal(data["full_marks"]):
        yield "下限 floor 高于满分 full_marks"


def _number(place: str, value: Any) -> Iterator[str]:
    try:
        number = Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite() or abs(number) > MOST:
        yield f'{place} 写成了“{value}”，要写成引号里的数字，如 "-0.50"'
    elif int(number.as_tuple().exponent) < CENTS:
        yield f"{place} 为 {value}，最多两位小数"


def _decimal(value: Any) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return Decimal(0)
    return number if number.is_finite() else Decimal(0)


def _place(key: str, number: int, row: Mapping[str, Any]) -> str:
    name = row.get("name") or row.get("code")
    return f"第 {number} 个{WORDS[key]}" + (f"“{name}”" if name else "")


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def _value(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
