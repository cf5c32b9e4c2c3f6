"""The rows of the case table by which an office presses on and sorts: 提醒, 催报进展, 标签. None of them counts as movement."""

from typing import Any

from sqlalchemy import String, bindparam, cast, literal, null, select, union_all

from app.core.inserting import insertion
from app.ledgers.cases import LONGEST_TAG, MOST_TAGS, Assignment, CaseTag, read_tags
from app.ledgers.cases.words import STATES, WORKING_STATES
from app.ledgers.messages import Message
from app.people import Role
from app.workflows.case_guards import case_of
from app.workflows.context import Context
from app.workflows.engine import STAYS, Attempt, Effect, Guard, Need, Transition
from app.workflows.needs import FARTHEST
from app.workflows.posting import tell

OFFICE = (Role.INSPECTOR, Role.SUPERVISOR)
REMINDED, ASKED = "reminded", "progress_asked"
MOVES = {REMINDED: "case.remind", ASKED: "case.ask_progress"}
WORDS = {REMINDED: "提醒", ASKED: "催报"}
NOBODY = "各承办单位都已完成本单位部分，没有需要催办的单位。"
# the units that still have to do something, and what they were told today
NUDGED = union_all(
    select(Assignment.unit_id, cast(null(), String)).where(
        Assignment.case_id == bindparam("case_id"), Assignment.released_on.is_(None), Assignment.state != "done"
    ),
    select(literal(0), Message.kind)
    .where(Message.case_id == bindparam("case_id"), Message.day == bindparam("day"), Message.kind.in_(WORDS))
    .group_by(Message.kind),
)
TAGS = Need("tags", "标签", "line", hint=f"多个标签用顿号或空格隔开，每个不超过 {LONGEST_TAG} 字")
ON_CASE = select(CaseTag.words).where(CaseTag.case_id == bindparam("case_id"), CaseTag.removed_event_id.is_(None))


def _nudged(attempt: Attempt) -> tuple[list[int], set[str]]:
    """Return the units with an open part, and the kinds of nudges given today (remembered while the page is made)."""
    case_id, memory = case_of(attempt).id, attempt.context.memory
    if ("nudged", case_id) not in memory:
        rows = attempt.session.execute(NUDGED, {"case_id": case_id, "day": attempt.context.day}).all()
        units = [unit_id for unit_id, kind in rows if kind is None]
        memory["nudged", case_id] = (units, {kind for _, kind in rows if kind is not None})
    return memory["nudged", case_id]  # type: ignore[return-value]


def remember_nudges(context: Context, case_id: int, units: list[int], today: set[str]) -> None:
    """Let the guards know what the page has read already: units with an open part, and the moves made today."""
    context.memory["nudged", case_id] = (units, {kind for kind, move in MOVES.items() if move in today})


def somebody_has_to_act(attempt: Attempt) -> str | None:
    """Nobody is pressed who has done the own part."""
    return None if _nudged(attempt)[0] else NOBODY


def not_yet_today(kind: str) -> Guard:
    """Make the guard that a unit is not pressed twice a day about one case."""

    def guard(attempt: Attempt) -> str | None:
        said = WORDS[kind]
        return f"今天已经{said}过，同一件每天只{said}一次。请明天再办。" if kind in _nudged(attempt)[1] else None

    return guard


def tell_who_has_to_act(kind: str) -> Effect:
    """Make the effect that tells every unit whose part is open."""

    def effect(attempt: Attempt) -> None:
        case, day = case_of(attempt), attempt.context.day
        told = [(case.authority_id, unit, kind, f"case:{case.id}:{day}", case.id) for unit in _nudged(attempt)[0]]
        tell(attempt.context, told)
        attempt.context.memory.pop(("nudged", case.id), None)

    return effect


def report_is_near(attempt: Attempt) -> dict[str, str]:
    """The day by which progress is asked for lies between today and all sight."""
    by, today = attempt.form.get("report_by"), attempt.context.day
    if by is None or today <= by <= today + FARTHEST:
        return {}
    return {"report_by": "请报日期不能早于今天。" if by < today else "请报日期过远，请核对年份。"}


