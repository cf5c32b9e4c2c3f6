"""P18: nothing foreign is hung on one's own: an id in the body of a form is checked like an id in its address."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.ledgers.cases import Assignment, Case, Measure
from app.people import Mandate, Role
from app.workflows import PART, PLAN
from tests.client import make_app, visit
from tests.databases import Databases
from tests.faults.burying import NOTED, snapshot
from tests.people import BEGIN
from tests.story import DONE, MEASURE, Story
from tests.web.foreign import Planted, planted_story
from tests.workflows.imports import UNKNOWN, hand_in, ledger, rows_of

REFUSED = (404, 409, 422)
DUE = "2026-04-20"
ASSIGNMENT = {"rect_class": "limited", "due_on": DUE, "standard": "清理"}
ENDING = {"reason": "录入有误"}
FIELDS = {
    "lead",
    "assist",
    "case",
    "leader",
    "part",
    "parts",
    "guilty",
    "unit",
    "person",
    "substitute",
    "measure",
    "entries",
}


@dataclass(frozen=True)
class Own:
    """What the neighbour has of its own: a case to assign, one in work, one reported; and what Dongshan works on."""

    ledgered: int
    working: int
    submitted: int
    of_town: int


@dataclass(frozen=True)
class Form:
    """A form on an own row, sound but for one field; `right` is what the field may name."""

    who: str
    path: str
    field: str
    foreign: Iterable[Any]
    rest: dict[str, Any]
    right: Any = None


@pytest.fixture
def both(databases: Databases) -> Iterator[tuple[Story, Planted]]:
    """A county full of things, and its neighbour at work."""
    story, planted = planted_story(databases)
    yield story, planted
    story.cast.database.dispose()


def neighbour_at_work(story: Story) -> Own:
    """Let the neighbour's supervisor, who is its leader too, and its one head work; the town works on a case of its own."""
    cast = story.cast
    with cast.database.begin() as session:
        for role in (Role.LEADER, Role.INSPECTOR):
            held = Mandate(person_id=cast.persons["outsider"], unit_id=cast.units["X"], role=role, begins_on=BEGIN)
            session.add(held)
    ledgered, working, submitted = (story.log("outsider", title=f"邻县问题{n}") for n in range(3))
    for case_id in (ledgered, working, submitted):
        story.case("outsider", case_id, "admit")
    for case_id in (working, submitted):
        form: dict[str, Any] = {**ASSIGNMENT, "due_on": date.fromisoformat(DUE), "lead": cast.units["Y"]}
        story.case("outsider", case_id, "assign", **form)
        _to_work(story, case_id, "outsider_head", "outsider_head", "outsider")
    story.case("outsider_head", submitted, "report_finished", **DONE)
    of_town = story.log(title="东山镇的问题", discovery="city")
    story.assign(of_town, "T", due_on=DUE)
    _to_work(story, of_town, "liaison_t", "head_t", "supervisor")
    return Own(ledgered, working, submitted, of_town)


def _to_work(story: Story, case_id: int, liaison: str, head: str, supervisor: str) -> None:
    story.case(liaison, case_id, "acknowledge")
    story.case(liaison, case_id, "draft_plan", measures=[{**MEASURE, "due_on": date.fromisoformat(DUE)}])
    story.move(head, PLAN, story.newest_plan(case_id), "approve")
    story.case(supervisor, case_id, "pass_plan")


def forms(story: Story, planted: Planted, own: Own) -> Iterator[Form]:
    """Yield every form of the application whose body names something by id or number."""
    units, persons = story.cast.units, story.cast.persons
    theirs = [units[code] for code in ("C", "O", "A", "B", "T", "U")]
    people = [person_id for name, person_id in persons.items() if not name.startswith("outsider")]
    cases = [story.get(Case, planted.ids["cases"][0]).number + suffix for suffix in ("", " ", "-1")]
    version = {case_id: str(story.get(Case, case_id).version) for case_id in (own.ledgered, own.working, own.submitted)}

    def move(case_id: int, name: str, field: str, foreign: Iterable[Any], **rest: Any) -> Form:
        path = f"/cases/{case_id}/transitions/{name}"
        return Form("outsider", path, field, foreign, {**rest, "version": version[case_id]})

    yield move(own.ledgered, "assign", "assist", theirs, **ASSIGNMENT, lead=units["Y"])
    yield move(own.ledgered, "assign", "lead", theirs, **ASSIGNMENT)
    yield move(own.ledgered, "merge", "case", [cases[2], planted.ids["cases"][0]], **ENDING)
    for kind in ("void", "terminate"):
        yield move(own.working, f"propose_{kind}", "leader", people, **ENDING)
    yield move(own.working, "instruct", "part", theirs, reason="请加快整改")
    for field in ("parts", "guilty"):
        yield move(own.submitted, "send_back", field, theirs, reason="还差", false="y")
    slip = {"type": "supervise", "entry_reason": "grave"}
    yield Form("outsider", f"/cases/{own.working}/slips", "unit", theirs, slip, units["Y"])
    talk = {"kind": "work", "basis": "manual", "reason": "整改推进缓慢"}
    yield Form("outsider", "/interviews/new", "unit", theirs, talk, units["Y"])
    yield from _absences(story, people)
    yield from _measures(story, planted, own)
    yield _names(story, theirs)
    entry = story.lines(own.of_town)[0]
    rest = {"ground": "非本单位原因"}
    yield Form("head_t", f"/cases/{own.of_town}/objections", "entries", planted.ids["entries"], rest, entry.id)


