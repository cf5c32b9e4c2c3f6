"""What the page of a bulk run says before it is confirmed: what the ledgers of its cases do not list is asked for."""

from datetime import date

from flask import Flask

from app.ledgers.cases import Case
from tests.client import visit
from tests.story import Story
from tests.web.test_bulk import choose, picked


def test_what_the_ledger_of_a_case_does_not_list_is_said_before_it_is_confirmed(story: Story, app: Flask) -> None:
    made = [story.log(title=f"第{number}件") for number in range(3)]
    for case_id in made:
        story.case("supervisor", case_id, "admit")
    with story.cast.database.begin() as session:
        for number, case_id in enumerate(made):
            row = session.get_one(Case, case_id)
            row.proposed_lead_id, row.standard = story.cast.units["A"], "清理"
            row.proposed_due_on = date(2026, 3, 20 if number else 1)
            row.proposed_class = None if number else "limited"
    visitor = visit(app, story, "supervisor")
    page = visitor.get(str(choose(visitor, "assign", picked(story, made)).location)).text
    assert "可以办理 <strong>3</strong> 件（其中 <strong>3</strong> 件台账所列不全" in page
    assert "没有列整改类别<span>（2 件：" in page
    assert "这个期限已经过去。请改期，或勾选“期限已过，确认按此日期交办”。<span>（1 件：" in page
    assert "没有列牵头单位" not in page
    assert "没有列验收标准" not in page
    page = visitor.get(str(choose(visitor, "remind", picked(story, made)).location)).text
    assert "台账所列不全" not in page
