"""The signer's desk: what waits for whom, one by one and many at once, foreign ids, double clicks, substitutes."""

import re
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.ledgers.slips import Slip
from app.people import Absence, Mandate, Role, Unit
from tests import slips
from tests.client import Visit, make_app, visit
from tests.story import Story
from tests.web.test_cases_queries import queries


def drafts(story: Story, number: int, kind: str = "prompt", who: str = "inspector") -> list[int]:
    """Return drafts to A about as many cases."""
    found = []
    for index in range(number):
        case_id = story.log(title=f"问题 {index}")
        story.assign(case_id, "A")
        found.append(slips.draft(story, case_id, kind, who))
    return found


def tokens(story: Story, ids: list[int]) -> list[str]:
    """Return what the boxes of the desk send for drafts."""
    return [f"{slip_id}.{story.get(Slip, slip_id).version}" for slip_id in ids]


def issued(story: Story) -> int:
    """Count the slips that were signed."""
    with story.cast.database.session(read_only=True) as session:
        return session.scalar(select(func.count()).where(Slip.issued_on.is_not(None))) or 0


def outcome(visitor: Visit, chosen: list[str]) -> str:
    """Sign what is chosen and return the page it leads to."""
    answer = visitor.post("/desk/signing", {"slips": chosen})
    assert answer.status_code == 303
    return visitor.get(answer.headers["Location"]).text


def test_many_are_signed_at_once_with_numbers_in_a_row(story: Story, app: Flask) -> None:
    ids = drafts(story, 3)
    page = outcome(visit(app, story, "supervisor"), tokens(story, ids))
    assert "签发 3 张，未签发 0 张" in page
    assert [story.get(Slip, slip_id).number for slip_id in ids] == [f"督提〔2026〕{n}号" for n in (1, 2, 3)]
    assert "没有等您签发的单据" in page


def test_numbers_are_given_in_the_order_of_the_page(story: Story, app: Flask) -> None:
    early, late = (story.log(title=title) for title in ("先登记的", "后登记的"))
    for case_id in (early, late):
        story.assign(case_id, "A")
    first = slips.draft(story, late, "prompt")
    story.cast.at("2026-03-03")
    second = slips.draft(story, early, "prompt")
    supervisor = visit(app, story, "supervisor")
    page = supervisor.get("/desk/signing").text
    shown = re.findall(r'name="slips" value="(\d+)\.', page)
    assert shown == [str(first), str(second)]
    outcome(supervisor, tokens(story, [first, second]))
    assert [story.get(Slip, slip_id).serial for slip_id in (first, second)] == [1, 2]


def test_one_is_signed_by_its_own_button(story: Story, app: Flask) -> None:
    ids = drafts(story, 2)
    answer = visit(app, story, "supervisor").post("/desk/signing", {"only": tokens(story, ids[:1])[0]})
    assert answer.status_code == 303
    assert [story.get(Slip, slip_id).state for slip_id in ids] == ["issued", "draft"]


def test_one_that_is_refused_never_loses_the_others(story: Story, app: Flask) -> None:
    ids = drafts(story, 3)
    chosen = tokens(story, ids)
    slips.move(story, "supervisor", "sign", story.get(Slip, ids[1]))
    page = outcome(visit(app, story, "supervisor2"), [chosen[0], chosen[1], f"{ids[2]}.99"])
    assert "签发 1 张，未签发 2 张" in page
    assert "刚刚有人先办理了这一项" in page
    assert story.get(Slip, ids[2]).state == "draft"
    assert [story.get(Slip, i).serial for i in ids] == [2, 1, None]


def test_foreign_id_among_many_changes_nothing(story: Story, app: Flask) -> None:
    mine, theirs = drafts(story, 2), drafts(story, 1, "accountability")
    assert visit(app, story, "leader2").post("/desk/signing", {"slips": tokens(story, theirs)}).status_code == 404
    chosen = [*tokens(story, mine), "987654321.1"]
    assert visit(app, story, "supervisor").post("/desk/signing", {"slips": chosen}).status_code == 404
    assert visit(app, story, "outsider").post("/desk/signing", {"slips": tokens(story, mine)}).status_code == 404
    for who in ("inspector", "assessor", "head_a", "discipline", "admin"):
        assert visit(app, story, who).get("/desk/signing").status_code == 404, who
        assert visit(app, story, who).post("/desk/signing", {"slips": chosen}).status_code == 404, who
    assert issued(story) == 0


