"""工作日历: a year's days off and worked weekends by notice; the assessors load years and declare local days."""

import calendar as months
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange

from app.calendar import Calendar, LocalDay, parse_year, say
from app.core.errors import Invalid
from app.people import Role, authorities_of
from app.web.fields import ChineseDate, ChineseForm, ChineseNumber, offer
from app.web.moves import put_errors
from app.web.policy import SIGNED_IN, only, route
from app.web.shell import desk
from app.workflows import declare_day, load_year

blueprint = Blueprint("years", __name__)
FIRST, LAST = 2004, 2100
ASSESSOR = only(Role.ASSESSOR)


LOCAL_KINDS = {"off": "本地放假", "worked": "本地上班", "usual": "取消本地安排，按国家安排"}


class YearForm(ChineseForm):
    """A year as the notice states it."""

    year = ChineseNumber(
        "年份", [InputRequired("请填写年份。"), NumberRange(FIRST, LAST, "年份应在 2004 至 2100 之间。")]
    )
    notice = StringField(
        "依据的通知", [InputRequired("请填写依据的通知。")], description="如：国务院办公厅关于部分节假日安排的通知"
    )
    days = TextAreaField(
        "放假和调休上班日期",
        [InputRequired("请逐行填写日期。")],
        description="每行一天：2027-01-01 休 元旦；2027-02-06 班 春节调休",
    )


class DayForm(ChineseForm):
    """A local day."""

    day = ChineseDate("日期", [InputRequired("请填写日期。")])
    kind = SelectField("安排", choices=offer(LOCAL_KINDS.items()))
    name = StringField("名称", [InputRequired("请填写名称。")], description="如：县庆")
    notice = StringField("依据的文件", [InputRequired("请填写依据的文件。")])


@route(blueprint, "/calendar", SIGNED_IN)
def year() -> str:
    """Show a year; this one unless asked."""
    return _page()


@route(blueprint, "/calendar/years", ASSESSOR, ("POST",))
def load() -> Response | tuple[str, int]:
    """Load a year."""
    form = YearForm(request.form)
    try:
        if not form.validate():
            return _page(form=form), 422
        stated = parse_year(form.days.data or "", int(form.year.data or 0), form.notice.data or "")
        changed = load_year(desk().context, _authority(Role.ASSESSOR), stated)
    except Invalid as error:
        put_errors(form, _gathered(error))
        desk().session.rollback()
        return _page(form=form), 422
    flash(f"已导入 {stated.year} 年工作日历。{_recounted(changed)}", "done")
    return redirect(url_for("years.year", year=stated.year), 303)


@route(blueprint, "/calendar/days", ASSESSOR, ("POST",))
def declare() -> Response | tuple[str, int]:
    """Declare a local day."""
    form = DayForm(request.form)
    if not form.validate() or form.day.data is None:
        return _page(day_form=form), 422
    kind: Any = form.kind.data
    local = LocalDay(form.day.data, kind, form.name.data or "", form.notice.data or "")
    try:
        changed = declare_day(desk().context, _authority(Role.ASSESSOR), local)
    except Invalid as error:
        put_errors(form, error)
        desk().session.rollback()
        return _page(day_form=form), 422
    flash(f"{say(local.day)}的安排已登记：{LOCAL_KINDS[kind]}。{_recounted(changed)}", "done")
    return redirect(url_for("years.year", year=local.day.year), 303)


def _recounted(changed: int) -> str:
    return f"{changed} 件问题的期限随之改变。" if changed else "没有问题的期限因此改变。"


def _page(form: YearForm | None = None, day_form: DayForm | None = None) -> str:
    typed = request.args.get("year", "")
    shown = int(typed) if typed.isdecimal() and FIRST <= int(typed) <= LAST else desk().moment.day.year
    calendar = desk().context.calendar(_authority())
    return render_template(
        "calendar.html",
        year=shown,
        months=[_month(calendar, shown, number) for number in range(1, 13)],
        is_known=calendar.knows(shown),
        ground=calendar.years.get(shown, ""),
        special=[day for key, day in sorted(calendar.special.items()) if key.year == shown],
        form=form or YearForm(),
        day_form=day_form or DayForm(),
        may_change=Role.ASSESSOR in desk().actor.roles,
        today=desk().moment.day,
    )


def _month(calendar: Calendar, year: int, number: int) -> dict[str, Any]:
    weeks = [
        [_cell(calendar, year, number, day) if day else None for day in week]
        for week in months.Calendar(0).monthdayscalendar(year, number)
    ]
    return {"name": f"{number} 月", "weeks": weeks}


def _cell(calendar: Calendar, year: int, month: int, number: int) -> dict[str, Any]:
    day = date(year, month, number)
    special = calendar.special.get(day)
    is_working = calendar.is_working(day)
    mark = "" if special is None else ("休" if special.off else "班")
    return {"day": day, "number": number, "working": is_working, "mark": mark, "name": special.name if special else ""}


def _authority(role: Role | None = None) -> int:
    actor = desk().actor
    found = actor.authorities(role) if role else authorities_of(actor)
    return min(found, default=0)


def _gathered(error: Invalid) -> Invalid:
    lines = [said for name, said in error.errors.items() if name.startswith("line")]
    others = {name: said for name, said in error.errors.items() if not name.startswith("line")}
    return Invalid(others | ({"days": "".join(lines[:10])} if lines else {}))
