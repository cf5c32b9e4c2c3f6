"""The objection workflow (申辩): drafted by the liaison, approved by the head, upheld or dismissed by an assessor."""

from collections.abc import Sequence

from sqlalchemy import select

from app.core.errors import Refused
from app.ledgers.scores import Objection, ObjectionEntry, ScoreEntry, Standing
from app.ledgers.scores.words import OBJECTION_STATES
from app.people import Role
from app.workflows.engine import NEW, Attempt, Need, Transition, Workflow
from app.workflows.needs import REASON
from app.workflows.posting import add_to_totals, tell
from app.workflows.settling import move_standing, reverse

UNIT, HEAD, ASSESSOR = (Role.LIAISON,), (Role.HEAD,), (Role.ASSESSOR,)
GROUND = Need("ground", "申辩理由", "text")
ENTRIES = Need("entries", "申辩的得分记录", "entries")
COVERS = Need("covers_later", "同一理由也适用于裁定前新产生的记录", "bool", required=False)
ABOUT_FACT = Need("about_fact", "对问题事实本身有异议", "bool", required=False)


def check_entries(attempt: Attempt) -> dict[str, str]:
    """The entries named are proposed ones of this case and unit, still within the time for objections."""
    wanted = [int(entry_id) for entry_id in attempt.form["entries"]]
    row: Objection = attempt.row
    query = select(Standing).join(ScoreEntry, ScoreEntry.id == Standing.entry_id)
    query = query.where(
        Standing.entry_id.in_(wanted), ScoreEntry.case_id == row.case_id, Standing.unit_id == row.unit_id
    )
    found = list(attempt.session.scalars(query))
    if len(found) != len(set(wanted)):
        return {"entries": "所选记录不属于本单位的这一件问题，请刷新后重选。"}
    if any(standing.state != "proposed" for standing in found):
        return {"entries": "所选记录中有的已不是“拟扣”，请刷新后重选。"}
    late = [standing.object_until for standing in found if standing.object_until < attempt.context.day]
    return {"entries": f"所选记录的申辩期已于 {max(late)} 届满。"} if late else {}


def name_entries(attempt: Attempt) -> None:
    """Keep which entries the objection names; once it is asked they are held."""
    objection: Objection = attempt.row
    for entry_id in dict.fromkeys(int(entry_id) for entry_id in attempt.form["entries"]):
        attempt.session.add(ObjectionEntry(objection_id=objection.id, entry_id=entry_id))
    attempt.session.flush()


def hold_entries(attempt: Attempt) -> None:
    """Hold the named entries (申辩中) until decided; an assessor decides within the limit."""
    objection: Objection = attempt.row
    standings = _standings(attempt)
    late = [s for s in standings if s.state != "proposed" or s.object_until < attempt.context.day]
    if late:
        raise Refused("所列记录中有的申辩期已过或已不是“拟扣”，不能再提交申辩。请撤回后另行申辩。")
    for standing in standings:
        move_standing(attempt.session, standing, "contested", attempt.event_id)
    objection.asked_by_id, objection.asked_on = attempt.actor.person_id, attempt.context.day
    objection.decide_by = attempt.context.limit(objection.authority_id, "objection_decision_days").on


def let_go(attempt: Attempt) -> None:
    """A withdrawn objection leaves its entries proposed."""
    for standing in _standings(attempt):
        if standing.state == "contested":
            move_standing(attempt.session, standing, "proposed", attempt.event_id)


def uphold(attempt: Attempt) -> None:
    """Reverse every entry held, by contra entries that name this decision."""
    entries = _held_entries(attempt)
    reverse(attempt.context, entries, attempt.event_id, attempt.context.day, "申辩成立")
    _note_decision(attempt)


def dismiss(attempt: Attempt) -> None:
    """Confirm every entry held."""
    for entry in _held_entries(attempt):
        confirm(attempt, attempt.session.get_one(Standing, entry.id), entry)
    _note_decision(attempt)


def confirm(attempt: Attempt, standing: Standing, entry: ScoreEntry) -> None:
    """Confirm one entry: its points move from the proposed to the confirmed total."""
    moves = [(standing, "proposed", -entry.points), (standing, "confirmed", entry.points)]
    add_to_totals(attempt.session, moves)
    move_standing(attempt.session, standing, "confirmed", attempt.event_id)
    notice = (entry.authority_id, entry.unit_id, "entry_confirmed", entry.id, entry.case_id)
    tell(attempt.context, [notice])


def is_not_of_the_unit(attempt: Attempt) -> str | None:
    """An assessor does not decide for the own unit."""
    if attempt.row.unit_id in {grant.unit_id for grant in attempt.actor.grants}:
        return "这是您任职单位的申辩，须回避。请由其他考核人员裁定。"
    return None


def _note_decision(attempt: Attempt) -> None:
    objection: Objection = attempt.row
    objection.decided_by_id, objection.decided_on = attempt.actor.person_id, attempt.context.day
    objection.decision = attempt.form["reason"]
    told = (objection.authority_id, objection.unit_id, "decided", f"objection:{objection.id}", objection.case_id)
    tell(attempt.context, [told])


def _standings(attempt: Attempt) -> Sequence[Standing]:
    named = select(ObjectionEntry.entry_id).where(ObjectionEntry.objection_id == attempt.row.id)
    query = select(Standing).where(Standing.entry_id.in_(named)).order_by(Standing.entry_id)
    return attempt.session.scalars(query).all()


def _held_entries(attempt: Attempt) -> Sequence[ScoreEntry]:
    held = [standing.entry_id for standing in _standings(attempt) if standing.state == "contested"]
    return attempt.session.scalars(select(ScoreEntry).where(ScoreEntry.id.in_(held)).order_by(ScoreEntry.id)).all()


NAMED = (ENTRIES, GROUND, COVERS, ABOUT_FACT)
OBJECTION = Workflow(
    "objection",
    "申辩",
    Objection,
    OBJECTION_STATES,
    [
        Transition("draft", "起草申辩", (NEW,), "drafted", UNIT, (), (name_entries,), NAMED, (check_entries,)),
        Transition("ask", "提出申辩", (NEW,), "asked", HEAD, (), (name_entries, hold_entries), NAMED, (check_entries,)),
        Transition("approve", "审定并提交", ("drafted",), "asked", HEAD, (), (hold_entries,)),
        Transition("withdraw", "撤回申辩", ("drafted", "asked"), "withdrawn", HEAD, (), (let_go,), (REASON,)),
        Transition("uphold", "申辩成立", ("asked",), "upheld", ASSESSOR, (is_not_of_the_unit,), (uphold,), (REASON,)),
        Transition(
            "dismiss", "申辩不成立", ("asked",), "dismissed", ASSESSOR, (is_not_of_the_unit,), (dismiss,), (REASON,)
        ),
    ],
    units_of=lambda objection: frozenset({objection.unit_id}),
)
