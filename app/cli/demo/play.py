"""Playing the quarter: day by day the daily job at 00:00, then everybody's acts in the order of their time."""

import heapq
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from app.cli.demo.casting import Role
from app.cli.demo.stage import Stage
from app.core.clock import Moment

Days = Iterator[Moment]


class Agenda:
    """Stories that wait for their next moment, the earliest first; those of one moment in the order they came."""

    def __init__(self) -> None:
        self._waiting: list[tuple[datetime, int, Moment, Days]] = []
        self._count = 0

    def add(self, moment: Moment, story: Days) -> None:
        """Let a story wait for a moment."""
        self._count += 1
        heapq.heappush(self._waiting, (moment.at, self._count, moment, story))

    def due(self, day: date) -> Iterator[tuple[Moment, Days]]:
        """Yield the stories of a day, those that are added meanwhile too."""
        while self._waiting and self._waiting[0][2].day <= day:
            _, _, moment, story = heapq.heappop(self._waiting)
            yield moment, story


def play(stage: Stage, roles: Iterable[Role], others: Iterable[Days]) -> Iterator[date]:
    """Play every day and yield it when it is over. `others` go on beside the cases and say first when they begin."""
    agenda = Agenda()
    for role in roles:
        agenda.add(role.begins, role.fate(role.life))
    for story in others:
        agenda.add(next(story), story)
    day = stage.first_day
    while day <= stage.last_day:
        stage.clock.moment = Moment.on(day, 0)
        stage.daily()
        for moment, story in agenda.due(day):
            stage.clock.moment = moment
            following = next(story, None)
            if following is not None:
                agenda.add(following, story)
        yield day
        day += timedelta(days=1)
