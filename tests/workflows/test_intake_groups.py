"""Names of many units in one cell: what they mean is said once, and every row gets all of them."""

import pytest

from app.core.errors import Invalid
from app.ledgers.intake import EVERY_KIND, ImportBatch
from app.people import UnitAlias, visible
from app.workflows import Context
from app.workflows.intake import judge_again
from app.workflows.intake_names import AllOf, forget_name, match_units
from tests.databases import Databases
from tests.people import Cast
from tests.stock import ready_cast
from tests.workflows.imports import GOOD, events, hand_in, ledger, rows_of, verdicts

AS_ASSISTING = (*GOOD[:5], "县直各单位", *GOOD[6:])
AS_LEAD = (2, GOOD[1], "大气污染防治", GOOD[3], "全县各单位", "", *GOOD[6:])
FIRST_NAMED = (3, GOOD[1], "防汛准备", GOOD[3], "县水利局、全县各单位", "", *GOOD[6:])


@pytest.fixture
def cast(databases: Databases) -> Cast:
    return ready_cast(databases)


def match(cast: Cast, batch_id: int, **meant: AllOf) -> None:
    """Say what names mean and judge the file again."""
    with cast.begin("inspector") as (session, actor):
        context, batch = Context(session, actor, cast.clock.now()), session.get_one(ImportBatch, batch_id)
        match_units(context, batch, None, meant)
        judge_again(context, batch)


def test_name_of_all_units_of_a_kind_gives_the_row_all_of_them(cast: Cast) -> None:
    batch_id = hand_in(cast, ledger(AS_ASSISTING))
    assert verdicts(cast, batch_id) == ["wrong"]
    match(cast, batch_id, 县直各单位=AllOf("department"))
    (row,) = rows_of(cast, batch_id)
    assert row.verdict == "new"
    assert "县水利局" in row.facts["assisting"].split("、")
    assert row.facts["lead"] not in row.facts["assisting"].split("、")
    assert verdicts(cast, hand_in(cast, ledger(AS_ASSISTING))) == ["new"]
    assert events(cast, "import.unit_matched")[0].data["kind"] == "department"


def test_whoever_was_chosen_leads_where_the_name_stands_for_the_lead(cast: Cast) -> None:
    batch_id = hand_in(cast, ledger(AS_LEAD))
    match(cast, batch_id, 全县各单位=AllOf(EVERY_KIND, cast.units["B"]))
    (row,) = rows_of(cast, batch_id)
    assert (row.verdict, row.is_doubtful, row.facts["lead"]) == ("new", True, "县水利局")
    assert {"东山镇", "西河镇"} <= set(row.facts["assisting"].split("、"))


def test_name_of_many_leads_not_by_itself_but_after_one_that_does(cast: Cast) -> None:
    batch_id = hand_in(cast, ledger(AS_LEAD, FIRST_NAMED))
    match(cast, batch_id, 全县各单位=AllOf(EVERY_KIND))
    alone, named = rows_of(cast, batch_id)
    assert [problem["reason"] for problem in alone.problems] == ["“全县各单位”不是一个单位，牵头单位只能有一个"]
    assert (named.verdict, named.facts["lead"]) == ("new", "县水利局")


def test_kind_or_lead_that_is_not_there_is_refused(cast: Cast) -> None:
    batch_id = hand_in(cast, ledger(AS_LEAD))
    for meant in (AllOf("village"), AllOf(EVERY_KIND, cast.units["Y"])):
        with pytest.raises(Invalid):
            match(cast, batch_id, 全县各单位=meant)


def test_name_of_many_is_forgotten_like_any_other(cast: Cast) -> None:
    batch_id = hand_in(cast, ledger(AS_ASSISTING))
    match(cast, batch_id, 县直各单位=AllOf("department"))
    with cast.begin("supervisor") as (session, actor):
        alias = session.scalars(visible(UnitAlias, actor)).one()
        forget_name(Context(session, actor, cast.clock.now()), alias)
    assert verdicts(cast, hand_in(cast, ledger(AS_ASSISTING))) == ["wrong"]


def test_who_leads_can_still_be_said_of_a_name_that_was_remembered_without(cast: Cast) -> None:
    batch_id = hand_in(cast, ledger(AS_LEAD))
    match(cast, batch_id, 全县各单位=AllOf(EVERY_KIND))
    (row,) = rows_of(cast, batch_id)
    assert [one["said"] for one in row.unmatched] == ["全县各单位"]
    assert row.facts["lead"] == "全县各单位"
    match(cast, batch_id, 全县各单位=AllOf(EVERY_KIND, cast.units["B"]))
    (row,) = rows_of(cast, batch_id)
    assert (row.verdict, row.facts["lead"]) == ("new", "县水利局")
