"""The trace of an entry: rule text, case, event and evidence on one page; reversals by hand need two."""

from datetime import date

import pytest
from flask import Flask

from app.audit import Event
from app.ledgers.cases import Case, Evidence
from app.ledgers.scores import Objection, Reversal, RuleSet, ScoreEntry
from tests.client import visit
from tests.databases import Databases
from tests.stock import retold
from tests.story import Story, a_file
from tests.web.reading import without_token


def tell_of_evidence(story: Story) -> None:
    """A case of A with B, found by the city, late, and with evidence."""
    case_id = story.log(discovery="city")
    story.assign(case_id, "A", "B", due_on="2026-03-06")
    story.to_work(case_id)
    story.part("liaison_b", case_id, "B", "acknowledge")
    story.daily("2026-03-10")
    story.part("liaison_a", case_id, "A", "attach", files=[a_file("整改前现场.jpg")])


@pytest.fixture
def late(databases: Databases, story: Story) -> Story:
    """The county with the late case."""
    return retold(databases, story, "late_with_evidence", tell_of_evidence)


def entry_of(story: Story, unit: str, rule: str) -> ScoreEntry:
    """Return the first entry of a unit by a rule."""
    with story.cast.database.session(read_only=True) as session:
        found = session.query(ScoreEntry).filter_by(unit_id=story.cast.units[unit], rule=rule, reverses_id=None)
        first: ScoreEntry = found.order_by(ScoreEntry.id).first()  # type: ignore[assignment]
        return first


def test_entry_shows_rule_case_event_and_evidence(late: Story, app: Flask) -> None:
    entry = entry_of(late, "A", "found")
    page = visit(app, late, "head_a").get(f"/scores/entries/{entry.id}").text
    rules = late.one(RuleSet)
    assert "市级督查发现扣 0.5 分" in page
    assert rules.hash in page
    assert f'href="/rules/{rules.id}#rule-found"' in page
    assert f'href="/cases/{entry.case_id}"' in page
    assert f'href="/evidence/{late.one(Evidence).id}"' in page
    assert "交办" in page
    assert f"办理事件第 {late.get(Event, entry.event_id).seq} 号" in page
    assert f'href="/scores/units/{late.cast.units["A"]}?year=2026"' in page


def test_unit_sees_no_evidence_of_the_other_unit(late: Story, app: Flask) -> None:
    entry = entry_of(late, "B", "found")
    assert "整改前现场.jpg" not in visit(app, late, "head_b").get(f"/scores/entries/{entry.id}").text
    assert "整改前现场.jpg" in visit(app, late, "assessor").get(f"/scores/entries/{entry.id}").text


@pytest.mark.parametrize("who", ["head_b", "head_t", "leader2", "outsider", "organisation", "admin"])
def test_entry_of_another_unit_is_as_absent(late: Story, app: Flask, who: str) -> None:
    entry = entry_of(late, "A", "overdue")
    seen, absent = (visit(app, late, who).get(f"/scores/entries/{ref}") for ref in (entry.id, 99999))
    assert (seen.status_code, absent.status_code) == (404, 404)
    assert without_token(seen.text) == without_token(absent.text)


def test_discipline_opens_a_line_of_a_case_that_it_does_not_see_and_reads_nothing_of_the_case(
    story: Story, app: Flask
) -> None:
    case_id = story.log(discovery="city", title="不在纪检视图的标题", text="不在纪检视图的正文，老街河道垃圾。")
    story.assign(case_id, "A")
    visitor, entry = visit(app, story, "discipline"), entry_of(story, "A", "found")
    assert visitor.get(f"/cases/{case_id}").status_code == 404
    page = visitor.get(f"/scores/entries/{entry.id}")
    assert (page.status_code, "市级督查发现扣 0.5 分" in page.text) == (200, True)
    number = str(story.get(Case, case_id).number)
    hidden = ("不在纪检视图", f'href="/cases/{case_id}', number)
    assert [words for words in hidden if words in page.text] == []
    assert number in visit(app, story, "assessor").get(f"/scores/entries/{entry.id}").text


