"""Judge the rows of a file against what is on record: new, changed, unchanged, possibly the same twice, or wrong."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import func, select

from app.ledgers.cases import CaseSource
from app.ledgers.cases.words import DISCOVERIES
from app.ledgers.intake import (
    CONTACT,
    Directory,
    Doubt,
    GroupName,
    ImportBatch,
    ImportRow,
    KnownUnit,
    SettledRow,
    SheetReading,
    compare,
    contact_of,
    facts_of,
    find_doubles,
    settle,
    source_text,
)
from app.ledgers.intake.words import FACTS
from app.people import Unit, UnitAlias, takes_parts
from app.workflows.case import CASE
from app.workflows.case_start import new_case
from app.workflows.context import Context
from app.workflows.recognising import Recognised, recognise
from app.workflows.table import NEW, Attempt

CHUNK = 400
TOO_MUCH = "连同各格里的电话、证件号最多 200 字，它们一起存到反映人联系方式。请删减。"
BEAT = 250  # rows between two words of progress
WHOLE_ROW = "整行"


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with its verdict. `changes` are the facts that the file says differently than it did the last time.

    A row that names its case by our own number has a case and no identity; a possible duplicate the case it may repeat.
    """

    row: SettledRow
    verdict: str
    facts: dict[str, str]
    identity: str | None = None
    case_id: int | None = None
    changes: dict[str, list[str]] | None = None
    problems: tuple[tuple[str, str], ...] = ()
    doubts: tuple[dict[str, str], ...] = ()

    @property
    def must_be_confirmed(self) -> bool:
        """Whether a person has to say yes before the row is taken over."""
        return self.verdict == "duplicate" or (self.verdict in ("new", "changed") and bool(self.doubts))


def load_directory(context: Context, authority_id: int) -> Directory:
    """Return the open units of an authority that can be given a part, with the names remembered for them."""
    mine = Unit.authority_id == authority_id, Unit.closed_on.is_(None), takes_parts()
    units = context.session.scalars(select(Unit).where(*mine).order_by(Unit.position, Unit.id)).all()
    aliases: dict[int, list[str]] = {}
    groups = []
    for alias in context.session.scalars(select(UnitAlias).where(UnitAlias.authority_id == authority_id)):
        if alias.kind:
            groups.append(GroupName(alias.name, alias.kind, alias.lead_id))
        else:
            aliases.setdefault(alias.unit_id, []).append(alias.name)
    known = (KnownUnit(u.id, u.name, u.short_name, u.kind, tuple(aliases.get(u.id, ()))) for u in units)
    return Directory(context.session.get_one(Unit, authority_id).name, known, groups)


def judge(
    context: Context,
    authority_id: int,
    reading: SheetReading,
    aliases: Mapping[str, int],
    progress: Callable[[int], object] = lambda done: None,
    doubles: Mapping[int, int] | None = None,
    earlier: Collection[str] = (),
) -> list[Judged]:
    """Judge every row of a sheet. `aliases` are names matched for this time only, each with the id of its unit.

    `progress` is told now and then how many rows are done. `doubles` are the cases that rows may repeat, by row number,
    where they were looked for a moment ago: looking is what costs most. `earlier` is by what the rows of the same file are
    known that were taken over before: a row that repeats one of them is no update of it.
    """
    directory = load_directory(context, authority_id)
    if aliases:
        directory = _with_aliases(context, authority_id, directory, aliases)
    rows = settle(reading, directory)
    own = recognise(context, authority_id, reading, rows, directory)
    identities = _count_identities(rows, earlier)
    known = _known_cases(context, authority_id, [identity for identity in identities if identity])
    said = _said_last(context, authority_id, list(known))
    looked = _look(context, authority_id, rows, [name not in known for name in identities], own)
    judged: list[Judged] = []
    for row, identity in zip(rows, identities, strict=True):
        number = row.reading.number
        if number in own:
            judged.append(_judge_own(context, authority_id, reading, row, own[number]))
        else:
            double = next(looked) if doubles is None else doubles.get(number)
            judged.append(_judge_row(context, authority_id, reading, row, (identity, known, said, double)))
        if len(judged) % BEAT == 0:
            progress(len(judged))
    return judged


def _look(
    context: Context, authority_id: int, rows: Sequence[SettledRow], are_new: Sequence[bool], own: Collection[int]
) -> Iterator[int | None]:
    """Yield for each row that names no case of ours the case that it may repeat; only new ones are looked for."""
    there = [
        (row, is_new and not row.is_wrong)
        for row, is_new in zip(rows, are_new, strict=True)
        if row.reading.number not in own
    ]
    found = find_doubles(context.session, context.actor, authority_id, [row for row, is_new in there if is_new])
    return (next(found) if is_new else None for _, is_new in there)


def form_of(row: SettledRow, facts: Mapping[str, str], doubts: Iterable[dict[str, str]]) -> dict[str, Any]:
    """Return the input of the move that takes a row in: its facts, and what its file proposes."""
    reading = row.reading
    return {
        "title": facts.get("title", ""),
        "text": reading.text("text"),
        "category": reading.text("category") or None,
        "place": reading.text("place") or None,
        "source_kind": reading.text("source_kind"),
        "discovery": reading.text("discovery"),
        "found_on": reading.day("found_on"),
        "reference": reading.text("reference") or None,
        "contact": contact_of(reading) or None,
        "source_text": source_text(facts, list(doubts)),
        "proposed_lead": facts.get("lead"),
        "proposed_assist": facts.get("assisting"),
        "proposed_due_on": reading.day("due_on"),
        "proposed_state": facts.get("status"),
    }


