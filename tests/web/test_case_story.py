"""The story of a case on its page, as its units read it, and its plan as they write it."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from app.ledgers.cases import Case, Happened
from app.web.case_history import time_line
from app.workflows import WORKFLOWS
from app.workflows.wording import OTHERS
from tests.client import visit
from tests.story import Story
from tests.workflows import paths

MOVES = [f"{name}.{row.name}" for name, workflow in WORKFLOWS.items() for row in workflow.transitions]
LATE = "完成时限晚于整改期限"


@pytest.mark.parametrize("kind", sorted({*OTHERS, *MOVES}))
def test_event_that_says_only_that_it_happened_is_a_line(kind: str) -> None:
    bare = Happened(kind, datetime(2026, 3, 2, tzinfo=UTC), date(2026, 3, 2), "甲局")
    assert time_line([bare], {})[0]["label"]


def test_unit_reads_the_case_into_which_another_was_merged(story: Story, app: Flask) -> None:
    case_id = story.log()
    story.assign(case_id, "A", "B")
    other = story.log(title="同一处河道")
    story.case("supervisor", other, "merge", case=case_id, reason="同一问题")
    for undone in (False, True):
        if undone:
            story.case("supervisor", other, "unmerge", reason="并错了")
        for who in ("head_a", "liaison_a", "head_b", "supervisor", "inspector"):
            page = visit(app, story, who).get(f"/cases/{case_id}")
            assert page.status_code == 200, who
            assert "并入另一件问题" in page.text, who


def planned(story: Story, app: Flask, **typed: str) -> tuple[int, str]:
    """Send a plan and return status and page."""
    case_id = paths.brought_to(story, "planning")
    form = {f"measures-{name[1:].replace('_', '-', 1)}": value for name, value in typed.items()}
    visitor = visit(app, story, "liaison_a")
    version = str(story.get(Case, case_id).version)
    answer = visitor.post(f"/cases/{case_id}/transitions/draft_plan", {"version": version, **form})
    return answer.status_code, answer.text


def test_every_hole_of_a_measure_is_said_at_its_place(story: Story, app: Flask) -> None:
    status, page = planned(story, app, _0_text="清理河道", _1_text=" \n", _2_person="张三")
    assert status == 422
    assert page.count("请填写责任人。") == 2  # beside the field and on top
    assert page.count("请填写措施内容。") == 2
    assert page.count("请填写完成时限。") == 4
    assert "第 2 条" not in page.split("k-summary")[1].split("</div>")[0]
    assert "清理河道</textarea>" in page


def test_plan_without_a_measure_says_so(story: Story, app: Flask) -> None:
    status, page = planned(story, app)
    assert status == 422
    assert page.count("请选择或填写整改措施。") == 2


def test_measure_later_than_the_deadline_is_named(story: Story, app: Flask) -> None:
    status, page = planned(story, app, _0_text="清理河道", _0_person="张三", _0_due_on="2029-01-01")
    assert status == 422
    assert page.count(LATE) == 2
