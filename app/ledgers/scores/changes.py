"""What a new version of the rules changes, in words: the difference that people approve. Pure."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from app.ledgers.scores.assess import TABLE_WORDS
from app.ledgers.scores.rules import RuleBody, ScoreRule

RULE_WORDS = {
    "name": "名称",
    "trigger": "触发条件",
    "points": "分值",
    "further": "其后每个工作日",
    "cap_case": "每件上限",
    "lead": "牵头系数",
    "assist": "配合系数",
    "evidence_by": "依据材料",
    "basis": "条文",
}


def changes_between(before: RuleBody, after: RuleBody) -> list[str]:
    """Return each difference as a sentence, in the order of the rule set; empty when the rules are the same."""
    return [*_head(before, after), *_lists(before, after), *_rules(before, after)]


def _head(before: RuleBody, after: RuleBody) -> Iterator[str]:
    for word, old, new in (
        ("名称", before.name, after.name),
        ("满分", before.full_marks, after.full_marks),
        ("下限", before.floor, after.floor),
    ):
        if old != new:
            yield f"{word}由“{_say(old)}”改为“{_say(new)}”。"


def _lists(before: RuleBody, after: RuleBody) -> Iterator[str]:
    old_groups = {g.code: (g.name, "、".join(g.kinds)) for g in before.groups}
    new_groups = {g.code: (g.name, "、".join(g.kinds)) for g in after.groups}
    yield from _pairs("分组", "单位类别", old_groups, new_groups)
    old_parts = {code: (name, f"{weight}%") for code, name, weight in before.components}
    yield from _pairs("组成部分", "权重", old_parts, {c: (name, f"{weight}%") for c, name, weight in after.components})
    yield from _pairs("等次", "条件", _grades(before), _grades(after))


def _pairs(
    word: str, what: str, old: Mapping[str, tuple[str, str]], new: Mapping[str, tuple[str, str]]
) -> Iterator[str]:
    for code, (name, value) in new.items():
        if code not in old:
            yield f"新增{word}“{name}”（{what} {value}）。"
            continue
        if old[code][0] != name:
            yield f"{word}“{old[code][0]}”改称“{name}”。"
        if old[code][1] != value:
            yield f"{word}“{name}”的{what}由 {old[code][1]} 改为 {value}。"
    yield from (f"取消{word}“{name}”。" for code, (name, _) in old.items() if code not in new)


def _rules(before: RuleBody, after: RuleBody) -> Iterator[str]:
    for rule in after.rules:
        old = before.rule(rule.code)
        if old is None:
            yield f"新增规则“{rule.name}”：{rule.basis}"
        else:
            yield from _rule(old, rule)
    yield from (f"取消规则“{rule.name}”。" for rule in before.rules if after.rule(rule.code) is None)


def _rule(old: ScoreRule, new: ScoreRule) -> Iterator[str]:
    for name, word in RULE_WORDS.items():
        was, now = getattr(old, name), getattr(new, name)
        if was != now:
            yield f"规则“{new.name}”的{word}由“{_say(was)}”改为“{_say(now)}”。"
    for name in dict.fromkeys([*old.table, *new.table]):
        if old.table.get(name) != new.table.get(name):
            said = f"由“{_say(old.table.get(name))}”改为“{_say(new.table.get(name))}”"
            yield f"规则“{new.name}”中{TABLE_WORDS.get(new.trigger, {}).get(name, name)}{said}。"


def _grades(body: RuleBody) -> dict[str, tuple[str, str]]:
    return {g["name"]: (g["name"], grade_words(g)) for g in body.grades}


def grade_words(grade: Mapping[str, Any]) -> str:
    """Say from which points a grade is given and to how many at most."""
    quota = f"，不超过本组 {grade['quota_percent']}%" if "quota_percent" in grade else ""
    return f"{grade['threshold']} 分及以上{quota}"


def _say(value: Any) -> str:
    if value is None:
        return "无"
    return f"{value}".replace("-", "−") if isinstance(value, Decimal) else str(value)
