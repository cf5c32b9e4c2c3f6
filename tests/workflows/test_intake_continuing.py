"""Rows that an import left are put right and brought in later, without those that are in coming twice."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core.errors import Refused, Stale
from app.ledgers.cases import Case, CaseSource
from app.ledgers.intake import ImportBatch, ImportRow, layout_of
from app.workflows import Context
from app.workflows.intake import judge_again
from app.workflows.intake_continuing import continue_import
from app.workflows.intake_correcting import Typed, cells_of, correct_rows, digest_of
from app.workflows.intake_expiring import expire_imports
from tests.databases import Databases
from tests.people import Cast
from tests.stock import ready_cast
from tests.workflows.imports import GOOD, TWICE, choose, count, hand_in, ledger, rows_of, take_over, verdicts


@pytest.fixture
def cast(databases: Databases) -> Cast:
    return ready_cast(databases)


def go_on(cast: Cast, batch_id: int, version: int | None = None) -> int:
    """Open the rows that were left and return the id of the import that goes on with them."""
    with cast.begin("inspector") as (session, actor):
        context, batch = Context(session, actor, cast.clock.now()), session.get_one(ImportBatch, batch_id)
        rest = continue_import(context, batch, batch.version if version is None else version)
        judge_again(context, rest)
        return rest.id


def put_right(cast: Cast, batch_id: int, number: int, words: Mapping[str, str]) -> None:
    """Type words into a row and judge the file again."""
    with cast.begin("supervisor") as (session, actor):
        context, batch = Context(session, actor, cast.clock.now()), session.get_one(ImportBatch, batch_id)
        row = session.scalars(select(ImportRow).where(ImportRow.batch_id == batch_id, ImportRow.number == number)).one()
        seen = digest_of(cells_of(row, layout_of(session, batch.layout)))
        assert correct_rows(context, batch, {number: Typed(seen, words)}).changed == [number]
        judge_again(context, batch)


def test_rows_that_were_left_are_put_right_and_brought_in_once(cast: Cast) -> None:
    batch_id = hand_in(cast, ledger())
    assert take_over(cast, batch_id) == {"created": 2, "left": 4}
    rest = go_on(cast, batch_id)
    assert verdicts(cast, rest) == ["new", "wrong", "wrong", "duplicate"]
    impossible = rows_of(cast, rest)[1]
    put_right(cast, rest, impossible.number, {"found_on": "2026年2月28日"})
    choose(cast, rest, rows_of(cast, rest)[0].number)
    assert take_over(cast, rest) == {"created": 2, "left": 2}
    assert count(cast, Case) == 4
    assert take_over(cast, hand_in(cast, ledger())) == {"known": 3, "left": 3}


def test_row_that_repeats_one_brought_in_before_is_another_problem_once_confirmed(cast: Cast) -> None:
    batch_id = hand_in(cast, ledger(GOOD, TWICE))
    take_over(cast, batch_id)
    rest = go_on(cast, batch_id)
    assert verdicts(cast, rest) == ["duplicate"]
    assert take_over(cast, rest) == {"left": 1}
    last = go_on(cast, rest)
    choose(cast, last, rows_of(cast, last)[0].number)
    assert take_over(cast, last) == {"created": 1}
    with cast.database.session(read_only=True) as session:
        identities = set(session.scalars(select(CaseSource.identity)))
    assert {str(one).partition("#")[2] for one in identities} == {"", "2"}
    assert verdicts(cast, hand_in(cast, ledger(GOOD, TWICE))) == ["unchanged", "unchanged"]


def test_it_is_done_once_and_only_with_rows_that_were_left(cast: Cast) -> None:
    batch_id = hand_in(cast, ledger())
    with pytest.raises(Refused, match="没有留下"):
        go_on(cast, batch_id)
    take_over(cast, batch_id)
    with pytest.raises(Stale):
        go_on(cast, batch_id, version=99)
    go_on(cast, batch_id)
    with pytest.raises(Refused, match="已经转到后一批"):
        go_on(cast, batch_id)
    whole = hand_in(cast, ledger(GOOD))
    take_over(cast, whole)
    with pytest.raises(Refused, match="没有留下"):
        go_on(cast, whole)


def test_what_was_read_of_rows_that_were_left_stays_with_one_import_and_goes_after_its_time(cast: Cast) -> None:
    batch_id = hand_in(cast, ledger())
    take_over(cast, batch_id)
    rest = go_on(cast, batch_id)
    assert not any(row.reading for row in rows_of(cast, batch_id))
    assert all(row.reading for row in rows_of(cast, rest))
    take_over(cast, rest)
    with cast.database.begin() as session:
        expire_imports(session, cast.clock.now().at + timedelta(days=1))
    assert not any(row.reading or row.contact for row in rows_of(cast, rest))
    with pytest.raises(Refused, match="没有留下"):
        go_on(cast, rest)
