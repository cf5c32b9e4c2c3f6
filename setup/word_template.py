"""Write packs/documents/official.docx, the Word template of official papers: python -m setup.word_template."""

from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

TARGET = Path(__file__).parents[1] / "packs" / "documents" / "official.docx"
SONG, FANG, HEI, KAI, PLAIN = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
PITCH = 579  # twentieths of a point: 22 lines in 225 mm
# A character's share of the line is 156 mm / 28, a little less than its 16 pt. Word narrows by charSpace as well, but
# LibreOffice gives a character that is wider than its cell two cells: so the text is narrowed, and the cell is not.
WIDTH = 8844  # twips: 156 mm
NARROWER = -5  # twentieths of a point
LEFT, CENTRE, RIGHT, BOTH = (getattr(WD_ALIGN_PARAGRAPH, name) for name in ("LEFT", "CENTER", "RIGHT", "JUSTIFY"))
IMPRINT = "版记"
RED = RGBColor(0xE6, 0x00, 0x12)
STYLES: tuple[tuple[str, str, float, dict[str, Any]], ...] = (
    ("发文机关标志", SONG, 36, {"align": CENTRE, "line": 51, "before": 99, "colour": RED, "bold": True}),
    ("发文字号", FANG, 16, {"align": CENTRE, "before": 58}),
    ("公文标题", SONG, 22, {"align": CENTRE, "line": 34, "before": 58, "after": 29, "bold": True}),
    ("主送机关", FANG, 16, {"align": BOTH}),
    ("公文正文", FANG, 16, {"align": BOTH, "indent": 2}),
    ("公文末段", FANG, 16, {"align": BOTH, "indent": 2, "next": True}),
    ("一级标题", HEI, 16, {"align": BOTH, "indent": 2, "next": True}),
    ("二级标题", KAI, 16, {"align": BOTH, "indent": 2, "next": True}),
    ("附件说明", FANG, 16, {"align": LEFT, "indent": 2, "next": True}),
    ("空行", FANG, 16, {"align": LEFT, "next": True}),
    ("落款", FANG, 16, {"align": LEFT, "next": True}),
    ("附注", FANG, 16, {"align": LEFT, "indent": 2, "next": True}),
    ("表题", HEI, 14, {"align": CENTRE, "next": True}),
    ("表头文字", HEI, 12, {"align": CENTRE, "line": 18}),
    ("表中文字", FANG, 12, {"align": CENTRE, "line": 18}),
    ("版记粗线", FANG, 1, {"align": LEFT, "line": 1, "rule": True}),
    ("版记细线", FANG, 1, {"align": LEFT, "line": 0.7, "rule": True}),
    ("版记抄送", FANG, 14, {"align": BOTH, "line": 23}),
    ("版记印发", FANG, 14, {"align": LEFT, "line": 23}),
    ("页码奇", PLAIN, 14, {"align": RIGHT, "line": 16}),
    ("页码偶", PLAIN, 14, {"align": LEFT, "line": 16}),
    ("文末", FANG, 1, {"align": LEFT, "line": 1}),
    ("状态", HEI, 14, {"align": CENTRE, "line": 16}),
)
BODY = (
    ("发文机关标志", "{{ head }}"),
    ("发文字号", "{{ number }}"),
    ("公文标题", "{{ title }}"),
    ("主送机关", "{%p if addressee %}"),
    ("主送机关", "{{ addressee }}："),
    ("主送机关", "{%p endif %}"),
    ("公文正文", "{%p for block in blocks %}"),
    ("公文正文", '{%p if block.kind == "heading" and block.level == 1 %}'),
    ("一级标题", "{{ block.text }}"),
    ("公文正文", '{%p elif block.kind == "heading" %}'),
    ("二级标题", "{{ block.text }}"),
    ("公文正文", '{%p elif block.kind == "table" %}'),
    ("公文正文", "{%p if block.caption %}"),
    ("表题", "{{ block.caption }}"),
    ("公文正文", "{%p endif %}"),
    ("table", ""),
    ("公文正文", "{%p elif loop.last and block.text|length < 120 %}"),
    ("公文末段", "{{ block.text }}"),
    ("公文正文", "{%p else %}"),
    ("公文正文", "{{ block.text }}"),
    ("公文正文", "{%p endif %}"),
    ("公文正文", "{%p endfor %}"),
    ("附件说明", "{%p if attachments %}"),
    ("空行", ""),
    ("附件说明", "{%p for name in attachments %}"),
    (
        "附件说明",
        "{% if loop.first %}附件：{% else %}　　　{% endif %}"
        "{% if attachments|length > 1 %}{{ loop.index }}．{% endif %}{{ name }}",
    ),
    ("附件说明", "{%p endfor %}"),
    ("附件说明", "{%p endif %}"),
    ("空行", "{%p if signer or signed_on %}"),
    ("空行", ""),
    ("空行", "{%p if seal %}"),
    ("空行", ""),
    ("空行", "{%p endif %}"),
    ("落款", "\t{{ signer }}"),
    ("落款", "\t{{ signed_on }}"),
    ("空行", "{%p endif %}"),
    ("附注", "{%p if note %}"),
    ("附注", "（{{ note }}）"),
    ("附注", "{%p endif %}"),
    ("版记粗线", "{%p if copy_to or printed_by %}"),
    ("版记粗线", ""),
    ("版记粗线", "{%p endif %}"),
    ("版记抄送", "{%p if copy_to %}"),
    ("版记抄送", "抄送：{{ copy_to }}。"),
    ("版记抄送", "{%p endif %}"),
    ("版记细线", "{%p if copy_to and printed_by %}"),
    ("版记细线", ""),
    ("版记细线", "{%p endif %}"),
    ("版记印发", "{%p if printed_by %}"),
    ("版记印发", "{{ printed_by }}{% if printed_by|length > 17 %}{{ '\\n' }}{% endif %}\t{{ printed_on }}印发"),
    ("版记印发", "{%p endif %}"),
    ("版记粗线", "{%p if copy_to or printed_by %}"),
    ("版记粗线", ""),
    ("版记粗线", "{%p endif %}"),
    ("文末", ""),
)


