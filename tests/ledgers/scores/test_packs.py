"""Rule packs as text: there and back without loss, every fault named by its place, every difference said in words."""

from decimal import Decimal

import pytest

from app.ledgers.scores import body_of, changes_between, pack_faults, pack_text, read_pack
from tests.story import RULES

TEXT = RULES.read_text(encoding="utf-8")


def test_text_made_of_a_pack_reads_back_the_same() -> None:
    data = read_pack(TEXT)
    assert read_pack(pack_text(data)) == data
    odd = {**data, "name": '引号"、反斜杠\\和\n换行'}
    assert read_pack(pack_text(odd)) == odd


def test_shipped_pack_has_no_fault() -> None:
    assert pack_faults(TEXT) == []
    assert pack_faults(pack_text(read_pack(TEXT))) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('points = "-0.50"', 'points = "-0,50"', "第 1 个规则“逾期未整改”的 points 写成了“-0,50”"),
        ('points = "-0.50"', 'points = "-0.505"', "最多两位小数"),
        ('points = "-0.50"', 'points = "1e99"', "要写成引号里的数字"),
        ('points = "-0.50"', 'points = "NaN"', "要写成引号里的数字"),
        ('points = "-0.50"', "points = -0.5", "的 points 要写在引号里"),
        ('points = "-0.50"\n', "", "第 1 个规则“逾期未整改”缺少 points"),
        ('city = "-0.50"', 'moon = "-0.50"', "没有“moon”这种发现方式"),
        ('code = "receipt"', 'code = "overdue"', "规则“overdue”重复了 2 次"),
        ('kinds = ["town"]', 'kinds = "town"', "的 kinds 要写在方括号里"),
        ('kinds = ["town"]', 'kinds = ["department"]', "单位类别“department”归入了 2 个分组"),
        ('floor = "0.00"', 'floor = "101"', "下限 floor 高于满分"),
        ("[rules.table]", "[rules.tables]", ""),
        ('sign = "deduct"', 'sign = "veto"', "目前只能是 deduct"),
        ("[[groups]]", "[[group]]", "缺少分组"),
    ],
)
def test_fault_names_its_place(old: str, new: str, said: str) -> None:
    assert old in TEXT
    faults = pack_faults(TEXT.replace(old, new))
    assert any(said in fault for fault in faults) if said else faults == []


def test_pack_without_fault_is_always_a_rule_set() -> None:
    assert body_of(read_pack(TEXT)).full_marks == Decimal(100)


def test_each_difference_is_a_sentence() -> None:
    before = body_of(read_pack(TEXT))
    changed = TEXT.replace('further = "-0.10"', 'further = "-0.20"').replace('province = "-1.00"', 'province = "-1.50"')
    changed = changed.replace('name = "乡镇组"', 'name = "乡镇（街道）组"').replace(
        "quota_percent = 30", "quota_percent = 35"
    )
    changed = changed.replace('code = "rebound"', 'code = "again"')
    assert changes_between(before, before) == []
    assert changes_between(before, body_of(read_pack(changed))) == [
        "分组“乡镇组”改称“乡镇（街道）组”。",
        "等次“优秀”的条件由 95 分及以上，不超过本组 30% 改为 95 分及以上，不超过本组 35%。",
        "规则“逾期未整改”的其后每个工作日由“−0.10”改为“−0.20”。",
        "新增规则“问题反弹”：已销号问题反弹的，扣 1 分。",
        "规则“被发现问题”中省级督查由“−1.00”改为“−1.50”。",
        "取消规则“问题反弹”。",
    ]
