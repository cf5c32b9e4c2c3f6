"""An import taken back: what nobody touched is voided, what it changed is as before, the rest stays and says why."""

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import select

from app.audit import broken_chains
from app.core.db import Database
from app.core.errors import Invalid, Refused, Stale
from app.ledgers.cases import Case, CaseSource, Listing
from app.ledgers.intake import ImportBatch
from app.people import visible
from app.workflows import Context
from app.workflows.intake_reversing import reverse_import
from tests.people import Cast, make_cast
from tests.story import Story
from tests.workflows.imports import (
    GOOD,
    IMPOSSIBLE,
    SELF,
    cases,
    changed,
    events,
    hand_in,
    ledger,
    rows_of,
    take_over,
    verdicts,
)

DONE = {"voided": 0, "restored": 0, "left": 0}


@pytest.fixture
def cast(database: Database) -> Cast:
    return make_cast(database, "2026-03-02")


def taken(cast: Cast, *rows: tuple[object, ...]) -> int:
    """Hand a ledger in, take it over and return the import's id."""
    batch_id = hand_in(cast, ledger(*rows))  # type: ignore[arg-type]
    take_over(cast, batch_id)
    return batch_id


def reverse(
    cast: Cast,
    batch_id: int,
    who: str = "inspector",
    reason: str = "报错了表",
    leave_moved: bool = False,
    ahead: int = 0,
) -> Counter[str]:
    """Take an import back; `ahead` is how far the version in the form is from the one on record."""
    with cast.begin(who) as (session, actor):
        batch = session.scalars(visible(ImportBatch, actor).where(ImportBatch.id == batch_id)).one()
        context = Context(session, actor, cast.clock.now())
        return reverse_import(context, batch, batch.version + ahead, reason, leave_moved)


def test_untouched_cases_are_voided_with_an_event_each_and_stay_readable(cast: Cast) -> None:
    batch_id = taken(cast, GOOD, SELF, IMPOSSIBLE)
    assert reverse(cast, batch_id) == DONE | {"voided": 2}
    assert [(case.state, case.ended_from) for case in cases(cast)] == [("voided", "reported")] * 2
    assert {str(case.ended_on) for case in cases(cast)} == {"2026-03-02"}
    done = events(cast, "case.take_back")
    assert [(one.source, one.dest, one.reason) for one in done] == [("reported", "voided", "报错了表")] * 2
    assert [case.ended_event_id for case in cases(cast)] == [one.id for one in done]
    assert [one.data["outcomes"] for one in events(cast, "import.reversed")] == [DONE | {"voided": 2}]
    assert [row.outcome for row in rows_of(cast, batch_id)] == ["voided", "voided", "left"]
    with cast.database.session(read_only=True) as session:
        assert not list(broken_chains(session))
        assert {one.reason for one in session.scalars(select(Listing))} == {"voided"}
        assert [bool(source.text) for source in session.scalars(select(CaseSource))] == [True, True]


def test_the_same_file_makes_new_cases_after_a_reversal(cast: Cast) -> None:
    reverse(cast, taken(cast, GOOD, SELF))
    again = hand_in(cast, ledger(GOOD, SELF))
    assert verdicts(cast, again) == ["new", "new"]
    assert take_over(cast, again) == {"created": 2}
    assert [case.state for case in cases(cast)] == ["voided", "voided", "reported", "reported"]


def test_case_that_has_moved_on_refuses_the_reversal_and_is_named(cast: Cast) -> None:
    batch_id = taken(cast, GOOD, SELF)
    Story(cast).case("supervisor", cases(cast)[0].id, "admit")
    with pytest.raises(Refused, match=r"有 1 件不能撤销：.*已是“已建账”.*只撤销其余 1 件"):
        reverse(cast, batch_id)
    assert [case.state for case in cases(cast)] == ["ledgered", "reported"]
    assert reverse(cast, batch_id, leave_moved=True) == DONE | {"voided": 1, "left": 1}
    assert [case.state for case in cases(cast)] == ["ledgered", "voided"]
    assert [row.outcome for row in rows_of(cast, batch_id)] == ["created", "voided"]
    assert verdicts(cast, hand_in(cast, ledger(GOOD, SELF))) == ["unchanged", "new"]


