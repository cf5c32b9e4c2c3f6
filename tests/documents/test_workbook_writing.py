"""A ledger written as a workbook: what stands where, how it prints, what stays text, which pictures it carries."""

import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PIL import Image

from app.documents.workbook import Face, Written, read_sheet, write_ledger
from app.ledgers.intake import OWN_NUMBER, Layout, find_layout, load_layouts, read_rows

FACE = Face("云岭县台账", "填报单位：督考办", "填报日期：2026年4月10日")
PREFIXED = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠1",
    '=HYPERLINK("http://x")',
)
RISKY = (*PREFIXED, "=cmd|'/c calc'!A0", "{=1+1}")


def row(layout: Layout, number: int = 1, /, **values: Written) -> list[Written]:
    """Return a row of the layout: its number, and the values given by field."""
    kinds: dict[str, Written] = {"serial": number, "date": date(2026, 3, 1), "photos": ()}
    cells = [values.get(column.field, kinds.get(column.kind, "文字")) for column in layout.shown]
    return [*cells, f"督〔2026〕{number}号"]


@pytest.mark.parametrize("layout", load_layouts(), ids=lambda layout: layout.code)
def test_it_prints_on_a4_across_one_page_wide_with_the_header_on_each_page(layout: Layout, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    assert write_ledger(path, layout, FACE, (row(layout, number) for number in (1, 2))) == 2
    sheet = load_workbook(path).active
    assert sheet is not None
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    setup = sheet.sheet_properties.pageSetUpPr
    assert setup is not None
    assert (setup.fitToPage, sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (True, 1, 0)
    first = 3 + layout.depth - 1
    assert sheet.print_title_rows == f"$3:${first}"
    assert sheet.freeze_panes == f"A{first + 1}"
    assert sheet["A1"].value == "云岭县台账"
    assert str(sheet.merged_cells).startswith("A1:")
    signed = [sheet.cell(first + 3, place).value for place in range(1, len(layout.shown) + 1)]
    assert [words for words in signed if words] == list(layout.sign_off)


def test_the_two_level_header_is_merged_across_and_down(tmp_path: Path) -> None:
    layout = find_layout("整改台账")
    write_ledger(tmp_path / "a.xlsx", layout, FACE, [row(layout)])
    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    merged = {str(region) for region in sheet.merged_cells.ranges}
    assert {"A1:O1", "A2:H2", "I2:O2", "A3:A4", "G3:J3", "K3:K4", "O3:O4"} <= merged
    assert [sheet.cell(3, 7).value, sheet.cell(4, 7).value, sheet.cell(4, 10).value] == [
        "责任体系",
        "牵头单位",
        "责任人",
    ]


def test_the_number_of_the_case_stands_hidden_outside_the_printed_area(tmp_path: Path) -> None:
    layout = find_layout("重点任务落实")
    write_ledger(tmp_path / "a.xlsx", layout, FACE, [row(layout)])
    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    assert sheet.column_dimensions["G"].hidden
    assert sheet["G4"].value == "督〔2026〕1号"
    assert str(sheet.print_area).endswith("$A$1:$F$4")


@pytest.fixture(scope="module")
def risky(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A workbook of every shipped layout, with a row for each risky word, which stands in each of its columns."""
    folder, made = tmp_path_factory.mktemp("risky"), {}
    kinds: dict[str, Written] = {"serial": 1, "photos": ()}
    for layout in load_layouts():
        made[layout.code] = folder / f"{layout.code}.xlsx"
        rows: list[list[Written]] = [
            [kinds.get(column.kind, words + column.label) for column in (*layout.shown, OWN_NUMBER)] for words in RISKY
        ]
        write_ledger(made[layout.code], layout, FACE, rows)
    return made


@pytest.mark.parametrize("words", RISKY)
def test_what_looks_like_a_formula_stays_text_in_every_column_of_every_layout(
    words: str, risky: dict[str, Path]
) -> None:
    for layout in load_layouts():
        sheet = load_workbook(risky[layout.code]).worksheets[0]
        row = 3 + layout.depth + RISKY.index(words)
        for place, column in enumerate(layout.shown, start=1):
            if column.kind not in ("serial", "photos"):
                cell = sheet.cell(row, place)
                assert (cell.data_type, cell.number_format, cell.quotePrefix) == ("s", "@", words[0] != "{"), (
                    column.label
                )


@pytest.mark.parametrize("layout", load_layouts(), ids=lambda layout: layout.code)
def test_what_looks_like_a_formula_comes_back_as_it_was(layout: Layout, risky: dict[str, Path]) -> None:
    with zipfile.ZipFile(risky[layout.code]) as package:
        content = package.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in content
    assert b"hyperlink" not in content
    rows = read_rows(layout, read_sheet(risky[layout.code]).rows).rows
    assert [row.text("text") for row in rows] == [words.strip() + layout.label_of("text") for words in RISKY]


def test_a_text_longer_than_a_cell_is_cut(tmp_path: Path) -> None:
    layout, path = find_layout("整改台账"), tmp_path / "a.xlsx"
    write_ledger(path, layout, FACE, [row(layout, text="长" * 40_000)])
    said = str(load_workbook(path).worksheets[0]["D5"].value)
    assert len(said) == 32_767


def test_pictures_stand_in_their_cells_small_and_without_what_they_say_of_their_place(tmp_path: Path) -> None:
    layout, path = find_layout("销号申请单"), tmp_path / "a.xlsx"
    before, after, broken = tmp_path / "1.jpg", tmp_path / "2.png", tmp_path / "3.jpg"
    exif = Image.Exif()
    exif[0x010F] = "maker of the camera"
    Image.effect_noise((3000, 2000), 80).convert("RGB").save(before, exif=exif, quality=95)
    Image.new("RGBA", (50, 90), "red").save(after)
    broken.write_bytes(b"\xff\xd8\xff nothing")
    write_ledger(path, layout, FACE, [row(layout, before=(before, broken), after=(after,)), row(layout, 2)])
    with zipfile.ZipFile(path) as package:
        pictures = [name for name in package.namelist() if name.startswith("xl/media/")]
        contents = [package.read(name) for name in pictures]
    assert len(pictures) == 2
    assert max(len(content) for content in contents) < 200_000
    assert not [content for content in contents if b"maker" in content]
    sheet = load_workbook(path).worksheets[0]
    places = {(picture.anchor._from.row, picture.anchor._from.col) for picture in sheet._images}  # type: ignore[attr-defined]
    assert places == {(4, 10), (4, 11)}
    assert sheet.row_dimensions[5].height == layout.row_height
