"""What every move is made in: the session, the actor, the moment, and the authority's calendar and parameters."""

from datetime import date

from sqlalchemy.orm import Session

from app.calendar import Calendar, Due, Limit, deadline, load_calendar
from app.core.clock import Moment
from app.ledgers.cases import Case
from app.people import Actor, Parameters, load_parameters


class Context:
    """One transaction's surroundings. Calendar and parameters are read once for each authority."""

    def __init__(self, session: Session, actor: Actor, moment: Moment) -> None:
        self.session, self.actor, self.moment = session, actor, moment
        self._calendars: dict[int, Calendar] = {}
        self._parameters: dict[int, Parameters] = {}
        self.memory: dict[object, object] = {}
        self.seized: Case | None = None  # read and locked already, for the move that is fired next

    @property
    def day(self) -> date:
        """The business date."""
        return self.moment.day

    def calendar(self, authority_id: int) -> Calendar:
        """Return the authority's working calendar."""
        if authority_id not in self._calendars:
            self._calendars[authority_id] = load_calendar(self.session, authority_id)
        return self._calendars[authority_id]

    def parameters(self, authority_id: int) -> Parameters:
        """Return the authority's parameters."""
        if authority_id not in self._parameters:
            self._parameters[authority_id] = load_parameters(self.session, authority_id)
        return self._parameters[authority_id]

    def limit(self, authority_id: int, name: str, start: date | None = None) -> Due:
        """Return the end of a parameter's limit in working days, counted from today unless told."""
        return self.days_from(authority_id, self.parameters(authority_id)[name], start)

    def days_from(self, authority_id: int, days: int, start: date | None = None) -> Due:
        """Return the end of a number of working days, counted from today unless told."""
        return deadline(self.calendar(authority_id), start or self.day, Limit(days, "working_day"))

    def forget(self) -> None:
        """Drop what was remembered of rows, after a lock was taken."""
        self.memory.clear()
