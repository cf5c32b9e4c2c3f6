"""The forecast comes true when nothing happens: the daily job takes just what was foretold."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.calendar import load_calendar
from app.core.db import Database
from app.ledgers.cases import Case
from app.ledgers.scores import CaseForecast, Objection, ScoreEntry, UnitScore, case_forecasts, score_sheet
from app.workflows import OBJECTION
from tests.databases import Databases
from tests.people import make_cast
from tests.stock import story_in
from tests.story import Story

YEAR_END = date(2026, 12, 31)
LATE, OBJECTED = 1, 6  # ids of cases: the first and the last logged


def county_at_work(story: Story) -> None:
    """Cases in every condition: late, unsigned, reported, sent back, objected to, long before their deadline, provisional."""
    cases = [story.log(discovery=who) for who in ("city", "county", "media_city", "county", "citizen")]
    cases.append(story.log("liaison_t", source_kind="self"))
    late, unsigned, reported, back, far, objected = cases
    story.assign(late, "A", "B", due_on="2026-09-22")
    story.to_work(late)
    story.assign(unsigned, "T", due_on="2026-10-13")
    story.assign(reported, "B", due_on="2026-09-24")
    story.to_work(reported, "B")
    story.assign(back, "A", due_on="2026-09-21")
    story.to_work(back)
    story.assign(far, "U", "A", due_on="2026-12-18")
    story.assign(objected, "T", due_on="2026-09-16")
    story.to_work(objected, "T")
    story.days("2026-09-15", "2026-09-18")
    ids = [entry.id for entry in entries_of(story, objected)]
    story.object("head_t", objected, "T", ids[:1])
    story.days("2026-09-19", "2026-09-28")
    for case_id, unit in ((reported, "B"), (back, "A")):
        story.do_measure(case_id, unit)
        story.finish(case_id, unit)
    story.days("2026-09-29", "2026-09-30")
    story.case("inspector", back, "send_back", reason="现场仍有垃圾")


@pytest.fixture
def story(databases: Databases) -> Iterator[Story]:
    """The county at work on the eve of the National Day, lived once for each engine and copied for each test."""
    database = databases.fresh("county_at_work", live)
    yield story_in(database, "2026-09-30")
    database.dispose()


def live(database: Database) -> None:
    """Fill the stock."""
    story = Story(make_cast(database, "2026-09-14"))
    story.rules()
    county_at_work(story)


def entries_of(story: Story, case_id: int) -> list[ScoreEntry]:
    """Return the entries of a case."""
    with story.cast.database.session(read_only=True) as session:
        return list(session.scalars(select(ScoreEntry).where(ScoreEntry.case_id == case_id).order_by(ScoreEntry.id)))


def foretold(story: Story, until: date, who: str = "assessor") -> dict[tuple[int, int], CaseForecast]:
    """Return the forecast of every case by case and unit."""
    with story.cast.begin(who) as (session, actor):
        case_ids = list(session.scalars(select(Case.id)))
        calendar = load_calendar(session, story.cast.units["C"])
        return {(f.case_id, f.unit_id): f for f in case_forecasts(session, actor, case_ids, until, calendar)}


def sheet(story: Story, who: str = "assessor", year: int = 2026) -> dict[str, UnitScore]:
    """Return the score sheet by unit code."""
    with story.cast.begin(who) as (session, actor):
        county, day = story.cast.units["C"], story.cast.clock.now().day
        calendar = load_calendar(session, county)
        return {line.code: line for line in score_sheet(session, actor, county, year, day, calendar)}


def forecasts(story: Story) -> dict[str, Decimal]:
    """Return the forecast of every unit by code."""
    return {code: line.forecast for code, line in sheet(story).items() if line.forecast is not None}


def test_forecast_is_what_it_costs_when_nothing_happens(story: Story) -> None:
    foreseen = forecasts(story)
    before = {code: sum(story.total(code)) for code in foreseen}
    assert all(foreseen[code] < before[code] for code in "ABTU"), "nothing to foresee"
    story.daily(YEAR_END, is_confirmed=True)
    assert {code: sum(story.total(code)) for code in foreseen} == foreseen
    assert forecasts(story) == foreseen


def test_forecast_of_a_case_holds_on_the_way(story: Story) -> None:
    case_id = LATE
    until = date(2026, 10, 22)
    foreseen = {key: (f.total, [line.day for line in f.to_come]) for key, f in foretold(story, until).items()}
    assert len(foreseen[case_id, story.cast.units["A"]][1]) > 5
    story.days("2026-10-01", "2026-10-22")
    now = foretold(story, until)
    assert {key: f.on_record for key, f in now.items()} == {key: total for key, (total, _) in foreseen.items()}
    assert all(f.to_come == () for f in now.values())


def test_forecast_before_the_job_of_the_day_counts_that_day(story: Story) -> None:
    story.cast.at("2026-10-02")
    foreseen = {key: f.total for key, f in foretold(story, date(2026, 10, 2)).items()}
    story.daily("2026-10-02")
    assert {key: f.on_record for key, f in foretold(story, date(2026, 10, 2)).items()} == foreseen


def test_reversed_entry_is_not_foretold_again(story: Story) -> None:
    case_id = OBJECTED
    objection = story.newest(Objection, case_id=case_id)
    before = forecasts(story)["T"]
    story.move("assessor", OBJECTION, objection.id, "uphold", reason="理由成立")
    assert forecasts(story)["T"] == before + Decimal("0.50")
    upheld = entries_of(story, case_id)[0].key
    assert upheld not in {line.key for line in foretold(story, YEAR_END)[case_id, story.cast.units["T"]].to_come}


def test_unit_sees_the_forecast_of_its_own_part_alone(story: Story) -> None:
    case_id = LATE
    assert {unit for case, unit in foretold(story, YEAR_END) if case == case_id} == {story.cast.units[c] for c in "AB"}
    seen = {unit for _, unit in foretold(story, YEAR_END, "head_b")}
    assert seen == {story.cast.units["B"]}
    assert foretold(story, YEAR_END, "outsider") == {}
