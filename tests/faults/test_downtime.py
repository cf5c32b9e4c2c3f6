"""P03 and P04: a gap is caught up as if there had been none, and a wrong clock fines nobody."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from random import Random

import pytest

from app.core.clock import Moment
from app.core.errors import Refused
from app.workflows import catch_up, settling
from tests.databases import Databases
from tests.faults.figures import dice, figures
from tests.faults.ledger import Ledger, read_ledger, wrong_in_itself
from tests.stock import ready_story
from tests.story import Story
from tests.workflows import paths
from tests.workflows.paths import brought_to

FIRST, LAST, HEARD = date(2026, 3, 3), date(2026, 4, 14), date(2026, 4, 24)
Act = Callable[[Story, list[int]], object]
LIVED: dict[type, Ledger] = {}


def is_late(late: set[int], day: date) -> bool:
    """Say whether the job of the day runs late."""
    return (day - FIRST).days in late


def begin(story: Story) -> list[int]:
    """Bring five cases to work: found by the city, due 20 March; B assists."""
    return [brought_to(story, stage) for stage in ("ready", "rectifying", "assigned", "assigned", "ready")]


def rework(story: Story, cases: list[int]) -> None:
    """Send the first case back."""
    story.case("inspector", cases[0], "send_back", reason="现场仍有垃圾")


def close(story: Story, cases: list[int]) -> None:
    """Close the last case."""
    story.verify(cases[4])
    story.case("supervisor", cases[4], "accept")
    story.case("supervisor", cases[4], "close")


ACTS: dict[str, Act] = {
    "2026-03-03": lambda s, c: s.part("head_a", c[2], "A", "dispute", reason="不归我们"),
    "2026-03-09": lambda s, c: s.case(
        "supervisor", c[2], "grant_return", lead=s.cast.units["T"], due_on=date(2026, 3, 26)
    ),
    "2026-03-16": lambda s, c: s.case("head_a", c[1], "ask_extension", **paths.extension_form(s)),
    "2026-03-24": lambda s, c: s.finish(c[4]),
    "2026-03-25": lambda s, c: s.request("supervisor", c[1], "extension", "grant", due_on=date(2026, 3, 27)),
    "2026-03-26": close,
    "2026-03-27": lambda s, c: s.finish(c[0]),
    "2026-03-31": lambda s, c: s.case("supervisor", c[3], "merge", case=c[1], reason="同一问题"),
    "2026-04-02": rework,
    "2026-04-03": lambda s, c: s.case("inspector", c[4], "ask_rebound", reason="又见垃圾", basis="回头看"),
    "2026-04-06": lambda s, c: s.case("supervisor", c[4], "rebound", due_on=date(2026, 4, 8)),
    "2026-04-09": lambda s, c: s.case("liaison_t", c[2], "acknowledge"),
    "2026-04-10": lambda s, c: s.case("inspector", c[1], "add_source", source_kind="media", discovery="media_province"),
}


def live(story: Story, runs_on: Callable[[date], bool], late: Callable[[date], bool] = lambda _day: False) -> None:
    """Live the weeks: on each day the job if it runs (late: after the day's work), then what people do."""
    cases = begin(story)
    day = FIRST
    while day <= HEARD:
        up = day > LAST or runs_on(day)
        if up and not late(day):
            story.daily(day)
        story.cast.at(day)
        if act := ACTS.get(str(day)):
            act(story, cases)
        if up and late(day):
            run_at(story, day, 22)
        day += timedelta(days=1)


def run_at(story: Story, day: date, hour: int) -> None:
    """Run the job at an hour of the day."""
    for _ in catch_up(story.cast.database, day, Moment.on(day, hour)):
        pass


def lived(
    databases: Databases, runs_on: Callable[[date], bool], late: Callable[[date], bool] = lambda _day: False
) -> Ledger:
    """Return what the weeks leave in a county of their own."""
    story = ready_story(databases)
    try:
        live(story, runs_on, late)
        assert wrong_in_itself(story.cast.database) == []
        ledger = read_ledger(story.cast.database)
        return {part: ledger[part] for part in ("entries", "standings", "totals", "listings")}
    finally:
        story.cast.database.dispose()


def never_down(databases: Databases) -> Ledger:
    """Return what the weeks leave when the job runs every day (lived once for each engine)."""
    engine = type(databases)
    if engine not in LIVED:
        LIVED[engine] = lived(databases, lambda _day: True)
    return LIVED[engine]


def pattern(random: Random) -> set[date]:
    """Return the days on which the job runs: gaps of at most ten days, after it once ran."""
    days, day = {FIRST}, FIRST
    while day <= LAST:
        day += timedelta(days=random.choice([1, 1, 2, 3, 5, 8, 10]))
        days.add(day)
    return days


@figures(1, 100)
def test_gap_leaves_what_every_day_would_have_left(databases: Databases, count: int) -> None:
    random = dice()
    wanted = never_down(databases)
    rules = {where[0] for where in wanted["entries"]}
    assert rules == {"overdue", "receipt", "returned", "found", "rebound"}
    assert sum(where[-1] is not None for where in wanted["entries"]) > 20
    for _ in range(count):
        up, late = pattern(random), set(random.sample(range(60), 20))
        found = lived(databases, up.__contains__, partial(is_late, late))
        assert {part: found[part] - wanted[part] for part in ("entries", "standings")} == {
            "entries": {},
            "standings": {},
        }
        assert found == wanted, sorted(map(str, up))


def test_job_that_looks_at_facts_as_of_now_is_found_out(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = never_down(databases)
    monkeypatch.setattr(settling, "known_before", lambda facts, _day: facts)
    assert lived(databases, lambda day: (day - FIRST).days % 9 == 0) != wanted


@figures(12, 250)
def test_clock_that_jumps_fines_nobody(databases: Databases, count: int) -> None:
    random = dice()
    story = ready_story(databases)
    begin(story)
    story.days("2026-03-03", "2026-03-18")
    before, refused = read_ledger(story.cast.database), 0
    true = Moment.on(date(2026, 3, 19), 0)
    for _ in range(count):
        jump = timedelta(days=random.choice([-1, 1]) * random.randint(1, 3650), hours=random.randint(-12, 12))
        wrong = Moment.of(true.at + jump)
        with pytest.raises(Refused):
            list(catch_up(story.cast.database, wrong.day, wrong, clock=lambda _session: true.at))
        if wrong.day > date(2026, 3, 28) or wrong.day < date(2026, 3, 18):
            with pytest.raises(Refused):
                list(catch_up(story.cast.database, wrong.day, wrong))
            refused += 1
    assert refused > count // 2
    assert read_ledger(story.cast.database) == before
    list(catch_up(story.cast.database, date(2026, 3, 23), Moment.on(date(2026, 3, 23), 0)))
    assert read_ledger(story.cast.database) != before
    story.cast.database.dispose()


@figures(1, 40)
def test_clock_that_ran_ahead_within_the_limit_leaves_nothing_wrong(databases: Databases, count: int) -> None:
    random = dice()
    for _ in range(count):
        ahead, worked = random.randint(1, 9), random.randint(0, 8)
        stories = [ready_story(databases), ready_story(databases)]
        found = []
        for story, jump in zip(stories, (0, ahead), strict=True):
            case_id = brought_to(story, "rectifying")
            story.do_measure(case_id)
            story.days("2026-03-03", "2026-03-19")
            run_at(story, date(2026, 3, 20) + timedelta(days=jump), 0)
            end_work(story, case_id, date(2026, 3, 20) + timedelta(days=worked), jump)
            assert wrong_in_itself(story.cast.database) == []
            rows = story.entries()
            found.append([row[:4] for row in rows if row[4] != "reversed"])
            story.cast.database.dispose()
        assert found[0] == found[1], (ahead, worked)


def end_work(story: Story, case_id: int, day: date, jump: int) -> None:
    """Sign for and finish both parts on the day; the clock right again, the job runs once it may."""
    now = date(2026, 3, 20)
    while now <= date(2026, 4, 3):
        if now > date(2026, 3, 20) + timedelta(days=jump):
            story.daily(now, is_confirmed=True)
        story.cast.at(now)
        if now == day:
            story.part("head_b", case_id, "B", "finish", result="完成")
            story.finish(case_id)
        now += timedelta(days=1)


def test_clock_behind_the_newest_record_is_refused(databases: Databases) -> None:
    story = ready_story(databases)
    brought_to(story, "assigned")
    early = Moment(datetime.fromisoformat("2026-03-02T00:00:00+00:00"), date(2026, 3, 2))
    with pytest.raises(Refused, match="校准时钟"):
        list(catch_up(story.cast.database, early.day, early))
    story.cast.database.dispose()
