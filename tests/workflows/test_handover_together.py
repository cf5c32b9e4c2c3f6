"""Handing over while others are at work: nothing is lost, nothing is passed on twice, and who came second is told why."""

from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

from sqlalchemy import func, select

from app.audit import Event, broken_chains
from app.core.errors import DukaoError
from app.ledgers.cases import Case, Charge, Measure, Request
from app.ledgers.handover import BY_KEY
from app.people import Person
from app.workflows import Context, PassedOn, pass_on
from app.workflows.handover import GONE
from tests.story import Story

TOGETHER = 4


def hand(story: Story, by: str, kind: str, leaver: str, ids: Collection[int], to: str) -> list[PassedOn]:
    """Pass items of a kind on to a successor."""
    persons = story.cast.persons
    with story.cast.begin(by) as (session, actor):
        person, context = session.get_one(Person, persons[leaver]), Context(session, actor, story.cast.clock.now())
        return pass_on(context, BY_KEY[kind], person, ids, persons[to], "调离")


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Let everybody act at the same moment; what a rule refuses is returned as it is said."""
    start = Barrier(len(acts))

    def act(one: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return one()
        except DukaoError as error:
            return str(error)

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, acts))


def count(story: Story, kind: str) -> int:
    """Return how many events of a kind there are; every chain holds."""
    with story.cast.database.session(read_only=True) as session:
        assert list(broken_chains(session)) == []
        return session.scalar(select(func.count()).where(Event.kind == kind)) or 0


def test_two_offices_passing_the_same_on_pass_each_on_once(ready: Story) -> None:
    cases = [ready.log(title=f"问题 {number}") for number in range(TOGETHER)]
    first, second = together(
        partial(hand, ready, "supervisor", "cases", "inspector", cases, "inspector2"),
        partial(hand, ready, "supervisor2", "cases", "inspector", cases[::-1], "supervisor"),
    )
    for case_id, *found in zip(cases, first, second, strict=True):
        assert sorted(one.refused for one in found) == ["", GONE]
        taker = "inspector2" if not found[0].refused else "supervisor"
        assert ready.one(Charge, kind="cases", row_id=case_id).person_id == ready.cast.persons[taker]
    assert count(ready, "handover.cases") == TOGETHER


def test_request_decided_while_it_is_handed_over_is_one_or_the_other(ready: Story) -> None:
    persons = ready.cast.persons
    for number in range(TOGETHER):
        case_id = ready.log(title=f"误录 {number}")
        ready.case("supervisor", case_id, "admit")
        ready.case("supervisor", case_id, "propose_void", reason="误录", leader=persons["leader"])
        request = ready.newest(Request, case_id=case_id, kind="void")
        (handed,), decided = together(
            partial(hand, ready, "supervisor2", "requests", "leader", [request.id], "leader2"),
            partial(ready.case, "leader", case_id, "void", reason="同意"),
        )
        row, state = ready.get(Request, request.id), ready.get(Case, case_id).state
        if state == "voided":
            assert (handed.refused, row.decider_id) == (GONE, persons["leader"])
        else:
            assert (handed.refused, row.state, row.decider_id) == ("", "asked", persons["leader2"])
            assert isinstance(decided, str)
            assert decided
    assert count(ready, "handover.requests") + count(ready, "case.void") == TOGETHER


def test_measure_done_while_it_is_handed_over_stays_done(ready: Story) -> None:
    with ready.cast.database.begin() as session:
        session.get_one(Person, ready.cast.persons["liaison_a"]).name = "张三"
    for _ in range(TOGETHER):
        case_id = ready.log()
        ready.assign(case_id, "A", due_on="2026-03-31")
        ready.to_work(case_id, "A")
        measure = ready.newest(Measure, case_id=case_id)
        before = count(ready, "handover.measures")
        (handed,), _ = together(
            partial(hand, ready, "supervisor", "measures", "liaison_a", [measure.id], "head_a"),
            partial(ready.do_measure, case_id),
        )
        found = ready.get(Measure, measure.id)
        assert found.done_on is not None
        assert (found.person != "张三", handed.refused) in ((True, ""), (False, GONE))
        assert count(ready, "handover.measures") - before == (handed.refused == "")
