"""Judging a roster: new, changed, unchanged, wrong with column and reason; one bad row never costs a good one."""

from datetime import date

import pytest

from app.core.errors import Invalid
from app.core.sheet import Cell, Sheet
from app.ledgers.roster import (
    MANDATES,
    PERSONS,
    UNITS,
    Line,
    Plan,
    Record,
    RosterMandate,
    RosterPerson,
    RosterTable,
    RosterUnit,
    Row,
    plan_mandates,
    plan_persons,
    plan_units,
    read_table,
)
from app.people import Role

DAY = date(2026, 3, 2)


def record() -> Record:
    """A county with two units and three accounts."""
    return Record(
        [
            RosterUnit(1, "C", "云山县", "云山县", "county", "", is_root=True),
            RosterUnit(2, "A", "县住房和城乡建设局", "县住建局", "department", "云山县", aliases=frozenset({"住建局"})),
            RosterUnit(3, "G", "市政股", "市政股", "section", "县住房和城乡建设局"),
        ],
        [
            RosterPerson(1, "wang", "王一", "局长", "", "县住房和城乡建设局"),
            RosterPerson(2, "adm", "管理员", "", "", "云山县"),
            RosterPerson(3, "alien", "外人", "", "", "", is_kept=False),
        ],
        [
            RosterMandate(1, "wang", Role.HEAD, "县住房和城乡建设局", date(2024, 1, 1), None, frozenset()),
            RosterMandate(2, "adm", Role.ADMIN, "云山县", date(2024, 1, 1), None, frozenset()),
        ],
        frozenset({"C", "A", "G", "ELSEWHERE"}),
    )


def rows_of(table: RosterTable, *rows: dict[str, Cell]) -> list[Row]:
    """Make rows of a table from some of their cells."""
    return [Row(table, number, row) for number, row in enumerate(rows, 2)]


def said(plan: Plan | Line) -> list[str]:
    """Return the status of each line, with what is wrong."""
    lines = plan.lines if isinstance(plan, Plan) else (plan,)
    return [" ".join([line.status, *(f"{p.column}：{p.reason}" for p in line.problems)]) for line in lines]


def units(*rows: dict[str, Cell]) -> Plan:
    """Judge units."""
    return plan_units(rows_of(UNITS, *rows), record())


def persons(*rows: dict[str, Cell]) -> Plan:
    """Judge accounts."""
    return plan_persons(rows_of(PERSONS, *rows), record())


def mandates(*rows: dict[str, Cell]) -> Plan:
    """Judge mandates."""
    return plan_mandates(rows_of(MANDATES, *rows), record(), DAY, "sec")


def test_units_are_new_changed_unchanged_or_wrong() -> None:
    plan = units(
        {"name": "东山镇", "kind": "乡镇"},
        {"name": "县住房和城乡建设局", "kind": "县直部门", "short_name": "住建"},
        {"code": "G", "name": "市政股", "kind": "股室", "parent": "住建局"},
        {"name": "无名", "kind": "省"},
        {"name": "", "kind": "村"},
    )
    assert [line.split()[0] for line in said(plan)] == ["new", "changed", "unchanged", "wrong", "wrong"]
    assert plan.lines[1].changes == [("简称", "县住建局", "住建")]
    assert said(plan)[3] == "wrong 类别：没有“省”这一类别，应为乡镇、县直部门、机构、股室或村"
    assert said(plan)[4] == "wrong 单位名称：没有填写"


def test_parent_may_come_later_in_the_file_but_not_as_a_wrong_row_or_in_a_ring() -> None:
    plan = units(
        {"name": "一村", "kind": "村", "parent": "东山镇"},
        {"name": "东山镇", "kind": "乡镇"},
        {"name": "二村", "kind": "村", "parent": "西河镇"},
        {"name": "西河镇", "kind": "？"},
        {"name": "甲", "kind": "机构", "parent": "乙"},
        {"name": "乙", "kind": "机构", "parent": "甲"},
        {"name": "丙", "kind": "机构", "parent": "乙"},
        {"name": "县住房和城乡建设局", "kind": "县直部门", "parent": "市政股"},
        {"name": "丁", "kind": "机构", "parent": "丁"},
    )
    assert [line.status for line in plan.lines] == ["new", "new", *["wrong"] * 7]
    assert all(line.problems[0].column == "上级单位" for line in plan.lines[4:])


def test_unit_is_known_by_code_and_may_be_renamed() -> None:
    plan = units(
        {"code": "A", "name": "县住建委", "kind": "县直部门"}, {"code": "ELSEWHERE", "name": "x", "kind": "村"}
    )
    assert (plan.lines[0].status, plan.lines[0].row_id) == ("changed", 2)
    assert said(plan)[1] == "wrong 单位编码：这个编码已被别处使用"


