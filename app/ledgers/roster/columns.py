"""The three sheets of a roster (花名册): units, accounts, mandates, with their columns as data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RosterColumn:
    """One column: the field, the words of its head, whether it must be filled, and how to fill it."""

    name: str
    label: str
    is_needed: bool
    hint: str
    width: int = 18


@dataclass(frozen=True, slots=True)
class RosterTable:
    """One sheet: its name in the file, its columns and two rows of example."""

    name: str
    sheet: str
    columns: tuple[RosterColumn, ...]
    examples: tuple[tuple[str, ...], ...]


UNITS = RosterTable(
    "units",
    "单位",
    (
        RosterColumn("code", "单位编码", False, "可留空，由系统编；填写后按编码识别单位", 16),
        RosterColumn("name", "单位名称", True, "全称，全县唯一", 32),
        RosterColumn("short_name", "简称", False, "台账里常写的名字"),
        RosterColumn("kind", "类别", True, "乡镇、县直部门、机构、股室、村"),
        RosterColumn("parent", "上级单位", False, "名称、简称或编码；留空为直属", 24),
        RosterColumn("aliases", "其他叫法", False, "几个叫法用顿号分开，导入台账时也认得", 32),
    ),
    (
        ("", "县住房和城乡建设局", "县住建局", "县直部门", "", "住建局、县住建"),
        ("", "市政建设股", "", "股室", "县住建局", ""),
    ),
)
PERSONS = RosterTable(
    "persons",
    "账号",
    (
        RosterColumn("username", "用户名", True, "字母、数字或汉字，全系统唯一"),
        RosterColumn("name", "姓名", True, ""),
        RosterColumn("title", "职务", False, "", 24),
        RosterColumn("unit", "所在单位", True, "名称、简称或编码", 28),
        RosterColumn("phone", "手机", False, "只用于通知"),
    ),
    (("zhangsan", "张三", "局长", "县住建局", "138 0000 0000"), ("lisi", "李四", "办公室主任", "县住建局", "")),
)
MANDATES = RosterTable(
    "mandates",
    "任职",
    (
        RosterColumn("username", "用户名", True, "账号表里的用户名"),
        RosterColumn("role", "角色", True, "如 联络员、单位负责人、督查员"),
        RosterColumn("unit", "任职单位", True, "名称、简称或编码", 28),
        RosterColumn("begins_on", "起始日期", False, "留空为今天，如 2026-03-01"),
        RosterColumn("ends_on", "截止日期", False, "留空为长期有效，当天仍有效"),
        RosterColumn("portfolio", "分管单位", False, "只填县级分管领导；用顿号分开", 40),
    ),
    (("zhangsan", "单位负责人", "县住建局", "", "", ""), ("lisi", "联络员", "县住建局", "", "", "")),
)
TABLES = (UNITS, PERSONS, MANDATES)
