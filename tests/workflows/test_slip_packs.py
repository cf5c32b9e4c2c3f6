"""Packs: switched and renamed by the supervisor; what is on record keeps its own name, colour and level."""

import pytest
from sqlalchemy import select

from app.audit import Event
from app.core.errors import Invalid, Refused, Stale
from app.ledgers.slips import SlipSetting
from app.workflows import Context, choose_pack
from tests.databases import Databases
from tests.slips import draft, drafted, move, newest, overdue_case, run, slips
from tests.stock import ready_story
from tests.story import Story
from tests.workflows.paths import brought_to


@pytest.fixture
def story(databases: Databases) -> Story:
    """A county with rules on 2 March 2026."""
    return ready_story(databases)


def choose(story: Story, pack: str, who: str = "supervisor", version: int | None = None, **names: str) -> None:
    """Let somebody choose a pack."""
    with story.cast.begin(who) as (session, actor):
        context = Context(session, actor, story.cast.clock.now())
        choose_pack(context, story.cast.units["C"], pack, names, version)


def test_authority_renames_a_type_and_slips_on_record_keep_their_name(story: Story) -> None:
    overdue_case(story)
    run(story, "2026-03-03", "2026-03-23")
    choose(story, "blue-yellow-red", prompt="工作提示单")
    overdue_case(story, "2026-03-24")
    run(story, "2026-03-24", "2026-03-25")
    assert [(slip.name, slip.colour) for slip in slips(story)] == [("提示单", "蓝"), ("工作提示单", "蓝")]
    event = story.newest(Event, kind="slip_pack.change")
    assert event.data["names"] == {"prompt": "工作提示单"}


def test_names_of_a_pack_wait_for_its_return(story: Story) -> None:
    choose(story, "blue-yellow-red", prompt="工作提示单")
    choose(story, "praise", praise="表扬通知")
    assert story.newest(Event, kind="slip_pack.change").data["names"] == {"praise": "表扬通知"}
    draft(story, overdue_case(story), "praise", entry_reason=None)
    assert newest(story).name == "表扬通知"
    with story.cast.database.session() as session:
        assert session.scalars(select(SlipSetting)).one().names == {"prompt": "工作提示单", "praise": "表扬通知"}


def test_praise_may_follow_a_closure(story: Story) -> None:
    choose(story, "praise")
    case_id = brought_to(story, "closed")
    draft(story, case_id, "praise", entry_reason=None)
    move(story, "supervisor", "sign")
    assert newest(story).state == "issued"
    with pytest.raises(Refused, match="已经结束"):
        draft(story, case_id, "yellow_remind", entry_reason=None)


def test_other_pack_takes_over_where_the_first_one_stood(story: Story) -> None:
    case_id = overdue_case(story)
    run(story, "2026-03-03", "2026-03-23")
    move(story, "supervisor", "sign")
    choose(story, "blue-orange-red")
    run(story, "2026-03-24", "2026-03-27")
    assert drafted(story, case_id) == [("2026-03-23", "prompt"), ("2026-03-27", "orange_warn")]
    assert (newest(story).colour, newest(story).level) == ("橙", 2)


def test_praise_stands_outside_the_ladder_and_is_settled_by_its_receipt(story: Story) -> None:
    choose(story, "praise")
    case_id = overdue_case(story)
    for _ in range(2):
        draft(story, case_id, "praise", entry_reason=None)
        move(story, "leader", "sign")
        move(story, "liaison_a", "acknowledge")
        assert newest(story).state == "settled"
    run(story, "2026-03-03", "2026-03-27")
    assert drafted(story, case_id)[2:] == [("2026-03-23", "yellow_remind")]
    assert not [row for row in story.entries("A") if row[0] == "slip"]


def test_type_of_another_pack_is_not_drafted(story: Story) -> None:
    choose(story, "praise")
    with pytest.raises(Invalid) as invalid:
        draft(story, overdue_case(story), "accountability")
    assert list(invalid.value.errors) == ["type"]


def test_pack_is_the_supervisors_choice_and_checked(story: Story) -> None:
    for who in ("inspector", "leader", "assessor", "outsider"):
        with pytest.raises(Refused):
            choose(story, "praise", who)
    with pytest.raises(Invalid):
        choose(story, "rainbow")
    with pytest.raises(Invalid):
        choose(story, "blue-yellow-red", prompt="督办单")
    choose(story, "praise")
    with pytest.raises(Stale):
        choose(story, "blue-yellow-red", version=1)
    assert story.one(SlipSetting).pack == "praise"
