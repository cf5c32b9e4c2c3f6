"""The fates: whole lives put together from acts, each a story that goes as far as its days reach."""

from collections.abc import Iterator
from datetime import date

from app.cli.demo import office, unit
from app.cli.demo.life import Life
from app.core.clock import Moment

Days = Iterator[Moment]
SELDOM = 0.08


def assigned(life: Life) -> Days:
    """Log, admit and assign; what is to be put right at once brings its own limit."""
    office.log(life)
    yield life.pause(0, 1)
    office.admit(life)
    yield life.pause(0, 1)
    assign(life)


def assign(life: Life) -> None:
    """Assign with the deadline it was cast for, but some days at least; the immediate class brings its own."""
    is_immediate = life.problem.rect_class == "immediate"
    office.assign(life, None if is_immediate else max(life.due_on, life.workday(5)))


def received(life: Life) -> Days:
    """Be signed for by every unit."""
    yield from assigned(life)
    yield from unit.receive(life)


def to_work(life: Life) -> Days:
    """Come so far that the lead works: signed for, planned, passed."""
    yield from received(life)
    yield from begun(life)


def begun(life: Life) -> Days:
    """Plan, where the class needs a plan."""
    if life.case.state == "planning":
        yield life.pause(0, 1)
        yield from planned(life)


def planned(life: Life) -> Days:
    """Draft, approve and pass the plan; now and then it is sent back once."""
    unit.draft_plan(life)
    yield life.pause(0, 1)
    unit.approve_plan(life)
    yield life.pause(0, 1)
    if life.happens(0.12):
        office.send_plan_back(life)
        yield life.pause(0, 1)
        unit.draft_plan(life)
        yield life.pause()
        unit.approve_plan(life)
        yield life.pause()
    office.pass_plan(life)


def reported(life: Life, report_on: date) -> Days:
    """Do the work and report it finished on a day."""
    yield from unit.work(life, report_on)
    yield life.until(report_on)
    unit.report(life)


def checked(life: Life) -> Days:
    """Verify and accept."""
    yield life.pause(1, 3)
    office.verify(life)
    yield life.pause(1, 3)
    office.accept(life)


def ended_well(life: Life) -> Days:
    """Check and close."""
    yield from checked(life)
    yield life.pause(0, 1)
    office.close(life)


def solved(life: Life) -> Days:
    """Solve it in time."""
    yield from to_work(life)
    if life.happens(SELDOM):
        yield life.pause()
        office.add_source(life)
    yield from reported(life, _before(life, life.chance.randint(0, 3)))
    if life.happens(SELDOM):
        yield life.pause()
        unit.take_back(life)
        yield life.pause()
        unit.report(life)
    yield from ended_well(life)


def solved_from_assignment(life: Life) -> Days:
    """Solve in time what was admitted before."""
    life.due_on = life.workday(12)
    assign(life)
    yield from unit.receive(life)
    yield from begun(life)
    yield from reported(life, _before(life, 1))
    yield from ended_well(life)


def solved_publicly(life: Life) -> Days:
    """Solve it in time and close it after a public notice."""
    yield from to_work(life)
    yield from reported(life, _before(life, 1))
    yield from checked(life)
    yield life.pause()
    office.publish(life, 3)
    yield life.pause(4, 5)
    office.close(life)


def solved_late(life: Life) -> Days:
    """Solve it some days after the deadline."""
    yield from to_work(life)
    yield from reported(life, _before(life, -life.chance.randint(1, 7)))
    yield from ended_well(life)


def solved_at_second_try(life: Life) -> Days:
    """Report it, have it sent back, do it properly."""
    yield from to_work(life)
    yield from reported(life, _before(life, 3))
    yield life.pause(1, 3)
    office.send_back(life)
    yield from mended(life)
    yield from ended_well(life)


def solved_after_a_lie(life: Life) -> Days:
    """Report it falsely, be found out, then solve it."""
    yield from to_work(life)
    yield from lied(life, _before(life, 2))
    yield from mended(life)
    yield from ended_well(life)


def lied(life: Life, report_on: date) -> Days:
    """Report with somebody else's picture and be found out."""
    yield from unit.work(life, report_on)
    yield life.until(report_on)
    unit.report_with_stranger_photo(life)
    yield life.pause(1, 2)
    office.send_back(life, is_false=True)


def mended(life: Life) -> Days:
    """Do what was missing and report again."""
    yield life.pause(1, 3)
    unit.progress(life, 1)
    yield from unit.finish_parts(life, life.workday(1))
    yield life.pause(0, 1)
    unit.report(life)