@pytest.mark.parametrize(
    ("name", "form", "reason"),
    [
        ("comment", {"reason": "去看过"}, "又有办理"),
        ("correct", {"title": "改过", "reason": "错字"}, "又有办理"),
        (
            "add_source",
            {"source_kind": "hotline", "discovery": "citizen", "reference": "H-1", "source_text": "热线"},
            "其他来源",
        ),
    ],
)
def test_case_that_somebody_worked_on_is_left(cast: Cast, name: str, form: dict[str, Any], reason: str) -> None:
    batch_id = taken(cast, GOOD)
    Story(cast).case("supervisor", cases(cast)[0].id, name, **form)
    with pytest.raises(Refused, match=reason):
        reverse(cast, batch_id)
    with pytest.raises(Refused, match="没有可以撤销的内容"):
        reverse(cast, batch_id, leave_moved=True)
    assert cases(cast)[0].state == "reported"


def test_what_an_import_changed_is_as_it_was_before(cast: Cast) -> None:
    taken(cast, GOOD)
    with cast.database.session(read_only=True) as session:
        before = session.scalars(select(CaseSource.text)).one()
    second = taken(cast, changed(GOOD, c3="河道无垃圾，岸坡复绿", c7="2026年7月31日", c8="已清一半"))
    (case,) = cases(cast)
    assert (case.standard, str(case.proposed_due_on)) == ("河道无垃圾，岸坡复绿", "2026-07-31")
    assert reverse(cast, second) == DONE | {"restored": 1}
    (case,) = cases(cast)
    assert (case.state, case.standard, str(case.proposed_due_on)) == ("reported", "河道无垃圾", "2026-06-30")
    with cast.database.session(read_only=True) as session:
        assert session.scalars(select(CaseSource.text)).one() == before
    assert len(events(cast, "case.source_restored")) == 1
    again = hand_in(cast, ledger(changed(GOOD, c3="河道无垃圾，岸坡复绿")))
    assert [set(row.changes) for row in rows_of(cast, again)] == [{"standard"}]


def test_change_that_was_changed_again_is_not_restored(cast: Cast) -> None:
    taken(cast, GOOD)
    second = taken(cast, changed(GOOD, c3="第二次"))
    third = taken(cast, changed(GOOD, c3="第三次"))
    with pytest.raises(Refused, match="又有改动"):
        reverse(cast, second)
    assert reverse(cast, third) == DONE | {"restored": 1}
    assert cases(cast)[0].standard == "第二次"


def test_reversal_needs_the_mandate_of_the_import_a_reason_and_the_version_that_was_seen(cast: Cast) -> None:
    batch_id = taken(cast, GOOD)
    with pytest.raises(Exception, match="No row"):
        reverse(cast, batch_id, "outsider")
    for unfit in (" ", "来电13912345678要求撤销"):
        with pytest.raises(Invalid):
            reverse(cast, batch_id, reason=unfit)
    with pytest.raises(Stale):
        reverse(cast, batch_id, ahead=-1)
    assert cases(cast)[0].state == "reported"


def test_an_import_is_taken_back_once_and_only_after_it_was_made(cast: Cast) -> None:
    open_one = hand_in(cast, ledger(SELF))
    with pytest.raises(Refused, match="还没有导入"):
        reverse(cast, open_one)
    batch_id = taken(cast, GOOD)
    reverse(cast, batch_id)
    with pytest.raises(Refused, match="已经撤销"):
        reverse(cast, batch_id)
    with cast.database.session(read_only=True) as session:
        assert len(session.scalars(select(Case.id)).all()) == 1
