"""Pages of cases cost the same number of queries however long they are."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from sqlalchemy import event

from tests.client import make_app, visit
from tests.story import Story


@contextmanager
def counted(story: Story) -> Iterator[list[str]]:
    """Collect the statements sent to the database."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            sent.append(statement)

    event.listen(story.cast.database.engine, "before_cursor_execute", note)
    yield sent
    event.remove(story.cast.database.engine, "before_cursor_execute", note)


def queries(story: Story, instance: Path, who: str, path: str) -> int:
    somebody = visit(make_app(story, instance), story, who)
    somebody.get(path)
    with counted(story) as sent:
        assert somebody.get(path).status_code == 200
    return len(sent)


def all_queries(story: Story, instance: Path, path: str, *people: str) -> dict[str, int]:
    return {who: queries(story, instance, who, path) for who in people}


def test_ledger_asks_as_often_for_sixty_cases_as_for_five(story: Story, instance: Path) -> None:
    people = ("supervisor", "liaison_a", "leader")
    for number in range(5):
        story.assign(story.log(title=f"问题 {number}"), "A", "B")
    few = all_queries(story, instance, "/cases", *people)
    for number in range(55):
        story.assign(story.log(title=f"问题 {number}"), "A", "BT")
    assert all_queries(story, instance, "/cases", *people) == few
    assert max(few.values()) <= 11
    for who in people:
        page = visit(make_app(story, instance), story, who).get("/cases").text
        assert "本页 50 件，共 60 件" in page


def test_search_asks_as_often_for_many_hits_as_for_few(story: Story, instance: Path) -> None:
    people = ("supervisor", "liaison_a", "leader")
    path = "/cases?state=all&q=河道 住建局&sort=moved&late=1&still=3&behind=1&returned=1&contested=1&listed=1"
    for number in range(3):
        story.assign(story.log(title=f"问题 {number}"), "A", "B")
    few = {path: all_queries(story, instance, path, *people) for path in (path, "/cases?q=河道")}
    for number in range(55):
        story.assign(story.log(title=f"问题 {number}"), "A", "BT")
    assert {path: all_queries(story, instance, path, *people) for path in few} == few
    assert max(count for counts in few.values() for count in counts.values()) <= 15


def test_case_page_asks_as_often_for_a_long_story_as_for_a_short_one(story: Story, instance: Path) -> None:
    people = ("supervisor", "head_a", "discipline")
    case_id = story.log()
    story.assign(case_id, "A", "BT")
    story.to_work(case_id)
    story.part("liaison_b", case_id, "B", "acknowledge")
    story.daily("2026-03-11", is_confirmed=True)
    story.daily("2026-03-23", is_confirmed=True)
    for number in range(5):
        story.part("liaison_a", case_id, "A", "report_progress", text=f"进展 {number}")
    few = all_queries(story, instance, f"/cases/{case_id}", *people)
    for number in range(55):
        story.part("liaison_a", case_id, "A", "report_progress", text=f"进展 {number}")
    assert all_queries(story, instance, f"/cases/{case_id}", *people) == few
    assert max(few.values()) <= 23


def test_ledger_turns_its_pages_without_gap_or_repeat(story: Story, instance: Path) -> None:
    wanted = set()
    for number in range(60):
        case_id = story.log(title=f"问题 {number}")
        story.assign(case_id, "A", due_on=str(date(2026, 4, 1 + number % 7)))
        wanted.add(f'href="/cases/{case_id}"')
    inspector = visit(make_app(story, instance), story, "inspector")
    first = inspector.get("/cases").text
    following = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = inspector.get(following).text
    on_first = {link for link in wanted if link in first}
    on_second = {link for link in wanted if link in second}
    assert (len(on_first), len(on_second)) == (50, 10)
    assert on_first | on_second == wanted
    assert inspector.get("/cases?after=unsinn").status_code == 422
