"""Each move of each workflow: an outsider sees nothing, the wrong role is told why, what is missing is named, it works."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from app.audit import Event
from app.core.errors import Absent, Invalid, Refused
from app.workflows import WORKFLOWS
from tests.stock import ready_story
from tests.story import LOGGED, Story
from tests.workflows.moves import FIRSTS, MOVES, Move


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def ready(request: pytest.FixtureRequest) -> Iterator[Story]:
    """One county for all: each test brings in a case of its own."""
    story = ready_story(request.getfixturevalue(f"{request.param}_databases"))
    yield story
    story.cast.database.dispose()


ELSEWHERE = {"case.take_down", "case.absorb", "case.release", "interview.propose", "interview.withdraw_along"}


def moves_recorded(story: Story, name: str) -> int:
    """Count the events that are moves; what a move brings in elsewhere has an event of its own there."""
    own = Event.kind.not_like("entry.%"), Event.kind.not_in(ELSEWHERE - {name})
    with story.cast.database.session(read_only=True) as session:
        return session.scalar(select(func.count()).select_from(Event).where(*own)) or 0


def state(story: Story, move: Move, row_id: int) -> str:
    """Return where the row stands."""
    return str(story.get(move.workflow.model, row_id).state)


@pytest.mark.parametrize("move", MOVES, ids=str)
def test_move_is_made_by_the_right_person_alone_with_what_it_needs(ready: Story, move: Move) -> None:
    row_id = move.row(ready)
    form = move.values(ready)
    before, source = moves_recorded(ready, f"{move.workflow.name}.{move.name}"), state(ready, move, row_id)
    for outsider in ("outsider", "outsider_head"):
        with pytest.raises(Absent):
            ready.move(outsider, move.workflow, row_id, move.name, **form)
    with pytest.raises((Refused, Absent)) as refused:
        ready.move(move.wrong, move.workflow, row_id, move.name, **form)
    if isinstance(refused.value, Refused):
        assert "办理" in str(refused.value) or "另" in str(refused.value) or "本人" in str(refused.value)
    needs = next(t for t in move.workflow.transitions if t.name == move.name and source in t.source).needs
    for need in needs:
        if need.required:
            with pytest.raises(Invalid) as invalid:
                ready.move(move.who, move.workflow, row_id, move.name, **{**form, need.name: None})
            assert list(invalid.value.errors) == [need.name]
    assert (moves_recorded(ready, f"{move.workflow.name}.{move.name}"), state(ready, move, row_id)) == (before, source)
    ready.move(move.who, move.workflow, row_id, move.name, **form)
    assert (moves_recorded(ready, f"{move.workflow.name}.{move.name}"), state(ready, move, row_id)) == (
        before + 1,
        move.dest,
    )


def test_every_move_a_person_can_make_is_tried_above() -> None:
    tried = {(move.workflow.name, move.name) for move in MOVES} | FIRSTS
    made = {(w.name, t.name) for w in WORKFLOWS.values() for t in w.transitions if t.roles}
    assert made == tried


@pytest.mark.parametrize(("name", "who", "wrong"), [("log", "inspector", "assessor"), ("log_self", "liaison_a", "x")])
def test_case_is_logged_by_an_office_or_by_the_unit_that_found_it(
    ready: Story, name: str, who: str, wrong: str
) -> None:
    for missing in ("title", "text") if wrong != "x" else ("title",):
        with pytest.raises(Invalid) as invalid:
            ready.log(who, **{**LOGGED, missing: " "})
        assert list(invalid.value.errors) == [missing]
    if wrong != "x":
        with pytest.raises(Refused, match="须由督查员、督查室主任办理"):
            ready.log(wrong)
    before = moves_recorded(ready, f"case.{name}")
    case_id = ready.log(who)
    assert moves_recorded(ready, f"case.{name}") == before + 1
    assert ready.newest(Event, case_id=case_id).kind == f"case.{name}"
