"""What an office types that others read and that belongs to no case: refused where it tells who a citizen is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.calendar import LocalDay, parse_year
from app.core.errors import Invalid
from app.ledgers.cases import refuse_persons
from app.ledgers.intake import Choice, Sketch
from app.ledgers.views import save_view
from app.people import Role
from app.workflows import Context, Substitution, choose_pack, declare_day, load_year, name_substitute
from app.workflows.accounts import create_person
from app.workflows.layout_keeping import add_layout
from app.workflows.units import create_unit
from tests.databases import Databases
from tests.stock import ready_story
from tests.story import Story

SAID = "反映人13812345678"
LAYOUT = Sketch("农业整改表", "县农业农村局", (Choice(("存在问题",), "text"),))
DAY = LocalDay(date(2026, 3, 24), "off", "县庆", "县政府通知")
YEAR = parse_year("2027-01-01 休 元旦\n", 2027, "国办通知")


@pytest.fixture
def story(databases: Databases) -> Story:
    """A county with rules on 2 March 2026."""
    return ready_story(databases)


def _substitution(story: Story, reason: str) -> Substitution:
    day, persons = date(2026, 3, 2), story.cast.persons
    who = persons["supervisor"], persons["leader"]
    return Substitution(story.cast.units["C"], *who, Role.SUPERVISOR, day, day, reason)


Act = Callable[[Story, Context, int], Any]
ACTS: dict[str, tuple[str, str, Act]] = {
    "view": ("supervisor", "name", lambda s, c, _: save_view(c.session, c.actor, c.moment, SAID, {}, [])),
    "shared view": (
        *("supervisor", "roles"),
        lambda s, c, _: save_view(c.session, c.actor, c.moment, "关注", {"q": SAID}, [Role.HEAD]),
    ),
    "layout": ("supervisor", "name", lambda s, c, county: add_layout(c, county, replace(LAYOUT, name=SAID))),
    "title": ("supervisor", "title", lambda s, c, county: add_layout(c, county, replace(LAYOUT, title=SAID))),
    "column": (
        *("supervisor", "columns"),
        lambda s, c, county: add_layout(c, county, replace(LAYOUT, columns=(*LAYOUT.columns, Choice((SAID,))))),
    ),
    "local day": ("assessor", "name", lambda s, c, county: declare_day(c, county, replace(DAY, name=SAID))),
    "notice": ("assessor", "notice", lambda s, c, county: load_year(c, county, replace(YEAR, notice=SAID))),
    "slip": (
        *("supervisor", "names-prompt"),
        lambda s, c, county: choose_pack(c, county, "blue-yellow-red", {"prompt": SAID}, None),
    ),
    "absence": ("supervisor", "reason", lambda s, c, _: name_substitute(c, _substitution(s, SAID))),
    "unit": (
        *("admin", "name"),
        lambda s, c, county: create_unit(
            c.session, c.actor, c.moment, {"name": SAID, "kind": "town", "parent_id": county}
        ),
    ),
    "post": (
        *("admin", "title"),
        lambda s, c, county: create_person(
            c.session, c.actor, c.moment, {"username": "neu", "name": "张三", "title": SAID, "unit_id": county}
        ),
    ),
}


@pytest.mark.parametrize("name", ACTS)
def test_text_of_an_office_names_no_citizen(story: Story, name: str) -> None:
    who, field, act = ACTS[name]
    with story.cast.begin(who) as (session, actor):
        context = Context(session, actor, story.cast.clock.now())
        with pytest.raises(Invalid) as caught:
            act(story, context, story.cast.units["C"])
        assert list(caught.value.errors) == [field]
        assert "13812345678" in caught.value.errors[field]


def test_what_an_office_may_print_of_itself_is_taken() -> None:
    refuse_persons(name="县政府办公室通知，联系人：王建国，电话0571-88123456")
