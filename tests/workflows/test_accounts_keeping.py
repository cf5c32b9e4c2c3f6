"""Keeping accounts and mandates: who may, who may not, and what is lost at once."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.audit import Event
from app.core.clock import Moment
from app.core.errors import Absent, Invalid, Refused, Stale
from app.people import Mandate, Person, Role, WebSession, load_actor
from app.workflows import (
    Appointment,
    close_unit,
    create_person,
    create_unit,
    disable_person,
    enable_person,
    end_mandate,
    grant_mandate,
    reset_password,
    set_portfolio,
    vacancy,
)
from tests.databases import Databases
from tests.faults.figures import dice, figures
from tests.people import Cast, mandate_of
from tests.stock import ready_cast

DAY = date(2026, 3, 2)


@pytest.fixture
def cast(databases: Databases) -> Cast:
    """The cast on a Monday in March."""
    return ready_cast(databases)


def grant(cast: Cast, by: str, to: str, role: Role, unit: str = "A", **dates: Any) -> int:
    """Grant a mandate from today."""
    with cast.begin(by) as (session, actor):
        asked = Appointment(cast.persons[to], cast.units[unit], role, **{"begins_on": cast.clock.now().day} | dates)
        return grant_mandate(session, actor, cast.clock.now(), asked).id


def end(cast: Cast, by: str, mandate_id: int, **more: date | int) -> None:
    """End a mandate."""
    with cast.begin(by) as (session, actor):
        end_mandate(session, actor, cast.clock.now(), mandate_id, "岗位调整", **more)  # type: ignore[arg-type]


def first_mandate(cast: Cast, username: str) -> int:
    """Return the id of somebody's first mandate."""
    with cast.database.session(read_only=True) as session:
        return mandate_of(session, cast.persons[username]).id


def roles_of(cast: Cast, username: str) -> set[Role]:
    """Return the roles somebody holds today."""
    with cast.begin(username) as (_, actor):
        return set(actor.roles)


def test_security_administrator_grants_and_ends_and_both_are_recorded(cast: Cast) -> None:
    mandate_id = grant(cast, "security", "head_t", Role.INSPECTOR, "O")
    assert Role.INSPECTOR in roles_of(cast, "head_t")
    end(cast, "security", mandate_id)
    assert Role.INSPECTOR not in roles_of(cast, "head_t")
    with cast.database.session(read_only=True) as session:
        granted, ended = session.scalars(select(Event).order_by(Event.id)).all()
    assert (granted.kind, ended.kind, ended.reason) == ("mandate.grant", "mandate.end", "岗位调整")
    assert granted.mandate_id == ended.mandate_id == first_mandate(cast, "security")


def test_who_ends_the_last_mandate_of_a_role_is_told(cast: Cast) -> None:
    def told(mandate_id: int) -> str:
        with cast.database.session(read_only=True) as session:
            return vacancy(session, mandate_id)

    only, second = first_mandate(cast, "head_a"), grant(cast, "security", "head_t", Role.HEAD)
    assert told(only) == ""
    end(cast, "security", second)
    assert told(second) == ""
    end(cast, "security", only, last_day=cast.clock.now().day)
    assert told(only).startswith(f"从 {cast.clock.now().day + timedelta(days=1)} 起，")
    assert "没有单位负责人了" in told(only)


@pytest.mark.parametrize("by", ["admin", "auditor", "supervisor", "leader", "head_a"])
def test_nobody_else_grants_or_ends(cast: Cast, by: str) -> None:
    with pytest.raises(Refused, match="安全管理员"):
        grant(cast, by, "head_t", Role.INSPECTOR)
    with pytest.raises(Refused, match="安全管理员"):
        end(cast, by, first_mandate(cast, "head_t"))


def test_nobody_grants_or_ends_for_oneself(cast: Cast) -> None:
    with pytest.raises(Refused, match="给自己"):
        grant(cast, "security", "security", Role.SUPERVISOR)
    with pytest.raises(Refused, match="给自己"):
        end(cast, "security", first_mandate(cast, "security"))


@pytest.mark.parametrize("role", [Role.ADMIN, Role.SECURITY, Role.AUDITOR])
def test_three_administrators_exclude_each_other_on_any_shared_day(cast: Cast, role: Role) -> None:
    others = {Role.ADMIN: "admin", Role.SECURITY: "security", Role.AUDITOR: "auditor"}
    for other, username in others.items():
        if other not in (role, Role.SECURITY):
            with pytest.raises(Invalid, match="互斥"):
                grant(cast, "security", username, role, begins_on=DAY + timedelta(days=400))


@pytest.mark.parametrize("who", ["admin", "auditor"])
def test_nobody_is_administrator_and_discipline_inspection_at_once(cast: Cast, who: str) -> None:
    with pytest.raises(Invalid, match="纪委监委与系统、安全、审计管理员互斥"):
        grant(cast, "security", who, Role.DISCIPLINE, "C")
    with pytest.raises(Invalid, match="互斥"):
        grant(cast, "security", "discipline", Role.ADMIN, "C", begins_on=DAY + timedelta(days=400))
    assert roles_of(cast, who) == {Role(who)}


