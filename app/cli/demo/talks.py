"""What is talked about in the lived quarter: interviews in every state, replies to instructions, bulletins."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from app.cli.demo.stage import Stage
from app.core.clock import Moment
from app.ledgers.bulletins import Bulletin
from app.ledgers.cases import Case
from app.ledgers.cases.words import WORKING_STATES
from app.ledgers.talks import Commitment, Instruction, Interview
from app.people import Role
from app.workflows import BULLETIN, COMMITMENT, INSTRUCTION, INTERVIEW, new_bulletin

Days = Iterator[Moment]
REASON = "多件问题推进缓慢，部分已经逾期，整改责任没有落实到人。"
NOTICE = {"planned_at": "上午 9:30", "place": "县政府三楼会议室", "host": "督查室主任"}
MINUTES = "通报了逾期问题和得分情况，听取了原因说明，要求逐件明确责任人和完成时限。"
PROMISED = (("逐件明确责任人，每周调度一次", "单位负责人"), ("逾期问题在承诺期限内整改到位", "分管负责人"))
REPORTED = "已按承诺完成，有关材料已报督查室。"
REPLIED = "已安排专人负责，每周调度，按期完成整改。"
ANSWERED_SHARE, READ_SHARE = 0.75, 0.6


def interviews(stage: Stage, seed: int) -> Days:
    """Let one interview be settled, one be kept in part, one be called, one be proposed, one be withdrawn."""
    chance = Random(f"{seed}/interviews")  # noqa: S311 - a story, no secret
    yield Moment.on(stage.back(30), 10, 5)
    first = _propose(stage, chance, "work")
    yield from _hold(stage, first, 29, 26)
    yield Moment.on(stage.back(20), 15, 10)
    _settle(stage, chance, first)
    fourth = _propose(stage, chance, "remind")
    yield Moment.on(stage.back(19), 9, 40)
    stage.act(_office(stage), INTERVIEW, "withdraw", Interview.id == fourth, reason="有关问题已经报结，不再约谈。")
    second = _propose(stage, chance, "admonish")
    yield from _hold(stage, second, 18, 14)
    _report(stage, second, 1)
    yield Moment.on(stage.back(3), 16, 20)
    called = _propose(stage, chance, "work")
    _notice(stage, called, stage.workday(5))
    yield Moment.on(stage.back(1), 16, 40)
    _propose(stage, chance, "remind")
    _propose(stage, chance, "admonish")


def _propose(stage: Stage, chance: Random, kind: str) -> int:
    """Let an inspector propose to interview a unit that is behind."""
    with stage.database.session(read_only=True) as session:
        late = select(Case.lead_unit_id).where(Case.state.in_(WORKING_STATES), Case.lead_unit_id.is_not(None))
        late = late.where(Case.authority_id == stage.place.authority_id)
        found = session.scalars(late.where(Case.due_on <= stage.workday(5)).distinct())
        units = sorted(unit_id for unit_id in found if unit_id is not None)
    unit_id = chance.choice(units or [stage.place.units[stage.place.county.units[1].name]])
    who = stage.place.holders(Role.INSPECTOR, stage.day)[0].username
    with stage.database.begin() as session:
        row = Interview(authority_id=stage.place.authority_id)
        form = {"unit": unit_id, "kind": kind, "basis": "manual", "reason": REASON}
        return int(stage.fire(stage.context(session, who), INTERVIEW, "propose", row, form).row.id)


def _hold(stage: Stage, interview_id: int, called: int, held: int) -> Days:
    yield Moment.on(stage.back(called), 10, 20)
    _notice(stage, interview_id, stage.back(held))
    yield Moment.on(stage.back(held), 17, 10)
    promises = [
        {"text": text, "person": person, "due_on": stage.workday(5 * number)}
        for number, (text, person) in enumerate(PROMISED, 1)
    ]
    form: dict[str, Any] = {
        "held_on": stage.day,
        "place": NOTICE["place"],
        "host": NOTICE["host"],
        "attendees": "督查室、被约谈单位负责人、联络员",
        "minutes": MINUTES,
        "commitments": promises,
    }
    who = stage.place.holders(Role.INSPECTOR, stage.day)[0].username
    stage.act(who, INTERVIEW, "record", Interview.id == interview_id, **form)
    yield Moment.on(stage.back(held - 4), 11, 15)


def _notice(stage: Stage, interview_id: int, on: date) -> None:
    row = stage.one(Interview, Interview.id == interview_id)
    unit = _name(stage, row.unit_id)
    who = stage.place.leader_of(unit).username if row.kind == "admonish" else _office(stage)
    stage.act(who, INTERVIEW, "notice", Interview.id == interview_id, planned_on=on, **NOTICE)


def _settle(stage: Stage, chance: Random, interview_id: int) -> None:
    """Let the unit report everything done, the office confirm it and settle the interview."""
    for position in range(1, len(PROMISED) + 1):
        _report(stage, interview_id, position)
        which = (Commitment.interview_id == interview_id, Commitment.position == position)
        inspectors = stage.place.holders(Role.INSPECTOR, stage.day)
        stage.act(chance.choice(inspectors).username, COMMITMENT, "confirm", *which)
    stage.act(_office(stage), INTERVIEW, "settle", Interview.id == interview_id)


def _report(stage: Stage, interview_id: int, position: int) -> None:
    row = stage.one(Interview, Interview.id == interview_id)
    who = stage.place.holders(Role.HEAD, stage.day, _name(stage, row.unit_id))[0].username
    which = (Commitment.interview_id == interview_id, Commitment.position == position)
    stage.act(who, COMMITMENT, "report", *which, text=REPORTED)


def replies(stage: Stage, seed: int) -> Days:
    """Let heads reply to most instructions within days, and leaders read most replies."""
    chance = Random(f"{seed}/replies")  # noqa: S311
    day = stage.first_day
    while True:
        day = stage.calendar.add_working(day, 2)
        yield Moment.on(day, 16, chance.randint(30, 59))
        with stage.database.session(read_only=True) as session:
            open_ones = select(Instruction).where(Instruction.authority_id == stage.place.authority_id)
            open_ones = open_ones.where(Instruction.state.in_(("written", "replied")))
            rows = session.scalars(open_ones.order_by(Instruction.id)).all()
        for row in rows:
            _answer(stage, chance, row)


def _answer(stage: Stage, chance: Random, row: Instruction) -> None:
    unit = _name(stage, row.unit_id) if row.unit_id else ""
    if row.state == "replied" and chance.random() < READ_SHARE:
        leader = next(name for name, person_id in stage.place.persons.items() if person_id == row.leader_id)
        stage.act(leader, INSTRUCTION, "settle", Instruction.id == row.id)
    elif row.state == "written" and unit and chance.random() < ANSWERED_SHARE:
        heads = stage.place.holders(Role.HEAD, stage.day, unit)
        if heads:
            stage.act(heads[0].username, INSTRUCTION, "reply", Instruction.id == row.id, text=REPLIED)


def bulletins(stage: Stage, _seed: int) -> Days:
    """Let the office issue one bulletin, and have the next one in hand."""
    yield Moment.on(stage.back(16), 9, 30)
    issued = _draft(stage, stage.first_day, stage.day - timedelta(days=1))
    stage.act(_office(stage), BULLETIN, "issue", Bulletin.id == issued)
    yield Moment.on(stage.back(0), 9, 20)
    _draft(stage, stage.back(15), stage.day - timedelta(days=1))


def _draft(stage: Stage, first: date, last: date) -> int:
    with stage.database.begin() as session:
        context = stage.context(session, stage.place.holders(Role.INSPECTOR, stage.day)[0].username)
        row = new_bulletin(context, stage.place.authority_id)
        form = {"title": f"{last.year}年{last.month}月督查督办情况", "first_on": first, "last_on": last}
        return int(stage.fire(context, BULLETIN, "draft", row, form).row.id)


def _office(stage: Stage) -> str:
    return stage.place.holders(Role.SUPERVISOR, stage.day)[0].username


def _name(stage: Stage, unit_id: int) -> str:
    return next(name for name, known in stage.place.units.items() if known == unit_id)
