"""The fates of cases that wait on somebody's desk on the last day, each one step before a decision."""

from collections.abc import Iterator
from datetime import date

from app.cli.demo import office, unit
from app.cli.demo.fates import assigned, received, solved_from_assignment, to_work
from app.cli.demo.life import Life
from app.core.clock import Moment

Days = Iterator[Moment]


def _recently(life: Life, most: int, least: int = 0) -> date:
    """Return one of the last working days."""
    return life.stage.back(life.chance.randint(least, most))


def to_admit(life: Life) -> Days:
    """Wait for 受理."""
    office.log(life)
    yield from ()


def to_assign(life: Life) -> Days:
    """Wait for 交办."""
    office.log(life)
    yield life.pause(0, 1)
    office.admit(life)


def to_sign(life: Life) -> Days:
    """Wait for the lead's 签收."""
    yield from assigned(life)


def to_take_back(life: Life) -> Days:
    """Wait for the decision on a returned assignment."""
    yield from assigned(life)
    yield life.pause()
    unit.dispute(life, life.lead)


def to_plan(life: Life) -> Days:
    """Wait for the plan."""
    yield from received(life)


def to_approve_plan(life: Life) -> Days:
    """Wait for the head to approve the plan."""
    yield from to_plan(life)
    yield life.pause()
    unit.draft_plan(life)


def to_pass_plan(life: Life) -> Days:
    """Wait for the supervision office to pass the plan."""
    yield from to_approve_plan(life)
    yield life.pause()
    unit.approve_plan(life)


def to_mend_plan(life: Life) -> Days:
    """Wait for a better plan."""
    yield from to_pass_plan(life)
    yield life.pause()
    office.send_plan_back(life)


def at_work(life: Life) -> Days:
    """Be worked on, with a deadline after the last day."""
    yield from to_work(life)
    yield from unit.work(life, life.stage.back(1), leave=1, assisting=False)


def to_decide_extension(life: Life, *, is_draft: bool = False) -> Days:
    """Wait for the decision on an extension, or for the head to approve its draft."""
    yield from to_work(life)
    yield life.until(_recently(life, 2, 1))
    due_on = life.case.due_on or life.day
    wanted_on = life.stage.calendar.add_working(due_on, 10)
    if is_draft:
        unit.draft_extension(life, wanted_on)
        return
    yield from unit.ask_extension(life, wanted_on)


def to_verify(life: Life, least: int = 0, most: int = 3) -> Days:
    """Wait for the visit."""
    yield from to_work(life)
    report_on = _recently(life, most, least)
    yield from unit.work(life, report_on)
    yield life.until(report_on)
    unit.report(life)


def to_accept(life: Life) -> Days:
    """Wait for level 2."""
    yield from to_work(life)
    yield from unit.work(life, life.stage.back(4))
    yield life.until(life.stage.back(4))
    unit.report(life)
    yield life.until(_recently(life, 2))
    office.verify(life)


def to_close(life: Life, *, is_public: bool = False) -> Days:
    """Wait to be closed, perhaps under public notice."""
    yield from to_work(life)
    yield from unit.work(life, life.stage.back(7))
    yield life.until(life.stage.back(7))
    unit.report(life)
    yield life.until(life.stage.back(4))
    office.verify(life)
    yield life.until(_recently(life, 1))
    office.accept(life)
    if is_public:
        yield life.pause()
        office.publish(life, 5)


def to_make_long_term(life: Life) -> Days:
    """Wait for the decision on the long-term class."""
    yield from to_work(life)
    yield life.until(_recently(life, 2))
    unit.ask_long_term(life, life.workday(20), life.workday(120))


def kept_up(life: Life, review_in: int) -> Days:
    """Be a long-term case whose next review lies some working days from the last day; it has passed for a negative count."""
    yield from to_work(life)
    yield life.pause(1, 3)
    first = life.stage.back(max(8, 4 - review_in))
    unit.ask_long_term(life, first, life.workday(150))
    yield life.pause(1, 2)
    office.make_long_term(life, first)
    yield life.until(first)
    office.review(life, life.stage.back(-review_in))


def repeated(life: Life, first: Life, *, is_undone: bool = False) -> Days:
    """Be the same problem as another case, and be merged into it; perhaps by mistake."""
    yield life.pause()
    form = {"source_kind": "hotline", "discovery": "citizen", "reference": f"热线{life.day:%Y%m%d}0417"}
    office.log(life, title=f"群众再次反映：{life.problem.title}"[:40], **form)
    yield life.pause(1, 2)
    office.admit(life)
    yield life.pause(0, 1)
    if first.case_id and first.case.ended_on is None:
        office.merge(life, first.case_id)
        if is_undone:
            yield life.pause(1, 2)
            office.unmerge(life)
            yield life.pause(0, 1)
            yield from solved_from_assignment(life)
