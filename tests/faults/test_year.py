"""A year of a county, day by day: slips, numbers, entries, messages and totals are what the plain reckoning says."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select

from app.core.clock import Moment
from app.ledgers.messages import Message
from app.ledgers.scores import ScoreEntry, Standing, Total
from app.ledgers.slips import Slip, SlipPack
from app.workflows import settling
from app.workflows.daily import run_day
from tests.databases import Databases
from tests.faults.figures import LONG_SECONDS, dice, figures
from tests.faults.job import start
from tests.faults.ledger import Ledger, read_ledger, wrong_in_itself
from tests.faults.playing import Play, year_story
from tests.faults.reckoning import TYPES, Record, reckon
from tests.faults.scripts import NEVER, Script, any_script
from tests.faults.test_killed_job import end, wait_for
from tests.story import Story

FIRST, QUARTER, YEAR = date(2025, 11, 3), date(2026, 1, 31), date(2026, 10, 31)
CALM, HEARD = date(2025, 12, 5), date(2025, 12, 16)
OVERDUE = Script("city", "A", "", FIRST, date(2025, 11, 7), received_on=FIRST, assist_received_on=None)
KINDS = frozenset({"assigned", "due_soon", "entry_proposed", "entry_confirmed"})
KINDS |= {"slip_issued", "slip_copied", "slip_refused", "slip_settled", "slip_withdrawn"}
RULES = {"overdue", "found", "slip", "overdue*", "unresolved", "receipt", "slip*"}
RULES |= {"slip_receipt", "slip_reply", "returned", "false"}
Found = dict[str, Counter[Any]]


def scripts_for(random: Random, count: int, last: date) -> list[Script]:
    """Roll that many scripts of cases that are assigned from the first day to the last."""
    return [any_script(random, FIRST, last) for _ in range(count)]


def reckoned(records: Sequence[Record]) -> Found:
    """Return what the reckoning says."""
    found: Found = {name: Counter() for name in ("slips", "entries", "messages", "totals")}
    for record in records:
        for slip in record.slips:
            found["slips"][record.number, str(slip.drafted_on), TYPES[slip.level], slip.number] += 1
        found["messages"].update({(record.number, *told): count for told, count in record.told.items()})
        for line in record.lines:
            rule = line.rule + ("*" if line.again_for else "")
            found["entries"][record.number, rule, line.unit, str(line.day), line.points, line.state] += 1
            if line.state != "reversed":
                found["totals"][line.unit, (line.again_for or line.day).year, line.state] += line.points  # type: ignore[assignment]
        for line, day in record.contras:
            found["entries"][record.number, line.rule + "*", line.unit, str(day), -line.points, "reversed"] += 1
    return cleaned(found)


def played(play: Play) -> Found:
    """Return what stands on record."""
    numbers, codes = play.numbers, {unit_id: code for code, unit_id in play.story.cast.units.items()}
    found: Found = {name: Counter() for name in ("slips", "entries", "messages", "totals")}
    with play.story.cast.database.session(read_only=True) as session:
        for slip in session.scalars(select(Slip)):
            found["slips"][numbers[slip.case_id], str(slip.drafted_on), slip.type_code, slip.number or ""] += 1
        query = select(ScoreEntry, Standing.state).join(Standing, Standing.entry_id == ScoreEntry.id)
        for entry, state in session.execute(query):
            rule = entry.rule + ("*" if entry.reverses_id else "")
            assert entry.case_id is not None
            place = numbers[entry.case_id], rule, codes[entry.unit_id], str(entry.day), entry.points, state
            found["entries"][place] += 1
        told = select(Message.case_id, Message.unit_id, Message.kind).where(Message.kind.in_(KINDS))
        for case_id, unit_id, kind in session.execute(told):
            found["messages"][numbers[case_id or 0], codes[unit_id], kind] += 1
        for total in session.scalars(select(Total)):
            for state in ("proposed", "confirmed"):
                found["totals"][codes[total.unit_id], total.year, state] = getattr(total, state)
    return cleaned(found)


def cleaned(found: Found) -> Found:
    """Leave out sums of nothing."""
    found["totals"] = Counter({place: points for place, points in found["totals"].items() if points != Decimal(0)})
    return found


def differences(wanted: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """Return what each side has alone, by part."""
    pairs = {
        part: (wanted[part].items() - found[part].items(), found[part].items() - wanted[part].items())
        for part in wanted
    }
    return {part: tuple(sorted(side, key=str) for side in pair) for part, pair in pairs.items() if any(pair)}


def year_differs(databases: Databases, scripts: Sequence[Script], last: date) -> tuple[dict[str, Any], Found]:
    """Play and reckon the days; return in what they differ, and what was played."""
    story = year_story(databases)
    play = Play(story, scripts)
    play.live(FIRST, last)
    assert wrong_in_itself(story.cast.database) == []
    found = played(play)
    story.cast.database.dispose()
    return differences(reckoned(reckon(scripts, FIRST, last)), found), found


def test_quarter_is_what_the_plain_reckoning_says(databases: Databases) -> None:
    scripts = scripts_for(dice(), 12, QUARTER - timedelta(days=45))
    differing, found = year_differs(databases, scripts, QUARTER)
    assert differing == {}
    assert {place[1] for place in found["entries"]} >= {"overdue", "found", "slip"}
    print({part: sum(map(abs, rows.values())) for part, rows in found.items()})


@pytest.mark.long
@pytest.mark.timeout(LONG_SECONDS)
@pytest.mark.parametrize("year", range(10))
def test_year_is_what_the_plain_reckoning_says(databases: Databases, year: int) -> None:
    """Ten years of a thousand cases on each engine: 20,000 cases in all, each year with a seed of its own."""
    random = Random(f"{dice().random()} {year}")
    differing, found = year_differs(databases, scripts_for(random, 1000, YEAR - timedelta(days=45)), YEAR)
    assert differing == {}
    assert {place[1] for place in found["entries"]} >= RULES
    assert {place[2] for place in found["slips"]} == set(TYPES)
    print({part: sum(map(abs, rows.values())) for part, rows in found.items()})


def test_escalation_a_working_day_late_is_found_out(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    reach = SlipPack.reach
    monkeypatch.setattr(SlipPack, "reach", lambda pack, place: reach(pack, place - 1))
    differing, _ = year_differs(databases, [replace(OVERDUE, signed=NEVER)], date(2025, 11, 12))
    said = [place[1:3] for place, _ in (*differing["slips"][0], *differing["slips"][1])]
    assert said == [("2025-11-10", "prompt"), ("2025-11-11", "prompt")]
    assert differing.keys() == {"slips"}


def weeks(
    databases: Databases, scripts: Sequence[Script], job: Callable[[Story, date], object] = Story.daily
) -> Ledger:
    """Return what the weeks leave when nobody signs: the job as given until the calm days, then each day."""
    story = year_story(databases)
    play = Play(story, [script.unsigned() for script in scripts])
    play.live(FIRST, CALM, lambda day: job(story, day))
    play.live(CALM + timedelta(days=1), HEARD)
    assert wrong_in_itself(story.cast.database) == []
    ledger = read_ledger(story.cast.database)
    story.cast.database.dispose()
    return {part: ledger[part] for part in ("slips", "entries", "standings", "totals", "listings")}


def with_gaps(random: Random) -> set[date]:
    """Return the days on which the job runs: not for up to nine days between."""
    days, day = {FIRST, CALM}, FIRST
    while day <= CALM:
        day += timedelta(days=random.choice([1, 2, 4, 6, 9, 10]))
        days.add(day)
    return days


class Trouble:
    """A job that is not run, run again, run twice at once, and killed."""

    def __init__(self, random: Random, kills: int) -> None:
        self.random, self.kills, self.killed = random, kills, 0
        self.up = with_gaps(random)

    def __call__(self, story: Story, day: date) -> None:
        """Do what happens to the job on the day."""
        if day not in self.up:
            return
        if self.kills > 0 and self.random.random() < 0.5:
            self._kill(story, day)
        story.daily(day)
        if self.random.random() < 0.3:
            run_day(story.cast.database, day, Moment.on(day, 1))

    def _kill(self, story: Story, day: date) -> None:
        database = story.cast.database
        with database.session(read_only=True) as session:
            entries = session.scalar(select(func.count()).select_from(ScoreEntry)) or 0
        jobs = [start(database.url, day, self.random.choice([1, 2])) for _ in range(2)]
        wait_for(database, entries + self.random.randint(1, 4), jobs[0])
        killed = sum(not end(job) for job in jobs)
        self.kills, self.killed = self.kills - killed, self.killed + killed


@figures(1, 40)
def test_gaps_repeats_and_kills_leave_what_every_day_would_have_left(databases: Databases, count: int) -> None:
    random = dice()
    for _ in range(count):
        scripts = scripts_for(random, 6 if count == 1 else 40, CALM - timedelta(days=24))
        wanted, trouble = weeks(databases, scripts), Trouble(random, 2 if count == 1 else 6)
        assert differences(wanted, weeks(databases, scripts, trouble)) == {}, sorted(map(str, trouble.up))
        print(f"{len(trouble.up)} runs, {trouble.killed} jobs killed, {sum(wanted['slips'].values())} drafts")


def test_case_that_ended_while_the_job_was_down_has_the_drafts_of_every_day(databases: Databases) -> None:
    scripts = [replace(OVERDUE, finished_on=date(2025, 11, 12), closed_on=date(2025, 11, 13))]
    wanted = weeks(databases, scripts)
    assert sum(wanted["slips"].values()) == 1
    assert differences(wanted, weeks(databases, scripts, seldom)) == {}


def test_draft_that_ended_with_its_case_before_the_late_job_makes_room_as_every_day(databases: Databases) -> None:
    """The extension took the draft's ground, the report came back, the case was closed: all while the job was down."""
    late = replace(OVERDUE, due_on=date(2025, 11, 4), asked_on=date(2025, 11, 4), granted_on=date(2025, 11, 5))
    late = replace(late, wanted_on=date(2025, 11, 6), finished_on=date(2025, 11, 6), returned_on=date(2025, 11, 7))
    late = replace(late, finished_again_on=date(2025, 11, 11), closed_on=date(2025, 11, 12))
    wanted = weeks(databases, [late])
    assert sum(wanted["slips"].values()) == 2
    assert differences(wanted, weeks(databases, [late], seldom)) == {}


def seldom(story: Story, day: date) -> None:
    """Run the job every ninth day."""
    if (day - FIRST).days % 9 == 2:
        story.daily(day)


def test_ladder_that_looks_at_facts_as_of_now_is_found_out(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_on, granted_on, wanted_on = date(2025, 11, 6), date(2025, 11, 12), date(2025, 11, 28)
    scripts = [replace(OVERDUE, asked_on=asked_on, granted_on=granted_on, wanted_on=wanted_on)]
    wanted = weeks(databases, scripts)
    monkeypatch.setattr(settling, "known_before", lambda facts, _day: facts)
    found = weeks(databases, scripts, seldom)
    assert differences(wanted, found).keys() >= {"slips"}
