"""The law of slips, scores and messages reckoned a second time: day by day, case by case, from the rules' own words.

It knows working days and the script of a case, and nothing of how the product finds out what is due.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from tests.faults.reckoned import Line, Slip
from tests.faults.scripts import WORK, Script, after

TYPES, WORDS = ("prompt", "supervise", "accountability"), ("督提", "督办", "督问")
REPLY_DAYS = (3, 4, 5)
FROM_PLACE = (1, 5, 10)
COSTS = (None, "-1.00", "-2.00")
FOUND = {
    "city": "-0.50",
    "province": "-1.00",
    "media_county": "-1.00",
    "media_city": "-2.00",
    "media_province": "-3.00",
}
COPIED_AT, READERS = 2, 3  # the level whose slip is copied, and the people of the county's offices who hear of it
CAP_PLACE = 26  # 0.5 + 25 × 0.1 = 3
DAY = timedelta(days=1)


@dataclass
class Record:
    """What becomes of one case."""

    number: int
    script: Script
    slips: list[Slip] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    contras: list[tuple[Line, date]] = field(default_factory=list)
    told: Counter[tuple[str, str]] = field(default_factory=Counter)
    reminded: set[tuple[str, date]] = field(default_factory=set)
    places: Counter[str] = field(default_factory=Counter)

    def job(self, day: date) -> None:
        """Do what the job of the day does, at 00:00."""
        s = self.script
        if s.assigned_on >= day:
            return
        if s.closed_on is None or s.closed_on >= day:
            for unit in s.units:
                self._remind(unit, day)
                self._count(unit, day)
                self._late_receipt(unit, day)
            for slip in self.slips:
                self._late_slip(slip, day)
            self._push(day)
        for line in self.lines:
            if line.state == "proposed" and after(line.told_on, 3) < day:
                line.state = "confirmed"
                self.told[line.unit, "entry_confirmed"] += 1

    def due_on(self, day: date, *, by_night: bool = True) -> date:
        """Return the deadline in force, as known when the day begins or (not by night) after its moves."""
        s = self.script
        known = day - DAY if by_night else day
        is_moved = s.granted_on is not None and s.granted_on <= known
        return WORK.next_working(s.wanted_on if is_moved and s.wanted_on else s.due_on)

    def stops(self, unit: str) -> Iterator[tuple[date, date | None]]:
        """Yield when the unit's share was reported done, and when it came back."""
        s = self.script
        done_on, is_failed = (s.finished_on, True) if unit == s.lead else (s.assist_done_on, s.all_failed)
        if done_on is not None:
            yield done_on, s.returned_on if is_failed else None
        if is_failed and s.finished_again_on is not None:
            yield s.finished_again_on, None

    def is_stopped(self, unit: str, day: date, *, by_night: bool = True) -> bool:
        """Say whether the unit's clock stands when the day begins, or after its moves."""
        at = day if by_night else day + DAY
        return any(since < at and (back is None or at <= back) for since, back in self.stops(unit))

    def _add(self, rule: str, unit: str, day: date, points: str, told_on: date, slip: Slip | None = None) -> None:
        half = unit != self.script.lead and rule in ("overdue", "found", "unresolved")
        counted = Decimal(points) / 2 if half else Decimal(points)
        self.lines.append(Line(rule, unit, day, counted.quantize(Decimal("0.01")), told_on, slip))
        self.told[unit, "entry_proposed"] += 1

    def _take_back(self, line: Line, day: date) -> None:
        line.state = "reversed"
        self.contras.append((line, day))

    def _remind(self, unit: str, day: date) -> None:
        due_on = self.due_on(day)
        if day <= due_on <= after(day, 3) and not self.is_stopped(unit, day) and (unit, due_on) not in self.reminded:
            self.reminded.add((unit, due_on))
            self.told[unit, "due_soon"] += 1

    def _count(self, unit: str, day: date) -> None:
        due_on, s = self.due_on(day), self.script
        if s.returned_on == day - DAY and any(back == s.returned_on for _, back in self.stops(unit)):
            assert s.finished_on is not None
            counted = [after(s.finished_on, n) for n in range(1, 6)]
            for one in (d for d in counted if due_on < d <= s.returned_on):
                self._overdue(unit, one, day)
        if due_on >= day or self.is_stopped(unit, day):
            return
        if WORK.is_working(day):
            self._overdue(unit, day, day)
        if (day.month, day.day) == (12, 31):
            self._add("unresolved", unit, day, "-2.00", day)

    def _overdue(self, unit: str, day: date, told_on: date) -> None:
        self.places[unit] += 1
        place = self.places[unit]
        if place <= CAP_PLACE + 1:  # the first day over the cap stands there with nothing
            points = "0.00" if place > CAP_PLACE else "-0.50" if place == 1 else "-0.10"
            self._add("overdue", unit, day, points, told_on)

    def _late_receipt(self, unit: str, day: date) -> None:
        s = self.script
        on = s.received_on if unit == s.lead else s.assist_received_on
        if day == after(s.assigned_on, 3) and (on is None or on >= day):
            self._add("receipt", unit, day, "-0.10", day)

    def _late_slip(self, slip: Slip, day: date) -> None:
        if slip.issued_on is None or slip.state in ("withdrawn", "settled"):
            return
        if day == slip.limit(2 + 1) and slip.acknowledged_on is None:
            self._add("slip_receipt", self.script.lead, day, "-0.10", day, slip)
        if day == slip.limit(REPLY_DAYS[slip.level] + 1) and slip.replied_on is None:
            self._add("slip_reply", self.script.lead, day, "-0.10", day, slip)

    def _push(self, day: date) -> None:
        """Let drafts lapse that have no ground any more, and draft the slip that is due."""
        lead = self.script.lead
        is_calm = self.due_on(day) >= day or self.is_stopped(lead, day)
        for slip in self.slips:
            if slip.state == "draft" and (is_calm or self._is_answered(slip, day)):
                slip.state = "lapsed"
        if is_calm or not WORK.is_working(day):
            return
        level = self._level_due(day, max(n for n in range(3) if self.places[lead] >= FROM_PLACE[n]))
        if level is not None:
            self.slips.append(Slip(level, day, self.due_on(day)))

    def _level_due(self, day: date, reach: int) -> int | None:
        standing = [slip for slip in self.slips if slip.state not in ("withdrawn", "lapsed")]
        if any(slip.state == "draft" for slip in standing):
            return None
        if not standing:
            return 0
        top = max(standing, key=lambda slip: (slip.level, slip.drafted_on))
        assert top.issued_on is not None
        has_passed = top.state != "settled" and top.limit(REPLY_DAYS[top.level]) < day
        if reach > top.level and (has_passed or self._came_back(top, day)):
            return top.level + 1
        is_answered = all(slip.state == "settled" for slip in standing if slip.level == top.level)
        return top.level if reach >= top.level and is_answered and top.due_on != self.due_on(day) else None

    def _came_back(self, slip: Slip, day: date) -> bool:
        return slip.issued_on is not None and slip.issued_on < (self.script.returned_on or day) < day

    def _is_answered(self, draft: Slip, day: date) -> bool:
        """Whether the reply to what a draft was to follow has been accepted, and no report came back since."""
        below = [slip for slip in self.slips if slip.state in ("issued", "settled")]
        top = max(below, key=lambda slip: (slip.level, slip.drafted_on), default=draft)
        return top.level < draft.level and top.state == "settled" and not self._came_back(top, day)

    def people(self, day: date, numbers: Counter[tuple[int, int]]) -> None:
        """Do what people did on the day: first with the case, then with its slips."""
        s = self.script
        if day == s.assigned_on:
            self._assign(day)
        if day == s.granted_on:
            self._grant(day)
        if day == s.returned_on:
            self._add("false" if s.is_false else "returned", s.lead, day, "-2.00" if s.is_false else "-0.50", day)
        if day == s.closed_on:
            for slip in self.slips:
                slip.state = {"draft": "lapsed", "issued": "settled"}.get(slip.state, slip.state)
        for slip in self.slips if WORK.is_working(day) else ():
            self._sign(slip, day, numbers)
            self._act(slip, day)

    def _assign(self, day: date) -> None:
        for unit in self.script.units:
            self.told[unit, "assigned"] += 1
            if self.script.discovery in FOUND:
                self._add("found", unit, day, FOUND[self.script.discovery], day)

    def _grant(self, day: date) -> None:
        """A request made in time counts from the day it was made."""
        due_on = self.due_on(day, by_night=False)
        for line in self.lines:
            if line.rule in ("overdue", "unresolved") and line.day <= due_on and line.state != "reversed":
                self._take_back(line, day)
        self._count_anew(due_on, day)

    def _count_anew(self, due_on: date, day: date) -> None:
        """Count the days that are late all the same from one again: a line that costs another sum now is replaced."""
        self.places.clear()
        for line in [line for line in self.lines if line.rule == "overdue" and line.day > due_on]:
            self.places[line.unit] += 1
            points = Decimal("-0.50" if self.places[line.unit] == 1 else "-0.10")
            points = (points if line.unit == self.script.lead else points / 2).quantize(Decimal("0.01"))
            if points != line.points:
                self._take_back(line, day)
                again = replace(line, day=day, points=points, told_on=day, state="proposed", again_for=line.day)
                self.lines.append(again)
                self.told[line.unit, "entry_proposed"] += 1

    def _act(self, slip: Slip, day: date) -> None:
        if slip.state != "issued":
            return
        s, n = self.script, slip.level
        replied, wait = s.replied[n], s.withdrawn[n]
        if wait is not None and slip.limit(wait) == day and self._is_first_withdrawn(slip):
            self._withdraw(slip, day)
            return
        if (wait := s.acknowledged[n]) is not None and slip.limit(wait) == day:
            slip.acknowledged_on = day
        if replied is None:
            return
        if slip.limit(replied) == day:
            slip.replied_on = day
        self._judge(slip, day, s.verdicts[n], replied)

    def _judge(self, slip: Slip, day: date, said: str, replied: int) -> None:
        lead = self.script.lead
        if slip.limit(replied + 1) == day and said in ("refuse", "again"):
            self.told[lead, "slip_refused"] += 1
        if said in ("accept", "again") and slip.limit(replied + (3 if said == "again" else 1)) == day:
            slip.state = "settled"
            self.told[lead, "slip_settled"] += 1

    def _is_first_withdrawn(self, slip: Slip) -> bool:
        return all(other.state != "withdrawn" for other in self.slips if other.level == slip.level)

    def _sign(self, slip: Slip, day: date, numbers: Counter[tuple[int, int]]) -> None:
        lead, wait = self.script.lead, self.script.signed[slip.level]
        if slip.state != "draft" or wait is None or after(slip.drafted_on, wait) != day:
            return
        is_calm = self.is_stopped(lead, day, by_night=False) or self.due_on(day, by_night=False) >= day
        if is_calm or self._is_answered(slip, day + DAY):
            return
        numbers[slip.level, day.year] += 1
        slip.number = f"{WORDS[slip.level]}〔{day.year}〕{numbers[slip.level, day.year]}号"
        slip.state, slip.issued_on = "issued", day
        self.told[lead, "slip_issued"] += 1
        self._tell_copied(slip, "slip_copied")
        if (cost := COSTS[slip.level]) is not None:
            self._add("slip", lead, day, cost, day, slip)

    def _withdraw(self, slip: Slip, day: date) -> None:
        slip.state = "withdrawn"
        self.told[self.script.lead, "slip_withdrawn"] += 1
        self._tell_copied(slip, "slip_withdrawn")
        for line in self.lines:
            if line.slip is slip and line.state != "reversed":
                self._take_back(line, day)

    def _tell_copied(self, slip: Slip, kind: str) -> None:
        if slip.level == COPIED_AT:
            self.told["C", kind] += READERS


def reckon(scripts: Sequence[Script], first: date, last: date) -> list[Record]:
    """Return what becomes of the cases when the job runs each day from first to last, and people act after it."""
    records = [Record(number, script) for number, script in enumerate(scripts)]
    numbers: Counter[tuple[int, int]] = Counter()
    for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        for record in records:
            record.job(day)
        for record in records:
            record.people(day, numbers)
    return records
