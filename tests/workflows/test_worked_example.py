"""The worked example of the scoring rules, day by day, and the same after a gap, an extension, a guess of the calendar."""

from decimal import Decimal

import pytest

from app.ledgers.scores import ScoreEntry
from app.workflows import entries_in_force
from tests.databases import Databases
from tests.stock import ready_cast, ready_story
from tests.story import Story

LATE = ["2026-03-23", "2026-03-24", "2026-03-25", "2026-03-26", "2026-03-27", "2026-03-30", "2026-03-31"]
LATE += ["2026-04-01", "2026-04-02", "2026-04-03", "2026-04-07", "2026-04-08"]
RESTORED = ["2026-04-09", "2026-04-10", "2026-04-13"]


@pytest.fixture
def story(databases: Databases) -> Story:
    """A county with rules, and the case of the example assigned on 2 March."""
    return ready_story(databases)


def begin(story: Story) -> int:
    """A city inspection finds a case; lead A, assisting B, deadline Friday 2026-03-20."""
    case_id = story.log(discovery="city")
    story.assign(case_id, "A", "B")
    story.to_work(case_id)
    story.part("liaison_b", case_id, "B", "acknowledge")
    return case_id


def overdue(story: Story, unit: str) -> dict[str, Decimal]:
    """Return the unit's overdue entries in force by day."""
    return {
        day: points for rule, _, day, points, state in story.entries(unit) if rule == "overdue" and state != "reversed"
    }


def play(story: Story, case_id: int, runs: list[tuple[str, str]]) -> None:
    """Play the example: the daily job runs over the spans given, the reports and the return lie between."""
    for first, last in runs:
        story.days(first, last)
        if last == "2026-04-08":
            story.part("head_b", case_id, "B", "finish", result="完成")
            story.finish(case_id)
        if last == "2026-04-13":
            story.case("inspector", case_id, "send_back", reason="现场仍有垃圾")


DAILY = [("2026-03-03", "2026-04-08"), ("2026-04-09", "2026-04-13"), ("2026-04-14", "2026-04-14")]


def expected(factor: str) -> dict[str, Decimal]:
    """Return the days that the example counts with their points."""
    days = [*LATE, *RESTORED, "2026-04-14"]
    points = [Decimal("-0.5"), *[Decimal("-0.1")] * (len(days) - 1)]
    return {day: (p * Decimal(factor)).quantize(Decimal("0.01")) for day, p in zip(days, points, strict=True)}


def test_example_day_by_day_gives_the_points_of_the_rules(story: Story) -> None:
    case_id = begin(story)
    found = [(unit, points) for rule, unit, _, points, _ in story.entries() if rule == "found"]
    assert found == [("A", Decimal("-0.50")), ("B", Decimal("-0.25"))]
    story.days("2026-03-03", "2026-03-22")
    assert overdue(story, "A") == {}
    story.daily("2026-03-23")
    assert overdue(story, "A") == {"2026-03-23": Decimal("-0.50")}
    assert overdue(story, "B") == {"2026-03-23": Decimal("-0.25")}
    story.days("2026-03-24", "2026-04-08")
    assert list(overdue(story, "A")) == LATE
    assert sum(overdue(story, "A").values()) == Decimal("-1.60")
    assert sum(overdue(story, "B").values()) == Decimal("-0.80")
    story.part("head_b", case_id, "B", "finish", result="完成")
    story.finish(case_id)
    story.days("2026-04-09", "2026-04-13")
    assert list(overdue(story, "A")) == LATE
    story.case("inspector", case_id, "send_back", reason="现场仍有垃圾")
    story.daily("2026-04-14")
    before_today = {day: p for day, p in overdue(story, "A").items() if day < "2026-04-14"}
    assert list(before_today) == [*LATE, *RESTORED]
    assert sum(before_today.values()) == Decimal("-1.90")
    before_today = {day: p for day, p in overdue(story, "B").items() if day < "2026-04-14"}
    assert sum(before_today.values()) == Decimal("-0.95")
    returned = [(unit, points) for rule, unit, _, points, _ in story.entries() if rule == "returned"]
    assert returned == [("A", Decimal("-0.50"))]


def test_entry_of_the_first_late_day_is_confirmed_on_the_fourth_working_day_after(story: Story) -> None:
    begin(story)
    story.days("2026-03-03", "2026-03-26")
    standing = {day: state for rule, _, day, _, state in story.entries("A") if rule == "overdue"}
    assert standing["2026-03-23"] == "proposed"
    story.daily("2026-03-27")
    standing = {day: state for rule, _, day, _, state in story.entries("A") if rule == "overdue"}
    assert standing["2026-03-23"] == "confirmed"
    assert standing["2026-03-24"] == "proposed"


