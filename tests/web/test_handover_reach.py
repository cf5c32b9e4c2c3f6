"""移交 to somebody who sees and can do what is passed on: nobody of a town's office, nobody concerned, no leader elsewhere."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from app.ledgers.cases import Charge
from app.ledgers.handover import BY_KEY
from app.people import Person, Role, load_actor, visible
from app.workflows import Context, pass_on
from tests import slips, talking
from tests.client import visit
from tests.handing import township
from tests.story import Story
from tests.web.test_handover import appoint, at_work, events


def offered(story: Story, app: Flask, who: str, leaver: str, kind: str) -> set[str]:
    """Return who of the cast is offered as a successor for a kind."""
    page = visit(app, story, who).get(f"/handover/{story.cast.persons[leaver]}").text
    select_field = page.partition(f'id="{kind}-successor"')[2].partition("</select>")[0]
    ids = {int(value) for value in re.findall(r'value="(\d+)"', select_field)}
    return {name for name, person_id in story.cast.persons.items() if person_id in ids}


def said(story: Story, app: Flask, kind: str, to: str, row_id: int) -> str:
    """Let the supervisor pass an item of the inspector on and return the page that follows."""
    supervisor, path = visit(app, story, "supervisor"), f"/handover/{story.cast.persons['inspector']}"
    form = {"items": row_id, "successor": str(story.cast.persons[to]), "reason": "调离"}
    assert supervisor.post(f"{path}/{kind}", form).status_code == 303
    return supervisor.get(path).text


def test_office_of_a_town_takes_nothing_of_the_county_over(story: Story, app: Flask) -> None:
    township(story)
    logged, working = story.log(title="无人交办的问题"), at_work(story)
    slip_id = slips.draft(story, working)
    for kind, row_id in (("cases", logged), ("slips", slip_id)):
        assert offered(story, app, "supervisor", "inspector", kind) == {"inspector2", "supervisor", "supervisor2"}
        for to in ("inspector_t", "supervisor_t"):
            assert "接手人须是本级现任督查员或督查室主任。" in said(story, app, kind, to, row_id)
            assert events(story, f"handover.{kind}") == []
    assert story.newest(Charge) is None


@pytest.mark.parametrize("kind", ["cases", "slips", "measures", "requests", "instructions"])
def test_whoever_is_offered_sees_what_is_passed_on(story: Story, app: Flask, kind: str) -> None:
    township(story)
    with story.cast.database.begin() as session:
        session.get_one(Person, story.cast.persons["liaison_a"]).name = "张三"
    working, logged = at_work(story), story.log(title="未交办")
    made = {"slips": slips.draft(story, working), "instructions": talking.instructed(story, working), "cases": logged}
    story.case("supervisor", working, "propose_void", reason="误录", leader=story.cast.persons["leader"])
    leaver = {"measures": "liaison_a", "requests": "leader", "instructions": "leader"}.get(kind, "inspector")
    takers = offered(story, app, "supervisor", leaver, kind)
    assert takers == {"measures": {"head_a"}, "requests": {"leader2"}, "instructions": set()}.get(
        kind, {"inspector2", "supervisor", "supervisor2"}
    )
    for taker in takers:
        with story.cast.begin("supervisor") as (session, actor):
            context = Context(session, actor, story.cast.clock.now())
            model = BY_KEY[kind].model
            row_id = made.get(kind) or session.scalars(select(model.id).order_by(model.id.desc()).limit(1)).one()
            person = session.get_one(Person, story.cast.persons[leaver])
            (one,) = pass_on(context, BY_KEY[kind], person, [row_id], story.cast.persons[taker], "调离")
            assert one.refused == ""
            sees = load_actor(session, story.cast.persons[taker], context.day)
            assert sees is not None
            assert session.scalars(visible(model, sees).where(model.id == row_id)).one_or_none() is not None
            session.rollback()


def test_who_answers_for_the_unit_of_a_slip_does_not_take_it_over(story: Story, app: Flask) -> None:
    slip_id = slips.draft(story, at_work(story))
    appoint(story, "inspector2", Role.HEAD, "A")
    assert "这一项涉及接手人任职的单位，须回避。" in said(story, app, "slips", "inspector2", slip_id)
    assert story.newest(Charge) is None
    assert events(story, "handover.slips") == []