def _absences(story: Story, people: list[int]) -> Iterator[Form]:
    county, persons, units = story.cast.units["C"], story.cast.persons, story.cast.units
    rest = {"begins_on": "2026-05-04", "ends_on": "2026-05-08", "reason": "出差"}
    away = [f"{person_id}.{place}.leader" for person_id in people for place in (county, units["X"])]
    yield Form("outsider", "/absences", "person", away, {**rest, "substitute": persons["outsider"]})
    yield Form(
        "outsider", "/absences", "substitute", people, {**rest, "person": f"{persons['outsider']}.{units['X']}.leader"}
    )


def _measures(story: Story, planted: Planted, own: Own) -> Iterator[Form]:
    with story.cast.database.session(read_only=True) as session:
        own_of: dict[int, int] = {case_id: key for key, case_id in session.execute(select(Measure.id, Measure.case_id))}
        query = select(Assignment).where(Assignment.case_id.in_((own.working, own.of_town)))
        parts = {part.case_id: part for part in session.scalars(query)}
    for who, case_id in (("outsider_head", own.working), ("head_t", own.of_town)):
        part, path = parts[case_id], f"/parts/{parts[case_id].id}/transitions/report_progress"
        foreign = [key for case, key in own_of.items() if case != case_id]
        assert planted.ids["cases"][0] in own_of
        rest = {"text": "已清运", "measure_done": "y", "version": str(part.version)}
        yield Form(who, path, "measure", foreign, rest, own_of[case_id])


def _names(story: Story, theirs: list[int]) -> Form:
    """Match an unknown name of an import to a unit."""
    batch = hand_in(story.cast, ledger(UNKNOWN), "outsider")
    said = rows_of(story.cast, batch)[0].unmatched[0]["said"]
    return Form(
        "outsider", f"/imports/{batch}/units", "unit", theirs, {"said": said, "version": "1"}, story.cast.units["Y"]
    )


def let_through(story: Story, app: Flask, form: Form) -> list[Any]:
    """Send the form with each foreign id; return those that were not refused."""
    visitor, found = visit(app, story, form.who), []
    for foreign in form.foreign:
        answer = visitor.post(form.path, {**form.rest, form.field: str(foreign)})
        found += [] if answer.status_code in REFUSED else [(foreign, answer.status_code)]
    return found


def test_no_form_on_an_own_row_takes_a_foreign_id(both: tuple[Story, Planted], instance: Path) -> None:
    story, planted = both
    asked, app = list(forms(story, planted, neighbour_at_work(story))), make_app(story, instance)
    before, probes = snapshot(story.cast.database, NOTED), 0
    for form in asked:
        assert let_through(story, app, form) == [], (form.path, form.field)
        assert snapshot(story.cast.database, NOTED) == before, (form.path, form.field)
        probes += len(list(form.foreign))
    print(f"{probes} probes of {len(asked)} forms")
    assert probes >= 150
    assert {form.field for form in asked} == FIELDS


def test_own_id_in_the_same_forms_is_taken(both: tuple[Story, Planted], instance: Path) -> None:
    """The forms are sound: with the right id they go through, so it was the foreign one that was refused."""
    story, planted = both
    sound = [form for form in forms(story, planted, neighbour_at_work(story)) if form.right is not None]
    app = make_app(story, instance)
    for form in sound:
        answer = visit(app, story, form.who).post(form.path, {**form.rest, form.field: str(form.right)})
        assert answer.status_code == 303, (form.path, form.field, answer.text[:2000])
    assert len(sound) == 6


def test_form_that_takes_any_measure_is_found_out(
    both: tuple[Story, Planted], instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story, planted = both
    asked, app = list(forms(story, planted, neighbour_at_work(story))), make_app(story, instance)
    monkeypatch.setattr("app.web.fields.SelectField.pre_validate", lambda *_: None)
    monkeypatch.setattr(PART, "transitions", tuple(replace(row, checks=()) for row in PART.transitions))
    assert all(let_through(story, app, form) for form in asked if form.field == "measure")
