"""The three lists of a unit: who sees them, what they hold, that they cost the same however long they are."""

from pathlib import Path

from flask import Flask

from tests.client import make_app, visit
from tests.databases import Databases
from tests.story import Story
from tests.web.many import many_worked, worked
from tests.web.test_cases_queries import queries

LISTS = ("problems", "tasks", "duties")


def test_each_list_shows_the_units_own_share(story: Story, app: Flask) -> None:
    worked(story)
    a, b = story.cast.units["A"], story.cast.units["B"]
    for who in ("supervisor", "head_a", "leader"):
        visitor = visit(app, story, who)
        problems = visitor.get(f"/units/{a}/lists/problems").text
        assert "老街河道垃圾" in problems
        assert "牵头" in problems
        assert "还剩" in problems
        assert "清理河道" in visitor.get(f"/units/{a}/lists/tasks").text
        duties = visitor.get(f"/units/{a}/lists/duties").text
        assert "张三" in duties
        assert "0/1 条措施已完成" in duties
        for role in ("县级分管领导", "单位负责人", "联络员"):
            assert role in duties
    assisting = visit(app, story, "liaison_b")
    assert "配合" in assisting.get(f"/units/{b}/lists/problems").text
    assert "清理河道" not in assisting.get(f"/units/{b}/lists/tasks").text


def test_lists_of_another_unit_do_not_exist(story: Story, app: Flask) -> None:
    worked(story)
    a = story.cast.units["A"]
    for who in ("liaison_b", "head_t", "leader2", "outsider", "outsider_head", "admin", "organisation"):
        for which in LISTS:
            assert visit(app, story, who).get(f"/units/{a}/lists/{which}").status_code == 404, (who, which)
    assert visit(app, story, "supervisor").get(f"/units/{a}/lists/others").status_code == 404
    assert visit(app, story, "supervisor").post(f"/units/{a}/lists/problems").status_code == 405


def test_choosing_page_offers_the_units_within_reach(story: Story, app: Flask) -> None:
    a = story.cast.units["A"]
    own = visit(app, story, "head_a").get("/lists")
    assert own.status_code == 302
    assert own.headers["Location"].endswith(f"/units/{a}/lists/problems")
    office = visit(app, story, "supervisor").get("/lists").text
    assert "县住建局" in office
    assert "邻县教育局" not in office
    leader = visit(app, story, "leader").get("/lists").text
    assert "县住建局" in leader
    assert "县水利局" not in leader


def test_lists_ask_as_often_for_many_rows_as_for_few(story: Story, databases: Databases, instance: Path) -> None:
    a = story.cast.units["A"]
    for number in range(3):
        worked(story, f"问题 {number}")
    paths = [f"/units/{a}/lists/{which}" for which in LISTS]
    few = [queries(story, instance, "supervisor", path) for path in paths]
    many = many_worked(databases)
    assert [queries(many, instance, "supervisor", path) for path in paths] == few
    assert max(few) <= 14


def test_list_turns_pages_on_screen_and_is_whole_for_print(databases: Databases, instance: Path) -> None:
    story = many_worked(databases)
    a = story.cast.units["A"]
    office = visit(make_app(story, instance), story, "supervisor")
    for which in LISTS:
        path = f"/units/{a}/lists/{which}"
        first = office.get(path).text
        assert "本页 50 条，共 53 条" in first
        following = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
        assert "本页 3 条，共 53 条" in office.get(following).text
        whole = office.get(f"{path}?whole=1").text
        assert "本页 53 条，共 53 条" in whole
        assert "data-print" in whole
        assert office.get(f"{path}?after=unsinn").status_code == 422
