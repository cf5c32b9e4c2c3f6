"""Rule sets on the web: drafted by one, approved by another, every fault named, each version compared with the one before."""

import io
from typing import Any

import pytest
from flask import Flask

from app.ledgers.scores import RuleSet
from tests.client import visit
from tests.story import RULES, Story

TEXT = RULES.read_text(encoding="utf-8")
HARDER = TEXT.replace('cap_case = "-3.00"', 'cap_case = "-4.00"')


def draft(story: Story, app: Flask, who: str = "assessor", **changed: object):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """Send the form of a draft."""
    form = {"year": "2026", "effective_on": "2026-03-02", "reason": "提高上限", "body": HARDER, **changed}
    if isinstance(content := form.get("file"), bytes):
        form["file"] = (io.BytesIO(content), "规则.toml")
    return visit(app, story, who).post("/rules/drafts", form, content_type="multipart/form-data")


def test_draft_is_approved_by_another_and_frozen(story: Story, app: Flask) -> None:
    answer = draft(story, app)
    assert answer.status_code == 303
    row = story.newest(RuleSet)
    assert answer.location == f"/rules/{row.id}"
    assert (row.number, row.state) == (2, "drafted")
    page = visit(app, story, "leader").get(answer.location).text
    assert "规则“逾期未整改”的每件上限由“−3.00”改为“−4.00”。" in page
    assert row.hash in page
    approved = visit(app, story, "leader").post(f"/rule-sets/{row.id}/transitions/approve", {"version": "1"})
    assert approved.status_code == 303
    assert story.get(RuleSet, row.id).state == "approved"
    assert "已批准并冻结" in visit(app, story, "head_a").get(f"/rules/{row.id}").text


def test_who_drafted_does_not_approve(story: Story, app: Flask) -> None:
    from app.people import Mandate, Role  # noqa: PLC0415

    with story.cast.database.begin() as session:
        person, county = story.cast.persons["assessor"], story.cast.units["C"]
        begins_on = story.cast.clock.now().day
        session.add(Mandate(person_id=person, unit_id=county, role=Role.LEADER, begins_on=begins_on))
    draft(story, app)
    row = story.newest(RuleSet)
    answer = visit(app, story, "assessor").post(f"/rule-sets/{row.id}/transitions/approve", {"version": "1"})
    assert answer.status_code == 409
    assert "规则由您起草，须由另一人批准" in answer.text
    assert story.get(RuleSet, row.id).state == "drafted"


def test_draft_is_hidden_from_units_until_approved(story: Story, app: Flask) -> None:
    draft(story, app)
    row = story.newest(RuleSet)
    assert visit(app, story, "head_a").get(f"/rules/{row.id}").status_code == 404
    assert f"/rules/{row.id}" not in visit(app, story, "head_a").get("/rules").text
    assert f"/rules/{row.id}" in visit(app, story, "assessor").get("/rules").text
    assert visit(app, story, "outsider").get(f"/rules/{row.id}").status_code == 404


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"body": TEXT.replace('weight = "50"', 'weight = "40"')}, "各组成部分的权重合计为 90%"),
        ({"body": TEXT.replace('"overdue_day"', '"overdue_week"')}, "第 1 个规则“逾期未整改”的 trigger"),
        ({"body": TEXT.replace('points = "-2.00"', 'points = "2.00"', 1)}, "不能为正数"),
        ({"body": "name = "}, "不是有效的 TOML"),
        ({"body": ""}, "缺少 name"),
        ({"reason": "  "}, "请填写理由"),
        ({"reason": ""}, "请填写起草理由"),
        ({"effective_on": "2026-02-30"}, "不是有效日期"),
        ({"effective_on": "2027-01-01"}, "生效日期须在 2026 年之内"),
        ({"year": "abc"}, "2026-03-02"),
        ({"file": b"\xff\xfe\x00"}, "不是 UTF-8"),
        ({"file": b"#" * 300_000}, "不像是规则包"),
    ],
)
def test_fault_is_named_and_the_text_kept(story: Story, app: Flask, changed: dict[str, Any], said: str) -> None:
    page = draft(story, app, **changed)
    assert page.status_code == 422
    assert said in page.text
    assert str(changed.get("reason", "提高上限")).strip() in page.text
    assert story.newest(RuleSet).number == 1


def test_file_is_taken_instead_of_the_text(story: Story, app: Flask) -> None:
    answer = draft(story, app, body="", file=HARDER.encode())
    assert answer.status_code == 303
    assert '"cap_case":"-4.00"' in story.newest(RuleSet).body


def test_form_begins_with_the_pack_or_a_version(story: Story, app: Flask) -> None:
    assert "标准版" in visit(app, story, "assessor").get("/rules/drafts").text
    draft(story, app)
    row = story.newest(RuleSet)
    page = visit(app, story, "assessor2").get(f"/rules/drafts?start={row.id}").text
    assert "cap_case = &#34;-4.00&#34;" in page
    assert "在 2026 年第 2 版基础上修改" in page
    assert visit(app, story, "assessor").get("/rules/drafts?start=99999").status_code == 404


@pytest.mark.parametrize("who", ["supervisor", "leader", "head_a", "discipline", "organisation", "admin"])
def test_only_assessors_draft(story: Story, app: Flask, who: str) -> None:
    assert visit(app, story, who).get("/rules/drafts").status_code == 404
    assert draft(story, app, who).status_code == 404
