"""What goes on beside the cases: objections and their decisions, a reversal by hand, leaders' instructions."""

from collections.abc import Iterator, Sequence
from random import Random

from sqlalchemy import select

from app.cli.demo.stage import Stage
from app.core.clock import Moment
from app.ledgers.cases import Case
from app.ledgers.cases.words import WORKING_STATES
from app.ledgers.scores import Objection, ObjectionEntry, Reversal, ScoreEntry, Standing
from app.people import Role
from app.workflows import CASE, OBJECTION, REVERSAL

Days = Iterator[Moment]
OPEN_AT_THE_END = 4
OBJECTED_EACH_DAY, DECIDED_EACH_DAY, UPHELD = 0.4, 0.6, 0.35
SILENT_DAYS = 4  # objections of the last days are still undecided


def hearings(stage: Stage, seed: int) -> Days:
    """Let units object now and then, and the assessment office decide; some wait for it on the last day."""
    chance = Random(f"{seed}/hearings")  # noqa: S311 - a story, no secret
    day = stage.first_day
    while True:
        day = stage.calendar.add_working(day, 1)
        yield Moment.on(day, 15, chance.randint(0, 59))
        left = stage.calendar.working_between(day, stage.last_day)
        if chance.random() < (1.0 if left < OPEN_AT_THE_END else OBJECTED_EACH_DAY):
            _object(stage, chance, is_draft=left == 0)
        if left == 0:
            _object(stage, chance, is_draft=False)
        yield Moment.on(day, 16, chance.randint(0, 59))
        if left >= SILENT_DAYS and chance.random() < DECIDED_EACH_DAY:
            _decide(stage, chance)


def _object(stage: Stage, chance: Random, *, is_draft: bool) -> None:
    """Let one unit object to what it was told lately; the liaison drafts or the head asks at once."""
    entries = _open_entries(stage)
    if not entries:
        return
    first = chance.choice(entries)
    named = [e.id for e in entries if (e.case_id, e.unit_id, e.rule) == (first.case_id, first.unit_id, first.rule)]
    unit = next(name for name, unit_id in stage.place.units.items() if unit_id == first.unit_id)
    who = stage.place.holders(Role.LIAISON if is_draft else Role.HEAD, stage.day, unit)[0].username
    ground = chance.choice(stage.place.county.phrases["objection_ground"])
    with stage.database.begin() as session:
        context = stage.context(session, who)
        row = Objection(
            authority_id=first.authority_id,
            case_id=first.case_id,
            unit_id=first.unit_id,
            drafted_by_id=context.actor.person_id,
            ground=ground,
            covers_later=first.rule == "overdue",
        )
        form = {"entries": named, "ground": ground, "covers_later": row.covers_later}
        stage.fire(context, OBJECTION, "draft" if is_draft else "ask", row, form)


def _open_entries(stage: Stage) -> Sequence[ScoreEntry]:
    """Return the proposed entries that can still be objected to, of cases and units that have not objected before."""
    before = select(Objection.id).where(
        Objection.case_id == ScoreEntry.case_id, Objection.unit_id == ScoreEntry.unit_id
    )
    query = (
        select(ScoreEntry)
        .join(Standing, Standing.entry_id == ScoreEntry.id)
        .where(ScoreEntry.authority_id == stage.place.authority_id)
        .where(Standing.state == "proposed", Standing.object_until >= stage.day, ~before.exists())
        .order_by(ScoreEntry.id)
    )
    with stage.database.session(read_only=True) as session:
        return session.scalars(query).all()


def _decide(stage: Stage, chance: Random) -> None:
    """Decide the oldest objection that waits."""
    with stage.database.session(read_only=True) as session:
        query = select(Objection).where(Objection.authority_id == stage.place.authority_id)
        query = query.where(Objection.state == "asked", Objection.asked_on < stage.day).order_by(Objection.id)
        row = session.scalars(query.limit(1)).first()
        held = row and session.scalar(select(ObjectionEntry.id).where(ObjectionEntry.objection_id == row.id).limit(1))
    if row is None or not held:
        return
    is_upheld = chance.random() < UPHELD
    phrases = stage.place.county.phrases["objection_upheld" if is_upheld else "objection_rejected"]
    who = chance.choice(stage.place.holders(Role.ASSESSOR, stage.day)).username
    stage.act(
        who, OBJECTION, "uphold" if is_upheld else "dismiss", Objection.id == row.id, reason=chance.choice(phrases)
    )


def reversals(stage: Stage, seed: int) -> Days:
    """Reverse one confirmed entry by hand, with two assessors, and leave another to be decided."""
    chance = Random(f"{seed}/reversals")  # noqa: S311
    yield Moment.on(stage.back(12), 10, 20)
    first = _ask_reversal(stage, chance)
    yield Moment.on(stage.back(11), 11, 5)
    if first is not None:
        asker = stage.one(Reversal, Reversal.id == first).asked_by_id
        others = [p for p in stage.place.holders(Role.ASSESSOR, stage.day) if stage.place.persons[p.username] != asker]
        stage.act(chance.choice(others).username, REVERSAL, "grant", Reversal.id == first)
    yield Moment.on(stage.back(1), 14, 30)
    _ask_reversal(stage, chance)


def _ask_reversal(stage: Stage, chance: Random) -> int | None:
    query = (
        select(ScoreEntry)
        .join(Standing, Standing.entry_id == ScoreEntry.id)
        .where(ScoreEntry.authority_id == stage.place.authority_id)
        .where(Standing.state == "confirmed", ScoreEntry.rule == "receipt")
        .order_by(ScoreEntry.id)
    )
    with stage.database.session(read_only=True) as session:
        entries = session.scalars(query).all()
    if not entries:
        return None
    entry, who = chance.choice(entries), chance.choice(stage.place.holders(Role.ASSESSOR, stage.day)).username
    reason = chance.choice(stage.place.county.phrases["reversal"])
    with stage.database.begin() as session:
        context = stage.context(session, who)
        row = Reversal(
            authority_id=entry.authority_id,
            entry_id=entry.id,
            reason=reason,
            asked_by_id=context.actor.person_id,
            asked_on=stage.day,
        )
        reversal_id: int = stage.fire(context, REVERSAL, "ask", row, {"reason": reason}).row.id
        return reversal_id


def instructions(stage: Stage, seed: int) -> Days:
    """Let leaders write an instruction every few days on a case that is late or nearly."""
    chance = Random(f"{seed}/instructions")  # noqa: S311
    day = stage.first_day
    while True:
        day = stage.calendar.add_working(day, chance.randint(3, 6))
        yield Moment.on(day, 17, chance.randint(0, 59))
        with stage.database.session(read_only=True) as session:
            urgent = select(Case).where(Case.state.in_(WORKING_STATES), Case.due_on <= stage.workday(2))
            own = urgent.where(Case.authority_id == stage.place.authority_id)
            cases = session.scalars(own.order_by(Case.id)).all()
        if cases:
            case = chance.choice(cases)
            unit = next(name for name, unit_id in stage.place.units.items() if unit_id == case.lead_unit_id)
            text = chance.choice(stage.place.county.phrases["instruction"])
            stage.act(stage.place.leader_of(unit).username, CASE, "instruct", Case.id == case.id, reason=text)