def test_administrators_may_follow_each_other(cast: Cast) -> None:
    grant(cast, "security", "head_t", Role.ADMIN, ends_on=DAY + timedelta(days=9))
    with pytest.raises(Invalid, match="互斥"):
        grant(cast, "security", "head_t", Role.AUDITOR, begins_on=DAY + timedelta(days=9))
    grant(cast, "security", "head_t", Role.AUDITOR, begins_on=DAY + timedelta(days=10))


def test_same_mandate_twice_and_wrong_dates_are_refused(cast: Cast) -> None:
    with pytest.raises(Invalid, match="重叠"):
        grant(cast, "security", "head_a", Role.HEAD, "A")
    with pytest.raises(Invalid, match="早于"):
        grant(cast, "security", "head_a", Role.LIAISON, ends_on=DAY - timedelta(days=1))


def test_outsiders_people_and_units_do_not_exist(cast: Cast) -> None:
    with pytest.raises(Absent):
        grant(cast, "security", "outsider", Role.INSPECTOR)
    with pytest.raises(Absent):
        grant(cast, "security", "head_a", Role.INSPECTOR, "Y")
    with pytest.raises(Absent):
        end(cast, "security", first_mandate(cast, "outsider"))


def test_mandate_with_a_last_day_ends_after_it(cast: Cast) -> None:
    end(cast, "security", first_mandate(cast, "head_t"), last_day=DAY + timedelta(days=1))
    cast.at(DAY + timedelta(days=1))
    assert roles_of(cast, "head_t") == {Role.HEAD}
    cast.at(DAY + timedelta(days=2))
    assert roles_of(cast, "head_t") == set()


def test_ending_a_mandate_never_makes_it_longer(cast: Cast) -> None:
    held = grant(cast, "security", "head_t", Role.ADMIN, ends_on=DAY + timedelta(days=9))
    grant(cast, "security", "head_t", Role.AUDITOR, begins_on=DAY + timedelta(days=10))
    with pytest.raises(Invalid, match="不能晚于"):
        end(cast, "security", held, last_day=DAY + timedelta(days=10))
    end(cast, "security", held, last_day=DAY + timedelta(days=8))


def test_stale_page_ends_nothing(cast: Cast) -> None:
    mandate_id = first_mandate(cast, "head_t")
    end(cast, "security", mandate_id, last_day=DAY, version=1)
    with pytest.raises(Stale):
        end(cast, "security", mandate_id, version=1)


@figures(50, 200)
def test_lost_mandate_is_lost_at_the_next_request(cast: Cast, count: int) -> None:
    chance, held = dice(), 0
    for _ in range(count):
        role = chance.choice([Role.INSPECTOR, Role.SUPERVISOR, Role.ASSESSOR, Role.LEADER, Role.DISCIPLINE])
        mandate_id = grant(cast, "security", "head_t", role, "C")
        cast.clock.moment = Moment.of(cast.clock.now().at + timedelta(hours=chance.choice([0, 1, 30, 80])))
        held += role in roles_of(cast, "head_t")
        end(cast, "security", mandate_id)
        assert role not in roles_of(cast, "head_t")
    assert held == count


def test_portfolio_is_set_by_security_for_leaders_only(cast: Cast) -> None:
    mandate_id = first_mandate(cast, "leader")
    with cast.begin("security") as (session, actor):
        set_portfolio(session, actor, cast.clock.now(), mandate_id, [cast.units["B"]])
    with cast.begin("leader") as (_, actor):
        assert actor.portfolio == {cast.units["B"]}
    with cast.begin("security") as (session, actor), pytest.raises(Invalid):
        set_portfolio(session, actor, cast.clock.now(), mandate_id, [cast.units["Y"]])
    with cast.begin("security") as (session, actor), pytest.raises(Refused):
        set_portfolio(session, actor, cast.clock.now(), first_mandate(cast, "head_a"), [cast.units["B"]])


def test_administrator_makes_an_account_that_can_do_nothing_yet(cast: Cast) -> None:
    with cast.begin("admin") as (session, actor):
        form = {"username": "New.One", "name": "新人", "unit_id": cast.units["A"]}
        issued = create_person(session, actor, cast.clock.now(), form)
        assert len(issued.code) == 19
    with cast.database.session(read_only=True) as session:
        person = session.get_one(Person, issued.person_id)
        assert (person.username, person.password_hash) == ("new.one", None)
        made = load_actor(session, person.id, DAY)
    assert made is not None
    assert made.grants == ()