def build() -> Document:
    """Return the template."""
    document = docx.Document()
    for name in ("author", "comments", "title"):
        setattr(document.core_properties, name, "")
    _fonts(document.styles["Normal"], FANG, 16)
    narrower = parse_xml(f'<w:spacing {nsdecls("w")} w:val="{NARROWER}"/>')
    document.styles["Normal"].element.rPr.insert_element_before(narrower, "w:w", "w:kern", "w:sz")
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    for name, face, size, looks in STYLES:
        _style(document, name, face, size, looks)
    _table_style(document)
    _page(document)
    for style, text in BODY:
        if style == "table":
            _content_table(document)
        else:
            paragraph = document.add_paragraph(text, style=style)
            if style.startswith(IMPRINT):
                _at_the_foot(paragraph)
    _bottom_border(document.styles["发文字号"])
    _imprint_indents(document)
    return document


def _fonts(style: Any, face: str, size: float) -> None:
    style.font.name, style.font.size = face, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), face)


def _style(document: Document, name: str, face: str, size: float, looks: dict[str, Any]) -> None:
    style: Any = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style, style.quick_style = document.styles["Normal"], True
    _fonts(style, face, size)
    style.font.bold = looks.get("bold")
    if "colour" in looks:
        style.font.color.rgb = looks["colour"]
    paragraph = style.paragraph_format
    paragraph.alignment, paragraph.keep_with_next = looks["align"], looks.get("next")
    paragraph.space_before, paragraph.space_after = Pt(looks.get("before", 0)), Pt(looks.get("after", 0))
    paragraph.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    paragraph.line_spacing = Pt(looks.get("line", PITCH / 20))
    paragraph.widow_control = True
    if "line" in looks:
        _set(style.element.get_or_add_pPr(), "w:snapToGrid", val=0)
    if "indent" in looks:
        _set(style.element.get_or_add_pPr(), "w:ind", firstLineChars=looks["indent"] * 100, firstLine=632)
    if "rule" in looks:
        _blacken(style)


def _page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(20), Mm(22.4)
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    _set(section._sectPr, "w:docGrid", type="linesAndChars", linePitch=PITCH, charSpace=0)
    document.settings.odd_and_even_pages_header_footer = True
    for header in (section.header, section.even_page_header):
        _only(header.paragraphs, "状态", document).add_run("{% if mark %}【{{ mark }}】{% endif %}")
    _page_number(_only(section.footer.paragraphs, "页码奇", document), right=True)
    _page_number(_only(section.even_page_footer.paragraphs, "页码偶", document), right=False)


def _only(paragraphs: list[Paragraph], style: str, document: Document) -> Paragraph:
    paragraphs[0].style = document.styles[style]
    return paragraphs[0]


