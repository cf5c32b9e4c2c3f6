"""P14: however often a form is sent, at once or later, it makes one thing and gets one answer."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.audit import Event
from app.ledgers.cases import Case
from app.web import shell
from tests.client import Visit, visit
from tests.faults.figures import dice, figures
from tests.story import Story

WINDOWS = 4
FORM = {"text": "夜间出行不便", "source_kind": "hotline", "discovery": "citizen"}
Answer = tuple[int, str | None]


def windows(app: Flask, story: Story, who: str) -> list[Visit]:
    """Open several windows of one person."""
    return [visit(app, story, who) for _ in range(WINDOWS)]


def send(pool: ThreadPoolExecutor, opened: list[Visit], path: str, form: dict[str, Any], copies: int) -> set[Answer]:
    """Send copies of a form from all windows at once; return the different answers."""

    def from_window(number: int) -> list[Answer]:
        answers = [opened[number].post(path, form) for _ in range(number, copies, WINDOWS)]
        return [(answer.status_code, answer.location) for answer in answers]

    return {answer for answers in pool.map(from_window, range(WINDOWS)) for answer in answers}


def made(story: Story, title: str) -> tuple[int, int]:
    """Count the cases of a title and the corrections that led to it."""
    with story.cast.database.session(read_only=True) as session:
        cases = list(session.scalars(select(Case.id).where(Case.title == title)))
        moves = select(func.count()).where(Event.case_id.in_(cases), Event.kind == "case.correct")
        return len(cases), session.scalar(moves) or 0


@figures(6, 500)
def test_copies_of_a_form_make_one_thing(story: Story, app: Flask, count: int) -> None:
    """Each round spends two keys: one makes a case, one corrects it; sometimes a key comes back with another body."""
    random, sent = dice(), Counter[str]()
    inspector, supervisor = windows(app, story, "inspector"), windows(app, story, "supervisor")
    with ThreadPoolExecutor(WINDOWS) as pool:
        for number in range(count):
            copies = random.choice([2, 2, 3, 5, 8, 50])
            form = FORM | {"title": f"第 {number} 件", "_key": f"new-{number}"}
            ((status, location),) = send(pool, inspector, "/cases/new", form, copies)
            assert (status, made(story, f"第 {number} 件")) == (303, (1, 0))
            path = f"{location}/transitions/correct"
            form = {"title": f"第 {number} 处", "reason": "地点有误", "version": "1", "_key": f"correct-{number}"}
            assert send(pool, supervisor, path, form, copies) == {(303, location)}
            assert made(story, f"第 {number} 处") == (1, 1)
            if random.random() < 0.2:
                assert send(pool, supervisor, path, form | {"title": "又一处"}, 1) == {(422, None)}
                assert made(story, "又一处") == (0, 0)
                sent["other body"] += 1
            sent.update(keys=2, copies=2 * copies)
    print(f"{dict(sent)}")
    assert sent["other body"] > count // 10


def test_form_whose_key_is_not_claimed_makes_many(story: Story, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The wrong variant: the key travels with the form, and nobody keeps it."""
    monkeypatch.setattr(shell, "claim", lambda *_given: True)
    with ThreadPoolExecutor(WINDOWS) as pool:
        answers = send(pool, windows(app, story, "inspector"), "/cases/new", FORM | {"title": "一件", "_key": "k"}, 8)
    assert len(answers) == made(story, "一件")[0] == 8


def test_form_changed_after_it_was_done_stands_again_with_its_text_and_a_fresh_key(story: Story, app: Flask) -> None:
    visitor = visit(app, story, "inspector")
    first = visitor.post("/cases/new", FORM | {"title": "一件", "_key": "once"})
    page = visitor.post("/cases/new", FORM | {"title": "另一件", "_key": "once"})
    assert (page.status_code, made(story, "另一件")) == (422, (0, 0))
    assert "先前已经提交并办成，这次改动的内容没有保存" in page.text
    assert f'href="{first.location}">看先前办成的结果' in page.text
    assert 'value="另一件"' in page.text
    assert 'name="_key" value="once"' not in page.text
    assert visitor.post("/cases/new", FORM | {"title": "另一件"}).status_code == 303


def test_move_changed_after_it_was_done_stands_again_on_its_page(story: Story, app: Flask) -> None:
    case_id, visitor = story.log(), visit(app, story, "supervisor")
    path, form = (
        f"/cases/{case_id}/transitions/correct",
        {"title": "甲", "reason": "写错了", "version": "1", "_key": "k"},
    )
    assert visitor.post(path, form).status_code == 303
    page = visitor.post(path, form | {"title": "乙"})
    assert page.status_code == 422
    assert 'value="乙"' in page.text
    assert 'name="version" value="2"' in page.text
    assert "看先前办成的结果" in page.text
    assert made(story, "乙") == (0, 0)


def test_changed_form_of_a_move_that_is_over_shows_what_was_typed(story: Story, app: Flask) -> None:
    case_id, visitor = story.log(), visit(app, story, "supervisor")
    path, form = f"/cases/{case_id}/transitions/reject", {"reason": "不归我县管", "version": "1", "_key": "k"}
    done = visitor.post(path, form)
    page = visitor.post(path, form | {"reason": "属于邻县职责"})
    assert (done.status_code, page.status_code) == (303, 422)
    assert "这张表单已经办过" in page.text
    assert "<dd>属于邻县职责</dd>" in page.text
    assert f'href="{done.location}">看先前办成的结果' in page.text


def test_changed_form_without_a_page_of_its_own_says_so(story: Story, app: Flask) -> None:
    case_id, visitor = story.log(), visit(app, story, "supervisor")
    form = {"act": "tag", "cases": f"{case_id}.1", "_key": "k"}
    chosen = visitor.post("/bulk", form)
    page = visitor.post("/bulk", form | {"act": "untag"})
    assert (chosen.status_code, page.status_code) == (303, 422)
    assert f'href="{chosen.location}">看先前办成的结果' in page.text
