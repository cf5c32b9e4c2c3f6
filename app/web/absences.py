"""离岗代理: who signs for whom, from when to when and why; named and cancelled on one page."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import false, or_, select
from werkzeug.wrappers import Response
from wtforms import Form, SelectField, StringField
from wtforms.validators import InputRequired, Length

from app.core.aliases import shared_alias
from app.core.errors import Invalid
from app.people import Absence, Mandate, Person, Role, Unit, held_at, in_force, role_word, within
from app.web.fields import ChineseDate, ChineseForm, offer
from app.web.moves import put_errors
from app.web.policy import only, route
from app.web.shell import desk, shows_form_again
from app.web.widgets import Choice, Line
from app.workflows import Substitution, cancel_absence, name_substitute

blueprint = Blueprint("absences", __name__)
KEEPERS = only(Role.SUPERVISOR, Role.LEADER, Role.SECURITY)
ROLES = (Role.SUPERVISOR, Role.LEADER)
NAMING = only(*ROLES)
MOST_ROWS = 100
STANDINGS = {
    "present": ("生效中", "active"),
    "future": ("尚未开始", "waiting"),
    "past": ("已结束", "ended"),
    "cancelled": ("已取消", "ended"),
}
AWAY, STANDING_IN = shared_alias(Person), shared_alias(Person)
Answer = str | Response | tuple[str, int]


class AbsenceForm(ChineseForm):
    """Who is away and in which role, who acts, from when to when, why."""

    person = SelectField("离岗人员和任职", [InputRequired("请选择离岗人员。")], widget=Choice())
    substitute = SelectField("代理人", [InputRequired("请选择代理人。")], widget=Choice())
    begins_on = ChineseDate("起始日期", [InputRequired("请填写起始日期。")])
    ends_on = ChineseDate("截止日期", [InputRequired("请填写截止日期。")], description="当日仍有效，最长 366 天。")
    reason = StringField(
        "离岗事由", [InputRequired("请填写离岗事由。"), Length(max=200, message="最多 200 字。")], widget=Line()
    )


@route(blueprint, "/absences", KEEPERS)
def absences() -> str:
    """Show who signs for whom."""
    return _page(_form())


@route(blueprint, "/absences", NAMING, ("POST",))
@shows_form_again
def name() -> Answer:
    """Name a substitute."""
    form = _form(request.form)
    try:
        if not form.validate():
            raise Invalid({})
        name_substitute(desk().context, _asked(form))
    except Invalid as error:
        put_errors(form, _placed(error))
        desk().session.rollback()
        return _page(form), 422
    flash("已指定代理人。单据上会写明由谁代签。", "done")
    return redirect(url_for("absences.absences"), 303)


@route(blueprint, "/absences/<int:ref>/cancel", NAMING, ("POST",))
def cancel(ref: int) -> Response:
    """End an absence from now on."""
    typed = request.form.get("version", "")
    reason = request.form.get("reason", "").strip()[:200]
    cancel_absence(desk().context, ref, reason, int(typed) if typed.isdecimal() else None)
    flash("已取消，代理人从现在起不再代签。", "done")
    return redirect(url_for("absences.absences"), 303)


def _page(form: Form) -> str:
    choices = _held()
    may_name = any(person_id == desk().actor.person_id for person_id, _, _, _ in choices) or bool(
        desk().actor.authorities(Role.SUPERVISOR)
    )
    return render_template("absences.html", rows=_rows(), form=form if may_name else None)


def _form(typed: Any = None) -> AbsenceForm:
    form = AbsenceForm(typed)
    held, own = _held(), [grant for grant in desk().actor.grants if grant.acting_for is None]
    keeps = {grant.authority_id for grant in own if grant.role is Role.SUPERVISOR}
    away = [row for row in held if _is_own(row) or (row[1] in keeps and row[2] == Role.LEADER)]
    form.person.choices = offer([("", "请选择"), *((f"{p}.{a}.{role}", said) for p, a, role, said in away)])
    at = {authority_id for _, authority_id, _, _ in away}
    others = {str(row[0]): row[3] for row in held if row[1] in at and not _is_own(row)}
    form.substitute.choices = offer([("", "请选择"), *others.items()])
    if typed is None:
        form.begins_on.data = desk().moment.day
    return form


def _is_own(row: tuple[int, int, str, str]) -> bool:
    return row[0] == desk().actor.person_id


def _held() -> list[tuple[int, int, str, str]]:
    """Return who holds a signer's mandate today at an authority of the actor: person, authority, role, words."""
    offices = desk().actor.authorities(*ROLES, Role.SECURITY)
    columns = (Mandate.person_id, Unit.id, Unit.authority_id, Unit.is_authority, Unit.name, Mandate.role, Unit.kind)
    query = select(*columns, Person.name.label("person")).join(Unit, Unit.id == Mandate.unit_id)
    query = query.join(Person, Person.id == Mandate.person_id).order_by(Mandate.id)
    query = query.where(Mandate.role.in_(ROLES), in_force(desk().moment.day), Person.disabled_at.is_(None))
    query = query.where(or_(*(held_at(authority_id) for authority_id in offices), false()))
    return [_holder(row, len(offices) > 1) for row in desk().session.execute(query)]


def _holder(row: Any, names_unit: bool) -> tuple[int, int, str, str]:
    authority_id = row.id if row.is_authority else row.authority_id
    where = f"，{row.name}" if names_unit else ""
    return row.person_id, authority_id, row.role, f"{row.person}（{role_word(Role(row.role), row.kind)}{where}）"


def _asked(form: AbsenceForm) -> Substitution:
    person_id, authority_id, role = str(form.person.data).split(".")
    begins_on, ends_on = form.begins_on.data, form.ends_on.data
    if begins_on is None or ends_on is None:
        raise Invalid({"ends_on": "请填写截止日期。"})
    who = int(person_id), int(str(form.substitute.data))
    return Substitution(int(authority_id), *who, Role(role), begins_on, ends_on, str(form.reason.data or ""))


def _placed(error: Invalid) -> Invalid:
    """Put what is wrong with the role beside the person: one field asks for both."""
    return Invalid({"person" if name == "role" else name: said for name, said in error.errors.items()})


def _rows() -> list[dict[str, Any]]:
    query = select(Absence, AWAY.name.label("away"), STANDING_IN.name.label("substitute"), Unit.kind)
    query = (
        query.join(Unit, Unit.id == Absence.authority_id)
        .join(AWAY, AWAY.id == Absence.person_id)
        .join(STANDING_IN, STANDING_IN.id == Absence.substitute_id)
    )
    query = query.where(within(Absence, desk().actor)).order_by(Absence.ends_on.desc(), Absence.id.desc())
    return [_row(*row) for row in desk().session.execute(query.limit(MOST_ROWS))]


def _row(row: Absence, away: str, substitute: str, kind: str) -> dict[str, Any]:
    standing, actor = _standing(row), desk().actor
    keeps = row.role == Role.LEADER and row.authority_id in actor.authorities(Role.SUPERVISOR)
    return {
        "id": row.id,
        "version": row.version,
        "away": away,
        "substitute": substitute,
        "role": role_word(Role(row.role), kind),
        "begins_on": row.begins_on,
        "ends_on": row.ends_on,
        "reason": row.reason,
        "standing": STANDINGS[standing],
        "may_cancel": standing in ("present", "future") and (row.person_id == actor.person_id or keeps),
    }


def _standing(row: Absence) -> str:
    day = desk().moment.day
    if row.cancelled_on is not None:
        return "cancelled"
    return "future" if row.begins_on > day else "past" if row.ends_on < day else "present"
