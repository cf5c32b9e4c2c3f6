"""Word documents: made by one template, laid out by the same measures, opened by LibreOffice without repair."""

import zipfile
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm

from app.documents.official import render_docx
from app.documents.official.stationery import SHIPPED
from setup.word_template import build
from tests.documents.papers import OFFICE, by_libreoffice, every_kind, lines_of, paper_of

NOWHERE = Path("no-such-folder")


def opened(content: bytes) -> docx.document.Document:
    """Open a document with python-docx."""
    return docx.Document(BytesIO(content))


def text_in(document: docx.document.Document) -> str:
    """Return all text of a document, tables after paragraphs."""
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def parts(content: bytes) -> dict[str, bytes]:
    """Return the parts of a document that say how it looks."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name.startswith("word/")}


def test_the_shipped_template_is_what_the_script_makes() -> None:
    made = BytesIO()
    build().save(made)
    assert parts(made.getvalue()) == parts((SHIPPED / "official.docx").read_bytes())


def test_page_and_grid_are_those_of_the_standard() -> None:
    section = opened(render_docx(paper_of("正文"), NOWHERE)).sections[0]
    assert (section.page_width, section.page_height) == pytest.approx((Mm(210), Mm(297)), abs=Mm(0.1))
    assert (section.top_margin, section.bottom_margin) == pytest.approx((Mm(37), Mm(35)), abs=Mm(0.1))
    assert (section.left_margin, section.right_margin) == pytest.approx((Mm(28), Mm(26)), abs=Mm(0.1))
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:type")) == "linesAndChars"
    pitch = int(grid.get(qn("w:linePitch")))
    assert 225 / 25.4 * 1440 // pitch == 22


def test_east_asian_typefaces_are_named() -> None:
    styles = opened(render_docx(paper_of("正文"), NOWHERE)).styles
    wanted = {"公文正文": "仿宋_GB2312", "公文标题": "方正小标宋简体", "一级标题": "黑体", "二级标题": "楷体_GB2312"}
    for name, face in wanted.items():
        fonts = styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == face


def test_page_numbers_are_fields_outside() -> None:
    document = opened(render_docx(paper_of("正文"), NOWHERE))
    assert document.settings.odd_and_even_pages_header_footer
    for footer in (document.sections[0].footer, document.sections[0].even_page_footer):
        assert " PAGE " in footer._element.xml


def test_every_kind_holds_what_it_should() -> None:
    for kind, paper in every_kind().items():
        document = opened(render_docx(paper, NOWHERE))
        text = text_in(document)
        assert paper.title in text, kind
        assert paper.signer in text, kind
        assert "{" not in text, kind
        assert "\n\n\n\n" not in text, kind


def test_a_long_head_is_made_to_fit() -> None:
    document = opened(render_docx(paper_of("正文", head="云岭县" + OFFICE * 2), NOWHERE))
    head = next(
        paragraph for paragraph in document.paragraphs if paragraph.style and paragraph.style.name == "发文机关标志"
    )
    size = head.runs[0].font.size
    assert size is not None
    assert all(size.pt * len(line) <= 443 for line in head.text.split("\n"))


def test_libreoffice_opens_every_kind_and_sets_22_lines_of_28_characters(tmp_path: Path) -> None:
    papers = every_kind()
    made = {kind: render_docx(paper, NOWHERE) for kind, paper in papers.items()}
    printed = by_libreoffice(made | {"full": render_docx(paper_of("督" * (28 * 80)), NOWHERE)}, tmp_path)
    for kind, paper in papers.items():
        text = "".join(page.get_textpage().get_text_range() for page in printed[kind])
        assert paper.signer in text.replace("\r\n", ""), kind
    lines = lines_of(printed["full"][1], "督")
    assert list(lines.values()) == [28] * 22
    assert min(lines) == pytest.approx(37 + 225 / 44, abs=2)
    assert max(lines) - min(lines) == pytest.approx(21 * 225 / 22, abs=1)
