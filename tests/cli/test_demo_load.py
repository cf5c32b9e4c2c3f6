"""`flask demo load`: the lived quarter keeps every rule of the house, on both databases, and is the same for one seed."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from app.audit import Event, broken_chains
from app.calendar import state_calendar
from app.cli.demo.build import Key
from app.cli.demo.quarter import Wanted, live_quarter
from app.cli.verify import find
from app.core.clock import Moment, SetClock
from app.core.db import Database
from app.ledgers.bulletins import Bulletin
from app.ledgers.cases import Case, Evidence, Listing, Plan, Request
from app.ledgers.cases.words import LISTING_REASONS, STATES
from app.ledgers.scores import Objection, ScoreEntry, Standing, Total
from app.ledgers.slips import Slip
from app.ledgers.talks import Commitment, Instruction, Interview
from app.ledgers.talks.words import COMMITMENT_STATES, INTERVIEW_STATES
from app.people import Unit
from app.workflows import CASE
from config import Settings
from tests.client import app_for
from tests.databases import Databases, PostgresqlDatabases, SqliteDatabases

pytestmark = pytest.mark.xdist_group("quarter")  # lived once for each engine, by one worker
LAST = date(2026, 5, 15)
SHORT = Wanted(LAST, seed=7, cases=50, days=75)
KEY = Key("a password for the tests", Moment.on(LAST))


def fill(database: Database, folder: Path) -> None:
    live_quarter(database, folder, SHORT, KEY)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "evidence"


@pytest.fixture
def quarter(databases: Databases, folder: Path) -> Iterator[Database]:
    """A short quarter, lived once for each engine."""
    print(f"seed {SHORT.seed}")
    database = databases.fresh("quarter", partial(fill, folder=folder))
    yield database
    database.dispose()


def read(database: Database, query: Select) -> list:  # type: ignore[type-arg]
    with database.session(read_only=True) as session:
        return list(session.execute(query))


def test_totals_equal_the_fold_of_entries(quarter: Database) -> None:
    columns = (ScoreEntry.unit_id, ScoreEntry.year, ScoreEntry.points, ScoreEntry.reverses_id, Standing.state)
    fold: dict[tuple[int, int], dict[str, Decimal]] = defaultdict(
        lambda: {"confirmed": Decimal(0), "proposed": Decimal(0)}
    )
    for unit_id, year, points, _, state in read(quarter, select(*columns).join(Standing)):
        if state != "reversed":
            fold[unit_id, year]["confirmed" if state == "confirmed" else "proposed"] += points
    totals = read(quarter, select(Total.unit_id, Total.year, Total.confirmed, Total.proposed))
    assert len(totals) > 10
    for unit_id, year, confirmed, proposed in totals:
        assert fold[unit_id, year] == {"confirmed": confirmed, "proposed": proposed}


def test_every_state_of_a_case_is_reached_by_its_events(quarter: Database) -> None:
    table = {(t.name, source) for t in CASE.transitions for source in t.source}
    now: dict[str, str] = {}
    query = select(Event.subject, Event.kind, Event.source, Event.dest).where(Event.subject.startswith("case:"))
    for subject, kind, source, dest in read(quarter, query.where(Event.dest.is_not(None)).order_by(Event.id)):
        assert source == now.get(subject, "new"), (subject, kind)
        assert (kind.removeprefix("case."), source) in table
        now[subject] = dest
    assert now == {f"case:{case_id}": state for case_id, state in read(quarter, select(Case.id, Case.state))}


def test_every_state_is_met(quarter: Database) -> None:
    assert {state for (state,) in read(quarter, select(Case.state))} == set(STATES)


def test_slips_were_signed_answered_taken_back_and_some_wait(quarter: Database) -> None:
    states = {state for (state,) in read(quarter, select(Slip.state))}
    assert states >= {"draft", "acknowledged", "settled", "withdrawn"}
    assert {origin for (origin,) in read(quarter, select(Slip.origin))} == {"escalation", "direct"}
    numbered = read(quarter, select(Slip.type_code, Slip.year, Slip.serial).where(Slip.number.is_not(None)))
    for code, year in {(code, year) for code, year, _ in numbered}:
        serials = sorted(serial for c, y, serial in numbered if (c, y) == (code, year))
        assert serials == list(range(1, len(serials) + 1))


def test_chains_protections_sums_and_files_hold(quarter: Database, folder: Path) -> None:
    with quarter.session(read_only=True) as session:
        assert list(broken_chains(session)) == []
    settings = Settings(folder.parent, quarter.url)
    with app_for(settings, database=quarter).app_context():
        assert [finding for finding in find(quarter, folder.parent, []) if finding.wrong] == []
    assert read(quarter, select(func.count()).select_from(Evidence))[0][0] > 50


def test_nothing_is_confirmed_unheard(quarter: Database) -> None:
    calendar = state_calendar()
    query = (
        select(Standing, ScoreEntry.posted_at, Event.day, Event.kind)
        .join(ScoreEntry)
        .join(Event, Event.id == Standing.event_id)
    )
    confirmed = read(quarter, query.where(Standing.state == "confirmed"))
    assert len(confirmed) > 20
    for standing, posted_at, day, kind in confirmed:
        assert standing.told_on >= Moment.of(posted_at).day
        assert standing.object_until == calendar.add_working(standing.told_on, 3)
        assert day > standing.object_until or kind == "objection.dismiss"


def test_interviews_commitments_and_instructions_are_met_in_every_state_and_a_bulletin_is_issued(
    quarter: Database,
) -> None:
    assert {state for (state,) in read(quarter, select(Interview.state))} == set(INTERVIEW_STATES)
    assert {state for (state,) in read(quarter, select(Commitment.state))} == set(COMMITMENT_STATES)
    assert {state for (state,) in read(quarter, select(Instruction.state))} >= {"replied", "settled"}
    assert sorted(read(quarter, select(Bulletin.state, Bulletin.issue))) == [("draft", None), ("issued", 1)]


def test_every_desk_has_something_waiting(quarter: Database) -> None:
    asked = {tuple(row) for row in read(quarter, select(Request.kind, Request.state))}
    kinds = ("extension", "return_assignment", "terminate", "void", "long_term", "rebound")
    assert asked >= {(kind, "asked") for kind in kinds} | {("extension", "drafted")}
    assert {state for (state,) in read(quarter, select(Plan.state))} == {"drafted", "approved", "sent_back", "passed"}
    assert {state for (state,) in read(quarter, select(Objection.state))} >= {"asked", "drafted"}
    assert {state for (state,) in read(quarter, select(Standing.state))} == {
        "proposed",
        "contested",
        "confirmed",
        "reversed",
    }
    reasons = {"overdue", "false", "rebound", "returned", "rejected", "merged", "voided", "terminated"}
    listed = {reason for (reason,) in read(quarter, select(Listing.reason))}
    assert reasons <= listed <= set(LISTING_REASONS)  # whether a slip goes as far as being copied is chance


def test_town_has_a_ledger_of_its_own_and_the_county_a_parent_that_waits_and_one_that_could_be_submitted(
    quarter: Database,
) -> None:
    above = aliased(Case)
    children = select(above.state, Case.state).join(above, Case.parent_id == above.id).order_by(Case.id)
    assert sorted(map(tuple, read(quarter, children))) == [("rectifying", "rectifying"), ("submitted", "closed")]
    town = select(Unit.id).where(Unit.is_authority, Unit.parent_id.is_not(None)).scalar_subquery()
    own = read(quarter, select(Case.state, Case.number).where(Case.authority_id == town, Case.parent_id.is_(None)))
    assert sorted(state for state, _ in own) == ["closed", "rectifying", "rectifying", "reported", "submitted"]
    assert [bool(number) for state, number in own] == [state != "reported" for state, _ in own]
    charged = select(Unit.authority_id).join(ScoreEntry, ScoreEntry.unit_id == Unit.id)
    assert {of for (of,) in read(quarter, charged.where(ScoreEntry.authority_id == town))} <= {
        of for (of,) in read(quarter, select(town))
    }


def story_of(database: Database) -> list:  # type: ignore[type-arg]
    """Return all that happened, hashes included: they cover who, what, when, and every file."""
    columns = (Event.chain_id, Event.seq, Event.at, Event.kind, Event.subject, Event.actor_id, Event.hash)
    return read(database, select(*columns).order_by(Event.chain_id, Event.seq))


def test_one_seed_is_one_story(
    sqlite_databases: SqliteDatabases, postgresql_databases: PostgresqlDatabases, folder: Path
) -> None:
    lived = partial(fill, folder=folder)  # once on each engine: two lives that share nothing but the seed
    first, again = sqlite_databases.fresh("quarter", lived), postgresql_databases.fresh("quarter", lived)
    assert story_of(first) == story_of(again)
    for database in (first, again):
        database.dispose()


def run(database: Database, instance: Path, *arguments: str) -> Result:
    clock = SetClock(Moment.on(date(2026, 5, 16)))
    application = app_for(Settings(instance, database.url), clock=clock, database=database)
    result = application.test_cli_runner().invoke(args=["demo", "load", *arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_command_ends_yesterday_and_writes_the_accounts_for_the_owner_alone(database: Database, instance: Path) -> None:
    result = run(database, instance, "--cases", "3")
    assert result.exit_code == 0
    accounts = instance / "demo-accounts.txt"
    assert accounts.stat().st_mode & 0o777 == 0o600
    text = accounts.read_text(encoding="utf-8")
    assert text in result.stdout
    assert "shencw" in text
    assert max(day for (day,) in read(database, select(Event.day))) <= LAST
    assert "2026-05-15（周五）" in result.stdout


def test_database_in_use_is_left_alone(database: Database, instance: Path) -> None:
    with database.begin() as session:
        session.add(Unit(code="C", name="某县", short_name="某县", kind="county", is_authority=True))
    result = run(database, instance)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "只载入空的数据库" in result.stderr
    assert read(database, select(Unit.name)) == [("某县",)]


@pytest.mark.parametrize(
    ("until", "said"),
    [("2026-05-16", "今天（2026-05-16）之前"), ("五月", "不是有效日期"), ("1999-01-01", "没有工作日历")],
)
def test_day_that_cannot_be_is_refused_in_words(database: Database, instance: Path, until: str, said: str) -> None:
    result = run(database, instance, "--until", until)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
