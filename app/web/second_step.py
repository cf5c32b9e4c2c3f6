"""两步验证: the second step of a sign-in, and turning it on or off for oneself."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from app.people import Person, new_secret, secret_address
from app.web.account import Answer, address, checked, renew, wanted_page
from app.web.fields import ChineseForm
from app.web.policy import PUBLIC, SIGNED_IN, route
from app.web.shell import close_desk, desk
from app.workflows import drop_second_factor, enrol_second_factor, has_second_factor, take_second_step

blueprint = Blueprint("second_step", __name__)
PATIENCE = 300  # seconds between the first step and the second
NUMBER = [InputRequired("请填写验证码。"), Length(max=20, message="验证码是 6 位数字。")]


class NumberForm(ChineseForm):
    """The number that the authenticator shows."""

    number = StringField("验证码", NUMBER, description="手机验证器上现在显示的 6 位数字。")


class DropForm(ChineseForm):
    """The password, to turn the second step off."""

    password = PasswordField("密码", [InputRequired("请填写密码。"), Length(max=200)])


@route(blueprint, "/second-step", PUBLIC)
def ask() -> Answer:
    """Ask for the number of whoever took the first step a moment ago."""
    if pending() is None:
        return redirect(url_for("account.sign_in"))
    return _ask_page(NumberForm())


@route(blueprint, "/second-step", PUBLIC, ("POST",))
def take() -> Answer:
    """Take the second step."""
    person_id, form = pending(), NumberForm(request.form)
    if person_id is None:
        flash("等待时间过长，请重新登录。", "warn")
        return redirect(url_for("account.sign_in"), 303)
    if not form.validate():
        return _ask_page(form), 422
    with desk().database.begin() as database:
        found = take_second_step(database, person_id, str(form.number.data), address(), desk().moment)
    if found.person_id is None:
        form.number.errors = [found.said]
        return _ask_page(form), 422
    renew(person_id=found.person_id)
    return redirect(wanted_page(), 303)


@route(blueprint, "/password/second-step", SIGNED_IN)
def manage() -> Answer:
    """Show how to turn the second step on, or off."""
    if has_second_factor(desk().session, desk().actor):
        return _manage_page(DropForm())
    session["secret"] = new_secret()
    return _manage_page(NumberForm())


@route(blueprint, "/password/second-step", SIGNED_IN, ("POST",))
def enrol() -> Answer:
    """Turn the second step on."""
    form, secret = NumberForm(request.form), session.get("secret")
    if not secret:
        return redirect(url_for("second_step.manage"), 303)
    if not form.validate():
        return _manage_page(form), 422
    said = enrol_second_factor(desk().session, desk().actor, secret, str(form.number.data), desk().moment)
    if said:
        form.number.errors = [said]
        return _manage_page(form), 422
    renew(person_id=desk().actor.person_id)
    flash("两步验证已启用。下次登录起需要验证码。", "done")
    return redirect(url_for("account.change_password"), 303)


@route(blueprint, "/password/second-step/drop", SIGNED_IN, ("POST",))
def drop() -> Answer:
    """Turn the second step off by the password."""
    form, actor, moment = DropForm(request.form), desk().actor, desk().moment
    close_desk()
    if not form.validate():
        return _manage_page(form), 422
    with desk().database.session(read_only=True) as database:
        username = database.get_one(Person, actor.person_id).username
    credentials = checked(username, str(form.password.data))
    with desk().database.begin() as database:
        said = drop_second_factor(database, actor, credentials, address(), moment)
    if said:
        form.password.errors = [said]
        return _manage_page(form), 422
    flash("两步验证已停用。", "done")
    return redirect(url_for("account.change_password"), 303)


def pending() -> int | None:
    """Return who took the first step not longer ago than patience lasts."""
    person_id, at = session.get("pending"), session.get("pending_at", 0)
    is_fresh = desk().moment.at.timestamp() - at < PATIENCE
    return person_id if person_id and is_fresh else None


def _ask_page(form: NumberForm) -> str:
    return render_template("account/second_step.html", form=form, wanted=request.args.get("next"))


def _manage_page(form: ChineseForm) -> str:
    secret, actor = session.get("secret", ""), desk().actor
    username = desk().session.get_one(Person, actor.person_id).username
    return render_template(
        "account/second_step_manage.html",
        form=form,
        is_on=isinstance(form, DropForm),
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        secret_url=secret_address(secret, username) if secret else "",
    )
