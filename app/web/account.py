"""登录、退出、密码: who one is, on this browser; what was checked is decided in a transaction of its own."""

from typing import Any, cast
from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from app.people import PasswordProfile as Profile
from app.people import Person, password_profile
from app.web.fields import ChineseForm
from app.web.nearest import page_near
from app.web.policy import OWN_ACCOUNT, PUBLIC, route
from app.web.sessions import ServerSession
from app.web.shell import close_desk, desk
from app.workflows import Credentials, check_credentials, has_second_factor
from app.workflows import change_password as do_change
from app.workflows import sign_in as do_sign_in
from app.workflows import sign_out as do_sign_out
from app.workflows import use_code as do_use_code

blueprint = Blueprint("account", __name__)
Answer = str | Response | tuple[str, int]
NOT_SENT = "登录前提交的那一次没有办成。请在这一页核对后重新提交；填写过的文字会自动恢复。"
LONG = Length(max=200, message="太长了，最多 200 个字符。")


class SignInForm(ChineseForm):
    """Username and password, or the one-time code in its place."""

    username = StringField("用户名", [InputRequired("请填写用户名。"), LONG])
    password = PasswordField("密码", [InputRequired("请填写密码。"), LONG])


class NewPasswordForm(ChineseForm):
    """The old password and the new one, twice."""

    old = PasswordField("原密码", [InputRequired("请填写原密码。"), LONG])
    new = PasswordField("新密码", [InputRequired("请填写新密码。"), LONG])
    again = PasswordField("再输一遍新密码", [InputRequired("请再输一遍新密码。"), LONG])


class CodeForm(ChineseForm):
    """A one-time code and the new password, twice."""

    username = StringField("用户名", [InputRequired("请填写用户名。"), LONG])
    code = StringField(
        "一次性代码", [InputRequired("请填写一次性代码。"), LONG], description="16 位，分四组；不分大小写。"
    )
    new = PasswordField("新密码", [InputRequired("请填写新密码。"), LONG])
    again = PasswordField("再输一遍新密码", [InputRequired("请再输一遍新密码。"), LONG])


@route(blueprint, "/sign-in", PUBLIC)
def sign_in() -> Answer:
    """Show the sign-in page; who is signed in already goes on."""
    if desk().actor_or_none is not None:
        return redirect(wanted_page())
    return _sign_in_page(SignInForm())


@route(blueprint, "/sign-in", PUBLIC, ("POST",))
def enter() -> Answer:
    """Sign in, take the second step, or set a password where a one-time code was typed."""
    form = SignInForm(request.form)
    if not form.validate():
        return _sign_in_page(form), 422
    username, password = str(form.username.data), str(form.password.data)
    credentials = checked(username, password)
    with desk().database.begin() as database:
        found = do_sign_in(database, credentials, address(), desk().moment, profile())
    if found.needs_password:
        return _code_page(CodeForm(data={"username": username, "code": password}))
    if found.person_id is None:
        form.password.errors = [found.said]
        return _sign_in_page(form), 422
    if found.needs_second_factor:
        renew(pending=found.person_id, pending_at=desk().moment.at.timestamp())
        return redirect(url_for("second_step.ask", next=request.args.get("next")), 303)
    renew(person_id=found.person_id)
    return redirect(wanted_page(), 303)


@route(blueprint, "/sign-out", OWN_ACCOUNT, ("POST",))
def sign_out() -> Response:
    """Sign out: the session is gone from the database, the cookie is worth nothing."""
    do_sign_out(desk().session, desk().actor, desk().moment)
    renew()
    return redirect(url_for("account.sign_in"), 303)


@route(blueprint, "/password", OWN_ACCOUNT)
def change_password() -> str:
    """Show the form for a new password."""
    return _password_page(NewPasswordForm())


@route(blueprint, "/password", OWN_ACCOUNT, ("POST",))
def keep_password() -> Answer:
    """Change the password; every other browser is signed out."""
    form, actor, moment = NewPasswordForm(request.form), desk().actor, desk().moment
    close_desk()
    if not form.validate():
        return _password_page(form), 422
    with desk().database.session(read_only=True) as database:
        username = database.get_one(Person, actor.person_id).username
    credentials, typed = checked(username, str(form.old.data)), (str(form.new.data), str(form.again.data))
    with desk().database.begin() as database:
        errors = do_change(database, actor, credentials, typed, address(), moment, profile())
    if errors:
        _put(form, errors)
        return _password_page(form), 422
    renew(person_id=actor.person_id)
    flash("密码已修改，其他设备上的登录已全部退出。", "done")
    return redirect(url_for("desk.workbench"), 303)


@route(blueprint, "/set-password", PUBLIC)
def set_password() -> str:
    """Show the form for a first password, or one after a reset."""
    return _code_page(CodeForm())


@route(blueprint, "/set-password", PUBLIC, ("POST",))
def use_code() -> Answer:
    """Set a password with a one-time code; signing in comes next."""
    form = CodeForm(request.form)
    if not form.validate():
        return _code_page(form), 422
    credentials, typed = (
        checked(str(form.username.data), str(form.code.data)),
        (str(form.new.data), str(form.again.data)),
    )
    with desk().database.begin() as database:
        errors = do_use_code(database, credentials, typed, address(), desk().moment, profile())
    if errors:
        _put(form, errors)
        return _code_page(form), 422
    flash("密码已设置。请用新密码登录。", "done")
    return redirect(url_for("account.sign_in"), 303)


def checked(username: str, password: str) -> Credentials:
    """Check what was typed while no transaction waits; about 20 ms."""
    with desk().database.session(read_only=True) as database:
        return check_credentials(database, username, password, desk().moment.at)


def renew(**data: Any) -> None:
    """Begin this browser's session anew with just this data: a new token, the old one is dead."""
    session.clear()
    cast(ServerSession, session).rotate()
    session.update(data)


def address() -> str:
    """Return where the request comes from."""
    return request.remote_addr or "unknown"


def profile() -> Profile:
    """Return the password profile in force."""
    return password_profile(current_app.config["DUKAO"].password_profile)


def wanted_page() -> str:
    """Return the page that was asked for before sign-in, never one of another site."""
    wanted = request.args.get("next", "")
    parts = urlsplit(wanted.replace("\\", "/"))
    is_own = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    if not is_own or not wanted.isprintable():
        return url_for("desk.workbench")
    close_desk()  # who has signed in just now is somebody else than the request began with
    page = page_near(wanted)
    if page != wanted:
        flash(NOT_SENT, "warn")
    return page


def _put(form: ChineseForm, errors: dict[str, str]) -> None:
    for name, said in errors.items():
        form[name].errors = [said]


def _sign_in_page(form: SignInForm) -> str:
    return render_template("account/sign_in.html", form=form, wanted=request.args.get("next"))


def _password_page(form: NewPasswordForm) -> str:
    actor = desk().actor
    return render_template(
        "account/password.html",
        form=form,
        rules=profile(),
        is_due=actor.must_change_password,
        has_second_factor=has_second_factor(desk().session, actor),
    )


def _code_page(form: CodeForm) -> str:
    return render_template("account/set_password.html", form=form, rules=profile())
