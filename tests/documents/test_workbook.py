"""Workbooks of every kind that offices use become the same plain sheet."""

import io
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from PIL import Image

from app.core.sheet import Cell
from app.documents.workbook import UnreadableWorkbook, read_sheet
from tests.documents.old_workbook import write_old


def workbook(path: Path) -> Path:
    """Write two sheets: one with every kind of value and merged cells, one hidden and one more."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("台账")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.merge_range("A1:C1", "标题")
        sheet.merge_range("A2:A3", "合并")
        sheet.write("B2", 3.0)
        sheet.write("C2", 2.5)
        sheet.write("B3", True)
        sheet.write_string("C3", "=1+1")
        sheet.write_datetime("A4", datetime(2026, 3, 1), day)  # noqa: DTZ001 - a civil date
        sheet.write_datetime("B4", datetime(2026, 3, 1, 9, 30), moment)  # noqa: DTZ001 - a civil time
        book.add_worksheet("附表").write(0, 0, "附")
        book.add_worksheet("藏着").hide()
    return path


def test_every_kind_of_value_arrives_and_merged_cells_are_filled(tmp_path: Path) -> None:
    sheet = read_sheet(workbook(tmp_path / "a.xlsx"))
    assert sheet.name == "台账"
    assert sheet.rows == (
        ("标题", "标题", "标题"),
        ("合并", 3, 2.5),
        ("合并", True, "=1+1"),
        (date(2026, 3, 1), datetime(2026, 3, 1, 9, 30), None),  # noqa: DTZ001 - a civil time
    )
    assert isinstance(sheet.rows[1][1], int)


def test_rows_begin_with_row_one_of_the_sheet(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        book.add_worksheet().write("C3", "值")
    assert read_sheet(tmp_path / "a.xlsx").rows == ((None,) * 3, (None,) * 3, (None, None, "值"))


def test_a_sheet_is_chosen_by_name_by_preference_or_as_the_first_visible(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx")
    assert read_sheet(path, sheet="附表").name == "附表"
    assert read_sheet(path, preferred="附表").name == "附表"
    assert read_sheet(path, preferred="别的").name == "台账"
    assert read_sheet(path).names == ("台账", "附表")


@pytest.mark.parametrize("wanted", ["没有", "藏着"])
def test_a_sheet_that_is_absent_or_hidden_is_answered_with_the_choice(wanted: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableWorkbook) as refused:
        read_sheet(workbook(tmp_path / "a.xlsx"), sheet=wanted)
    assert refused.value.errors == {"sheet": f"工作表“{wanted}”不存在，可选：台账、附表。"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_text_tables_are_read_in_every_encoding_of_offices(encoding: str, mark: str, tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    path.write_bytes(f'序号{mark}问题\r\n1{mark}"多行\n䃥溪"\r\n2\r\n'.encode(encoding))
    assert read_sheet(path).rows == (("序号", "问题"), ("1", "多行\n䃥溪"), ("2", None))


def test_the_kind_is_told_by_the_name_a_person_gave(tmp_path: Path) -> None:
    stored = workbook(tmp_path / "a.xlsx").rename(tmp_path / "4f2a")
    assert read_sheet(stored, filename="整改台账.XLSX").name == "台账"
    with pytest.raises(UnreadableWorkbook, match="不是Excel文件"):
        read_sheet(stored)


def test_a_name_is_never_an_option_of_the_reader(tmp_path: Path) -> None:
    assert read_sheet(workbook(tmp_path / "-c import os;.xlsx")).name == "台账"


def test_a_workbook_of_twenty_years_ago_is_read_like_a_new_one(tmp_path: Path) -> None:
    rows: list[tuple[Cell, ...]] = [
        ("标题", None, None),
        ("序号", "问题", "时间"),
        (1, "=1+1", date(2026, 3, 1)),
        (2, "䃥溪", 2026.4),
    ]
    sheet = read_sheet(write_old(tmp_path / "a.xls", rows, [(0, 0, 0, 2)]))
    assert sheet.name == "整改台账"
    assert sheet.rows == (("标题",) * 3, *rows[1:])


def test_the_sheet_of_a_text_table_has_the_name_a_person_gave(tmp_path: Path) -> None:
    stored = tmp_path / "4f2a9c.csv"
    stored.write_text("序号,问题\n1,路灯\n", encoding="utf-8")
    assert read_sheet(stored, filename="三月 问政.csv").names == ("三月 问政",)


HEAD = "序号,问题,单位,日期\n1,路灯,县住建局,3月1日\n"
AFTER = "3,河道,县水利局,3月3日\n"
SWALLOWING = {
    "to the end": '2,"护栏,县交通局,3月2日\n',
    "up to the next quote": '2,"护栏,县交通局,3月2日\n3,"河道",县水利局,3月3日\n',
    "up to an empty cell": '2,"护栏,县交通局,3月2日\n3,河道,"",3月3日\n',
    "up to a quote that ends a cell": '2,"护栏,县交通局,3月2日\n3,河道,县水利局,3月3日\n4,井盖",县水利局,3月3日\n',
}


@pytest.mark.parametrize("how", SWALLOWING)
def test_a_quote_that_never_closes_swallows_no_row(how: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(HEAD + SWALLOWING[how] + AFTER, encoding="utf-8")
    sheet = read_sheet(path)
    assert len(sheet.rows) == len(path.read_text(encoding="utf-8").splitlines())
    assert sheet.rows[2] == ("2", '"护栏', "县交通局", "3月2日")
    assert sheet.rows[-1] == ("3", "河道", "县水利局", "3月3日")
    assert sheet.quotes == ((3, 1, 3),)


def test_the_line_of_an_open_quote_is_that_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('序号,问题,单位\n1,"第一行\n第二行, 又一句\n第三行",县水利局\n2,井盖,"县住建局\n', encoding="utf-8")
    sheet = read_sheet(path)
    assert sheet.rows[1] == ("1", "第一行\n第二行, 又一句\n第三行", "县水利局")
    assert sheet.quotes == ((3, 2, 5),)


def test_a_quote_within_words_is_no_open_quote(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('序号,问题\n1,他说"好"的\n2,"他说"好"的"\n3,"他说""好""的"\n', encoding="utf-8")
    sheet = read_sheet(path)
    assert [row[0] for row in sheet.rows] == ["序号", "1", "2", "3"]
    assert sheet.rows[3][1] == '他说"好"的'
    assert sheet.quotes == ()


def test_a_table_full_of_open_quotes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("序号,问题\n" + 'x","\n' * 24_000, encoding="utf-8")
    with pytest.raises(UnreadableWorkbook, match="没有闭合") as refused:
        read_sheet(path)
    assert refused.value.reason == "quotes"


def test_formulas_whose_results_were_never_saved_are_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("台账").append(["标题", 1])
    sheet = book["台账"]
    sheet["B2"], sheet["A3"], sheet["AB3"] = "=SUM(1,1)", "=B2", '="文"&"字"'
    sheet["C2"] = "写着"
    book.save(tmp_path / "a.xlsx")
    found = read_sheet(tmp_path / "a.xlsx", sheet="台账")
    assert found.formulas == {(2, 1), (3, 0), (3, 27)}
    assert len(found.rows) == 3


def test_formulas_with_a_saved_result_are_values(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        book.add_worksheet("台账").write_formula("A1", "=1+1", None, 2)
    found = read_sheet(tmp_path / "a.xlsx")
    assert (found.rows, found.formulas) == (((2,),), frozenset())


def test_pictures_are_told_of(tmp_path: Path) -> None:
    assert not read_sheet(workbook(tmp_path / "a.xlsx")).has_pictures
    picture = io.BytesIO()
    Image.new("RGB", (4, 3)).save(picture, "PNG")
    with xlsxwriter.Workbook(tmp_path / "b.xlsx") as book:
        sheet = book.add_worksheet("台账")
        sheet.write(0, 0, "整改前")
        sheet.insert_image(1, 0, "a.png", {"image_data": picture})
    assert read_sheet(tmp_path / "b.xlsx").has_pictures
