"""Settle the rows of a sheet against the units there are: who leads, who assists, what is wrong, what repeats. Pure."""

import hashlib
from dataclasses import dataclass

from app.ledgers.intake.cells import fold
from app.ledgers.intake.matching import Directory, KnownUnit, Match
from app.ledgers.intake.readings import Doubt, Problem, RowReading, SheetReading


@dataclass(frozen=True, slots=True)
class SettledRow:
    """A row that is ready to be compared with what is on record.

    `identity` is by which the row is known again (None for a wrong row); `repeats` the number of the row it repeats.
    `unmatched` are the names of units that a person has to match.
    """

    reading: RowReading
    lead: KnownUnit | None
    assisting: tuple[KnownUnit, ...]
    problems: tuple[Problem, ...]
    doubts: tuple[Doubt, ...]
    unmatched: tuple[Match, ...]
    identity: str | None
    repeats: int | None = None

    @property
    def is_wrong(self) -> bool:
        """Whether the row cannot be taken over."""
        return bool(self.problems)


def settle(sheet: SheetReading, directory: Directory) -> tuple[SettledRow, ...]:
    """Settle every row. The second of two rows with one identity names the first as the one it repeats."""
    first: dict[str, RowReading] = {}
    settled = []
    for reading in sheet.rows:
        row = _settle_row(sheet, reading, directory)
        earlier = first.setdefault(row.identity, reading) if row.identity else reading
        if earlier is not reading:
            row = _repeat(row, earlier)
        settled.append(row)
    return tuple(settled)


def identify(reading: RowReading, lead: str) -> str:
    """Return by what a row is known again: its source's own number, else a digest of source, date, text and lead.

    `lead` is the unit's own name, so that two writings of it make one identity. At most 80 characters; never the 序号.
    """
    reference = reading.text("reference")
    if reference:
        return f"{reading.text('source_kind')}:{reference}"
    found_on = None if reading.text("dated_by") else reading.day("found_on")  # the next sheet has another date
    facts = (reading.text("source"), found_on.isoformat() if found_on else "", reading.text("text"), lead)
    return "sha256:" + hashlib.sha256("\x1f".join(fold(fact) for fact in facts).encode()).hexdigest()


def _settle_row(sheet: SheetReading, reading: RowReading, directory: Directory) -> SettledRow:
    problems, doubts = list(reading.problems), list(reading.doubts)
    leads = directory.match_all(reading.names("lead"))
    assists = directory.match_all(reading.names("assisting"))
    unmatched = []
    for field, matches in (("lead", leads), ("assisting", assists)):
        for match in matches:
            if match.unit is None:
                problems.append(Problem(sheet.layout.label_of(field), match.problem))
                unmatched.append(match)
    lead = leads[0].unit if leads else None
    if len(leads) > 1 or (leads and leads[0].is_of_group):
        _judge_several(sheet, reading, leads, problems, doubts)
    if leads and leads[0].is_of_group:  # who leads can still be said; until then nobody does
        unmatched.append(Match(leads[0].said, is_of_group=True))
        lead, leads = None, ()
    units = (match.unit for match in (*leads[1:], *assists))
    assisting = tuple(dict.fromkeys(unit for unit in units if unit is not None and unit != lead))
    identity = None if problems else identify(reading, lead.name if lead else "")
    return SettledRow(reading, lead, assisting, tuple(problems), tuple(doubts), tuple(unmatched), identity)


def _judge_several(
    sheet: SheetReading, reading: RowReading, leads: tuple[Match, ...], problems: list[Problem], doubts: list[Doubt]
) -> None:
    """One case has one lead: of several named ones the first leads if a person confirms; 各镇 cannot lead by itself."""
    label, said = sheet.layout.label_of("lead"), reading.said["lead"]
    if leads[0].is_of_group:
        problems.append(Problem(label, f"“{said}”不是一个单位，牵头单位只能有一个"))
    elif leads[0].unit is not None:
        doubts.append(Doubt(label, said, leads[0].unit.name, "写了几个牵头单位，第一个为牵头，其余为配合"))


def _repeat(row: SettledRow, earlier: RowReading) -> SettledRow:
    serial = f"（序号 {earlier.serial}）" if earlier.serial else ""
    doubt = Doubt("整行", row.reading.serial, str(earlier.number), f"可能与第 {earlier.number} 行{serial}重复")
    return SettledRow(
        row.reading, row.lead, row.assisting, row.problems, (*row.doubts, doubt), (), row.identity, earlier.number
    )
