"""One problem's life in the demo: its chance, its time, its people and its files."""

from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from app.cli.demo import papers
from app.cli.demo.county import Problem
from app.cli.demo.pictures import draw_place
from app.cli.demo.stage import Stage
from app.core.clock import Moment
from app.ledgers.cases import Assignment, Case, Measure, StoredFile
from app.people import Role
from app.workflows import CASE, PART, Attempt

OPENS, CLOSES = 8 * 60 + 40, 17 * 60 + 40


class Life:
    """A problem on stage. Who acts and when is chance from a seed; what may be done the workflows decide."""

    def __init__(self, stage: Stage, problem: Problem, seed: str) -> None:
        self.stage, self.problem = stage, problem
        self.chance = Random(seed)  # noqa: S311 - a story, no secret
        self.case_id = 0
        self.authority = stage.place.county.unit(problem.lead).authority or problem.lead
        self.lead, self.assisting = problem.lead, list(problem.assisting)
        self.due_on = stage.last_day
        self.is_slow = False
        self.shots = 0

    @property
    def day(self) -> date:
        """The civil day it is."""
        return self.stage.day

    @property
    def case(self) -> Case:
        """The case as it is on record now."""
        case: Case = self.stage.one(Case, Case.id == self.case_id)
        return case

    def pause(self, least: int = 0, most: int | None = None) -> Moment:
        """Return a moment some working days from now, in office hours; within the hour or two for none."""
        count = self.chance.randint(least, least if most is None else most)
        return self._in_hours(self.stage.calendar.add_working(self.day, count)) if count else self._soon()

    def until(self, day: date) -> Moment:
        """Return a moment on the day or the working day after it; soon if it has come already."""
        return self._in_hours(self.stage.calendar.next_working(day)) if day > self.day else self._soon()

    def workday(self, count: int) -> date:
        """Return the day some working days from today."""
        return self.stage.workday(count)

    def happens(self, share: float) -> bool:
        """Say whether something happens this time that happens in a share of all cases."""
        return self.chance.random() < share

    def say(self, kind: str) -> str:
        """Return something that is usually said at such an occasion."""
        return self.chance.choice(self.stage.place.county.phrases[kind])

    def office(self, role: Role, *others: str | None) -> str:
        """Return somebody of the authority's office who holds the role today, none of the others named."""
        people = self.stage.place.holders(role, self.day, office=self.authority)
        holders = [person.username for person in people]
        return self.chance.choice([who for who in holders if who not in others])

    def head(self, unit: str | None = None) -> str:
        """Return the head of the lead, or of a unit."""
        return self.stage.place.holders(Role.HEAD, self.day, unit or self.lead)[0].username

    def liaison(self, unit: str | None = None) -> str:
        """Return the liaison of the lead, or of a unit."""
        return self.stage.place.holders(Role.LIAISON, self.day, unit or self.lead)[0].username

    def measures(self) -> list[Measure]:
        """Return the measures of the plan in force."""
        with self.stage.database.session(read_only=True) as session:
            query = select(Measure).where(Measure.case_id == self.case_id, Measure.dropped_on.is_(None))
            return list(session.scalars(query.order_by(Measure.position)))

    def unit_id(self, name: str) -> int:
        """Return a unit's id."""
        return self.stage.place.units[name]

    def other_unit(self) -> str:
        """Return a unit of the lead's kind that has no part in the case."""
        units = self.stage.place.county.units
        group = next(unit.group for unit in units if unit.name == self.lead)
        taken = {self.lead, *self.assisting}
        return self.chance.choice([unit.name for unit in units if unit.group == group and unit.name not in taken])

    def move(self, who: str, name: str, **form: Any) -> Attempt:
        """Let somebody move the case."""
        return self.stage.act(who, CASE, name, Case.id == self.case_id, **form)

    def move_part(self, who: str, unit: str, name: str, **form: Any) -> Attempt:
        """Let somebody move a unit's part."""
        which = Assignment.case_id == self.case_id, Assignment.unit_id == self.unit_id(unit)
        return self.stage.act(who, PART, name, *which, **form)

    def photo(self, *, is_clean: bool) -> list[StoredFile]:
        """Take a photograph of the place: before, or after."""
        self.shots += 1
        name = f"{'整改后' if is_clean else '整改前'}{self.shots}.png"
        return [self.stage.keep(name, draw_place(self.problem.title, self.shots, is_clean=is_clean))]

    def stranger_photo(self) -> list[StoredFile]:
        """Pass off a picture that others use too."""
        return [self.stage.keep("整改后现场.png", draw_place("网上图片", 0, is_clean=True))]

    def paper(self, title: str, *paragraphs: str) -> list[StoredFile]:
        """Write a PDF."""
        body = [f"问题：{self.problem.title}", f"单位：{self.lead}", *paragraphs, f"日期：{self.day}"]
        return [self.stage.keep(f"{title}.pdf", papers.pdf(title, body))]

    def note(self, title: str, *paragraphs: str) -> list[StoredFile]:
        """Write a text file."""
        body = [f"问题：{self.problem.title}", *paragraphs, f"日期：{self.day}"]
        return [self.stage.keep(f"{title}.txt", papers.text(title, body))]

    def _soon(self) -> Moment:
        later = self.stage.clock.now().at + timedelta(
            minutes=self.chance.randint(12, 75), seconds=self.chance.randint(0, 59)
        )
        moment = Moment.of(later)
        if moment.day == self.day and later < Moment.on(self.day, 18).at:
            return moment
        return self._in_hours(self.workday(1))

    def _in_hours(self, day: date) -> Moment:
        minute = self.chance.randint(OPENS, CLOSES)
        at = Moment.on(day, minute // 60, minute % 60).at
        return Moment.of(at + timedelta(seconds=self.chance.randint(0, 59)))
