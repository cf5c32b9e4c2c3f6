"""What keepers may do with a person, a mandate or a unit: one list for the buttons and for the one route that does it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, url_for

from app.core.errors import Invalid
from app.people import Mandate, Person, Role, Unit
from app.web.fields import ChineseForm
from app.web.moves import Action
from app.web.people_forms import (
    EndForm,
    GrantForm,
    PersonForm,
    PlainForm,
    PortfolioForm,
    ReasonForm,
    UnitForm,
    chosen_unit,
    chosen_units,
    fill_choices,
)
from app.web.shell import desk
from app.workflows import (
    Appointment,
    IssuedCode,
    change_person,
    change_unit,
    close_unit,
    disable_person,
    enable_person,
    end_mandate,
    grant_mandate,
    reset_password,
    set_portfolio,
    vacancy,
)

Do = Callable[[Any, Any, int | None], IssuedCode | None]


@dataclass(frozen=True, slots=True)
class Act:
    """One act: its words, who does it, its form and values to begin with, and when it makes sense."""

    name: str
    label: str
    role: Role
    form: type[ChineseForm]
    do: Do
    fits: Callable[[Any], bool] = lambda _row: True
    begin: Callable[[Any], dict[str, Any]] = lambda _row: {}
    danger: bool = False
    help: str = ""


def _change_person(person: Person, form: PersonForm, version: int | None) -> None:
    values = {**form.data, "unit_id": chosen_unit(form.unit_id.data)}
    change_person(desk().session, desk().actor, desk().moment, person.id, values, version)


def _disable(person: Person, form: ReasonForm, version: int | None) -> None:
    disable_person(desk().session, desk().actor, desk().moment, person.id, str(form.reason.data), version)


def _enable(person: Person, _form: PlainForm, version: int | None) -> IssuedCode:
    return enable_person(desk().session, desk().actor, desk().moment, person.id, version)


def _reset(person: Person, _form: PlainForm, version: int | None) -> IssuedCode:
    return reset_password(desk().session, desk().actor, desk().moment, person.id, version)


def _grant(person: Person, form: GrantForm, _version: int | None) -> None:
    unit_id, begins_on = chosen_unit(form.unit_id.data), form.begins_on.data
    if unit_id is None or begins_on is None:
        raise Invalid({"unit_id": "请选择任职单位。"})
    portfolio = chosen_units(form.portfolio.data)
    asked = Appointment(person.id, unit_id, Role(form.role.data), begins_on, form.ends_on.data, portfolio)
    grant_mandate(desk().session, desk().actor, desk().moment, asked)


def _end(mandate: Mandate, form: EndForm, version: int | None) -> None:
    reason, last_day = str(form.reason.data), form.ends_on.data
    end_mandate(desk().session, desk().actor, desk().moment, mandate.id, reason, last_day, version)
    if nobody := vacancy(desk().session, mandate.id):
        flash(nobody, "warn")


def _portfolio(mandate: Mandate, form: PortfolioForm, version: int | None) -> None:
    units = chosen_units(form.portfolio.data)
    set_portfolio(desk().session, desk().actor, desk().moment, mandate.id, units, version)


def _change_unit(unit: Unit, form: UnitForm, _version: int | None) -> None:
    values = {**form.data, "parent_id": chosen_unit(form.parent_id.data)}
    change_unit(desk().session, desk().actor, desk().moment, unit.id, values)


def _close_unit(unit: Unit, form: ReasonForm, _version: int | None) -> None:
    close_unit(desk().session, desk().actor, desk().moment, unit.id, str(form.reason.data))


def _is_open(row: Person) -> bool:
    return row.disabled_at is None


ONCE = "会生成一次性代码，只显示一次，请当面交给本人。原密码立即失效，所有设备上的登录立即退出。"
PERSON_ACTS = (
    Act("grant", "授予任职", Role.SECURITY, GrantForm, _grant, _is_open, lambda _p: {"begins_on": desk().moment.day}),
    Act(
        "change",
        "修改资料",
        Role.ADMIN,
        PersonForm,
        _change_person,
        begin=lambda p: {"name": p.name, "title": p.title, "phone": p.phone, "unit_id": str(p.unit_id or "")},
    ),
    Act("reset", "重置密码", Role.ADMIN, PlainForm, _reset, _is_open, danger=True, help=ONCE),
    Act(
        "disable",
        "停用账号",
        Role.ADMIN,
        ReasonForm,
        _disable,
        _is_open,
        danger=True,
        help="立即退出此人所有设备上的登录。记录都保留，任职由安全管理员另行终止。",
    ),
    Act("enable", "启用账号", Role.ADMIN, PlainForm, _enable, lambda p: not _is_open(p), danger=True, help=ONCE),
)
MANDATE_ACTS = (
    Act(
        "portfolio",
        "调整分管单位",
        Role.SECURITY,
        PortfolioForm,
        _portfolio,
        lambda row: row.mandate.role == Role.LEADER and row.standing != "past",
        lambda row: {"portfolio": [str(unit_id) for unit_id in row.portfolio_ids]},
    ),
    Act("end", "终止任职", Role.SECURITY, EndForm, _end, lambda row: row.standing != "past", danger=True),
)
UNIT_ACTS = (
    Act(
        "change",
        "修改单位",
        Role.ADMIN,
        UnitForm,
        _change_unit,
        lambda unit: unit.kind != "county",
        lambda u: {"name": u.name, "short_name": u.short_name, "kind": u.kind, "parent_id": str(u.parent_id or "")},
    ),
    Act(
        "close",
        "撤销单位",
        Role.ADMIN,
        ReasonForm,
        _close_unit,
        lambda unit: unit.closed_on is None and not unit.is_authority,
        danger=True,
        help="机构改革撤并时使用。历史记录都保留，以后不再能选到这个单位。",
    ),
)


@dataclass(frozen=True, slots=True)
class Typed:
    """A form that came back wrong: shown again as typed."""

    name: str
    form: ChineseForm
    row_id: int = 0


def actions_for(
    acts: tuple[Act, ...], noun: str, row: Any, row_id: int, version: int, typed: Typed | None = None
) -> list[Action]:
    """Return the acts that the actor's roles allow on a row, each with its form."""
    found = []
    for act in acts:
        if act.role not in desk().actor.roles or not act.fits(row):
            continue
        is_typed = typed is not None and (typed.name, typed.row_id) == (act.name, row_id)
        form = typed.form if typed is not None and is_typed else act.form(data=act.begin(row))
        url = url_for(f"people.act_on_{noun}", row_id=row_id, name=act.name)
        has_fields = any(True for _ in form)
        shown = fill_choices(form) if has_fields else None
        found.append(
            Action(act.name, act.label, url, version, shown, act.danger, act is acts[0], is_typed, help=act.help)
        )
    return found
