"""版记 stands at the foot of the last page, whatever the length of the text, in PDF and in Word; a head is never tiny."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import docx
import pypdfium2

from app.documents.official import OfficialPaper, render_docx, render_pdf, slip_paper
from app.documents.official.paper import head_lines, plain
from tests.documents.papers import SLIP, by_libreoffice, check_imprint, every_kind, text_of

LONG = "中共云岭县委云岭县人民政府督查考核办公室"
MANY = tuple(f"第{number}镇人民政府" for number in range(1, 25))


def slips_of_all_lengths(step: int) -> dict[str, OfficialPaper]:
    """Return slips whose texts end anywhere on a page, with few and with many copies, signed by a short or long name."""
    found = {}
    for length in range(28, 700, step):
        facts = replace(SLIP, case_text="污" * length, signed_by="督查室主任 李某（代张某签发）")
        found[f"few-{length}"] = slip_paper(facts)
        found[f"many-{length}"] = slip_paper(replace(facts, copy_to=MANY, office=LONG))
    return found


def test_imprint_stands_at_the_foot_of_a_page_with_text(tmp_path: Path) -> None:
    for name, paper in slips_of_all_lengths(56).items():
        check_imprint(pypdfium2.PdfDocument(render_pdf(paper, tmp_path, tmp_path)), name)


def test_word_puts_it_there_too(tmp_path: Path) -> None:
    papers = {name: render_docx(paper, tmp_path) for name, paper in slips_of_all_lengths(140).items()}
    for name, pdf in by_libreoffice(papers, tmp_path).items():
        check_imprint(pdf, name)


def test_more_copies_than_a_page_holds_still_make_a_paper(tmp_path: Path) -> None:
    paper = slip_paper(replace(SLIP, copy_to=MANY * 6, state="withdrawn", withdrawn_reason="期限已获准延长。" * 40))
    said = text_of(render_pdf(paper, tmp_path, tmp_path))
    assert said.count("第24镇人民政府") == 6
    assert "期限已获准延长。）" in said


def test_attachments_are_named_on_the_paper(tmp_path: Path) -> None:
    closure = every_kind()["closure"]
    one = text_of(render_pdf(closure, tmp_path, tmp_path))
    assert "附件：照片" in one
    many = text_of(render_pdf(replace(closure, attachments=("照片", "验收单" * 20)), tmp_path, tmp_path))
    assert "附件：1．照片" in many
    assert "2．验收单" in many


def test_a_long_name_comes_in_two_lines_of_large_letters() -> None:
    assert head_lines("云岭县督查考核办公室督办单") == ("云岭县督查考核办公室督办单",)
    assert head_lines(f"{LONG}督办单") == ("中共云岭县委云岭县人民政府", "督查考核办公室督办单")
    assert head_lines("山" * 30) == ("山" * 15, "山" * 15)
    document = docx.Document(BytesIO(render_docx(slip_paper(replace(SLIP, office=LONG)), Path("nothing"))))
    head = next(line for line in document.paragraphs if line.style and line.style.name == "发文机关标志")
    assert head.text.split("\n") == list(head_lines(f"{LONG}督办单"))
    assert head.runs[0].font.size is not None
    assert head.runs[0].font.size.pt >= 30
    assert plain(slip_paper(SLIP))["head"] == "云岭县督查考核办公室督办单"
