"""The three books: who sees them, what they say, that a unit reads its own part only and each costs the same when long."""

from datetime import date
from pathlib import Path

from flask import Flask

from tests.client import make_app, visit
from tests.databases import Databases
from tests.story import Story
from tests.web.many import many_worked, worked
from tests.web.test_cases_queries import queries

BOOKS = ("times", "measures", "progress")


def book(story: Story, app: Flask, who: str, which: str, unit: str = "A", more: str = "") -> str:
    """Read a unit's book as somebody."""
    answer = visit(app, story, who).get(f"/units/{story.cast.units[unit]}/books/{which}{more}")
    assert answer.status_code == 200
    return answer.text


def test_book_of_times_tells_every_date_that_runs(story: Story, app: Flask) -> None:
    case_id = worked(story)
    wanted = date(2026, 4, 20)
    story.case("head_a", case_id, "ask_extension", reason="汛期", progress="过半", wanted_on=wanted)
    story.request("supervisor", case_id, "extension", "grant")
    text = book(story, app, "head_a", "times")
    for day in ("2026-03-02", "2026-03-04", "2026-03-09", "2026-03-20", "2026-04-20"):
        assert f'datetime="{day}"' in text, day  # assigned, receipt, plan, original, in force
    assert "还剩" in text
    story.cast.at("2026-04-22")
    assert "逾期 2 个工作日" in book(story, app, "head_a", "times")


def test_book_of_measures_tells_who_does_what_and_how_it_is_proved(story: Story, app: Flask) -> None:
    case_id = worked(story)
    text = book(story, app, "liaison_a", "measures")
    assert "清理河道" in text
    assert "张三" in text
    assert "未完成" in text
    story.do_measure(case_id)
    assert "这本账现在是空的" in book(story, app, "liaison_a", "measures")
    done = book(story, app, "liaison_a", "measures", more="?state=all")
    assert "已完成" in done
    assert '<td class="k-num" data-label="佐证">1</td>' in done


def test_book_of_progress_shows_the_last_report_and_who_stood_still_longest(story: Story, app: Flask) -> None:
    still, moving = worked(story, "一直没动的"), worked(story, "刚有进展的")
    story.cast.at("2026-03-10")
    story.part("liaison_a", moving, "A", "report_progress", text="第一次进展")
    story.part("liaison_a", moving, "A", "report_progress", text="第二次进展")
    text = book(story, app, "supervisor", "progress")
    assert "第二次进展" in text
    assert "第一次进展" not in text
    assert text.index("一直没动的") < text.index("刚有进展的")
    assert "8 天" in text
    assert "0/1" in text
    assert still != moving


def test_unit_reads_its_own_part_only(story: Story, app: Flask) -> None:
    case_id = worked(story)
    story.part("liaison_b", case_id, "B", "acknowledge")
    story.part("liaison_b", case_id, "B", "report_progress", text="乙单位的进展")
    for who, unit in (("head_a", "A"), ("liaison_b", "B")):
        pages = [visit(app, story, who).get(f"/books/{which}").text for which in BOOKS]
        assert ("乙单位的进展" in "".join(pages)) is (who == "liaison_b")
        assert ("清理河道" in "".join(pages)) is (who == "head_a")
        assert book(story, app, who, "progress", unit).count("k-card-head") == 1
    assert "乙单位的进展" in visit(app, story, "supervisor").get("/books/progress").text
    assert "乙单位的进展" in visit(app, story, "leader2").get("/books/progress").text


def test_books_of_another_unit_do_not_exist(story: Story, app: Flask) -> None:
    worked(story)
    a = story.cast.units["A"]
    for who in ("liaison_b", "head_t", "leader2", "outsider", "outsider_head", "admin", "organisation"):
        visitor = visit(app, story, who)
        for which in BOOKS:
            assert visitor.get(f"/units/{a}/books/{which}").status_code == 404, (who, which)
            answer = visitor.get(f"/books/{which}")
            if who in ("admin", "organisation"):
                assert answer.status_code == 404
            elif who != "leader2":
                assert "老街河道垃圾" not in answer.text or who == "liaison_b", (who, which)
    assert visit(app, story, "supervisor").get(f"/units/{a}/books/others").status_code == 404
    assert visit(app, story, "supervisor").post(f"/units/{a}/books/times").status_code == 405
    assert "老街河道垃圾" not in visit(app, story, "outsider").get("/books/times").text


def test_books_ask_as_often_for_many_rows_as_for_few(story: Story, databases: Databases, instance: Path) -> None:
    a = story.cast.units["A"]
    for number in range(3):
        worked(story, f"问题 {number}")
    paths = [f"/units/{a}/books/{which}" for which in BOOKS] + [f"/books/{which}" for which in BOOKS]
    few = [queries(story, instance, "supervisor", path) for path in paths]
    many = many_worked(databases)
    assert [queries(many, instance, "supervisor", path) for path in paths] == few
    assert max(few) <= 14


def test_book_turns_pages_on_screen_and_is_whole_for_print(databases: Databases, instance: Path) -> None:
    story = many_worked(databases)
    a = story.cast.units["A"]
    office = visit(make_app(story, instance), story, "supervisor")
    for which in BOOKS:
        for path, every in ((f"/units/{a}/books/{which}", 53), (f"/books/{which}", 106 if which != "measures" else 53)):
            first = office.get(path).text
            assert f"本页 50 条，共 {every} 条" in first, path
            following = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
            assert f"本页 {min(50, every - 50)} 条，共 {every} 条" in office.get(following).text
            whole = office.get(f"{path}?whole=1").text
            assert f"本页 {every} 条，共 {every} 条" in whole
            assert "data-print" in whole
            assert office.get(f"{path}?after=unsinn").status_code == 422
