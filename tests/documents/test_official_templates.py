"""Templates are files of the office: its own stand first, and a broken one is named instead of half a paper."""

import shutil
from io import BytesIO
from pathlib import Path

import docx
import pytest

from app.documents.official import BrokenTemplate, render_docx, render_pdf
from app.documents.official.stationery import SHIPPED, find_template
from tests.documents.papers import paper_of, text_of

PAPER = paper_of("正文")


def refusal_of(folder: Path, source: str, name: str = "test.typ") -> BrokenTemplate:
    """Return how a template is refused."""
    (folder / name).write_text(source, encoding="utf-8")
    with pytest.raises(BrokenTemplate) as caught:
        render_pdf(PAPER, folder, folder)
    return caught.value


def word_refusal(folder: Path, content: bytes) -> BrokenTemplate:
    """Return how a Word template is refused."""
    (folder / "test.docx").write_bytes(content)
    with pytest.raises(BrokenTemplate) as caught:
        render_docx(PAPER, folder)
    return caught.value


def word_template(*texts: str) -> bytes:
    """Return a Word template of these paragraphs."""
    document, held = docx.Document(), BytesIO()
    for text in texts:
        document.add_paragraph(text)
    document.save(held)
    return held.getvalue()


def test_an_offices_own_template_stands_first(tmp_path: Path) -> None:
    assert find_template(tmp_path, "slip", ".typ") == SHIPPED / "official.typ"
    shutil.copy(SHIPPED / "official.typ", tmp_path / "official.typ")
    assert find_template(tmp_path, "slip", ".typ") == tmp_path / "official.typ"
    source = '#set text(font: "Noto Serif CJK SC")\n本局格式 #json(bytes(sys.inputs.paper)).title'
    (tmp_path / "test.typ").write_text(source, encoding="utf-8")
    assert "本局格式" in text_of(render_pdf(PAPER, tmp_path, tmp_path))
    assert "本局格式" not in text_of(render_pdf(paper_of("正文", kind="slip"), tmp_path, tmp_path))
    (tmp_path / "test.docx").write_bytes(word_template("本局格式 {{ title }}"))
    assert docx.Document(BytesIO(render_docx(PAPER, tmp_path))).paragraphs[0].text == f"本局格式 {PAPER.title}"


def test_a_fault_is_named_with_file_and_line(tmp_path: Path) -> None:
    found = refusal_of(tmp_path, "正文\n\n#let x =\n")
    assert (found.path.name, found.line) == ("test.typ", 3)
    assert "test.typ" in str(found)
    assert "第 3 行" in str(found)
    assert str(tmp_path) not in str(found)


def test_a_template_reads_nothing_outside_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    (tmp_path / "secret").write_text("秘密")
    for path in ("/etc/passwd", "../secret", "/../secret", str(tmp_path / "secret")):
        assert refusal_of(folder, f'#read("{path}")').line == 1


def test_a_template_fetches_nothing_from_the_network(tmp_path: Path) -> None:
    found = refusal_of(tmp_path, '正文\n#import "@preview/cetz:0.3.0": *')
    assert found.line == 2
    assert "网络" in str(found)


def test_a_template_that_never_ends_or_is_no_text_is_refused(tmp_path: Path) -> None:
    assert refusal_of(tmp_path, "#let x = 0\n#while true { x = x + 1 }").line == 2
    (tmp_path / "test.typ").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BrokenTemplate, match="UTF-8"):
        render_pdf(PAPER, tmp_path, tmp_path)


def test_a_broken_word_template_is_named(tmp_path: Path) -> None:
    for content in (b"no archive", b"", word_template("{% for x in blocks %}"), word_template("{{ no_such_word }}")):
        assert "test.docx" in str(word_refusal(tmp_path, content))
    found = word_refusal(tmp_path, word_template("第一段", "{{ title ", "第三段"))
    assert found.line is not None


def test_a_word_template_reaches_nothing_of_the_machine(tmp_path: Path) -> None:
    for source in ("{{ title.__class__.__mro__ }}", "{{ cycler.__init__.__globals__ }}", "{{ ''.__class__ }}"):
        assert "test.docx" in str(word_refusal(tmp_path, word_template(source)))
