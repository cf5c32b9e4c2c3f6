"""A paper as PDF, set by Typst: the template lays it out, the paper reaches it as JSON and stays text."""

import json
import re
import tempfile
from pathlib import Path

import typst

from app.documents.official.faces import typefaces
from app.documents.official.paper import OfficialPaper, plain
from app.documents.official.stationery import BrokenTemplate, find_template

PLACE = re.compile(r"^\s*┌─ [^\n]*?:(\d+):\d+", re.MULTILINE)
PACKAGE = re.compile(r"""["']@[\w-]+/""")  # would be fetched from the network


def render_pdf(paper: OfficialPaper, fonts_folder: Path, templates_folder: Path) -> bytes:
    """Return the paper as PDF; NoTypeface without Chinese typefaces, BrokenTemplate for a template with a fault.

    About 0.1 s; the first paper of a process also searches the typefaces. A template reads nothing outside its folder.
    """
    fonts, faces = typefaces(fonts_folder)
    template = find_template(templates_folder, paper.kind, ".typ")
    source = _read(template)
    with tempfile.TemporaryDirectory() as nowhere:
        compiler = typst.Compiler(
            source.encode(),
            root=str(template.parent),
            font_paths=fonts,
            ignore_system_fonts=True,
            sys_inputs={"paper": json.dumps(plain(paper)), "faces": json.dumps(faces)},
            package_path=nowhere,
            package_cache_path=nowhere,
        )
        try:
            made = compiler.compile(format="pdf")
        except typst.TypstError as error:
            raise BrokenTemplate(template, _line(error), _fault(error)) from error
    if not isinstance(made, bytes):
        raise BrokenTemplate(template, None, "没有产生一份完整的 PDF")
    return made


def _read(template: Path) -> str:
    try:
        source = template.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenTemplate(template, None, "文件不能按 UTF-8 文本读取") from error
    if found := PACKAGE.search(source):
        line = source.count("\n", 0, found.start()) + 1
        raise BrokenTemplate(template, line, "模板不能引用网络上的程序包")
    return source


def _line(error: typst.TypstError) -> int | None:
    places = PLACE.findall(error.diagnostic)
    return int(places[0]) if places else None


def _fault(error: typst.TypstError) -> str:
    return " ".join(error.message.split())[:200]