def _with_aliases(context: Context, authority_id: int, directory: Directory, aliases: Mapping[str, int]) -> Directory:
    names: dict[int, tuple[str, ...]] = {}
    for name, unit_id in aliases.items():
        names[unit_id] = (*names.get(unit_id, ()), name)
    units = [replace(unit, aliases=(*unit.aliases, *names.get(unit.id, ()))) for unit in directory.units]
    return Directory(context.session.get_one(Unit, authority_id).name, units, directory.groups)


def _count_identities(rows: Iterable[SettledRow], earlier: Collection[str] = ()) -> list[str | None]:
    """Give the second and further rows of one identity an identity of their own, so that each can be known again."""
    bases = (identity.rpartition("#")[0] for identity in earlier)
    seen = Counter(base if base in earlier else identity for base, identity in zip(bases, earlier, strict=True))
    found: list[str | None] = []
    for row in rows:
        if row.identity is not None:
            seen[row.identity] += 1
        times = seen[row.identity] if row.identity else 0
        found.append(f"{row.identity}#{times}" if times > 1 else row.identity)
    return found


def _known_cases(context: Context, authority_id: int, identities: list[str]) -> dict[str, int]:
    known: dict[str, int] = {}
    for start in range(0, len(identities), CHUNK):
        query = select(CaseSource.identity, CaseSource.case_id).where(
            CaseSource.authority_id == authority_id,
            CaseSource.identity.in_(identities[start : start + CHUNK]),
            CaseSource.withdrawn_event_id.is_(None),
        )
        known |= {identity: case_id for identity, case_id in context.session.execute(query) if identity}
    return known


def _said_last(context: Context, authority_id: int, identities: list[str]) -> dict[str, dict[str, str]]:
    """Return what a file said of each known row when it was last taken over."""
    found: dict[str, dict[str, str]] = {}
    for start in range(0, len(identities), CHUNK):
        last = (
            select(func.max(ImportRow.id))
            .join(ImportBatch, ImportBatch.id == ImportRow.batch_id)
            .where(
                ImportRow.authority_id == authority_id,
                ImportRow.identity.in_(identities[start : start + CHUNK]),
                ImportRow.outcome.in_(("created", "updated", "noted")),
                ImportBatch.state.in_(("applied", "reversed")),  # a reversed row has another outcome
            )
            .group_by(ImportRow.identity)
        )
        query = select(ImportRow.identity, ImportRow.facts).where(ImportRow.id.in_(last))
        found |= {identity: facts for identity, facts in context.session.execute(query) if identity}
    return found


def _judge_row(
    context: Context,
    authority_id: int,
    reading: SheetReading,
    row: SettledRow,
    record: tuple[str | None, Mapping[str, int], Mapping[str, dict[str, str]], int | None],
) -> Judged:
    identity, known, said, double = record
    facts, doubts = facts_of(row), _doubts_of(row)
    problems = [(problem.column, problem.reason) for problem in row.problems]
    if not problems:
        problems = _refused_by_the_move(context, authority_id, reading, row, facts)
    if problems or identity is None:
        return Judged(row, "wrong", facts, problems=tuple(problems), doubts=doubts)
    if identity in known:
        changes = compare(said[identity], facts) if identity in said else {}
        verdict = "changed" if changes else "unchanged"
        fields = {column.label: column.field for column in reading.layout.columns}
        fresh = tuple(doubt for doubt in doubts if fields.get(doubt["column"]) in changes)
        return Judged(row, verdict, facts, identity, known[identity], changes, doubts=fresh)
    double = double if row.repeats is None else None
    verdict = "new" if row.repeats is None and double is None else "duplicate"
    return Judged(row, verdict, facts, identity, double, doubts=doubts)


def _judge_own(context: Context, authority_id: int, reading: SheetReading, row: SettledRow, own: Recognised) -> Judged:
    """Judge a row that names its case: only what it changes can be wrong or doubtful."""
    problems = list(own.problems)
    labels = {reading.layout.label_of(field): field for field in own.changes}
    if own.changes and not problems:
        refused = _refused_by_the_move(context, authority_id, reading, row, own.facts)
        problems = [problem for problem in refused if problem[0] in labels]
    doubts = tuple(doubt for doubt in _doubts_of(row) if doubt["column"] in labels)
    doubts += tuple(_told(doubt) for doubt in own.doubts)
    if problems or own.case_id is None:
        return Judged(row, "wrong", own.facts, problems=tuple(problems), doubts=doubts)
    verdict = "changed" if own.changes else "unchanged"
    return Judged(row, verdict, own.facts, None, own.case_id, own.changes, doubts=doubts)


def _refused_by_the_move(
    context: Context, authority_id: int, reading: SheetReading, row: SettledRow, facts: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Ask the checks of the move itself, so that what is shown as good can be taken in."""
    form = form_of(row, facts, ())
    case = new_case(context.actor, authority_id, form, context.moment)
    transition = CASE.find("take_in", NEW, case)
    attempt = Attempt(context, CASE, transition, case, form, case=case)
    labels = {CONTACT: "反映人联系方式"} | {column.field: column.label for column in reading.layout.columns}
    return [
        (labels.get(field, FACTS.get(field, field)), TOO_MUCH if field == CONTACT else said)
        for check in transition.checks
        for field, said in check(attempt).items()
    ]


def _told(doubt: Doubt) -> dict[str, str]:
    """Return a doubt as it is kept, codes in words."""
    return asdict(doubt) | {"read_as": DISCOVERIES.get(doubt.read_as, doubt.read_as)}


def _doubts_of(row: SettledRow) -> tuple[dict[str, str], ...]:
    """Return what is to be confirmed in a row; codes in words. That the whole row repeats another is a verdict, no doubt."""
    return tuple(_told(doubt) for doubt in row.doubts if doubt.column != WHOLE_ROW)
