"""What the responsible units of the county do about a case: liaisons and heads."""

from collections.abc import Iterator
from datetime import date

from app.cli.demo.life import Life
from app.core.clock import Moment
from app.ledgers.cases import Measure, Plan, Request
from app.workflows import EXTENSION, PLAN

Days = Iterator[Moment]


def receive(life: Life) -> Days:
    """Sign for the case, lead first, then each assisting unit for its own part; a slow unit signs too late."""
    yield life.pause(3, 4) if life.is_slow else life.pause(0, 1)
    life.move(life.liaison(), "acknowledge")
    for unit in list(life.assisting):
        yield life.pause()
        life.move_part(life.liaison(unit), unit, "acknowledge")


def draft_plan(life: Life) -> None:
    """Draft the plan: measures, each with a person and a date up to the deadline."""
    due_on = life.case.due_on or life.day
    working = life.stage.calendar.count_working(life.day, due_on)
    texts, persons = life.problem.measures, _persons(life)
    measures = [
        {
            "text": text,
            "person": persons[number % len(persons)],
            "due_on": min(due_on, life.workday(max(1, working * (number + 1) // len(texts)))),
        }
        for number, text in enumerate(texts)
    ]
    life.move(life.liaison(), "draft_plan", measures=measures)


def _persons(life: Life) -> list[str]:
    names = {person.username: person.name for person in life.stage.place.county.people}
    return [names[life.head()], names[life.liaison()], *(names[life.liaison(unit)] for unit in life.assisting)]


def approve_plan(life: Life) -> None:
    """Have the head approve the plan."""
    life.stage.act(life.head(), PLAN, "approve", Plan.case_id == life.case_id, reason="同意，按此实施。")


def work(life: Life, until: date, *, leave: int = 0, assisting: bool = True) -> Days:
    """Carry the measures out one by one up to a day, `leave` of them not; then the assisting units finish their parts."""
    measures = _open_measures(life)
    for number, measure in enumerate(measures[: max(0, len(measures) - leave)]):
        yield life.until(_between(life, until, len(measures) - number))
        finish_measure(life, measure, number)
    if not measures:
        yield life.until(_between(life, until, 2))
        progress(life, 0)
    if assisting:
        yield from finish_parts(life, until)


def finish_parts(life: Life, until: date) -> Days:
    """Have each assisting unit report and finish its part."""
    for number, unit in enumerate(list(life.assisting)):
        yield life.until(_between(life, until, len(life.assisting) + 1 - number))
        text = f"配合事项已办结：{life.problem.progress[-1]}"
        life.move_part(life.liaison(unit), unit, "report_progress", text=text, files=life.photo(is_clean=True))
        yield life.pause()
        life.move_part(life.head(unit), unit, "finish", result=f"本单位负责部分完成。{life.problem.result}")


def progress(life: Life, number: int) -> None:
    """Report progress without a measure."""
    texts = life.problem.progress
    text = texts[number % len(texts)]
    form = {"text": text, "files": life.photo(is_clean=True), "evidence_kind": "after"}
    life.move_part(life.liaison(), life.lead, "report_progress", **form)


def finish_measure(life: Life, measure: Measure, number: int) -> None:
    """Report a measure done, with its proof."""
    proof = life.photo(is_clean=True) if number % 2 == 0 else life.paper("整改措施落实情况", measure.text)
    form = {"measure": measure.id, "measure_done": True, "files": proof}
    form["evidence_kind"] = "after" if number % 2 == 0 else "document"
    texts = life.problem.progress
    if number < len(texts):
        life.move_part(life.liaison(), life.lead, "report_progress", text=texts[number], **form)
    else:
        life.move_part(life.liaison(), life.lead, "attach", **form)


def report(life: Life) -> None:
    """Have the head report the case finished."""
    problem = life.problem
    form = {"result": problem.result, "lesson": problem.lesson, "mechanism": problem.lasting or ""}
    files = life.paper(
        "整改情况报告", f"验收标准：{problem.standard}", f"结果：{problem.result}", f"举一反三：{problem.lesson}"
    )
    life.move(life.head(), "report_finished", files=files, **form)


def take_back(life: Life) -> None:
    """Have the head take a report back before anybody looked."""
    life.move(life.head(), "take_back", reason="有一项佐证需要更换，先撤回。")


def report_with_stranger_photo(life: Life) -> None:
    """Have the head report finished what is not, with somebody else's picture."""
    problem = life.problem
    form = {"result": problem.result, "lesson": problem.lesson, "mechanism": problem.lasting or ""}
    life.move(life.head(), "report_finished", files=life.stranger_photo(), **form)


def ask_extension(life: Life, wanted_on: date) -> Days:
    """Ask for a later deadline: the liaison drafts, the head approves the same day."""
    draft_extension(life, wanted_on)
    yield life.pause()
    which = Request.case_id == life.case_id, Request.kind == "extension"
    life.stage.act(life.head(), EXTENSION, "approve", *which)


def draft_extension(life: Life, wanted_on: date) -> None:
    """Draft a request for a later deadline."""
    form = {"reason": life.say("extension_reason"), "progress": life.say("extension_progress"), "wanted_on": wanted_on}
    life.move(life.liaison(), "ask_extension", **form)


def dispute(life: Life, unit: str) -> None:
    """Have a unit's head say that the part is not its duty."""
    life.move_part(life.head(unit), unit, "dispute", reason=life.say("return_assignment"))


def ask_long_term(life: Life, review_on: date, end_on: date) -> None:
    """Ask for the long-term class."""
    form = {
        "reason": life.say("long_term_reason"),
        "stage_goal": life.problem.stage_goal or life.problem.standard,
        "wanted_on": review_on,
        "expected_end": end_on,
    }
    life.move(life.head(), "ask_long_term", **form)


def _open_measures(life: Life) -> list[Measure]:
    return [m for m in life.measures() if m.done_on is None]


def _between(life: Life, until: date, steps: int) -> date:
    """Return the day on which the next of some equal steps from today to a day is due."""
    return life.workday(max(0, life.stage.calendar.working_between(life.day, until) // max(1, steps)))
