"""Papers keep the geometry of GB/T 9704-2012: measured on the PDF, in millimetres."""

import re
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest

from app.documents.official import document_number, render_pdf
from tests.documents.papers import MM, OFFICE, every_kind, headings, lines_of, paper_of, signs

NEAR = 0.5
PITCH = 225 / 22


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> pypdfium2.PdfDocument:
    """A paper of many full lines."""
    nowhere = tmp_path_factory.mktemp("nothing")
    return pypdfium2.PdfDocument(render_pdf(paper_of("督" * (28 * 80)), nowhere, nowhere))


def pdf(paper: object, folder: Path) -> pypdfium2.PdfDocument:
    """Set a paper without an office's own fonts and templates."""
    return pypdfium2.PdfDocument(render_pdf(paper, folder, folder))  # type: ignore[arg-type]


def red_rows(page: pypdfium2.PdfPage) -> list[float]:
    """Return where, in mm from the upper edge, something red stands in the middle of the page."""
    picture = page.render(scale=4)
    raw, channels, found = bytes(picture.buffer), picture.n_channels, []
    for row in range(picture.height):
        start = row * picture.stride + picture.width // 2 * channels
        blue, green, red = raw[start], raw[start + 1], raw[start + 2]
        if red > 200 and green < 120 and blue < 120:
            found.append(row / 4 / MM)
    return found


def test_a_page_is_a4(full: pypdfium2.PdfDocument) -> None:
    assert all(page.get_size() == pytest.approx((210 * MM, 297 * MM), abs=0.1) for page in full)


def test_a_page_holds_22_lines_of_28_characters_that_fill_the_area(full: pypdfium2.PdfDocument) -> None:
    lines = lines_of(full[1], "督")
    assert list(lines.values()) == [28] * 22
    middles = sorted(lines)
    assert middles[0] == pytest.approx(37 + PITCH / 2, abs=NEAR)
    assert middles[-1] == pytest.approx(262 - PITCH / 2, abs=NEAR)
    assert max(b - a for a, b in pairwise(middles)) == pytest.approx(PITCH, abs=0.2)
    body = [sign for sign in signs(full[1]) if sign.text == "督"]
    assert min(sign.left for sign in body) == pytest.approx(28, abs=NEAR)
    assert max(sign.right for sign in body) == pytest.approx(184, abs=NEAR)


def test_a_paragraph_begins_two_characters_in(full: pypdfium2.PdfDocument) -> None:
    first = next(sign for sign in signs(full[0]) if sign.text == "督" and sign.middle > 150)
    assert first.left == pytest.approx(28 + 2 * 156 / 28, abs=NEAR)


def test_page_numbers_stand_outside_between_dashes(full: pypdfium2.PdfDocument) -> None:
    for number, page in enumerate(full, 1):
        foot = [sign for sign in signs(page) if sign.middle > 265]
        assert "".join(sign.text for sign in foot) == f"—{number}—"
        assert foot[0].middle == pytest.approx(262 + 7 + 2.5, abs=1)
        if number % 2:
            assert foot[-1].right == pytest.approx(184 - 14 / MM, abs=1)
        else:
            assert foot[0].left == pytest.approx(28 + 14 / MM, abs=1)


def test_the_head_is_red_and_centred_and_the_rule_lies_4_mm_below_the_number(full: pypdfium2.PdfDocument) -> None:
    marks = signs(full[0])
    head = [sign for sign in marks if sign.middle < 90][: len(OFFICE)]
    assert "".join(sign.text for sign in head) == OFFICE
    assert (head[0].left + head[-1].right) / 2 == pytest.approx(106, abs=NEAR)
    assert head[0].middle - 36 / MM / 2 == pytest.approx(37 + 35, abs=1)
    number = next(sign for sign in marks if sign.text == "〔")
    reds = red_rows(full[0])
    rule = max(reds)
    assert rule - (number.middle + 8 / MM) == pytest.approx(4, abs=NEAR)
    assert min(reds) > 37 + 35 - 1


def test_a_seal_never_stands_on_a_page_alone(tmp_path: Path) -> None:
    alone = 0
    for lines in range(8, 32):
        found = pdf(paper_of("督" * (28 * lines - 10)), tmp_path)
        last = [sign.text for sign in signs(found[len(found) - 1])]
        assert "督" in last, lines
        alone += last.count("督") < 28 * 3
    assert alone


def test_headings_stay_with_their_text(tmp_path: Path) -> None:
    for lines in range(9, 14):
        blocks = (*paper_of("督" * (28 * lines)).blocks, *headings(), *paper_of("考" * 60).blocks)
        found = pdf(paper_of(blocks=blocks), tmp_path)
        pages = ["".join(sign.text for sign in signs(page)) for page in found]
        assert any("二级标题考" in page for page in pages), lines


def test_every_kind_is_set_whole(tmp_path: Path) -> None:
    for kind, paper in every_kind().items():
        text = "".join(sign.text for page in pdf(paper, tmp_path) for sign in signs(page))
        assert re.sub(r"\s", "", paper.title)[:12] in text, kind
        assert paper.signer in text, kind


def test_a_long_table_repeats_its_head(tmp_path: Path) -> None:
    found = pdf(every_kind()["bulletin"], tmp_path)
    pages = ["".join(sign.text for sign in signs(page)) for page in found]
    assert sum("单位问题数占比" in page for page in pages) >= 2
    assert "抄送：县委办" in pages[-1]


def test_numbers_have_the_full_year_in_brackets_and_no_leading_zero() -> None:
    assert document_number("督提", 2026, 7) == "督提〔2026〕7号"
    for year, serial in ((26, 1), (2026, 0)):
        with pytest.raises(ValueError, match="no number"):
            document_number("督提", year, serial)