def solved_with_more_time(life: Life) -> Days:
    """Ask for more time, be given it, and use it."""
    yield from to_work(life)
    yield life.until(_before(life, life.chance.randint(1, 3)))
    yield from unit.ask_extension(life, _after(life, life.chance.randint(5, 8)))
    yield life.pause(1, 3)
    office.decide(life, "extension", "grant", "extension_granted")
    yield from reported(life, _before(life, 1))
    yield from ended_well(life)


def solved_elsewhere(life: Life) -> Days:
    """Come to the wrong unit, be returned, be solved by the other one."""
    yield from assigned(life)
    yield life.pause(0, 1)
    lead = life.lead
    unit.dispute(life, lead)
    yield life.pause(1, 2)
    office.grant_return(life, lead, life.other_unit(), life.workday(12))
    yield from unit.receive(life)
    yield from begun(life)
    yield from reported(life, _before(life, 2))
    yield from ended_well(life)


def solved_after_argument(life: Life) -> Days:
    """Want to return it, be refused, solve it."""
    yield from assigned(life)
    yield life.pause()
    office.correct(life)
    yield life.pause(0, 1)
    unit.dispute(life, life.lead)
    yield life.pause(1, 2)
    office.decide(life, "return_assignment", "refuse", "return_assignment_refused")
    yield from unit.receive(life)
    yield from begun(life)
    yield from reported(life, _before(life, 0))
    yield from ended_well(life)


def back_again(life: Life, *, is_decided: bool) -> Days:
    """Be solved, then come back: the rebound waits to be decided, or has begun a new round."""
    yield from solved(life)
    yield life.until(life.stage.back(life.chance.randint(5, 12) if is_decided else 1))
    office.ask_rebound(life)
    if is_decided:
        yield life.pause(0, 1)
        office.rebound(life, life.workday(10))
        yield life.pause(3, 4)
        unit.progress(life, 0)


def left_alone(life: Life) -> Days:
    """Be begun and then left alone until long after the deadline."""
    yield from to_work(life)
    yield from unit.work(life, _before(life, 0), leave=2, assisting=False)
    yield life.until(_after(life, 3))
    office.comment(life)


def half_done(life: Life) -> Days:
    """Have the lead's measures done in time while an assisting unit's part is missing."""
    yield from to_work(life)
    yield from unit.work(life, _before(life, 1), assisting=False)


def never_planned(life: Life) -> Days:
    """Be signed for and never planned."""
    yield from received(life)


def refused_more_time(life: Life) -> Days:
    """Ask for more time, be refused, and let the deadline pass."""
    yield from to_work(life)
    yield life.until(_before(life, 1))
    yield from unit.ask_extension(life, _after(life, 10))
    yield life.pause(1, 2)
    office.decide(life, "extension", "refuse", "extension_refused")


def returned(life: Life, *, is_false: bool = False) -> Days:
    """Report it in time, have it sent back, and not come back."""
    yield from to_work(life)
    if is_false:
        yield from lied(life, _before(life, 0))
        return
    yield from reported(life, _before(life, 0))
    yield life.pause(1, 3)
    office.send_back(life)


def given_up(life: Life, *, is_signed: bool) -> Days:
    """Let it end unsolved: proposed by the supervision office, perhaps signed by the leader."""
    yield from left_alone(life)
    yield life.until(life.stage.back(life.chance.randint(4, 9) if is_signed else 1))
    office.propose_end(life, "terminate")
    if is_signed:
        yield life.pause(1, 2)
        office.sign_end(life, "terminate")


def mistaken(life: Life, *, is_signed: bool) -> Days:
    """Be a mistaken record: to be voided."""
    office.log(life)
    yield life.pause(0, 1)
    office.admit(life)
    yield life.pause(1, 2)
    office.propose_end(life, "void")
    if is_signed:
        yield life.pause(1, 2)
        office.sign_end(life, "void")


def rejected(life: Life) -> Days:
    """Be refused."""
    office.log(life)
    yield life.pause(0, 2)
    office.reject(life)


def _before(life: Life, count: int) -> date:
    """Return the day `count` working days before the deadline in force; negative counts lie after it."""
    due_on = life.case.due_on or life.day
    return life.stage.calendar.add_working(due_on, -count) if count else due_on


def _after(life: Life, count: int) -> date:
    return _before(life, -count)