def test_username_with_a_blank_inside_is_refused_and_not_changed(cast: Cast) -> None:
    form = {"username": "e5 bad", "name": "新人", "unit_id": cast.units["A"]}
    with cast.begin("admin") as (session, actor):
        with pytest.raises(Invalid, match="中间不能有空格"):
            create_person(session, actor, cast.clock.now(), form)
        assert create_person(session, actor, cast.clock.now(), form | {"username": " e5bad "}).username == "e5bad"


def test_wrong_account_is_refused_field_by_field(cast: Cast) -> None:
    form = {"username": "Leader", "name": "", "unit_id": cast.units["Y"], "phone": "call me"}
    with cast.begin("admin") as (session, actor), pytest.raises(Invalid) as wrong:
        create_person(session, actor, cast.clock.now(), form)
    assert wrong.value.errors.keys() == {"username", "name", "unit_id", "phone"}


@pytest.mark.parametrize("by", ["security", "auditor", "supervisor"])
def test_only_the_administrator_keeps_accounts_and_units(cast: Cast, by: str) -> None:
    moment, target = cast.clock.now(), cast.persons["head_t"]
    with cast.begin(by) as (session, actor):
        for act in (
            lambda: create_person(session, actor, moment, {}),
            lambda: disable_person(session, actor, moment, target, "x"),
            lambda: reset_password(session, actor, moment, target),
            lambda: create_unit(session, actor, moment, {}),
        ):
            with pytest.raises(Refused, match="系统管理员"):
                act()


def test_disabled_account_ends_its_sessions_and_comes_back_with_a_code(cast: Cast) -> None:
    moment, person_id = cast.clock.now(), cast.persons["head_t"]
    with cast.database.begin() as session:
        at = moment.at
        session.add(WebSession(token_digest="x", person_id=person_id, created_at=at, seen_at=at, expires_at=at))
    with cast.begin("admin") as (session, actor):
        disable_person(session, actor, moment, person_id, "退休")
    with cast.database.session(read_only=True) as session:
        assert session.scalars(select(WebSession)).all() == []
        assert load_actor(session, person_id, DAY) is None
    asked = Appointment(person_id, cast.units["A"], Role.LIAISON, DAY)
    with cast.begin("security") as (session, actor), pytest.raises(Refused, match="停用"):
        grant_mandate(session, actor, moment, asked)
    with cast.begin("admin") as (session, actor):
        assert enable_person(session, actor, moment, person_id).code


def test_administrator_can_neither_lock_nor_take_over_the_other_administrators(cast: Cast) -> None:
    moment = cast.clock.now()
    with cast.begin("admin") as (session, actor):
        for username in ("security", "auditor"):
            with pytest.raises(Refused, match="运维"):
                reset_password(session, actor, moment, cast.persons[username])
            with pytest.raises(Refused, match="唯一"):
                disable_person(session, actor, moment, cast.persons[username], "x")
        with pytest.raises(Refused, match="自己"):
            disable_person(session, actor, moment, cast.persons["admin"], "x")
        with pytest.raises(Absent):
            disable_person(session, actor, moment, cast.persons["outsider"], "x")


def test_last_administrator_of_a_kind_keeps_the_mandate(cast: Cast) -> None:
    with pytest.raises(Refused, match="唯一的系统管理员"):
        end(cast, "security", first_mandate(cast, "admin"))
    grant(cast, "security", "head_t", Role.ADMIN)
    end(cast, "security", first_mandate(cast, "admin"))


def test_unit_is_made_below_another_and_closed_when_empty(cast: Cast) -> None:
    moment = cast.clock.now()
    with cast.begin("admin") as (session, actor):
        form = {"name": "市政股", "kind": "section", "parent_id": cast.units["A"]}
        unit = create_unit(session, actor, moment, form)
        assert (unit.authority_id, unit.code, unit.short_name) == (cast.units["C"], "A-01", "市政股")
        with pytest.raises(Invalid, match="已有单位"):
            create_unit(session, actor, moment, form)
        with pytest.raises(Refused, match="下面还有单位"):
            close_unit(session, actor, moment, cast.units["A"], "机构改革")
        close_unit(session, actor, moment, unit.id, "机构改革")
        with pytest.raises(Refused, match="任职"):
            close_unit(session, actor, moment, cast.units["A"], "机构改革")
        with pytest.raises(Invalid, match="上级单位"):
            create_unit(session, actor, moment, form | {"name": "外县股", "parent_id": cast.units["Y"]})


def test_mandate_taken_away_on_its_first_day_was_valid_on_no_day(cast: Cast) -> None:
    mandate_id = grant(cast, "security", "head_t", Role.INSPECTOR)
    end(cast, "security", mandate_id)
    with cast.database.session(read_only=True) as session:
        row = session.get_one(Mandate, mandate_id)
    assert (row.begins_on, row.ends_on) == (DAY, DAY - timedelta(days=1))
    grant(cast, "security", "head_t", Role.INSPECTOR)
