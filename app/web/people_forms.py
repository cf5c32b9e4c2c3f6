"""Forms about people and units; what may be chosen comes only from what the actor reaches."""

from typing import Any

from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.people import ROLE_LABELS, UNIT_KINDS, TreeRow, unit_tree
from app.web.fields import ChineseDate, ChineseForm, MultiCheckboxField, offer
from app.web.shell import desk

INDENT = "\u3000"
RANKED = ("town", "department")
NAME, SHORT = Length(max=120, message="最多 120 字。"), Length(max=60, message="最多 60 字。")
REASON = [InputRequired("请填写原因。"), Length(max=500, message="最多 500 字。")]
KINDS = [(kind, label) for kind, label in UNIT_KINDS.items() if kind != "county"]


class PersonForm(ChineseForm):
    """Who somebody is."""

    name = StringField("姓名", [InputRequired("请填写姓名。"), SHORT])
    unit_id = SelectField("所在单位", [InputRequired("请选择所在单位。")])
    title = StringField("职务", [Optional(), SHORT])
    phone = StringField("手机", [Optional(), Length(max=40, message="最多 40 字。")], description="只用于通知。")


class NewPersonForm(PersonForm):
    """A new account."""

    username = StringField(
        "用户名", [InputRequired("请填写用户名。"), SHORT], description="字母、数字或汉字，全系统唯一，登录时用。"
    )


class ReasonForm(ChineseForm):
    """Why."""

    reason = TextAreaField("原因", REASON)


class PlainForm(ChineseForm):
    """Nothing to fill in, only to confirm."""


class GrantForm(ChineseForm):
    """A mandate."""

    role = SelectField("角色", [InputRequired("请选择角色。")], choices=offer([("", "请选择"), *ROLE_LABELS.items()]))
    unit_id = SelectField("任职单位", [InputRequired("请选择任职单位。")])
    begins_on = ChineseDate("起始日期", [InputRequired("请填写起始日期。")])
    ends_on = ChineseDate("截止日期", [Optional()], description="当天仍有效；留空为长期有效。")
    portfolio = MultiCheckboxField("分管单位（只有分管领导填写）")


class EndForm(ChineseForm):
    """The end of a mandate."""

    ends_on = ChineseDate("最后一天", [Optional()], description="留空为立即终止，下一次操作即失效。")
    reason = TextAreaField("原因", REASON)


class PortfolioForm(ChineseForm):
    """The units a leader is in charge of."""

    portfolio = MultiCheckboxField("分管单位")


class UnitForm(ChineseForm):
    """What a unit is."""

    name = StringField("单位名称", [InputRequired("请填写单位名称。"), NAME], description="全称，同一县内唯一。")
    short_name = StringField("简称", [Optional(), SHORT], description="台账里常写的名字；留空同全称。")
    kind = SelectField("类别", [InputRequired("请选择类别。")], choices=offer([("", "请选择"), *KINDS]))
    parent_id = SelectField("上级单位", [Optional()])


class NewUnitForm(UnitForm):
    """A new unit."""

    code = StringField(
        "单位编码", [Optional(), Length(max=40, message="最多 40 个字符。")], description="留空由系统编。"
    )


def fill_choices(form: ChineseForm) -> ChineseForm:
    """Put the actor's units into every field that chooses one."""
    rows = unit_tree(desk().session, desk().actor, desk().moment.day)
    rows = [row for row in rows if row.unit.closed_on is None]
    field: Any
    for field in form:
        if field.short_name in ("unit_id", "parent_id"):
            field.choices = offer([("", "请选择"), *((str(row.unit.id), _indented(row)) for row in rows)])
        elif field.short_name == "portfolio":
            ranked = [row for row in rows if row.unit.kind in RANKED]
            field.choices = offer([(str(row.unit.id), row.unit.short_name) for row in ranked])
    return form


def chosen_unit(value: object) -> int | None:
    """Return the id that was chosen, or None."""
    return int(str(value)) if value and str(value).isdecimal() else None


def chosen_units(values: object) -> frozenset[int]:
    """Return the ids that were ticked."""
    return (
        frozenset(int(value) for value in values if str(value).isdecimal()) if isinstance(values, list) else frozenset()
    )


def _indented(row: TreeRow) -> str:
    return INDENT * row.depth + row.unit.name
