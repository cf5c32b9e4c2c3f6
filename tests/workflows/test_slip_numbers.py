"""Numbers of slips: per authority, type and civil year, without gaps or repeats, also when many sign over New Year."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from app.core.clock import Moment
from app.core.errors import Refused
from app.ledgers.slips import Slip
from app.people import load_actor
from app.workflows import SLIP, Context, fire
from tests.databases import Databases
from tests.slips import draft, move, slips
from tests.stock import ready_story
from tests.story import Story

SIGNINGS = 50
MIDNIGHT = datetime(2026, 12, 31, 16, tzinfo=UTC)  # of New Year in the county


def two_units_each(story: Story, cases: int) -> None:
    """Draft a slip to A and one to B on each of so many cases."""
    for _ in range(cases):
        case_id = story.log()
        story.assign(case_id, "A", "B", due_on="2027-03-01")
        for unit in "AB":
            draft(story, case_id, unit=unit)


def sign(story: Story, slip_id: int, moment: Moment, fails: bool = False) -> str:
    """Sign one slip at a moment, in a transaction of its own; one that fails is rolled back at the very end."""
    with story.cast.database.session() as session:
        actor = load_actor(session, story.cast.persons["supervisor"], moment.day)
        assert actor is not None
        row = session.get_one(Slip, slip_id)
        fire(Context(session, actor, moment), SLIP, "sign", row, {})
        if fails:
            session.rollback()
            return ""
        session.commit()
        return str(row.number)


def test_fifty_sign_at_once_over_new_year_and_no_number_is_missing_or_given_twice(databases: Databases) -> None:
    story = ready_story(databases, "2026-12-30")
    two_units_each(story, SIGNINGS // 2)
    random = Random(20261231)
    ids = [slip.id for slip in slips(story)]
    moments = [Moment.of(MIDNIGHT + timedelta(seconds=random.randint(-30, 29))) for _ in ids]
    with ThreadPoolExecutor(SIGNINGS) as pool:
        pairs = list(zip(ids, moments, strict=True))
        failing = list(pool.map(lambda pair: sign(story, pair[0], pair[1], pair[0] % 5 == 0), pairs))
        again = [pair for pair, number in zip(pairs, failing, strict=True) if not number]
        numbers = [n for n in failing if n] + list(pool.map(lambda pair: sign(story, pair[0], pair[1]), again))
    years = {year: sorted(slip.serial or 0 for slip in slips(story) if slip.year == year) for year in (2026, 2027)}
    assert len(set(numbers)) == SIGNINGS
    assert min(map(len, years.values())) > 10, "both years are tried"
    for year, serials in years.items():
        assert serials == list(range(1, len(serials) + 1)), year
    assert all(slip.issued_on is not None and slip.issued_on.year == slip.year for slip in slips(story))
    story.cast.database.dispose()


def test_types_count_by_themselves_and_a_refused_signature_takes_no_number(databases: Databases) -> None:
    story = ready_story(databases)
    two_units_each(story, 1)
    case_id = story.log()
    story.assign(case_id)
    draft(story, case_id, "prompt")
    with pytest.raises(Refused):
        move(story, "leader", "sign")
    for slip in slips(story):
        move(story, "supervisor", "sign", slip)
    numbers = [slip.number for slip in slips(story)]
    assert numbers == ["督办〔2026〕1号", "督办〔2026〕2号", "督提〔2026〕1号"]
    story.cast.database.dispose()
