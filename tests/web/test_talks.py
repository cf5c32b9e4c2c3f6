"""Pages of talks, portfolio and bulletins: who opens them, what moves on them, how often they ask."""

import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask

from app.ledgers.bulletins import Bulletin
from app.ledgers.cases import Case
from app.ledgers.talks import Commitment, Instruction, Interview
from tests import talking
from tests.client import visit
from tests.documents.papers import text_of
from tests.story import Story
from tests.web.test_cases_queries import queries
from tests.workflows.paths import brought_to

NOTICE = {**talking.NOTICE, "planned_on": "2026-03-02", "version": "1"}


def test_interview_is_proposed_noticed_recorded_and_settled_on_its_page(story: Story, app: Flask) -> None:
    office = visit(app, story, "supervisor")
    given = "/interviews/new?basis=rank&period=2026&reason=排名靠后"
    assert "排名靠后" in office.get(given).text
    form = {"unit": str(story.cast.units["A"]), **talking.PROPOSAL}
    answer = office.post("/interviews/new", form)
    assert answer.status_code == 303
    path = answer.location
    interview_id = int(path.rpartition("/")[2])
    assert visit(app, story, "head_a").get(path).status_code == 404
    moves = f"/interviews/{interview_id}/transitions"
    assert office.post(f"{moves}/notice", NOTICE).status_code == 303
    assert "约谈〔2026〕1号" in visit(app, story, "head_a").get(path).text
    record = {
        "held_on": "2026-03-02",
        "place": "会议室",
        "host": "主任",
        "attendees": "全体",
        "minutes": "记录",
        "version": "2",
    }
    missing = office.post(f"{moves}/record", record)
    assert missing.status_code == 422
    assert "整改承诺" in missing.text
    promise = {"commitments-0-text": "清运", "commitments-0-person": "张三", "commitments-0-due_on": "2026-03-16"}
    assert office.post(f"{moves}/record", record | promise).status_code == 303
    blocked = office.post(f"{moves}/settle", {"version": "3"})
    assert blocked.status_code == 409
    assert "还有 1 项承诺没有完成" in blocked.text
    assert "还有 1 项承诺没有完成" in office.get(path).text
    row = story.one(Commitment, interview_id=interview_id)
    unit = visit(app, story, "liaison_a")
    empty = unit.post(f"/commitments/{row.id}/transitions/report", {"version": "1"})
    assert empty.status_code == 422
    reported = unit.post(f"/commitments/{row.id}/transitions/report", {"version": "1", "text": "已完成"})
    assert reported.location == path
    assert "确认确认" not in office.get(path).text
    assert office.post(f"/commitments/{row.id}/transitions/confirm", {"version": "2"}).status_code == 303
    assert office.post(f"{moves}/settle", {"version": "3"}).status_code == 303
    assert "已办结" in unit.get(path).text


def test_wrong_role_outsider_missing_input_and_get(story: Story, app: Flask) -> None:
    interview_id = talking.proposed(story)
    move = f"/interviews/{interview_id}/transitions/notice"
    assert visit(app, story, "inspector").post(move, NOTICE).status_code == 409
    assert visit(app, story, "outsider").post(move, NOTICE).status_code == 404
    assert visit(app, story, "supervisor").post(move, {"version": "1"}).status_code == 422
    assert visit(app, story, "supervisor").get(move).status_code == 405
    assert visit(app, story, "supervisor").post("/interviews/new", {}).status_code == 422
    assert visit(app, story, "head_a").get("/interviews/new").status_code == 404
    assert visit(app, story, "head_a").get("/interviews/last").status_code == 404


def test_last_of_each_group_is_a_list_and_proposes_nothing_by_itself(story: Story, app: Flask) -> None:
    brought_to(story, "rectifying", discovery="county")
    story.days("2026-03-03", "2026-03-27")
    page = visit(app, story, "supervisor").get("/interviews/last").text
    assert "县住建局" in page
    assert "basis=rank" in page
    assert story.newest(Interview, basis="rank") is None
    assert "basis=rank" not in visit(app, story, "leader").get("/interviews/last").text


