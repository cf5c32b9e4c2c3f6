"""What becomes of slips in the demo: leaders and the supervision office sign, units receive and answer, some do not."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from app.cli.demo.stage import Stage
from app.core.clock import Moment
from app.core.errors import Refused
from app.ledgers.cases import Case
from app.ledgers.cases.words import WORKING_STATES
from app.ledgers.slips import Slip
from app.ledgers.slips.words import OPEN_SLIPS
from app.people import Role
from app.workflows import SLIP, Substitution, fire, name_substitute, new_slip

Days = Iterator[Moment]
SIGNED, RECEIVED, ANSWERED, DECIDED, ACCEPTED = 0.85, 0.5, 0.3, 0.4, 0.6
LEFT_TO_LEADERS = 6  # leaders are busy at the end, so that drafts of every level wait
LEFT_TO_SIGN = 2  # drafts of the last working days wait for the visitor's signature
REPLIES = (
    "已专题研究，明确了责任人和完成时限，正在按期推进。",
    "因雨天施工受阻进度滞后，现已增加人手，十日内完成。",
    "已完成主体整改，正在完善资料，近日报结。",
)


def slips(stage: Stage, seed: int) -> Days:
    """Let everybody deal with the slips each working day; some of each state are left on the last one."""
    chance = Random(f"{seed}/slips")  # noqa: S311 - a story, no secret
    day = stage.first_day
    while True:
        day = stage.calendar.add_working(day, 1)
        yield Moment.on(day, 9, chance.randint(5, 59))
        left = stage.calendar.working_between(day, stage.last_day)
        if left >= LEFT_TO_SIGN:
            _each(stage, chance, "draft", SIGNED if left >= LEFT_TO_LEADERS else SIGNED / 2, _sign)
        yield Moment.on(day, 14, chance.randint(0, 59))
        _each(stage, chance, "replied", DECIDED, _decide)
        _each(stage, chance, "acknowledged", ANSWERED, _answer)
        if left >= LEFT_TO_SIGN:
            _each(stage, chance, "issued", RECEIVED, _receive)


def by_hand(stage: Stage, seed: int) -> Days:
    """Send one slip outside the ladder, take one back, and let a leader be away at the end."""
    chance = Random(f"{seed}/slips by hand")  # noqa: S311
    yield Moment.on(stage.back(14), 10, 40)
    _draft(stage, chance)
    for before_last in range(12, 1, -1):
        yield Moment.on(stage.back(before_last), 10, 10)
        if issued := _in_state(stage, *OPEN_SLIPS):
            slip = chance.choice(issued)
            _move(stage, _signer(stage, slip), "withdraw", slip, reason="重复发出，予以撤回，另行督办。")
            break
    yield Moment.on(stage.back(1), 11, 30)
    _be_away(stage)


def _each(stage: Stage, chance: Random, state: str, share: float, act: Any) -> None:
    for slip in _in_state(stage, state):
        if chance.random() < share:
            act(stage, chance, slip)


def _in_state(stage: Stage, *states: str) -> Sequence[Slip]:
    with stage.database.session(read_only=True) as session:
        own = select(Slip).where(Slip.authority_id == stage.place.authority_id, Slip.state.in_(states))
        return session.scalars(own.order_by(Slip.id)).all()


def _sign(stage: Stage, _chance: Random, slip: Slip) -> None:
    _move(stage, _signer(stage, slip), "sign", slip)


def _receive(stage: Stage, _chance: Random, slip: Slip) -> None:
    _move(stage, stage.place.holders(Role.LIAISON, stage.day, _unit(stage, slip))[0].username, "acknowledge", slip)


def _answer(stage: Stage, chance: Random, slip: Slip) -> None:
    who = stage.place.holders(Role.HEAD, stage.day, _unit(stage, slip))[0].username
    _move(stage, who, "reply", slip, text=chance.choice(REPLIES))


def _decide(stage: Stage, chance: Random, slip: Slip) -> None:
    who = chance.choice(stage.place.holders(Role.INSPECTOR, stage.day)).username
    if chance.random() < ACCEPTED:
        _move(stage, who, "accept_reply", slip, reason="情况属实，同意。")
    else:
        _move(stage, who, "refuse_reply", slip, reason="未写明完成时限和责任人，请补充后重新回复。")


def _move(stage: Stage, who: str, name: str, slip: Slip, **form: Any) -> None:
    """Make a move; what the rules refuse this time (the case moved on, the person must stand aside) is left undone."""
    with stage.database.session() as session:
        context = stage.context(session, who)
        try:
            fire(context, SLIP, name, session.get_one(Slip, slip.id), form)
        except Refused:
            return
        session.commit()
        stage.moves += 1


def _signer(stage: Stage, slip: Slip) -> str:
    if Role.LEADER in slip.signers.split(","):
        return stage.place.leader_of(_unit(stage, slip)).username
    return stage.place.holders(Role.SUPERVISOR, stage.day)[0].username


def _unit(stage: Stage, slip: Slip) -> str:
    return next(name for name, unit_id in stage.place.units.items() if unit_id == slip.unit_id)


def _draft(stage: Stage, chance: Random) -> None:
    """Let an inspector draft a slip of the second level on a case that cannot wait for the ladder."""
    pushed = select(Slip.id).where(Slip.case_id == Case.id)
    query = select(Case).where(Case.state.in_(WORKING_STATES), Case.lead_unit_id.is_not(None), ~pushed.exists())
    query = query.where(Case.authority_id == stage.place.authority_id)
    who = stage.place.holders(Role.INSPECTOR, stage.day)[0].username
    with stage.database.begin() as session:
        cases = session.scalars(query.order_by(Case.id)).all()
        if not cases:
            return
        case, context = chance.choice(cases), stage.context(session, who)
        form = {"type": "supervise", "unit": case.lead_unit_id, "entry_reason": "instruction"}
        row = new_slip(context, case, case.lead_unit_id or 0, "supervise", form)
        stage.fire(context, SLIP, "draft", row, form)


def _be_away(stage: Stage) -> None:
    """Let one leader name another who acts in the week that follows."""
    away, stands_in = stage.place.holders(Role.LEADER, stage.day)[:2]
    persons, last = stage.place.persons, stage.last_day + timedelta(days=7)
    asked = Substitution(
        stage.place.authority_id,
        persons[away.username],
        persons[stands_in.username],
        Role.LEADER,
        stage.day,
        last,
        "外出学习",
    )
    with stage.database.begin() as session:
        name_substitute(stage.context(session, away.username), asked)
