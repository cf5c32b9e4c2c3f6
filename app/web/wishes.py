"""消息设置: by which channels I am told, where I can be reached, at which hour, and when not."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import Length, Optional

from app.core.errors import Invalid
from app.notices import Misconfigured, Wishes, digest_hours, load_outlets, save_wishes, wishes_of
from app.web.fields import ChineseForm, offer
from app.web.policy import SIGNED_IN, route
from app.web.shell import desk
from app.web.widgets import Box, Choice, Line

blueprint = Blueprint("wishes", __name__)
LONG = Length(max=120, message="太长了，最多 120 个字符。")
HOURS = [("", "不设")] + [(str(hour), f"{hour}:00") for hour in range(24)]


class WishesForm(ChineseForm):
    """A person's own settings."""

    by_email = BooleanField("邮件通知", widget=Box())
    email = StringField("邮箱地址", [Optional(), LONG], widget=Line(), description="只用来发送通知，不在别处显示。")
    by_sms = BooleanField("短信通知", widget=Box())
    mobile = StringField("手机号", [Optional(), LONG], widget=Line(), description="只用来发送通知，不在别处显示。")
    digest_hour = SelectField(
        "每日汇总时间", widget=Choice(), description="按单位规定的钟点落在另加免打扰里的，等免打扰结束时发送。"
    )
    wants_urgent = BooleanField("紧急事项（如新的单据）不等汇总，当天另发一条", widget=Box())
    quiet_from = SelectField("另加免打扰：开始", choices=offer(HOURS), widget=Choice())
    quiet_until = SelectField("另加免打扰：结束", choices=offer(HOURS), widget=Choice())


@route(blueprint, "/account/messages", SIGNED_IN)
def settings() -> str:
    """Show the settings."""
    found = wishes_of(desk().session, desk().actor)
    data = {name: getattr(found, name) for name in Wishes.__slots__}
    for name in ("digest_hour", "quiet_from", "quiet_until"):
        data[name] = "" if data[name] is None else str(data[name])
    return _page(_offered(WishesForm(data=data)))


@route(blueprint, "/account/messages", SIGNED_IN, ("POST",))
def keep() -> Response | tuple[str, int]:
    """Keep the settings."""
    form = _offered(WishesForm(request.form))
    if not form.validate():
        return _page(form), 422
    try:
        save_wishes(desk().session, desk().actor, _wishes(form), desk().moment)
    except Invalid as error:
        for name, said in error.errors.items():
            form[name].errors = [said]
        return _page(form), 422
    flash("消息设置已保存。", "done")
    return redirect(url_for("wishes.settings"), 303)


def _offered(form: WishesForm) -> WishesForm:
    hours, usual = digest_hours(desk().session, desk().actor)
    form.digest_hour.choices = offer(
        [("", f"按单位规定（{usual}:00）"), *((str(hour), f"{hour}:00") for hour in hours)]
    )
    return form


def _wishes(form: WishesForm) -> Wishes:
    values: dict[str, Any] = {name: form[name].data for name in Wishes.__slots__}
    for name in ("digest_hour", "quiet_from", "quiet_until"):
        values[name] = int(values[name]) if values[name] else None
    for name in ("email", "mobile"):
        values[name] = (values[name] or "").strip()
    return Wishes(**values)


def _page(form: WishesForm) -> str:
    try:
        outlets = load_outlets(current_app.config["DUKAO"].instance, current_app.extensions["clock"])
    except Misconfigured:
        outlets = None
    return render_template("messages/settings.html", form=form, outlets=outlets.names() if outlets else frozenset())