def test_instruction_is_written_answered_and_read_in_the_story_of_the_case(story: Story, app: Flask) -> None:
    case_id = brought_to(story, "assigned")
    leader, head = visit(app, story, "leader"), visit(app, story, "head_a")
    form = {"reason": "请限期解决", "part": str(story.cast.units["B"]), "version": str(story_version(story, case_id))}
    assert leader.post(f"/cases/{case_id}/transitions/instruct", form).status_code == 303
    row = story.newest(Instruction, case_id=case_id)
    assert row.unit_id == story.cast.units["B"]
    path = f"/instructions/{row.id}"
    assert head.get(path).status_code == 404
    other = visit(app, story, "head_b")
    assert "请限期解决" in other.get(path).text
    assert "批示待回复" in other.get("/desk").text
    assert "请限期解决" in other.get("/desk/answer").text
    assert other.post(f"{path}/transitions/reply", {"version": "1"}).status_code == 422
    assert other.post(f"{path}/transitions/reply", {"version": "1", "text": "已部署"}).status_code == 303
    assert "批示回复待阅" in leader.get("/desk").text
    assert "已部署" in leader.get(f"/cases/{case_id}").text
    assert "请限期解决" not in head.get(f"/cases/{case_id}").text
    assert leader.post(f"{path}/transitions/settle", {"version": "2"}).status_code == 303


def test_instruction_may_be_answered_by_the_units_of_its_own_case_alone(story: Story, app: Flask) -> None:
    alone, shared = brought_to(story, "assigned", assist=[]), brought_to(story, "assigned")
    leader, units = visit(app, story, "leader"), story.cast.units
    for case_id, codes in ((alone, "A"), (shared, "AB"), (alone, "A")):
        page = leader.get(f"/cases/{case_id}").text
        offered = page.partition(f'id="case-{case_id}-instruct-part" name="part">')[2].partition("</select>")[0]
        values = re.findall(r'value="(\d+)"', offered)
        assert values == [str(units[code]) for code in codes]
    form = {"reason": "请限期解决", "part": str(units["B"]), "version": str(story_version(story, shared))}
    assert leader.post(f"/cases/{shared}/transitions/instruct", form).status_code == 303
    form["version"] = str(story_version(story, alone))
    assert leader.post(f"/cases/{alone}/transitions/instruct", form).status_code == 422


def story_version(story: Story, case_id: int) -> int:
    """Return the case's version."""
    return int(story.get(Case, case_id).version)


def test_list_of_interviews_names_the_case_of_each(story: Story, app: Flask) -> None:
    case_id = brought_to(story, "assigned")
    interview_id = talking.proposed(story)
    with story.cast.database.begin() as session:
        session.get_one(Interview, interview_id).case_id = case_id
    assert story.get(Case, case_id).title in visit(app, story, "supervisor").get("/interviews").text


def test_portfolio_counts_the_units_of_the_leader_and_links_each_number(story: Story, app: Flask) -> None:
    case_id = brought_to(story, "rectifying", discovery="county")
    story.days("2026-03-03", "2026-03-24")
    talking.instructed(story, case_id)
    talking.noticed(story, "admonish")
    page = visit(app, story, "leader").get("/portfolio").text
    unit = story.cast.units["A"]
    for link in (
        f"/cases?unit={unit}&amp;part=lead&amp;when=overdue",
        f"/instructions?unit={unit}",
        f"/interviews?unit={unit}",
    ):
        assert link in page, link
    assert "县水利局" not in page
    month = visit(app, story, "leader").get("/portfolio/2026-03").text
    assert "请加快整改" in month
    assert "各项状态截至生成之日（2026-03-" in month
    assert "告诫约谈" in month
    for wrong in ("2026-13", "2026-3", "2026-04", "unsinn", "1999-01"):
        assert visit(app, story, "leader").get(f"/portfolio/{wrong}").status_code == 404, wrong
    assert visit(app, story, "supervisor").get("/portfolio").status_code == 404