def _page_number(paragraph: Paragraph, *, right: bool) -> None:
    """Put — 1 — one character from the outer edge."""
    _set(paragraph._p.get_or_add_pPr(), "w:ind", **{"right" if right else "left": 280})
    paragraph.add_run("— ")
    for kind, text in (("begin", ""), ("", " PAGE "), ("separate", ""), ("", "1"), ("end", "")):
        run = paragraph.add_run(text if text == "1" else "")
        if kind:
            _set(run._r, "w:fldChar", fldCharType=kind)
        elif text != "1":
            field = OxmlElement("w:instrText")
            field.text = text
            run._r.append(field)
    paragraph.add_run(" —")


def _table_style(document: Document) -> None:
    style: Any = document.styles.add_style("公文表格", WD_STYLE_TYPE.TABLE)
    style.base_style = document.styles["Normal Table"]
    style.element.append(_borders(("top", "left", "bottom", "right", "insideH", "insideV"), (4,) * 6))


def _borders(sides: tuple[str, ...], widths: tuple[int, ...]) -> Any:
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="{width}" w:space="0" w:color="000000"/>'
        for side, width in zip(sides, widths, strict=True)
    )
    return parse_xml(f"<w:tblPr {nsdecls('w')}><w:tblBorders>{lines}</w:tblBorders></w:tblPr>")


def _content_table(document: Document) -> None:
    table = document.add_table(rows=4, cols=3, style="公文表格")
    cells = (
        ("{%tc for name in block.columns %}", "{{ name }}", "{%tc endfor %}"),
        ("{%tr for row in block.rows %}", "", ""),
        ("{%tc for cell in row %}", "{{ cell }}", "{%tc endfor %}"),
        ("{%tr endfor %}", "", ""),
    )
    for i, texts in enumerate(cells):
        for cell, text in zip(table.rows[i].cells, texts, strict=True):
            cell.paragraphs[0].style = document.styles["表头文字" if i == 0 else "表中文字"]
            cell.paragraphs[0].add_run(text)
        row = table.rows[i]._tr.get_or_add_trPr()
        row.append(OxmlElement("w:cantSplit"))
        if i == 0:
            row.append(OxmlElement("w:tblHeader"))


def _imprint_indents(document: Document) -> None:
    copies, printed = (document.styles[name].paragraph_format for name in ("版记抄送", "版记印发"))
    copies.left_indent, copies.right_indent, copies.first_line_indent = Pt(56), Pt(14), Pt(-42)
    printed.left_indent, printed.right_indent = Pt(14), Pt(14)
    printed.tab_stops.add_tab_stop(Mm(156 - 14 * 25.4 / 72), WD_TAB_ALIGNMENT.RIGHT)


def _at_the_foot(paragraph: Paragraph) -> None:
    """Put 版记 at the foot of the page of what follows it: neighbours with the same frame share one."""
    place = 'w:wrap="around" w:vAnchor="margin" w:hAnchor="margin" w:xAlign="left" w:yAlign="bottom"'
    frame = parse_xml(f'<w:framePr {nsdecls("w")} w:w="{WIDTH}" {place}/>')
    paragraph._p.get_or_add_pPr().append(frame)


def _blacken(style: Any) -> None:
    """Make a line of text a rule as thick as the line is high; LibreOffice takes borders out of frames."""
    shade = parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="000000"/>')
    style.element.pPr.insert_element_before(shade, "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:jc")


def _bottom_border(style: Any) -> None:
    """Put the red rule 4 mm below the number."""
    rule = f'<w:bottom w:val="single" w:sz="8" w:space="11" w:color="{RED}"/>'
    border = parse_xml(f"<w:pBdr {nsdecls('w')}>{rule}</w:pBdr>")
    style.element.pPr.insert_element_before(border, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")


def _set(parent: Any, tag: str, **attributes: object) -> None:
    """Add an element with attributes of the w: namespace, those of a paragraph in their place of the order."""
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), str(value))
    if tag in ("w:ind", "w:snapToGrid"):
        after = ("w:contextualSpacing", "w:jc", "w:outlineLvl", "w:rPr", "w:sectPr")
        parent.insert_element_before(element, *after if tag == "w:ind" else ("w:spacing", "w:ind", *after))
    else:
        parent.append(element)


if __name__ == "__main__":
    build().save(str(TARGET))
