"""The work list of a person: everything that waits by name or mandate, once, by date, with how late it is."""

from pathlib import Path

from flask import Flask

from app.ledgers.cases import Case
from app.ledgers.waiting import QUEUES
from app.ledgers.waiting_dates import due_of
from app.ledgers.worklist import NAMED
from app.people import Person
from tests import slips, talking
from tests.client import visit
from tests.story import Story
from tests.web.reading import between
from tests.web.test_cases_queries import queries


def rows_of(story: Story, app: Flask, who: str, path: str = "/desk/list") -> list[str]:
    """Return the rows of somebody's list in their order."""
    answer = visit(app, story, who).get(path)
    assert answer.status_code == 200
    if "<tbody>" not in answer.text:
        return []
    return between(answer.text, "<tbody>", "</tbody>").split("</tr>")[:-1]


def overdue(story: Story, title: str, due_on: str = "2026-03-06") -> int:
    """Bring in a case at work that will be late."""
    case_id = story.log(title=title)
    story.assign(case_id, "A", due_on=due_on)
    story.to_work(case_id)
    return case_id


def test_each_thing_stands_once_with_all_it_waits_for(story: Story, app: Flask) -> None:
    overdue(story, "逾期的问题")
    story.days("2026-03-03", "2026-03-10")
    rows = [row for row in rows_of(story, app, "head_a") if "逾期的问题" in row]
    assert len(rows) == 1
    assert "可以报结、拟扣可申辩" in rows[0]
    assert "逾期 2 个工作日" in rows[0]
    page = visit(app, story, "head_a").get("/desk/list").text
    assert "共 1 项，其中 1 项已逾期" in page


def test_date_is_that_of_the_act_and_not_of_the_case(story: Story, app: Flask) -> None:
    overdue(story, "逾期又在申辩期的问题")
    story.days("2026-03-03", "2026-03-10")
    liaison = [row for row in rows_of(story, app, "liaison_a") if "逾期又在申辩期的问题" in row]
    assert "整改中、拟扣可申辩" in liaison[0]
    late = story.log(title="尚未签收的问题")
    story.assign(late, "A", due_on="2026-04-30")
    row = next(row for row in rows_of(story, app, "liaison_a") if "尚未签收的问题" in row)
    assert 'datetime="2026-03-12"' in row
    story.do_measure(story.one(Case, title="逾期又在申辩期的问题").id)
    story.finish(story.one(Case, title="逾期又在申辩期的问题").id)
    row = next(row for row in rows_of(story, app, "head_a") if "逾期又在申辩期的问题" in row)
    assert "拟扣可申辩" in row
    assert "逾期 " not in row


def test_nearest_date_comes_first_whatever_kind_it_is(story: Story, app: Flask) -> None:
    case_id = overdue(story, "整改中的问题", "2026-03-31")
    talking.recorded(story)
    talking.instructed(story, case_id, reason="领导批示文字")
    slips.draft(story, case_id)
    slips.move(story, "supervisor", "sign")
    rows = rows_of(story, app, "head_a")
    kinds = ("三单待签收", "批示待回复", "约谈承诺", "可以报结")
    found = [next(kind for kind in kinds if kind in row) for row in rows]
    assert found[0] == "三单待签收"
    assert sorted(found) == sorted(("三单待签收", "批示待回复", "约谈承诺", "约谈承诺", "可以报结"))
    dates = [between(row, 'datetime="', '"') for row in rows]
    assert dates == sorted(dates)


def test_measures_that_name_the_person_are_listed(story: Story, app: Flask) -> None:
    with story.cast.database.begin() as session:
        session.get_one(Person, story.cast.persons["liaison_a"]).name = "张三"
        session.get_one(Person, story.cast.persons["liaison_b"]).name = "张三"
    overdue(story, "有措施的问题", "2026-03-31")
    mine = [row for row in rows_of(story, app, "liaison_a") if "由您负责的整改措施" in row]
    assert len(mine) == 1
    assert "清理河道" in mine[0]
    assert rows_of(story, app, "liaison_b") == [], "the same name at another unit"


def test_nobody_reads_what_waits_for_others(story: Story, app: Flask) -> None:
    overdue(story, "逾期的问题")
    for who in ("liaison_b", "head_t", "outsider", "outsider_head", "admin", "security", "organisation", "auditor"):
        assert rows_of(story, app, who) == [], who


def test_list_turns_pages_and_asks_as_often_when_long(story: Story, app: Flask, instance: Path) -> None:
    for number in range(4):
        overdue(story, f"问题 {number}")
    few = {who: queries(story, instance, who, "/desk/list") for who in ("head_a", "supervisor", "leader")}
    for number in range(49):
        overdue(story, f"后来的问题 {number}")
    assert {who: queries(story, instance, who, "/desk/list") for who in few} == few
    assert max(few.values()) <= 14
    page = visit(app, story, "head_a").get("/desk/list").text
    assert "本页 50 项，共 53 项" in page
    following = page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    first, second = rows_of(story, app, "head_a"), rows_of(story, app, "head_a", following)
    assert (len(first), len(second)) == (50, 3)
    assert visit(app, story, "head_a").get("/desk/list?after=unsinn").status_code == 422


def test_every_queue_of_the_workbench_has_its_date_in_the_list(story: Story) -> None:
    with story.cast.begin("supervisor") as (_, actor):
        for queue in (*QUEUES, *NAMED):
            assert due_of(queue, actor, story.cast.clock.now().day) is not None, queue.key