def tags_are_sound(attempt: Attempt) -> dict[str, str]:
    """Tags are short, and few on one case; at least one is new."""
    words, on_case = read_tags(attempt.form["tags"]), _on_case(attempt)
    long = [word for word in words if len(word) > LONGEST_TAG]
    if long or not words:
        return {
            "tags": f"“{long[0][:LONGEST_TAG]}……”太长，每个标签不超过 {LONGEST_TAG} 字。" if long else "请填写标签。"
        }
    if not set(words) - on_case:
        return {"tags": "这一件已经有" + "、".join(f"“{word}”" for word in words) + "，不必再加。"}
    if len(on_case | set(words)) > MOST_TAGS:
        return {"tags": f"一件最多 {MOST_TAGS} 个标签，现有 {len(on_case)} 个。请先去掉不用的标签。"}
    return {}


def tags_are_there(attempt: Attempt) -> dict[str, str]:
    """Only a tag that is on the case can be taken off."""
    words = read_tags(attempt.form["tags"])
    if words and set(words) & _on_case(attempt):
        return {}
    return {"tags": "这一件没有" + "、".join(f"“{word[:LONGEST_TAG]}”" for word in words) + "这样的标签。"}


def put_on_tags(attempt: Attempt) -> None:
    """Put the words on the case; one that was taken off is put on again."""
    case = case_of(attempt)
    rows = [
        {
            "authority_id": case.authority_id,
            "case_id": case.id,
            "words": word[:LONGEST_TAG],
            "event_id": attempt.event_id,
        }
        for word in read_tags(attempt.form["tags"])
        if word not in _on_case(attempt)
    ]
    table: Any = CaseTag.__table__
    made = insertion(attempt.session, table)
    again = {"event_id": made.excluded.event_id, "removed_event_id": None}
    attempt.session.execute(made.on_conflict_do_update(index_elements=["case_id", "words"], set_=again), rows)


def take_off_tags(attempt: Attempt) -> None:
    """Take the words off the case; they stay on record."""
    words = read_tags(attempt.form["tags"])
    kept = select(CaseTag).where(CaseTag.case_id == case_of(attempt).id, CaseTag.removed_event_id.is_(None))
    for tag in attempt.session.scalars(kept.where(CaseTag.words.in_([word[:LONGEST_TAG] for word in words]))):
        tag.removed_event_id = attempt.event_id


def _on_case(attempt: Attempt) -> set[str]:
    return set(attempt.session.scalars(ON_CASE, {"case_id": case_of(attempt).id}))


NUDGES = (
    Transition(
        "remind",
        "提醒",
        WORKING_STATES,
        STAYS,
        OFFICE,
        guards=(somebody_has_to_act, not_yet_today(REMINDED)),
        effects=(tell_who_has_to_act(REMINDED),),
        needs=(Need("reason", "提醒内容", "text", required=False, hint="承办单位可以看到", holds="letter"),),
    ),
    Transition(
        "ask_progress",
        "催报进展",
        WORKING_STATES,
        STAYS,
        OFFICE,
        guards=(somebody_has_to_act, not_yet_today(ASKED)),
        effects=(tell_who_has_to_act(ASKED),),
        needs=(
            Need("reason", "催报要求", "text", required=False, hint="承办单位可以看到", holds="letter"),
            Need("report_by", "请在此日期前报送", "date", required=False),
        ),
        checks=(report_is_near,),
    ),
    Transition(
        "tag", "加标签", tuple(STATES), STAYS, OFFICE, effects=(put_on_tags,), needs=(TAGS,), checks=(tags_are_sound,)
    ),
    Transition(
        "untag",
        "去标签",
        tuple(STATES),
        STAYS,
        OFFICE,
        effects=(take_off_tags,),
        needs=(TAGS,),
        checks=(tags_are_there,),
    ),
)
