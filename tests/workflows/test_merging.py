"""Many cases merged into one and taken apart again: by the same guards as one by one, with every number kept and found."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from app.audit import Event
from app.core.errors import Absent, Invalid, Refused
from app.ledgers.cases import Case, CaseSource, Filters, Horizon, faults, ledger_page
from tests.story import Story
from tests.workflows.paths import brought_to
from tests.workflows.test_bulk import run


def act(story: Story, who: str, what: str, kept: int, others: list[int], reason: str = "同一问题") -> list[str]:
    """Merge or take back as a bulk run; return what was said of each case, nothing where it moved."""
    form = {"case": kept, "reason": reason} if what == "merge" else {"reason": reason}
    return [said for _, _, said in run(story, who, what, others, **form)]


def found(story: Story, who: str, typed: str = "", source: str = "", state: str = "") -> list[int]:
    day = story.cast.clock.now().day
    with story.cast.begin(who) as (session, actor):
        page = ledger_page(session, actor, Filters(text=typed, source=source, state=state), Horizon(day, day))
        assert page.count == len(page.rows)
        return sorted(row.case.id for row in page.rows)


def admitted(story: Story, **form: str) -> int:
    case_id = story.log(**form)
    story.case("supervisor", case_id, "admit")
    return case_id


def numbers(story: Story, *cases: int) -> list[str]:
    return [str(story.get(Case, case_id).number) for case_id in cases]


def test_many_are_merged_and_every_number_finds_the_one_that_is_kept(ready: Story) -> None:
    kept = brought_to(ready, "assigned")
    others = [admitted(ready, text=f"第{n}次反映", reference=f"热〔2026〕{n}9号") for n in range(3)]
    assert act(ready, "supervisor", "merge", kept, others) == ["", "", ""]
    assert {ready.get(Case, case_id).merged_into_id for case_id in others} == {kept}
    for case_id, number in zip(others, numbers(ready, *others), strict=True):
        assert found(ready, "supervisor", number) == [kept]
        assert found(ready, "supervisor", number, state="all") == [kept, case_id]
        assert found(ready, "head_a", number) == [kept]
        assert found(ready, "head_t", number) == []
    for n in range(3):
        assert found(ready, "supervisor", f"热〔2026〕{n}9号") == [kept]
        assert found(ready, "head_a", f"第{n}次反映") == [kept]
    with ready.cast.database.session() as session:
        assert faults(session)[2] is None


def test_case_that_is_kept_tells_what_was_merged_into_it_by_whom_and_why(ready: Story) -> None:
    kept, other = brought_to(ready, "assigned"), admitted(ready)
    act(ready, "supervisor", "merge", kept, [other], "同一处路灯")
    act(ready, "supervisor2", "unmerge", kept, [other], "不是同一处")
    told = select(Event).where(Event.case_id == kept, Event.kind.in_(("case.absorb", "case.release")))
    with ready.cast.database.session(read_only=True) as session:
        merged, taken = session.scalars(told.order_by(Event.id)).all()
    said = [(one.kind, one.reason, one.data, one.mandate_id is not None) for one in (merged, taken)]
    (number,) = numbers(ready, other)
    data = {"case": other, "number": number}
    assert said == [("case.absorb", "同一处路灯", data, True), ("case.release", "不是同一处", data, True)]
    assert merged.actor_id != taken.actor_id


def test_undoing_brings_each_back_where_it_was_and_takes_its_numbers_along(ready: Story) -> None:
    kept, one, other = brought_to(ready, "assigned"), brought_to(ready, "reported"), brought_to(ready, "rectifying")
    act(ready, "supervisor", "merge", kept, [one, other])
    (number,) = numbers(ready, other)
    assert found(ready, "supervisor", number) == [kept]
    act(ready, "supervisor", "unmerge", kept, [one, other], "不是同一问题")
    assert [ready.get(Case, case_id).state for case_id in (one, other)] == ["reported", "rectifying"]
    assert found(ready, "supervisor", number) == [other]
    assert ready.one(Event, kind="case.unmerge", case_id=other).reason == "不是同一问题"


def test_a_number_leads_through_a_chain_of_merges(ready: Story) -> None:
    first, second, third = (brought_to(ready, "ledgered") for _ in range(3))
    act(ready, "supervisor", "merge", second, [first])
    act(ready, "supervisor", "merge", third, [second])
    for number in numbers(ready, first, second):
        assert found(ready, "supervisor", number) == [third]
    act(ready, "supervisor", "unmerge", third, [second])
    assert found(ready, "supervisor", numbers(ready, first)[0]) == [second]
    with ready.cast.database.session() as session:
        assert faults(session)[2] is None


def test_what_a_guard_refuses_stays_and_says_why_and_the_rest_is_merged(ready: Story) -> None:
    kept, good, closed = brought_to(ready, "assigned"), brought_to(ready, "ledgered"), brought_to(ready, "closed")
    refused, merged = act(ready, "supervisor", "merge", kept, [closed, good])
    assert merged == ""
    assert "不能" in refused
    assert (ready.get(Case, closed).state, ready.get(Case, good).state) == ("closed", "merged")


@pytest.mark.parametrize("who", ["inspector", "assessor", "leader", "head_a"])
def test_who_may_not_merge_one_may_not_merge_many(ready: Story, who: str) -> None:
    kept, other = brought_to(ready, "assigned"), brought_to(ready, "assigned")
    with pytest.raises(Refused, match="不能批量办理这一项"):
        act(ready, who, "merge", kept, [other])
    assert ready.get(Case, other).state == "assigned"


def test_one_foreign_case_changes_nothing(ready: Story) -> None:
    kept, own, foreign = brought_to(ready, "assigned"), brought_to(ready, "ledgered"), ready.log("outsider")
    with pytest.raises(Absent):
        act(ready, "supervisor", "merge", kept, [own, foreign])
    with pytest.raises(Invalid):
        act(ready, "supervisor", "merge", kept, [])
    with pytest.raises(Invalid):
        act(ready, "supervisor", "merge", kept, [own], " ")
    assert "请选择另一件在办的问题" in act(ready, "supervisor", "merge", kept, [kept])[0]
    assert "不能办理“撤销并案”" in act(ready, "supervisor", "unmerge", kept, [own])[0]
    assert (ready.get(Case, own).state, ready.get(Case, foreign).state) == ("ledgered", "reported")


def test_a_case_stands_in_the_ledger_of_each_of_its_sources(ready: Story) -> None:
    case_id, other = brought_to(ready, "assigned"), ready.log(source_kind="audit", discovery="audit")
    ready.case("inspector", case_id, "add_source", source_kind="hotline", discovery="citizen", reference="热19号")
    assert found(ready, "head_a", source="hotline") == found(ready, "supervisor", source="hotline") == [case_id]
    assert found(ready, "supervisor", source="inspection") == [case_id]
    assert found(ready, "supervisor", source="audit") == [other]
    assert found(ready, "supervisor", source="media") == []
    act(ready, "supervisor", "merge", case_id, [other])
    assert found(ready, "supervisor", source="audit") == [case_id]
    act(ready, "supervisor", "unmerge", case_id, [other])
    assert found(ready, "supervisor", source="audit") == [other]


def test_of_the_sources_of_merged_cases_the_dearest_is_deducted_once(ready: Story) -> None:
    kept = brought_to(ready, "assigned", discovery="city")
    others = [brought_to(ready, "assigned", discovery=by) for by in ("province", "media_province", "city")]
    act(ready, "supervisor", "merge", kept, others)
    in_force = [row for row in ready.entries("A") if row[4] != "reversed"]
    assert [row[3] for row in in_force] == [Decimal(-3)]
    assert ready.total("A") == (Decimal(0), Decimal(-3))
    act(ready, "supervisor", "unmerge", kept, others)
    assert ready.total("A") == (Decimal(0), Decimal("-0.5") + Decimal(-1) + Decimal(-3) + Decimal("-0.5"))


def test_what_came_with_a_merge_is_told_in_the_words_of_its_case(ready: Story) -> None:
    kept, other = brought_to(ready, "assigned"), admitted(ready, text="热线反映的原话", contact="张三")
    act(ready, "supervisor", "merge", kept, [other])
    copied = ready.newest(CaseSource, case_id=kept)
    assert (copied.text, copied.merged_from_id, copied.contact) == ("热线反映的原话", other, "张三")
    act(ready, "supervisor", "unmerge", kept, [other])
    copied = ready.newest(CaseSource, case_id=kept)
    assert (copied.withdrawn_event_id is not None, copied.contact) == (True, None)
    assert ready.newest(CaseSource, case_id=other).contact == "张三"
