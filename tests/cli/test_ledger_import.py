"""`flask ledger import`: what it says about a file, what it writes, and with which exit code it ends."""

import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from app.audit import Event
from app.core.clock import Moment
from app.core.db import Database
from app.ledgers.cases import Case
from app.ledgers.intake import ImportBatch
from app.people import Unit
from config import ROOT, Settings
from tests.client import app_for
from tests.people import Cast, make_cast
from tests.workflows.imports import HEAD, ROWS

DATA = Path(os.environ.get("DUKAO_REAL_DATA", ROOT.parent / "shared" / "data")) / "feedback"
MORE_UNITS = (
    *(("县城投公司", "department"), ("城关镇", "town"), ("青石镇", "town"), ("市生态环境局云岭分局", "department")),
    *(("县行政审批局", "department"), ("县农业农村局", "department"), ("县财政局", "department"), ("柳树乡", "town")),
    *(("县乡村振兴服务中心", "department"), ("县应急管理局", "department"), ("县消防救援大队", "department")),
    *(("县市场监督管理局", "department"), ("县综合行政执法局", "department"), ("县交通运输局", "department")),
    *(("县数据局", "department"), ("县发展和改革局", "department"), ("县统计局", "department"), ("流波镇", "town")),
    *(("县工业和信息化局", "department"), ("县教育体育局", "department"), ("丰谷镇", "town")),
)


@pytest.fixture
def cast(database: Database) -> Cast:
    return make_cast(database, "2026-03-02")


@pytest.fixture
def application(cast: Cast, instance: Path) -> Flask:
    settings = Settings(instance=instance, database_url=cast.database.url, owner_url=cast.database.owner_url)
    return app_for(settings, cast.clock, cast.database)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "台账.xlsx"
    write(path, [("填报日期：2026年2月20日",), HEAD, *ROWS])
    return path


def write(path: Path, rows: list[Any]) -> None:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("整改台账")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)


def run(application: Flask, *arguments: object) -> Result:
    with application.app_context():
        return application.test_cli_runner().invoke(args=["ledger", "import", *map(str, arguments)])


def count(cast: Cast, model: type) -> int:
    with cast.database.session(read_only=True) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def everything(cast: Cast) -> tuple[int, int, int]:
    return count(cast, Case), count(cast, Event), count(cast, ImportBatch)


def test_dry_run_names_wrong_rows_with_column_and_reason_and_writes_nothing(
    application: Flask, cast: Cast, file: Path, instance: Path
) -> None:
    result = run(application, file, "--layout", "整改台账")
    assert result.exit_code == 0, result.output
    assert "共 6 行，有误 2 行、新增 3 行、可能重复 1 行" in result.output
    assert "第 6 行（序号 4） 反馈时间：2026年2月30日不存在" in result.output
    assert "第 7 行（序号 5） 牵头单位：没有名为“县水务站”的单位" in result.output
    assert "第 8 行（序号 6） 与第 3 行相同" in result.output
    assert "整改时限：“2026年4月底前”读作 2026-04-30" in result.output
    assert "以县督查室督查室主任r的督查室主任任职办理" in result.output
    assert everything(cast) == (0, 0, 0)
    assert not list((instance / "imports").glob("*"))


def test_apply_takes_good_rows_over_and_the_second_time_changes_nothing(
    application: Flask, cast: Cast, file: Path, instance: Path
) -> None:
    first = run(application, file, "--layout", "整改台账", "--sheet", "整改台账", "--apply", "--take-doubtful")
    assert first.exit_code == 0, first.output
    assert "已登记 3 行、未导入 3 行" in first.output
    before = everything(cast)
    assert before[0] == 3
    assert len(list((instance / "imports").glob("*"))) == 1
    second = run(application, file, "--layout", "整改台账", "--apply", "--take-doubtful")
    assert "没有需要导入的内容，什么都没有改变" in second.output
    assert everything(cast) == before
    assert len(list((instance / "imports").glob("*"))) == 1


def test_unknown_unit_and_duplicate_are_taken_over_when_the_operator_says_so(
    application: Flask, cast: Cast, file: Path
) -> None:
    more = ("--match", "县水务站=县水利局", "--take", 8, "--take-doubtful")
    assert "有误 1 行、新增 4 行" in run(application, file, "--layout", "整改台账", *more).output
    assert "已登记 5 行" in run(application, file, "--layout", "整改台账", "--apply", *more).output


def test_dry_run_tells_duplicates_that_are_to_be_taken_from_those_held_back(
    application: Flask, cast: Cast, file: Path
) -> None:
    held, taken = "可能重复（不导入，确需导入用 --take 行号）：", "可能重复（已用 --take 指明，照样导入）："
    row = "\n  第 8 行（序号 6） 与第 3 行相同"
    write(file, [("填报日期：2026年2月20日",), HEAD, *ROWS, (7, *ROWS[-1][1:])])
    neither = run(application, file, "--layout", "整改台账").output
    assert f"{held}{row}\n  第 9 行" in neither
    assert taken not in neither
    for more in (("--take-doubtful",), ("--take-doubtful", "--apply")):
        one = run(application, file, "--layout", "整改台账", "--take", 8, *more).output
        assert f"{taken}{row}\n{held}\n  第 9 行（序号 7） 与第 3 行相同" in one
    assert count(cast, Case) == 4