def test_gap_leaves_the_same_entries_as_every_day(story: Story) -> None:
    case_id = begin(story)
    play(story, case_id, [("2026-03-03", "2026-03-22"), *[(d, d) for d in ("2026-03-31", "2026-04-08")]])
    story.daily("2026-04-13")
    story.case("inspector", case_id, "send_back", reason="现场仍有垃圾")
    story.daily("2026-04-14")
    assert overdue(story, "A") == expected("1")
    assert overdue(story, "B") == expected("0.5")


def test_extension_granted_late_takes_back_the_days_since_it_was_asked(story: Story) -> None:
    case_id = begin(story)
    story.days("2026-03-03", "2026-03-18")
    story.case("head_a", case_id, "ask_extension", reason="汛期", progress="过半", wanted_on=_day("2026-04-17"))
    story.days("2026-03-19", "2026-03-25")
    assert list(overdue(story, "A")) == ["2026-03-23", "2026-03-24", "2026-03-25"]
    story.request("supervisor", case_id, "extension", "grant")
    assert overdue(story, "A") == {}
    contras = [(day, points) for rule, _, day, points, _ in story.entries("A") if rule == "overdue*"]
    assert contras == [("2026-03-25", Decimal("0.10"))] * 2 + [("2026-03-25", Decimal("0.50"))]
    story.days("2026-03-26", "2026-04-20")
    assert overdue(story, "A") == {"2026-04-20": Decimal("-0.50")}
    assert story.total("A") == (Decimal("-0.50"), Decimal("-0.50"))


def test_extension_granted_after_its_own_deadline_makes_the_day_after_that_the_first_one_late(story: Story) -> None:
    case_id = begin(story)
    story.days("2026-03-03", "2026-03-18")
    story.case("head_a", case_id, "ask_extension", reason="汛期", progress="过半", wanted_on=_day("2026-03-25"))
    story.days("2026-03-19", "2026-03-30")
    story.request("supervisor", case_id, "extension", "grant")
    lines = [line for line in story.lines(case_id, "A") if line.rule == "overdue"]
    contras = {line.id: line for line in lines if line.reverses_id}
    again = {contras[line.reverses_id]: line for line in contras.values() if line.reverses_id in contras}
    assert [line.points for line in again.values()] == [Decimal("-0.50")]
    assert ["冲销 2026-03-26 的记录（-0.10）：2026-03-30 同意延期" in line.calculation for line in again] == [True]
    story.days("2026-03-31", "2026-04-02")
    in_force = entries_in_force(lines := [line for line in story.lines(case_id, "A") if line.rule == "overdue"])
    assert sum(line.points for line in in_force) == Decimal("-1.00")  # 26, 27, 30 and 31 March, 1 and 2 April
    assert sum(line.points for line in lines) == Decimal("-1.00")
    assert sum(story.total("A")) == Decimal("-1.50")


def test_extension_granted_in_a_gap_leaves_the_same_entries(story: Story) -> None:
    case_id = begin(story)
    story.days("2026-03-03", "2026-03-18")
    story.case("head_a", case_id, "ask_extension", reason="汛期", progress="过半", wanted_on=_day("2026-04-17"))
    story.days("2026-03-19", "2026-03-22")
    story.cast.at("2026-03-25")
    story.request("supervisor", case_id, "extension", "grant")
    story.daily("2026-03-27")
    assert overdue(story, "A") == {}
    contras = [(day, points) for rule, _, day, points, _ in story.entries("A") if rule == "overdue*"]
    assert contras == [("2026-03-25", Decimal("0.10"))] * 2 + [("2026-03-25", Decimal("0.50"))]


def test_nothing_is_proposed_in_a_year_that_is_not_loaded(databases: Databases) -> None:
    story = Story(ready_cast(databases, "2026-12-14"))
    story.rules(2026)
    story.rules(2027)
    case_id = story.log()
    story.assign(case_id, "A", due_on="2027-01-08")
    story.to_work(case_id)
    story.days("2026-12-15", "2027-01-20")
    assert story.entries() == []
    with story.cast.database.session() as session:
        assert session.query(ScoreEntry).count() == 0
    done = story.daily("2027-01-21")
    assert done[-1].missing_years == (2027,)


def _day(text: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
    from datetime import date  # noqa: PLC0415

    return date.fromisoformat(text)