def test_bulletin_is_drafted_and_issued_and_says_what_does_not_add_up(story: Story, app: Flask) -> None:
    brought_to(story, "assigned")
    office = visit(app, story, "supervisor")
    assert office.get("/bulletins/new").status_code == 200
    wrong = office.post("/bulletins/new", {"title": "通报", "first_on": "2026-03-03", "last_on": "2026-03-02"})
    assert wrong.status_code == 422
    form = {"title": "3 月份督查督办情况", "first_on": "2026-03-01", "last_on": "2026-03-02"}
    path = office.post("/bulletins/new", form).location
    row = story.newest(Bulletin)
    for stranger in ("outsider", "head_a", "organisation"):
        assert visit(app, story, stranger).get(path).status_code == 404
    assert visit(app, story, "inspector").post(f"{path}/transitions/issue", {"version": "1"}).status_code == 409
    with story.cast.database.begin() as session:
        planted = session.get_one(Bulletin, row.id)
        planted.snapshot = planted.snapshot | {"total": 9}
    refused = office.post(f"{path}/transitions/issue", {"version": "1"})
    assert refused.status_code == 409
    assert "与问题总数 9 件不符" in refused.text
    assert "数字核对不上，不能印发" in office.get(path).text
    assert office.post(f"{path}/transitions/compute", {"version": "1"}).status_code == 303
    assert office.post(f"{path}/transitions/issue", {"version": "2"}).status_code == 303
    assert "2026 年第 1 期" in visit(app, story, "head_a").get("/bulletins").text
    said = text_of(visit(app, story, "head_a").get(f"{path}/paper.pdf").data).replace(" ", "")
    for words in ("合计", "100.0%", "占比按最大余数法取一位小数"):
        assert words in said, words
    assert visit(app, story, "outsider").get(path).status_code == 404


@pytest.mark.parametrize(
    ("who", "path"), [("leader", "/portfolio"), ("supervisor", "/interviews"), ("leader", "/desk")]
)
def test_pages_ask_as_often_for_many_as_for_few(story: Story, instance: Path, who: str, path: str) -> None:
    case_id = brought_to(story, "assigned")
    make_some(story, case_id, 2)
    few = queries(story, instance, who, path)
    make_some(story, case_id, 3)
    assert queries(story, instance, who, path) == few


def make_some(story: Story, case_id: int, count: int) -> None:
    """Bring in interviews in every stage and instructions."""
    for _ in range(count):
        talking.recorded(story)
        talking.noticed(story, "admonish")
        talking.proposed(story, kind="admonish")
        talking.replied(story, case_id)


def test_papers_are_sent_as_pdf_and_as_word_to_those_who_see_them(story: Story, app: Flask) -> None:
    interview_id, bulletin_id = talking.recorded(story), talking.issued(story)
    paths = [f"/interviews/{interview_id}/{which}" for which in ("notice", "record")]
    paths += [f"/bulletins/{bulletin_id}/paper", "/portfolio/2026-03/paper"]
    for path in paths:
        for form, start in (("pdf", b"%PDF"), ("docx", b"PK")):
            answer = visit(app, story, "leader").get(f"{path}.{form}")
            assert (answer.status_code, answer.data[: len(start)]) == (200, start), path
            assert visit(app, story, "outsider").get(f"{path}.{form}").status_code == 404
    assert "统计期内没有问题，不计占比" in visit(app, story, "leader").get(f"/bulletins/{bulletin_id}").text
    called = talking.noticed(story)
    assert visit(app, story, "head_a").get(f"/interviews/{called}/record.pdf").status_code == 409


def test_month_on_paper_writes_points_as_its_page_does(story: Story, app: Flask) -> None:
    story.assign(story.log(discovery="city"), "A")
    leader = visit(app, story, "leader")
    with ZipFile(BytesIO(leader.get("/portfolio/2026-03/paper.docx").data)) as paper:
        words = paper.read("word/document.xml").decode()
    assert "−0.50" in leader.get("/portfolio/2026-03").text
    assert "−0.50" in words
    assert not {"-0.50", "+0.00", "−0.00"} & set(re.findall(r">([^<]*)</w:t>", words))


def test_form_of_a_record_asks_for_commitments_by_their_name(story: Story, app: Flask) -> None:
    page = visit(app, story, "supervisor").get(f"/interviews/{talking.noticed(story)}").text
    assert "承诺事项" in page
    assert "措施内容" not in page