def test_slip_of_another_signer_is_refused_with_the_reason(story: Story, app: Flask) -> None:
    (slip_id,) = drafts(story, 1, "accountability")
    supervisor = visit(app, story, "supervisor")
    assert f'value="{slip_id}.' not in supervisor.get("/desk/signing").text
    assert "签发 0 张，未签发 1 张" in outcome(supervisor, tokens(story, [slip_id]))
    leader = visit(app, story, "leader")
    assert f'value="{slip_id}.' in leader.get("/desk/signing").text
    assert "签发 1 张" in outcome(leader, tokens(story, [slip_id]))


@pytest.mark.parametrize("chosen", [[], ["x"], ["1"], ["1.x"], ["9" * 30 + ".1"], ["1.1"] * 201])
def test_senseless_choice_says_what_is_wrong(story: Story, app: Flask, chosen: list[str]) -> None:
    answer = visit(app, story, "supervisor").post("/desk/signing", {"slips": chosen})
    assert answer.status_code == 422
    assert "没有签发" in answer.text


def test_second_click_signs_nothing_twice(story: Story, app: Flask) -> None:
    ids = drafts(story, 2)
    supervisor, form = visit(app, story, "supervisor"), {"slips": tokens(story, ids), "_key": "the-same-key"}
    first, second = (supervisor.post("/desk/signing", form) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert issued(story) == 2
    assert "签发 2 张，未签发 0 张" in supervisor.get(second.headers["Location"]).text


def test_desk_asks_as_often_for_many_drafts_as_for_few(story: Story, instance: Path) -> None:
    drafts(story, 3)
    few = queries(story, instance, "supervisor", "/desk/signing")
    ledger = queries(story, instance, "supervisor", "/slips")
    drafts(story, 30)
    assert queries(story, instance, "supervisor", "/desk/signing") == few
    assert queries(story, instance, "supervisor", "/slips") == ledger
    assert max(few, ledger) <= 14
    page = visit(make_app(story, instance), story, "supervisor").get("/desk/signing")
    assert len(page.data) < 80_000


def test_unsigned_drafts_are_shown_to_leader_and_discipline(story: Story, app: Flask) -> None:
    case_id = slips.overdue_case(story)
    slips.run(story, "2026-03-23", "2026-03-25")
    assert "无人签发的三单" not in visit(app, story, "leader").get("/desk").text
    slips.run(story, "2026-03-26", "2026-03-26")
    for who in ("leader", "discipline"):
        page = visit(app, story, who).get("/desk").text
        assert "无人签发的三单" in page
        assert f'href="/slips/{slips.newest(story, case_id=case_id).id}"' in page
    assert "无人签发的三单" not in visit(app, story, "leader2").get("/desk").text


def test_substitute_signs_and_is_shown_as_such(story: Story, app: Flask) -> None:
    (slip_id,) = drafts(story, 1, "accountability")
    persons, day = story.cast.persons, str(story.cast.clock.now().day)
    form = {
        "person": f"{persons['leader']}.{story.cast.units['C']}.leader",
        "substitute": str(persons["supervisor2"]),
        "begins_on": day,
        "ends_on": "2026-03-06",
        "reason": "外出培训",
    }
    leader = visit(app, story, "leader")
    assert leader.post("/absences", form).status_code == 303
    assert "外出培训" in leader.get("/absences").text
    substitute = visit(app, story, "supervisor2")
    assert "县级分管领导r" in substitute.get("/desk/signing").text
    outcome(substitute, tokens(story, [slip_id]))
    slip = story.get(Slip, slip_id)
    assert (slip.signed_by_id, slip.signed_for_id) == (persons["supervisor2"], persons["leader"])
    page = visit(app, story, "head_a").get(f"/slips/{slip_id}").text
    assert "督查室主任2（代县级分管领导r）" in page
    assert "督查室主任2 · 代县级分管领导r（县级分管领导）" in page


def test_absence_refuses_what_makes_no_sense_and_ends_when_cancelled(story: Story, app: Flask) -> None:
    persons, county = story.cast.persons, story.cast.units["C"]
    good = {
        "person": f"{persons['leader']}.{county}.leader",
        "substitute": str(persons["leader2"]),
        "begins_on": "2026-03-02",
        "ends_on": "2026-03-06",
        "reason": "出差",
    }
    leader = visit(app, story, "leader")
    for name, wrong in (
        ("reason", ""),
        ("ends_on", "2026-02-30"),
        ("ends_on", "2026-03-01"),
        ("begins_on", "2026-02-01"),
        ("substitute", str(persons["leader"])),
        ("substitute", str(persons["outsider"])),
        ("person", f"{persons['leader2']}.{county}.leader"),
        ("person", "unsinn"),
    ):
        answer = leader.post("/absences", {**good, name: wrong})
        assert answer.status_code == 422, (name, wrong)
    assert story.newest(Absence) is None
    assert leader.post("/absences", good).status_code == 303
    row = story.newest(Absence)
    assert visit(app, story, "leader2").post(f"/absences/{row.id}/cancel", {"version": "1"}).status_code == 409
    assert visit(app, story, "outsider").post(f"/absences/{row.id}/cancel", {"version": "1"}).status_code == 404
    assert visit(app, story, "security").get("/absences").status_code == 200
    assert visit(app, story, "security").post("/absences", good).status_code == 404
    for who in ("head_a", "inspector", "discipline"):
        assert visit(app, story, who).get("/absences").status_code == 404
    assert visit(app, story, "supervisor").post(f"/absences/{row.id}/cancel", {"version": "1"}).status_code == 303
    assert story.get(Absence, row.id).cancelled_on == date(2026, 3, 2)


def test_only_who_would_be_accepted_is_offered_as_a_substitute(story: Story, app: Flask) -> None:
    persons, county, outsider = story.cast.persons, story.cast.units["C"], story.cast.persons["outsider"]
    with story.cast.database.begin() as session:
        words = {"name": "青石镇", "short_name": "青石镇", "kind": "town", "parent_id": county}
        town = Unit(code="QS", is_authority=True, authority_id=county, **words)
        session.add(town)
        session.flush()
        mandate = {"person_id": outsider, "unit_id": town.id, "begins_on": date(2026, 1, 1)}
        session.add(Mandate(role=Role.SUPERVISOR, **mandate))
    page = visit(app, story, "supervisor").get("/absences").text
    offered = page[page.index('name="substitute"') :]
    for who, is_offered in (("supervisor2", True), ("leader", True), ("supervisor", False), ("outsider", False)):
        assert (f'value="{persons[who]}"' in offered) is is_offered, who
    form = {
        "substitute": str(persons["supervisor"]),
        "begins_on": "2026-03-02",
        "ends_on": "2026-03-06",
        "reason": "出差",
    }
    answer = visit(app, story, "supervisor").post(
        "/absences", form | {"person": f"{persons['leader']}.{county}.leader"}
    )
    assert answer.status_code == 422
    assert story.newest(Absence) is None


def test_supervisor_switches_and_renames_the_pack(story: Story, app: Flask) -> None:
    supervisor = visit(app, story, "supervisor")
    page = supervisor.get("/slips/packs").text
    for words in ("蓝黄红三单", "蓝橙红三单", "蓝色表扬三单", "告诫约谈", "抄送", "逾期第 5 个工作日", "现行"):
        assert words in page, words
    bad = {"version": "1", "pack": "praise", "names-praise": "很" * 21}
    assert supervisor.post("/slips/packs", bad).status_code == 422
    assert supervisor.post("/slips/packs", {"version": "1", "pack": "unsinn"}).status_code == 422
    form = {"version": "1", "pack": "blue-orange-red", "names-blue_remind": "温馨提示单"}
    for who in ("leader", "inspector", "head_a"):
        assert visit(app, story, who).get("/slips/packs").status_code == 200
        assert visit(app, story, who).post("/slips/packs", form).status_code == 404
    assert supervisor.post("/slips/packs", form).status_code == 303
    assert supervisor.post("/slips/packs", {**form, "pack": "praise"}).status_code == 409
    assert "温馨提示单" in visit(app, story, "head_a").get("/slips/packs").text
    case_id = story.log()
    story.assign(case_id, "A")
    offered = visit(app, story, "inspector").get(f"/cases/{case_id}").text
    assert "温馨提示单（蓝）" in offered
    assert "督办单（黄）" not in offered
