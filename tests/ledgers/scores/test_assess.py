"""The clock is what it says day by day, and a line depends on no rule set but its own: for facts rolled by chance."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.calendar import state_calendar
from app.ledgers.scores import CaseFacts, LateDay, RuleBook, RuleVersion, assess, deadline_on, late_days, stands
from app.ledgers.scores.assess import _overdue
from app.ledgers.scores.facts import DeadlineFact, Happening, PartFact, PauseFact, SourceFact
from tests.ledgers.scores.test_ranking import body

STATE = state_calendar()
FIRST, LAST = date(2025, 9, 1), date(2026, 6, 30)
DAYS = st.dates(FIRST, LAST)
LATER = st.dates(FIRST, date(2027, 3, 1))  # past the last year that is known
DEADLINES = st.builds(DeadlineFact, DAYS, DAYS, LATER, st.booleans(), st.integers(1, 2), st.integers(1, 99))
PAUSES = st.tuples(DAYS, st.integers(1, 60), st.none() | st.integers(0, 9), st.booleans())
SOURCES = st.builds(SourceFact, st.sampled_from(["self", "county", "city", "citizen"]), DAYS, st.integers(1, 99))
HAPPENINGS = st.builds(
    Happening,
    st.sampled_from(["returned", "false_report", "rebound", "terminated"]),
    DAYS,
    st.integers(1, 99),
    st.sampled_from([(), (1,), (1, 2)]),
)


def a_pause(since: date, days: int, limit: int | None, is_open: bool) -> PauseFact:
    """Make a pause: open, taken back in part or for a number of days, or left as it was."""
    if is_open:
        return PauseFact(since, 1)
    return PauseFact(since, 1, since + timedelta(days), 2, since + timedelta(1), limit)


def a_part(unit_id: int, assigned_on: date, pauses: list[PauseFact]) -> PartFact:
    """Make the lead's part (unit 1) or an assisting unit's."""
    return PartFact(unit_id, unit_id == 1, assigned_on, unit_id, assigned_on + timedelta(3), pauses=tuple(pauses))


PARTS = st.builds(a_part, st.just(1), DAYS, st.lists(st.builds(lambda row: a_pause(*row), PAUSES), max_size=2))
FACTS = st.builds(
    CaseFacts,
    case_id=st.just(1),
    authority_id=st.just(1),
    label=st.just("#1"),
    parts=PARTS.map(lambda lead: (lead, replace(lead, unit_id=2, is_lead=False))),
    deadlines=st.lists(DEADLINES, max_size=4).map(tuple),
    sources=st.lists(SOURCES, max_size=3).map(tuple),
    happenings=st.lists(HAPPENINGS, max_size=3).map(tuple),
    slips=st.just(()),
    ended=st.none() | st.builds(lambda on: ("closed", on, 99), DAYS),
)


def day_by_day(facts: CaseFacts, part: PartFact, until: date) -> Iterator[LateDay]:
    """Say which days were late by asking the rule of each single day."""
    place, cycle = 0, 0
    restored = {
        day
        for pause in part.pauses
        if pause.until is not None and pause.restored_from is not None
        for day in list(STATE.working_days(pause.restored_from, pause.until))[: pause.restored_limit]
    }
    for number in range((min(until, facts.ended[1] if facts.ended else until) - part.assigned_on).days):
        day = part.assigned_on + timedelta(number + 1)
        deadline = deadline_on(facts, day)
        if deadline is None or deadline.due_on >= day or deadline.provisional:
            continue
        if not STATE.is_working(day) or not STATE.knows(day) or (stands(part.pauses, day) and day not in restored):
            continue
        place, cycle = (place + 1, cycle) if deadline.cycle == cycle else (1, deadline.cycle)
        yield LateDay(day, place, deadline.due_on)


@settings(deadline=None, print_blob=True)
@given(FACTS, LATER)
def test_late_days_are_what_the_rule_says_of_each_day(facts: CaseFacts, until: date) -> None:
    for part in facts.parts:
        assert list(late_days(facts, part, STATE, until)) == list(day_by_day(facts, part, until))


def test_words_of_a_line_do_not_depend_on_who_was_reckoned_before() -> None:
    """One factor can be written in two ways; what is kept of the first must be what the second would say."""
    for factor in (Decimal("0.50"), Decimal("0.5")):
        kept = _overdue(Decimal("-0.5"), Decimal("-0.1"), None, factor, 1)
        assert kept == (Decimal("-0.25"), Decimal("0.00"), "-0.50 × 配合系数 0.5 = -0.25")


def test_day_beyond_the_cap_says_that_it_costs_nothing() -> None:
    said = [_overdue(Decimal("-0.5"), Decimal("-0.1"), Decimal("-3"), Decimal(1), place) for place in (26, 27, 28)]
    assert said[0] == (Decimal("-0.10"), Decimal("0.00"), "-0.10")
    assert said[1] == (Decimal(0), Decimal("-0.10"), "-0.10，本件已达上限 -3.00 分，超出不计 -0.10，这一天不再扣分")
    assert said[2] is None


def books(changed_on: date, cap: Decimal) -> RuleBook:
    """Return a rule set for each year, and one that changes the points and the cap in the middle of one."""
    rules = body()
    dearer = replace(
        rules,
        rules=tuple(replace(rule, points=rule.points * 2, cap_case=rule.cap_case and cap) for rule in rules.rules),
    )
    versions = [RuleVersion(year, year, 1, date(year, 1, 1), rules) for year in (2025, 2026)]
    return RuleBook((*versions, RuleVersion(1, changed_on.year, 2, changed_on, dearer)))


@settings(deadline=None, print_blob=True)
@given(FACTS, LATER, DAYS, st.sampled_from([Decimal("-2"), Decimal("-5")]))
def test_line_depends_on_no_rule_set_but_its_own(facts: CaseFacts, until: date, changed: date, cap: Decimal) -> None:
    book = books(changed, cap)
    whole = assess(facts, book, STATE, until)
    for number in {line.rule_set_id for line in whole}:
        alone = assess(facts, book.only(number), STATE, until)
        assert [line for line in whole if line.rule_set_id == number and line not in alone] == []


@pytest.mark.parametrize(
    ("how", "said"), [("audit", "审计发现："), ("city", "市级督查发现："), ("superior", "上级转办发现：")]
)
def test_who_found_a_problem_is_said_in_the_words_of_its_case(how: str, said: str) -> None:
    rules = body()
    rule = replace(rules.rules[0], trigger="found", lead=Decimal(1), table={how: Decimal(-1)})
    book = RuleBook((RuleVersion(1, 2026, 1, date(2026, 1, 1), replace(rules, rules=(rule,))),))
    day = date(2026, 3, 2)
    facts = CaseFacts(1, 1, "#1", (a_part(1, day, []),), (), (SourceFact(how, day, 1),), (), (), None)
    (line,) = assess(facts, book, STATE, date(2026, 3, 3))
    assert line.calculation.startswith(said)
