"""A county from a workbook: template, dry run, one transaction, codes once; the same file again changes nothing."""

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import func, select

from app.audit import Event, broken_chains
from app.core.errors import Invalid, Refused
from app.documents.roster import read_roster, write_codes, write_template
from app.ledgers.roster import MANDATES, PERSONS, TABLES, UNITS, Plan
from app.people import Mandate, Person, Unit
from app.workflows import Applied, IssuedCode, apply_roster, check_credentials, judge_roster, tables_of
from tests.databases import Databases
from tests.people import Cast
from tests.stock import ready_cast

FILLED = {
    "单位": [
        ["", "测试县城管局", "城管局", "县直部门", "", "城管、执法局"],
        ["", "环卫股", "", "股室", "城管局", ""],
        ["", "坏单位", "", "星球", "", ""],
    ],
    "账号": [
        ["zhou", "周一", "局长", "执法局", "138 0000 0001"],
        ["=cmd", "吴二", "", "城管局", ""],
        ["sun", "=SUM(1)", "", "城管局", ""],
        ["qian", "钱四", "", "坏单位", ""],
    ],
    "任职": [
        ["zhou", "单位负责人", "城管局", "", "", ""],
        ["sun", "县级分管领导", "测试县", "2026-03-01", "2026年12月31日", "城管局、东山镇"],
        ["security", "督查员", "测试县", "", "", ""],
    ],
}


@pytest.fixture
def cast(databases: Databases) -> Cast:
    """The cast of the county."""
    return ready_cast(databases)


def fill_template(folder: Path, filled: dict[str, list[list[str]]] = FILLED) -> Path:
    """Fill the template in as an office would."""
    book = openpyxl.load_workbook(BytesIO(write_template()))
    for name, rows in filled.items():
        for row in rows:
            book[name].append(row)
    for sheet in book:
        for cell in (cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)):
            cell.data_type = "s"
    path = folder / "花名册.xlsx"
    book.save(path)
    return path


def bring_in(cast: Cast, username: str, path: Path) -> tuple[Plan, Applied]:
    """Judge and apply a file as somebody."""
    with cast.begin(username) as (session, actor):
        sheets = read_roster(path, path.name, tables_of(actor))
        moment, authority = cast.clock.now(), cast.units["C"]
        plan = judge_roster(session, actor, moment, sheets, authority)
        return plan, apply_roster(session, actor, moment, plan, authority)


def statuses(plan: Plan) -> list[str]:
    """Return the statuses in order."""
    return [line.status for line in plan.lines]


def test_each_administrator_brings_in_the_own_sheets(cast: Cast, tmp_path: Path) -> None:
    path = fill_template(tmp_path)
    plan, applied = bring_in(cast, "admin", path)
    assert statuses(plan) == ["new", "new", "wrong", "new", "wrong", "new", "wrong"]
    assert [code.username for code in applied.codes] == ["zhou", "sun"]
    assert applied.codes[0].unit == "测试县城管局"
    plan, applied = bring_in(cast, "security", path)
    assert statuses(plan) == ["new", "new", "wrong"]
    with cast.database.session(read_only=True) as session:
        unit = session.scalars(select(Unit).where(Unit.name == "环卫股")).one()
        assert session.get_one(Unit, unit.parent_id).name == "测试县城管局"
        kinds = {kind: count for kind, count in session.execute(select(Event.kind, func.count()).group_by(Event.kind))}
        assert kinds == {"account.create": 2, "mandate.grant": 2, "unit.create": 2}
        assert list(broken_chains(session)) == []
        person = session.scalars(select(Person).where(Person.username == "sun")).one()
    cast.persons["sun"] = person.id
    with cast.begin("sun") as (_, actor):
        assert actor.portfolio == {unit.parent_id, cast.units["T"]}


def test_same_file_again_changes_nothing(cast: Cast, tmp_path: Path) -> None:
    path = fill_template(tmp_path)
    for username in ("admin", "security"):
        bring_in(cast, username, path)
    with cast.database.session(read_only=True) as session:
        before = [session.scalar(select(func.count()).select_from(table)) for table in (Unit, Person, Mandate, Event)]
    cast.at("2026-03-09")
    for username in ("admin", "security"):
        plan, applied = bring_in(cast, username, path)
        assert set(statuses(plan)) == {"unchanged", "wrong"}
        assert (applied.written, applied.codes) == (0, [])
    with cast.database.session(read_only=True) as session:
        after = [session.scalar(select(func.count()).select_from(table)) for table in (Unit, Person, Mandate, Event)]
    assert before == after


def test_changed_cells_are_written_and_nothing_else(cast: Cast, tmp_path: Path) -> None:
    bring_in(cast, "admin", fill_template(tmp_path))
    changed = {"账号": [["zhou", "周一一", "", "城管局", ""]]}
    plan, applied = bring_in(cast, "admin", fill_template(tmp_path, changed))
    assert plan.lines[0].changes == [("姓名", "周一", "周一一")]
    with cast.database.session(read_only=True) as session:
        person = session.scalars(select(Person).where(Person.username == "zhou")).one()
    assert (person.name, person.title, person.phone, applied.codes) == (
        "周一一",
        "局长",
        "138 0000 0001".replace(" ", ""),
        [],
    )


def test_codes_of_the_list_open_the_accounts(cast: Cast, tmp_path: Path) -> None:
    _, applied = bring_in(cast, "admin", fill_template(tmp_path))
    book = openpyxl.load_workbook(BytesIO(write_codes(applied.codes)))
    rows = [tuple(str(cell.value) for cell in row) for row in book.active.iter_rows(min_row=2)]  # type: ignore[union-attr]
    with cast.database.session(read_only=True) as session:
        for _, _, username, code, _ in rows:
            assert check_credentials(session, username, code, cast.clock.now().at).has_code


def test_administrator_cannot_bring_in_mandates(cast: Cast, tmp_path: Path) -> None:
    path = fill_template(tmp_path)
    bring_in(cast, "admin", path)
    with cast.begin("security") as (session, actor):
        sheets = read_roster(path, path.name, (MANDATES,))
        plan = judge_roster(session, actor, cast.clock.now(), sheets, cast.units["C"])
    with cast.begin("admin") as (session, actor), pytest.raises(Refused, match="安全管理员"):
        apply_roster(session, actor, cast.clock.now(), plan, cast.units["C"])
    with cast.begin("admin") as (_, actor):
        assert tables_of(actor) == (UNITS, PERSONS)
    with cast.begin("supervisor") as (_, actor):
        assert tables_of(actor) == ()


def test_stranger_file_is_refused_with_words(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    openpyxl.Workbook().save(path)
    with pytest.raises(Invalid, match="没有名为“单位”、“账号”、“任职”的工作表"):
        read_roster(path, path.name, TABLES)


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1"])
def test_names_in_the_list_of_codes_never_become_formulas(words: str) -> None:
    book = openpyxl.load_workbook(BytesIO(write_codes([IssuedCode(1, words, words, words, "CODE", 24)])))
    row = next(book.active.iter_rows(min_row=2))  # type: ignore[union-attr]
    assert [cell.data_type for cell in row] == ["s"] * 5
    assert row[0].value == words
