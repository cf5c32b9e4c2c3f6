"""What a town that is an authority does with a case of the county: it hands its part down and follows it up."""

from collections.abc import Iterator

from app.cli.demo import office, unit
from app.cli.demo.county import Problem
from app.cli.demo.fates import begun, to_work
from app.cli.demo.life import Life
from app.core.clock import Moment
from app.ledgers.cases import Case

Days = Iterator[Moment]
AHEAD = 2  # the lower office is to be done so many working days before the deadline above


def closed_below(life: Life, below: Problem) -> Days:
    """Hand it down, have it closed below, and report it finished above: it waits for the county's visit."""
    yield from to_work(life)
    child = _hand_down(life, below)
    yield from _taken_up(child)
    yield from unit.work(child, child.workday(2))
    unit.report(child)
    yield child.pause(1)
    office.verify(child)
    yield child.pause(1)
    office.accept(child)
    yield child.pause()
    office.close(child)
    yield from unit.work(life, life.day)
    yield life.pause()
    unit.report(life)


def open_below(life: Life, below: Problem) -> Days:
    """Hand it down; below it is worked on, above it cannot be reported finished yet."""
    yield from to_work(life)
    child = _hand_down(life, below)
    yield from _taken_up(child)
    yield from begun(child)
    yield from unit.work(child, child.stage.back(0), leave=1)


def _hand_down(life: Life, below: Problem) -> Life:
    """Have the head hand the part down; return the life of the case that the lower authority now has."""
    limit = life.case.due_on or life.day
    due_on = max(life.stage.calendar.add_working(limit, -AHEAD), life.day)
    form = {"title": below.title, "text": below.text, "due_on": due_on, "standard": below.standard}
    life.move_part(life.head(), life.lead, "hand_down", **form)
    child = Life(life.stage, below, f"{life.chance.random()}/{below.title}")
    child.case_id = life.stage.one(Case, Case.parent_id == life.case_id).id
    child.due_on = due_on
    return child


def _taken_up(child: Life) -> Days:
    """Be admitted and assigned with the date that was handed down, and signed for."""
    yield child.pause()
    office.admit(child)
    yield child.pause()
    office.assign(child, child.due_on)
    yield from unit.receive(child)
