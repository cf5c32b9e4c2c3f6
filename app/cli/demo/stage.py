"""The stage of the lived quarter: one clock, and people who act, each in a transaction of its own."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from app.calendar import Calendar, load_calendar
from app.cli.demo.build import Place
from app.core.clock import Moment, SetClock
from app.core.db import Database
from app.core.errors import DukaoError
from app.ledgers.cases import StoredFile, store
from app.people import Actor, load_actor, visible
from app.workflows import Attempt, Context, Workflow, catch_up, fire


class Stage:
    """A county at work. `moves` counts what its people did."""

    def __init__(self, database: Database, place: Place, evidence: Path, first_day: date) -> None:
        self.database, self.place, self.evidence = database, place, evidence
        self.first_day, self.last_day = first_day, place.last_day
        self.clock = SetClock(Moment.on(first_day, 8))
        self.moves = 0
        self._actors: dict[tuple[str, date], Actor] = {}
        self._seen_by: dict[object, Select[Any]] = {}
        with database.session(read_only=True) as session:
            self.calendar: Calendar = load_calendar(session, place.authority_id)

    @property
    def day(self) -> date:
        """The civil day it is."""
        return self.clock.now().day

    def back(self, count: int) -> date:
        """Return the working day that lies `count` working days before the last one; negative counts lie after it."""
        last = (
            self.last_day if self.calendar.is_working(self.last_day) else self.calendar.add_working(self.last_day, -1)
        )
        return self.calendar.add_working(last, -count) if count else last

    def workday(self, count: int) -> date:
        """Return the working day some working days from today."""
        return self.calendar.add_working(self.day, count)

    def act(self, who: str, workflow: Workflow, name: str, *which: ColumnElement[bool], **form: Any) -> Attempt:
        """Let somebody make a move on the newest row that fits and that they see."""
        with self.database.begin() as session:
            context = self.context(session, who)
            query = self._seen(workflow.model, context.actor).where(*which).order_by(workflow.model.id.desc()).limit(1)
            row = session.scalars(query).first()
            if row is None:
                raise RuntimeError(f"{self.day}: {who} does not see what to {workflow.name}.{name}")
            return self.fire(context, workflow, name, row, form)

    def fire(self, context: Context, workflow: Workflow, name: str, row: Any, form: dict[str, Any]) -> Attempt:
        """Make the move; what the workflow refuses is a mistake in the story and says where."""
        self.moves += 1
        try:
            return fire(context, workflow, name, row, form)
        except DukaoError as error:
            said = f"{self.day}: {context.actor.name} could not {workflow.name}.{name} {row.id}: {error}"
            raise RuntimeError(said) from error

    def context(self, session: Session, who: str) -> Context:
        """Return the context of somebody acting now, with the mandates of the day."""
        if (who, self.day) not in self._actors:
            actor = load_actor(session, self.place.persons[who], self.day)
            if actor is None:
                raise RuntimeError(f"{who} has no account")
            self._actors = {key: known for key, known in self._actors.items() if key[1] == self.day}
            self._actors[who, self.day] = actor
        return Context(session, self._actors[who, self.day], self.clock.now())

    def _seen(self, model: Any, actor: Actor) -> Select[Any]:
        """Return what the actor may see; made once for the same mandates, as making it takes long."""
        key = model, actor.person_id, actor.grants
        if key not in self._seen_by:
            self._seen_by[key] = visible(model, actor)
        return self._seen_by[key]

    def one(self, model: Any, *which: ColumnElement[bool]) -> Any:
        """Read the newest row that fits, or None: what the story itself has to know, not what a person sees."""
        with self.database.session(read_only=True) as session:
            return session.scalars(select(model).where(*which).order_by(model.id.desc()).limit(1)).first()

    def keep(self, name: str, content: bytes) -> StoredFile:
        """Store a file as evidence."""
        return store(self.evidence, BytesIO(content), name)

    def daily(self) -> None:
        """Run the daily job of the day, as at 00:00."""
        for _ in catch_up(self.database, self.day, self.clock.now()):
            pass
