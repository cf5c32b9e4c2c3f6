"""P09: a changed rule never rewrites the past: what was posted stands, and each day is judged by the rules of its day."""

import re
from datetime import date, timedelta
from random import Random

import pytest

from app.ledgers.scores import ScoreEntry, read_pack
from app.ledgers.scores.rules import RuleBook, RuleVersion
from app.workflows import RULE_SET
from tests.databases import Databases
from tests.faults.figures import dice, figures
from tests.faults.ledger import wrong_in_itself
from tests.stock import ready_story, renewed_story
from tests.story import RULES, Story
from tests.workflows.paths import brought_to

FIRST, LAST = date(2026, 3, 17), date(2026, 4, 3)
Versions = list[tuple[date, int]]


def changed(random: Random) -> str:
    """Return the shipped rules with other points, or without a rule."""
    text = RULES.read_text(encoding="utf-8")
    text = re.sub(r'further = "-0\.\d+"', f'further = "-0.{random.randint(11, 99)}"', text)
    text = re.sub(r'city = "-0\.\d+"', f'city = "-0.{random.randint(51, 99)}"', text)
    if random.random() < 0.3:
        text = text.replace('trigger = "overdue_day"', 'trigger = "rebound"')
    read_pack(text)
    return text


def live(story: Story, random: Random) -> tuple[Versions, list[ScoreEntry]]:
    """Let a case be late while the rules change; what stands each evening stands the next."""
    versions: Versions = [(date(2026, 1, 1), story.newest(RULE_SET.model, state="approved").id)]
    case_id = brought_to(story, "rectifying")
    day, kept = FIRST, story.lines(case_id)
    while day <= LAST:
        story.daily(day)
        if random.random() < 0.3:
            effective_on = day + timedelta(days=random.randint(1, 6))
            rule_set_id = story.draft_rules(2026, changed(random), effective_on)
            story.move("leader", RULE_SET, rule_set_id, "approve")
            versions.append((effective_on, rule_set_id))
        if random.random() < 0.3:
            story.case("inspector", case_id, "add_source", source_kind="other", discovery="citizen")
        lines = story.lines(case_id)
        assert [values(line) for line in lines[: len(kept)]] == [values(line) for line in kept]
        assert [line for line in lines if line.reverses_id] == []
        day, kept = day + timedelta(days=1), lines
    return versions, kept


def values(line: ScoreEntry) -> list[object]:
    """Return every value of a line."""
    return [getattr(line, column.key) for column in ScoreEntry.__mapper__.columns]


def in_force(versions: Versions, day: date) -> int:
    """Return the version in force on a day: the last to take effect, of those of one day the last made."""
    return max((on, version) for on, version in versions if on <= day)[1]


def judged_wrongly(versions: Versions, lines: list[ScoreEntry]) -> list[ScoreEntry]:
    """Return the lines that were judged by other rules than those of their day."""
    return [line for line in lines if line.rule_set_id != in_force(versions, line.day)]


@figures(3, 250)
def test_changed_rules_leave_every_line_as_it_is(databases: Databases, count: int) -> None:
    random, made, lines_made = dice(), 0, 0
    story = ready_story(databases)
    for _ in range(count):
        story = renewed_story(databases, story)
        versions, lines = live(story, random)
        assert judged_wrongly(versions, lines) == []
        assert wrong_in_itself(story.cast.database) == []
        made, lines_made = made + len(versions) - 1, lines_made + len(lines)
    story.cast.database.dispose()
    print(f"{count} histories, {made} new versions, {lines_made} lines: 0 changed")
    assert made > count
    assert lines_made > 5 * count


def test_book_that_takes_the_newest_rules_is_found_out(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    def newest(book: RuleBook, _day: date) -> RuleVersion | None:
        return book.versions[-1] if book.versions else None

    monkeypatch.setattr(RuleBook, "at", newest)
    story = ready_story(databases)
    versions, lines = live(story, Random(3))
    assert len(versions) > 1
    assert judged_wrongly(versions, lines) != []
    story.cast.database.dispose()