def test_repeated_rows_and_taken_aliases_are_wrong() -> None:
    plan = units(
        {"name": "东山镇", "kind": "镇"},
        {"name": "东山镇", "kind": "镇"},
        {"name": "西河镇", "kind": "镇", "aliases": "住建局"},
    )
    assert said(plan) == ["new", "wrong 单位名称：与前面的行重复", "wrong 其他叫法：“住建局”已经指县住房和城乡建设局"]


def test_accounts_are_judged_one_by_one() -> None:
    plan = persons(
        {"username": "LiSi", "name": "李四", "unit": "住建局", "phone": 13800000000.0},
        {"username": "wang", "name": "王一", "unit": "A"},
        {"username": "wang2", "name": "王二", "unit": "县住件局"},
        {"username": "a b!", "name": "", "unit": "A"},
        {"username": "alien", "name": "外", "unit": "A"},
        {"username": "lisi", "name": "李四", "unit": "A"},
        {"username": "adm", "name": "管理员", "unit": "云山县", "phone": "电话"},
    )
    assert said(plan) == [
        "new",
        "unchanged",
        "wrong 所在单位：没有叫“县住件局”的单位",
        "wrong 姓名：没有填写 用户名：应为 2 至 60 个字母、数字或汉字，可含 . _ - @",
        "wrong 用户名：这个用户名已经有人使用",
        "wrong 用户名：与前面的行重复",
        "wrong 手机：只能有数字、空格、+ 和 -",
    ]
    assert plan.lines[0].values["phone"] == "13800000000"


def test_mandates_are_judged_against_the_record_and_each_other() -> None:
    plan = mandates(
        {"username": "wang", "role": "单位负责人", "unit": "县住建局"},
        {"username": "wang", "role": "联络员", "unit": "县住建局", "ends_on": "2026年12月31日"},
        {"username": "wang", "role": "联络员", "unit": "县住建局", "begins_on": "2026-05-01"},
        {"username": "wang", "role": "审计管理员", "unit": "云山县"},
        {"username": "wang", "role": "安全管理员", "unit": "云山县"},
        {"username": "adm", "role": "安全管理员", "unit": "云山县", "begins_on": "2030-01-01"},
        {"username": "wang", "role": "县级分管领导", "unit": "云山县", "portfolio": "住建局、市政股"},
        {"username": "wang", "role": "督查员", "unit": "云山县", "portfolio": "住建局"},
        {"username": "sec", "role": "督查员", "unit": "云山县"},
        {"username": "nobody", "role": "厅长", "unit": "哪里"},
        {"username": "wang", "role": "考核办", "unit": "云山县", "begins_on": "2026-02-30"},
    )
    assert [line.status for line in plan.lines[:2]] == ["unchanged", "new"]
    assert [line.problems[0].column if line.problems else "" for line in plan.lines[2:]] == [
        *("角色", "", "角色", "角色", "", "分管单位", "用户名", "用户名", "起始日期")
    ]
    assert len(plan.lines[9].problems) == 3


def test_blank_cells_keep_what_is_on_record() -> None:
    plan = mandates({"username": "wang", "role": "单位负责人", "unit": "A", "begins_on": "", "ends_on": ""})
    assert said(plan) == ["unchanged"]


def test_heads_may_stand_below_a_title_and_examples_are_passed_over() -> None:
    heads = ("序号", *(column.label + ("*" if column.is_needed else "") for column in UNITS.columns))
    example = ("1", *UNITS.examples[0])
    rows: tuple[tuple[Cell, ...], ...] = (("云山县单位表",) + (None,) * 6, heads, example, (None,) * 7)
    good: tuple[Cell, ...] = ("2", "", "东山镇", "", "乡镇", "", "")
    found = read_table(Sheet("单位", (*rows, good), ("单位",)), UNITS)
    assert [(row.number, row.text("name")) for row in found] == [(5, "东山镇")]


def test_missing_column_is_named() -> None:
    with pytest.raises(Invalid, match="缺少列：类别"):
        read_table(Sheet("单位", (("单位名称",), ("x",)), ("单位",)), UNITS)


def test_username_with_a_blank_inside_is_wrong_and_not_changed() -> None:
    plan = persons({"username": "e5 bad", "name": "新人", "unit": "住建局"}, {"username": " good ", "name": "新人"})
    assert said(plan)[0] == "wrong 用户名：中间不能有空格"
    assert plan.lines[1].name == "good"
