"""Kept counts: at every moment what counting would give, for each authority and unit, whatever was done."""

from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from app.ledgers.cases import Case, CaseChange, faults, kept_counts, open_count
from app.people import visible
from tests.databases import Databases
from tests.stock import ready_story
from tests.story import Story
from tests.workflows.lives import lead_lives

SEED = 20260302


@pytest.fixture
def story(databases: Databases) -> Iterator[Story]:
    """A county ready to work in."""
    made = ready_story(databases)
    yield made
    made.cast.database.dispose()


def counted(story: Story, who: str) -> tuple[dict[str, int] | None, dict[str, int]]:
    """Return what is kept for somebody, and what counting gives."""
    with story.cast.begin(who) as (session, actor):
        kept = kept_counts(session, actor)
        true = Counter(case.state for case in session.scalars(visible(Case, actor)))
        return ({state: n for state, n in kept.items() if n} if kept is not None else None), dict(true)


def test_kept_counts_are_what_counting_gives_after_random_lives(story: Story) -> None:
    lead_lives(story, 12, SEED)
    seen = 0
    for who in ("inspector", "supervisor", "assessor", "head_a", "liaison_b", "liaison_t", "outsider", "outsider_head"):
        kept, true = counted(story, who)
        assert kept == true, (who, f"seed {SEED}")
        seen += len(true)
    assert seen > 10
    with story.cast.database.session(read_only=True) as session:
        assert faults(session)[2] is None
        assert session.scalars(select(CaseChange)).all() == []


def test_what_a_unit_found_itself_counts_once_for_it(story: Story) -> None:
    form = {"title": "乙件", "text": "自查发现", "source_kind": None, "discovery": None}
    case_id = story.log("liaison_a", **form)
    assert counted(story, "head_a") == ({"reported": 1}, {"reported": 1})
    story.assign(case_id, "A", "B")
    assert counted(story, "head_a") == ({"assigned": 1}, {"assigned": 1})
    assert counted(story, "head_b") == ({"assigned": 1}, {"assigned": 1})
    story.case("supervisor", case_id, "correct", reason="并非自查", source_kind="hotline")
    for who in ("head_a", "head_b", "supervisor"):
        kept, true = counted(story, who)
        assert kept == true == {"assigned": 1}, who


def test_a_sum_that_would_count_twice_is_not_told(story: Story) -> None:
    story.assign(story.log(), "A", "B")
    for who in ("leader", "discipline", "admin", "auditor"):
        assert counted(story, who)[0] is None, who
    assert open_count({"assigned": 2, "closed": 7, "long_term": 1}) == 3