def test_reversal_by_hand_needs_two(late: Story, app: Flask) -> None:
    entry = entry_of(late, "A", "found")
    page = visit(app, late, "assessor").get(f"/scores/entries/{entry.id}").text
    assert "提出冲销" in page
    assert "提出冲销" not in visit(app, late, "supervisor").get(f"/scores/entries/{entry.id}").text
    before = late.total("A")
    asked = visit(app, late, "assessor").post(f"/scores/entries/{entry.id}/reversals", {"reason": "登记的来源有误"})
    assert asked.status_code == 303
    row = late.one(Reversal)
    assert (row.reason, row.state) == ("登记的来源有误", "asked")
    assert late.total("A") == before
    again = visit(app, late, "assessor2").post(f"/scores/entries/{entry.id}/reversals", {"reason": "又一次"})
    assert again.status_code == 409
    url = f"/reversals/{row.id}/transitions/grant"
    alone = visit(app, late, "assessor").post(url, {"version": "1"})
    assert alone.status_code == 409
    assert "须由另一名考核人员复核" in alone.text
    assert visit(app, late, "supervisor").post(url, {"version": "1"}).status_code == 404
    done = visit(app, late, "assessor2").post(url, {"version": "1"})
    assert done.status_code == 303
    assert done.location == f"/scores/entries/{entry.id}"
    assert sum(late.total("A")) - sum(before) == -entry.points


def test_contra_chain_leads_both_ways(late: Story, app: Flask) -> None:
    test_reversal_by_hand_needs_two(late, app)
    contra = late.newest(ScoreEntry, unit_id=late.cast.units["A"])
    entry_id = contra.reverses_id
    first = visit(app, late, "head_a").get(f"/scores/entries/{entry_id}").text
    second = visit(app, late, "head_a").get(f"/scores/entries/{contra.id}").text
    assert f'href="/scores/entries/{contra.id}"' in first
    assert f'href="/scores/entries/{entry_id}"' in second
    assert "手工冲销：登记的来源有误" in second
    assert "复核并冲销" in first
    assert "提出冲销" not in visit(app, late, "assessor").get(f"/scores/entries/{entry_id}").text.split("k-story")[0]


def test_reversal_without_a_reason_keeps_the_page(late: Story, app: Flask) -> None:
    entry = entry_of(late, "A", "found")
    for typed in ("", "   "):
        page = visit(app, late, "assessor").post(f"/scores/entries/{entry.id}/reversals", {"reason": typed})
        assert page.status_code == 422
        assert "请填写理由" in page.text
    assert visit(app, late, "head_a").post(f"/scores/entries/{entry.id}/reversals", {"reason": "x"}).status_code == 404
    assert late.newest(Reversal) is None


def test_contra_of_a_granted_return_names_the_decision(late: Story, app: Flask) -> None:
    case_id = late.log(discovery="city")
    late.cast.at("2026-03-10")
    late.assign(case_id, "A", due_on="2026-03-31")
    entry = late.newest(ScoreEntry, case_id=case_id, unit_id=late.cast.units["A"])
    late.part("head_a", case_id, "A", "dispute", reason="不属本单位职责")
    late.cast.at("2026-03-11")
    late.case("supervisor", case_id, "grant_return", lead=late.cast.units["B"], due_on=date(2026, 4, 3))
    contra = late.one(ScoreEntry, reverses_id=entry.id)
    assert contra.event_id > entry.posted_event_id
    assert late.get(Event, contra.event_id).kind == "case.grant_return"
    assert contra.day == date(2026, 3, 11)


def test_objection_is_listed_decided_and_late_for_the_leader(late: Story, app: Flask) -> None:
    entry = entry_of(late, "A", "overdue")
    objection_id = late.object("head_a", entry.case_id or 0, "A", [entry.id], ground="汛期无法施工")
    page = visit(app, late, "assessor").get("/objections").text
    assert f'href="/objections/{objection_id}"' in page
    assert "已报领导" not in page.split("k-table-frame")[1]
    late.cast.at("2026-03-25")
    for who in ("assessor", "leader"):
        assert "已报领导" in visit(app, late, who).get("/objections").text.split("k-table-frame")[1]
    assert f"/objections/{objection_id}" not in visit(app, late, "leader2").get("/objections").text
    assert visit(app, late, "leader2").get(f"/objections/{objection_id}").status_code == 404
    detail = visit(app, late, "assessor").get(f"/objections/{objection_id}").text
    assert "汛期无法施工" in detail
    assert f'action="/objections/{objection_id}/transitions/uphold"' in detail
    assert "/transitions/uphold" not in visit(app, late, "head_a").get(f"/objections/{objection_id}").text
    version = str(late.get(Objection, objection_id).version)
    answer = visit(app, late, "assessor").post(
        f"/objections/{objection_id}/transitions/uphold", {"version": version, "reason": "属实"}
    )
    assert answer.status_code == 303
    trace = visit(app, late, "head_a").get(f"/scores/entries/{entry.id}").text
    assert "申辩成立" in trace
