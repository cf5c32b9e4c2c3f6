"""The score sheet of a year: every unit with its group, place, points and forecast, and the entries behind them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.calendar import Calendar
from app.ledgers.scores.load import load_book
from app.ledgers.scores.models import ScoreEntry, Standing, Total
from app.ledgers.scores.outlook import points_to_come
from app.ledgers.scores.ranking import BELOW, below_floor, rank, total_of
from app.ledgers.scores.rules import Group, RuleBody, RuleBook, RuleVersion
from app.ledgers.scores.scopes import SCORE_OFFICES, sees_scores
from app.people import Actor, Role, Unit, within

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class UnitScore:
    """One unit's line of the sheet. Points are signed, two decimals; `total` is what the full marks leave, by the floor.

    `confirmed` and `forecast` count down to the floor at most, `below` is the line 低于下限不计 that sees to it.
    `rank` and `group` are None for a unit in no group; `proposed` and `forecast` None where the actor may not see them.
    """

    unit_id: int
    unit: str
    short_name: str
    code: str
    group: Group | None
    rank: int | None
    total: Decimal | None
    confirmed: Decimal
    below: Decimal
    proposed: Decimal | None
    forecast: Decimal | None


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One line that the points of a unit are the sum of. `entry_id` is None for the line under the floor."""

    entry_id: int | None
    rule: str
    origin: str
    unit: str
    day: date
    points: Decimal
    standing: str


def rules_for(book: RuleBook, year: int, day: date) -> RuleVersion | None:
    """Return the rules a year is ranked by: those in force on the day, or the year's last where it is not of the year."""
    found = [version for version in book.versions if version.year == year]
    return book.at(day) if day.year == year and book.at(day) else max(found, key=lambda v: v.effective_on, default=None)


def score_sheet(
    session: Session,
    actor: Actor,
    authority_id: int,
    year: int,
    day: date,
    calendar: Calendar,
    with_forecast: bool = True,
) -> list[UnitScore]:
    """Return the lines the actor may see, by group and rank: offices and leaders all, others their groups.

    A constant number of queries (without the forecast: three). The forecast of a whole authority asks every open case;
    pages that do not show it leave it out.
    """
    version = rules_for(load_book(session, authority_id), year, day)
    body = version.body if version else None
    sums = _sums(session, authority_id, year)
    units = [unit for unit in _units(session, authority_id, year) if unit.id in sums or _group(body, unit)]
    shown = _seen(actor, authority_id, units, body)
    own = {unit.id for unit in shown if sees_scores(actor, authority_id, unit.id)}
    to_come = points_to_come(session, authority_id, own, year, day, calendar) if with_forecast and own else {}
    places = _places(body, units, sums)
    lines = [_line(unit, body, sums, places, to_come if with_forecast else None, unit.id in own) for unit in shown]
    order = {group.code: number for number, group in enumerate(body.groups if body else ())}
    return sorted(lines, key=lambda line: (order.get(line.group.code, 99) if line.group else 99, line.rank or 0))


def entry_lines(session: Session, actor: Actor, sheet: Sequence[UnitScore], year: int) -> dict[int, list[EntryLine]]:
    """Return the entries the actor may see of the units on the sheet, oldest first, the line under the floor last."""
    found: dict[int, list[EntryLine]] = defaultdict(list)
    names = {line.unit_id: line.unit for line in sheet}
    query = select(ScoreEntry, Standing.state).join(Standing, Standing.entry_id == ScoreEntry.id)
    query = query.where(within(ScoreEntry, actor), ScoreEntry.unit_id.in_(names), ScoreEntry.year == year)
    for entry, state in session.execute(query.order_by(ScoreEntry.day, ScoreEntry.id)):
        values = (entry.id, entry.rule, entry.origin, names[entry.unit_id], entry.day, entry.points, state)
        found[entry.unit_id].append(EntryLine(*values))
    for line in sheet:
        if line.below and found[line.unit_id]:
            last = found[line.unit_id][-1].day
            found[line.unit_id].append(EntryLine(None, BELOW, "floor", line.unit, last, line.below, "confirmed"))
    return found


def _units(session: Session, authority_id: int, year: int) -> Sequence[Unit]:
    is_open = or_(Unit.closed_on.is_(None), Unit.closed_on >= date(year, 1, 1))
    query = select(Unit).where(Unit.authority_id == authority_id, is_open).order_by(Unit.position, Unit.id)
    return session.scalars(query).all()


def _sums(session: Session, authority_id: int, year: int) -> dict[int, tuple[Decimal, Decimal]]:
    query = select(Total.unit_id, Total.confirmed, Total.proposed)
    rows = session.execute(query.where(Total.authority_id == authority_id, Total.year == year))
    return {unit_id: (confirmed, proposed) for unit_id, confirmed, proposed in rows}


def _group(body: RuleBody | None, unit: Unit) -> Group | None:
    return body.group_of(unit.kind) if body else None


def _seen(actor: Actor, authority_id: int, units: Iterable[Unit], body: RuleBody | None) -> list[Unit]:
    """Narrow to what the actor may see: offices and leaders every group, a unit's people the groups of their units."""
    if actor.is_system or actor.grant(*SCORE_OFFICES, Role.LEADER, authority_id=authority_id):
        return list(units)
    mine = actor.own_units | actor.portfolio
    groups = {group.code for unit in units if unit.id in mine and (group := _group(body, unit))}
    return [unit for unit in units if unit.id in mine or ((group := _group(body, unit)) and group.code in groups)]


def _places(
    body: RuleBody | None, units: Iterable[Unit], sums: Mapping[int, tuple[Decimal, Decimal]]
) -> dict[int, int]:
    groups: dict[str, dict[int, Decimal]] = defaultdict(dict)
    for unit in units:
        if body and (group := body.group_of(unit.kind)):
            groups[group.code][unit.id] = total_of(body, sums.get(unit.id, (ZERO, ZERO))[0])
    return {unit_id: place for totals in groups.values() for unit_id, place in rank(totals).items()}


def _line(
    unit: Unit,
    body: RuleBody | None,
    sums: Mapping[int, tuple[Decimal, Decimal]],
    places: Mapping[int, int],
    to_come: Mapping[int, Decimal] | None,
    is_own: bool,
) -> UnitScore:
    confirmed, proposed = sums.get(unit.id, (ZERO, ZERO))
    below = below_floor(body, confirmed) if body else ZERO
    ahead = None
    if is_own and to_come is not None:
        ahead = confirmed + proposed + to_come.get(unit.id, ZERO)
        ahead += below_floor(body, ahead) if body else ZERO
    return UnitScore(
        unit_id=unit.id,
        unit=unit.name,
        short_name=unit.short_name,
        code=unit.code,
        group=_group(body, unit),
        rank=places.get(unit.id),
        total=total_of(body, confirmed) if body else None,
        confirmed=confirmed + below,
        below=below,
        proposed=proposed if is_own else None,
        forecast=ahead,
    )