def test_rows_with_something_to_confirm_are_left_out_and_named_unless_they_are_meant(
    application: Flask, cast: Cast, file: Path
) -> None:
    held, said = "待核对（不导入", "其中 2 行须核对后指明，没有指明的不导入：第 5、8 行。"
    for more in ((), ("--apply",)):
        output = run(application, file, "--layout", "整改台账", *more).output
        assert (held in output, said in output) == (True, True), output
        assert "待核对（已指明" not in output
    assert count(cast, Case) == 2
    one = run(application, file, "--layout", "整改台账", "--apply", "--take", 5).output
    assert "待核对（已指明，照样导入）：\n  第 5 行" in one
    assert (held not in one, count(cast, Case)) == (True, 3)


def test_row_to_take_that_was_not_read_is_refused(application: Flask, cast: Cast, file: Path) -> None:
    for more in ((), ("--apply",)):
        result = run(application, file, "--layout", "整改台账", "--take", 99999, *more)
        assert result.exit_code == 2
        assert "没有读到第 99999 行" in result.stderr
    assert count(cast, Case) == 0


def test_unreadable_file_ends_with_one_and_a_sentence(application: Flask, tmp_path: Path, instance: Path) -> None:
    page = tmp_path / "网页.xlsx"
    page.write_text("<html><table></table></html>", encoding="utf-8")
    for arguments in ((page,), (page, "--apply"), (tmp_path / "没有.xlsx",)):
        result = run(application, *arguments, "--layout", "整改台账")
        assert result.exit_code == 1
        assert result.stderr.startswith("错误：")
        assert "Traceback" not in result.output
    assert not list((instance / "imports").glob("*"))


def test_wrong_layout_sheet_person_and_authority_are_said_plainly(application: Flask, file: Path) -> None:
    said = {
        ("--layout", "无"): "没有名为“无”的台账版式",
        ("--layout", "网络问政"): "缺少列",
        ("--layout", "整改台账", "--sheet", "别的"): "工作表“别的”不存在",
        ("--layout", "整改台账", "--as", "head_a"): "没有督查员或督查室主任的有效任职",
        ("--layout", "整改台账", "--as", "outsider"): "没有督查员或督查室主任的有效任职",
        ("--layout", "整改台账", "--authority", "Q"): "没有代码为“Q”的督办机关",
        ("--layout", "整改台账", "--match", "甲=乙"): "--match",
    }
    for arguments, words in said.items():
        result = run(application, file, *arguments)
        assert (result.exit_code, words in result.stderr) == (1, True), result.output


def real(name: str) -> Path:
    if not (DATA / name).exists():
        pytest.skip(f"no real data at {DATA}: set DUKAO_REAL_DATA")
    return DATA / name


def test_real_ledger_of_an_office(application: Flask, cast: Cast) -> None:
    path = real("整改台账_样表.xlsx")
    cast.clock.moment = Moment.on(date(2026, 6, 1))
    with cast.database.begin() as session:
        county = cast.units["C"]
        for number, (name, kind) in enumerate(MORE_UNITS):
            unit = Unit(code=f"M{number}", name=name, short_name=name, kind=kind, parent_id=county, authority_id=county)
            session.add(unit)
    said = run(application, path, "--layout", "整改台账", "--sheet", "整改台账")
    assert "共 12 行，有误 2 行、新增 9 行、可能重复 1 行；新增中有 2 行待核对" in said.output
    assert "反馈时间：2026年2月30日不存在" in said.output
    assert "牵头单位：没有名为“县水务站”的单位" in said.output
    taking = ("--layout", "整改台账", "--apply", "--take-doubtful")
    assert "已登记 9 行" in run(application, path, *taking).output
    assert "什么都没有改变" in run(application, path, *taking).output
    with cast.database.session(read_only=True) as session:
        assert session.scalars(select(Case.title).where(Case.title.startswith("=1+1"))).one()


def test_three_hundred_real_messages(application: Flask, cast: Cast) -> None:
    path = real("网络问政留言_300.xlsx")
    assert "新增 300 行" in run(application, path, "--layout", "网络问政").output
    assert "已登记 300 行" in run(application, path, "--layout", "网络问政", "--apply", "--take-doubtful").output
    assert "已在台账 300 行" in run(application, path, "--layout", "网络问政", "--apply", "--take-doubtful").output
    assert count(cast, Case) == 300


def test_four_hundred_real_messages_to_leaders(application: Flask, cast: Cast) -> None:
    path = real("领导留言板_400.csv")
    cast.clock.moment = Moment.on(date(2026, 12, 1))
    assert "新增 400 行" in run(application, path, "--layout", "领导留言板").output
    assert "已登记 400 行" in run(application, path, "--layout", "领导留言板", "--apply", "--take-doubtful").output
    assert "已在台账 400 行" in run(application, path, "--layout", "领导留言板", "--apply", "--take-doubtful").output
    assert count(cast, Case) == 400
