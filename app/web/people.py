"""单位与人员: units, persons and mandates, for those who keep them; each act by the administrator it belongs to."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import Form

from app.core.errors import Absent, Invalid
from app.people import Mandate, Person, Role, Unit, visible
from app.web.fields import ChineseForm
from app.web.moves import put_errors
from app.web.people_acts import MANDATE_ACTS, PERSON_ACTS, UNIT_ACTS, Act, Typed
from app.web.people_forms import NewPersonForm, NewUnitForm, chosen_unit, fill_choices
from app.web.people_pages import person_data, persons_data, unit_data, units_data
from app.web.policy import only, route
from app.web.shell import desk, shows_form_again
from app.workflows import IssuedCode, create_person, create_unit

blueprint = Blueprint("people", __name__)
KEEPERS, ADMIN = only(Role.ADMIN, Role.SECURITY), only(Role.ADMIN)
Answer = str | Response | tuple[str, int]


@route(blueprint, "/people", KEEPERS)
def units() -> str:
    """Show the tree of units."""
    return render_template("people/units.html", **units_data())


@route(blueprint, "/people/units/<int:row_id>", KEEPERS)
def unit(row_id: int) -> str:
    """Show a unit with its people."""
    return _unit_page(row_id)


@route(blueprint, "/people/persons", KEEPERS)
def persons() -> str:
    """Show persons and what they hold."""
    return render_template("people/persons.html", **persons_data())


@route(blueprint, "/people/persons/<int:row_id>", KEEPERS)
def person(row_id: int) -> str:
    """Show a person with every mandate."""
    return _person_page(row_id)


@route(blueprint, "/people/persons/new", ADMIN, ("GET", "POST"))
@shows_form_again
def new_person() -> Answer:
    """Make an account; its one-time code is shown once."""
    form = fill_choices(NewPersonForm(request.form, data={"unit_id": request.args.get("unit", "")}))
    if request.method == "GET":
        return render_template("people/new_person.html", form=form)
    try:
        _check(form)
        values = {**form.data, "unit_id": chosen_unit(form.data["unit_id"])}
        return codes_page([create_person(desk().session, desk().actor, desk().moment, values)])
    except Invalid as error:
        _blame(form, error)
        return render_template("people/new_person.html", form=form), 422


@route(blueprint, "/people/units/new", ADMIN, ("GET", "POST"))
@shows_form_again
def new_unit() -> Answer:
    """Make a unit."""
    form = fill_choices(NewUnitForm(request.form, data={"parent_id": request.args.get("parent", "")}))
    if request.method == "GET":
        return render_template("people/new_unit.html", form=form)
    try:
        _check(form)
        values = {**form.data, "parent_id": chosen_unit(form.data["parent_id"])}
        made = create_unit(desk().session, desk().actor, desk().moment, values)
    except Invalid as error:
        _blame(form, error)
        return render_template("people/new_unit.html", form=form), 422
    flash(f"已新建{made.name}。", "done")
    return redirect(url_for("people.unit", row_id=made.id), 303)


@route(blueprint, "/people/persons/<int:row_id>/acts/<name>", KEEPERS, ("POST",))
def act_on_person(row_id: int, name: str) -> Answer:
    """Do something with a person."""
    found = _find(Person, row_id)
    return _act(PERSON_ACTS, name, found, lambda typed: _person_page(row_id, typed), _person_url(row_id))


@route(blueprint, "/people/mandates/<int:row_id>/acts/<name>", KEEPERS, ("POST",))
def act_on_mandate(row_id: int, name: str) -> Answer:
    """Do something with a mandate."""
    found = _find(Mandate, row_id)
    person_id = found.person_id
    return _act(MANDATE_ACTS, name, found, lambda typed: _person_page(person_id, typed), _person_url(person_id))


@route(blueprint, "/people/units/<int:row_id>/acts/<name>", KEEPERS, ("POST",))
def act_on_unit(row_id: int, name: str) -> Answer:
    """Do something with a unit."""
    found, url = _find(Unit, row_id), url_for("people.unit", row_id=row_id)
    return _act(UNIT_ACTS, name, found, lambda typed: _unit_page(row_id, typed), url)


def codes_page(codes: list[IssuedCode]) -> str:
    """Show one-time codes to print; this page cannot be called again."""
    return render_template("people/codes.html", codes=codes)


def _act(acts: tuple[Act, ...], name: str, row: Any, show: Callable[[Typed], str], url: str) -> Answer:
    """Do the act, and show its codes or the page again; what was typed wrong is kept."""
    act = next((act for act in acts if act.name == name), None)
    if act is None:
        raise Absent
    form = fill_choices(act.form(request.form))
    typed_version = request.form.get("version", "")
    version = int(typed_version) if typed_version.isdecimal() and acts is not UNIT_ACTS else None
    try:
        _check(form)
        issued = act.do(row, form, version)
    except Invalid as error:
        row_id = row.id
        _blame(form, error)
        return show(Typed(act.name, form, row_id)), 422
    if issued is not None:
        return codes_page([issued])
    flash(f"已办理：{act.label}。", "done")
    return redirect(url, 303)


def _check(form: ChineseForm) -> None:
    if not form.validate():
        raise Invalid({})


def _blame(form: Form, error: Invalid) -> None:
    put_errors(form, error)
    desk().session.rollback()


def _find(model: Any, row_id: int) -> Any:
    found = desk().session.scalars(visible(model, desk().actor).where(model.id == row_id)).first()
    if found is None:
        raise Absent
    return found


def _person_url(person_id: int) -> str:
    return url_for("people.person", row_id=person_id)


def _person_page(row_id: int, typed: Typed | None = None) -> str:
    return render_template("people/person.html", **person_data(_find(Person, row_id), typed))


def _unit_page(row_id: int, typed: Typed | None = None) -> str:
    return render_template("people/unit.html", **unit_data(_find(Unit, row_id), typed))
