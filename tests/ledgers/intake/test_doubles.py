"""What an import takes for a second copy of something on record, and what not."""

import pytest
from sqlalchemy import event, select

from app.audit import Event
from app.core.db import Database
from app.workflows import Context
from app.workflows.judging import judge
from tests.people import Cast, make_cast
from tests.story import Story
from tests.workflows.imports import GOOD, cases, changed, choose, hand_in, ledger, rows_of, take_over, verdicts


@pytest.fixture
def cast(database: Database) -> Cast:
    return make_cast(database, "2026-03-02")


def test_same_words_under_another_date_are_held_back_until_a_person_says_so(cast: Cast) -> None:
    take_over(cast, hand_in(cast, ledger(GOOD)))
    batch_id = hand_in(cast, ledger(changed(GOOD, c6="2026年2月9日")))
    (row,) = rows_of(cast, batch_id)
    assert (row.verdict, row.case_id, row.repeats) == ("duplicate", cases(cast)[0].id, None)
    assert take_over(cast, batch_id) == {"left": 1}
    again = hand_in(cast, ledger(changed(GOOD, c6="2026年2月9日")))
    choose(cast, again, rows_of(cast, again)[0].number)
    assert take_over(cast, again) == {"created": 1}
    assert len(cases(cast)) == 2


def test_row_taken_anyway_is_known_again_and_its_other_words_are_told(cast: Cast) -> None:
    story = Story(cast)
    double = story.log(title="河道垃圾堆积", text="东山镇老街河道多处垃圾堆积，长期无人清理。")
    batch_id = hand_in(cast, ledger(GOOD))
    (row,) = rows_of(cast, batch_id)
    assert (row.verdict, row.case_id) == ("duplicate", double)
    choose(cast, batch_id, row.number)
    assert take_over(cast, batch_id) == {"created": 1}
    own = cases(cast)[-1].id
    assert own != double
    assert verdicts(cast, hand_in(cast, ledger(GOOD))) == ["unchanged"]
    story.assign(own, "A")
    batch_id = hand_in(cast, ledger(changed(GOOD, c3="已办结", c7="2027年6月30日")))
    (row,) = rows_of(cast, batch_id)
    assert (row.verdict, row.case_id, set(row.changes)) == ("changed", own, {"standard", "due_on"})
    assert take_over(cast, batch_id) == {"noted": 1}
    with cast.database.session(read_only=True) as session:
        told = session.scalars(select(Event).where(Event.kind == "case.source_changed")).all()
    assert [one.case_id for one in told] == [own]


def test_what_was_logged_by_hand_is_found_too_and_a_rejected_case_is_not(cast: Cast) -> None:
    story = Story(cast)
    case_id = story.log(title="河道垃圾", text="河道垃圾堆积，无人清理。")
    assert verdicts(cast, hand_in(cast, ledger(GOOD))) == ["duplicate"]
    story.case("supervisor", case_id, "reject", reason="不属本级")
    assert verdicts(cast, hand_in(cast, ledger(GOOD))) == ["new"]


def test_phrases_that_offices_repeat_hold_nothing_back(cast: Cast) -> None:
    take_over(cast, hand_in(cast, ledger(changed(GOOD, c2="东山镇李家村三组河道垃圾堆积，群众反映强烈。"))))
    other = changed(GOOD, c2="西河镇王庄小学门口路灯损坏，群众反映强烈。")
    assert verdicts(cast, hand_in(cast, ledger(other))) == ["new"]


def test_another_countys_cases_are_no_doubles(cast: Cast) -> None:
    theirs = hand_in(cast, ledger(changed(GOOD, c4="邻县教育局", c5="")), "outsider")
    assert take_over(cast, theirs, who="outsider") == {"created": 1}
    assert verdicts(cast, hand_in(cast, ledger(changed(GOOD, c6="2026年2月9日")))) == ["new"]


def test_how_far_the_looking_is_is_told_while_it_goes_on(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.workflows.judging.BEAT", 1)
    monkeypatch.setattr("app.ledgers.cases.alike.TOGETHER", 1)
    take_over(cast, hand_in(cast, ledger(GOOD)))
    reading = ledger(*(changed(GOOD, c6=f"2026年2月{day}日") for day in (9, 10, 11)))
    asked: list[str] = []
    told: list[tuple[int, int]] = []
    event.listen(cast.database.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    with cast.database.session(read_only=True) as session:
        context = Context(session, cast.actor(session, "inspector"), cast.clock.now())
        judged = judge(context, cast.units["C"], reading, {}, lambda done: told.append((done, len(asked))))
    assert [one.verdict for one in judged] == ["duplicate"] * 3
    assert [done for done, _ in told] == [1, 2, 3]
    assert told[0][1] < told[1][1] < told[2][1]
