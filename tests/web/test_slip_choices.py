"""What pages of slips offer and say: types of older packs, ended and overdue cases, copies, rows of the leader's desk."""

import re
from datetime import date

from flask import Flask

from app.ledgers.cases import Case
from app.ledgers.slips import Slip
from app.workflows import Context
from app.workflows.talking import SlipNamed, propose_for_slips
from tests import slips
from tests.client import visit
from tests.story import Story
from tests.web.test_slip_signing import drafts


def use_pack(story: Story, app: Flask, pack: str) -> None:
    """Let the supervisor take another pack."""
    form = {"version": "1", "pack": pack}
    assert visit(app, story, "supervisor").post("/slips/packs", form).status_code == 303


def test_types_of_an_older_pack_stay_in_the_filter_and_an_unknown_one_is_said(story: Story, app: Flask) -> None:
    (slip_id,) = drafts(story, 1, "prompt")
    use_pack(story, app, "blue-orange-red")
    supervisor = visit(app, story, "supervisor")
    page = supervisor.get("/slips").text
    assert '<option value="prompt"' in page
    assert '<option value="supervise"' not in page, "there is no slip of that type"
    assert f'href="/slips/{slip_id}"' in supervisor.get("/slips?type=prompt").text
    unknown = supervisor.get("/slips?type=unsinn").text
    assert "没有“unsinn”这一种类型，未按类型筛选" in unknown
    assert f'href="/slips/{slip_id}"' in unknown


def test_ended_case_offers_only_what_can_still_be_issued(story: Story, app: Flask) -> None:
    case_id = story.log()
    story.assign(case_id, "A")
    with story.cast.database.begin() as session:
        case = session.get_one(Case, case_id)
        case.state, case.ended_on = "closed", date(2026, 3, 2)
    inspector = visit(app, story, "inspector")
    assert "发三单" not in inspector.get(f"/cases/{case_id}").text
    use_pack(story, app, "praise")
    page = inspector.get(f"/cases/{case_id}").text
    assert '<option value="praise"' in page
    assert '<option value="red_warn"' not in page


def test_praise_of_an_overdue_case_is_warned_of_before_it_is_drafted(story: Story, app: Flask) -> None:
    case_id = slips.overdue_case(story)
    use_pack(story, app, "praise")
    inspector = visit(app, story, "inspector")
    assert "一般不宜发表扬单" not in inspector.get(f"/cases/{case_id}").text
    story.cast.at("2026-03-23")
    assert "这一件已经逾期，一般不宜发表扬单" in visit(app, story, "inspector").get(f"/cases/{case_id}").text


def test_copies_that_the_system_does_not_bring_are_marked(story: Story, app: Flask) -> None:
    (slip_id,) = drafts(story, 1)
    slips.move(story, "supervisor", "sign", story.get(Slip, slip_id), copy_to="考核办、县审计局、联络员")
    page = visit(app, story, "supervisor").get(f"/slips/{slip_id}").text
    assert "考核办；县审计局、联络员（系统不送达，请另行送达）" in page


def test_proposed_interviews_on_the_desk_name_their_cases(story: Story, app: Flask) -> None:
    for title in ("河道垃圾", "校车超载"):
        case_id = story.log(title=title)
        story.assign(case_id, "A")
        slip_id = slips.draft(story, case_id, "accountability")
        slips.move(story, "leader", "sign", story.get(Slip, slip_id))
        with story.cast.begin("supervisor") as (session, actor):
            named = SlipNamed(slip_id, case_id, story.cast.units["C"], story.cast.units["A"])
            propose_for_slips(Context(session, actor, story.cast.clock.now()), [named])
    page = visit(app, story, "leader").get("/desk").text
    for title in ("河道垃圾", "校车超载"):
        assert re.search(rf"告诫约谈：[^<]*{title}，2026-03-02（周一）提出", page), title
