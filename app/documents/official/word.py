"""A paper as a Word document that can be edited: the template is filled in a sandbox, then fitted to what stands in it."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from app.documents.official.paper import OfficialPaper, Table, plain
from app.documents.official.stationery import BrokenTemplate, find_template

# A template's paragraphs and tables of these styles are fitted; one without them is left as it is.
HEAD_STYLE, SIGNATURE_STYLE, TABLE_STYLE = "发文机关标志", "落款", "公文表格"
LINE = 156  # mm, the width of 版心
CHARACTER = LINE / 28
MM_OF_POINT = 25.4 / 72
LARGEST_HEAD = 36
TAGS = re.compile(r"<[^>]*>")
# docxtpl turns these into tags after it has filled in the texts; a mark that no text can hold keeps them apart.
ESCAPES = re.compile(r"(?<=[{}%])_(?=[{}%])")
APART = "\ufdd0"


def render_docx(paper: OfficialPaper, templates_folder: Path) -> bytes:
    """Return the paper as .docx; BrokenTemplate for a template with a fault. About 0.1 s."""
    template = find_template(templates_folder, paper.kind, ".docx")
    try:
        return _fill(template, paper)
    except Exception as error:  # a template that an office changed may fail in any way
        raise BrokenTemplate(template, getattr(error, "lineno", None), _fault(error)) from error


def _fill(template: Path, paper: OfficialPaper) -> bytes:
    document = DocxTemplate(template)
    document.render(_kept_apart(plain(paper)), SandboxedEnvironment(autoescape=True, undefined=StrictUndefined))
    _put_together(document.docx)
    document.docx.core_properties.title = str(plain(paper)["title"])[:255]
    for paragraph in document.docx.paragraphs:
        _fit(paragraph, paper)
    tables = [table for table in document.docx.tables if table.style is not None and table.style.name == TABLE_STYLE]
    values = [block for block in paper.blocks if isinstance(block, Table)]
    if len(tables) == len(values):
        for table, value in zip(tables, values, strict=True):
            _set_widths(table, value.shares)
    held = BytesIO()
    document.save(held)
    return held.getvalue()


def _kept_apart(value: Any) -> Any:
    if isinstance(value, str):
        return ESCAPES.sub(f"_{APART}", value)
    if isinstance(value, list):
        return [_kept_apart(inner) for inner in value]
    return {name: _kept_apart(inner) for name, inner in value.items()} if isinstance(value, dict) else value


def _put_together(document: Document) -> None:
    headers = (
        (section.header for section in document.sections),
        (section.even_page_header for section in document.sections),
    )
    for root in (document.element, *(header._element for some in headers for header in some)):
        for text in root.iter(qn("w:t")):
            text.text = (text.text or "").replace(APART, "")


def _fit(paragraph: WordParagraph, paper: OfficialPaper) -> None:
    style = paragraph.style.name if paragraph.style is not None else ""
    if style == HEAD_STYLE:
        size = min(LARGEST_HEAD, LINE / MM_OF_POINT / max(*map(_width, paragraph.text.split("\n")), 1))
        for run in paragraph.runs:
            run.font.size = Pt(int(size * 2) / 2)
    if style == SIGNATURE_STYLE:
        lines = plain(paper)
        width = max(_width(str(lines["signer"])), _width(str(lines["signed_on"])))
        centre = LINE - ((4 if paper.seal else 2) + width / 2) * CHARACTER
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(max(centre, 1)), 1)


def _width(text: str) -> float:
    """Return the width of a text in characters; digits and letters take half of one."""
    return sum(0.5 if character.isascii() else 1 for character in text)


def _set_widths(table: WordTable, widths: tuple[int, ...]) -> None:
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(LINE * width / sum(widths))
        for cell in column.cells:
            cell.width = column.width


def _fault(error: Exception) -> str:
    """Return what a library said, with the text it stumbled over."""
    context: Any = getattr(error, "docx_context", None) or ()
    near = " ".join(TAGS.sub("", str(line)) for line in context).split()
    said = " ".join(str(error).split()) or type(error).__name__
    return said[:200] + (f"（附近文字：{' '.join(near)[:80]}）" if near else "")
