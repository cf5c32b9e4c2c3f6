"""Papers for the tests, what of a PDF can be measured, and the program that opens Word documents."""

import shutil
import subprocess
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from app.documents.official import (
    BulletinFacts,
    BulletinSection,
    CheckFacts,
    ClosureFacts,
    CommitmentFacts,
    Heading,
    InterviewFacts,
    MeasureFacts,
    NoticeFacts,
    OfficialPaper,
    Paragraph,
    RecordFacts,
    SlipFacts,
    Table,
    VerificationFacts,
    bulletin,
    closure_application,
    interview_notice,
    interview_record,
    rectification_notice,
    slip_paper,
    verification_record,
)

OFFICE, UNIT, CASE = "云岭县督查考核办公室", "县住房和城乡建设局", "城东片区污水管网改造工程进度缓慢"
NUMBER = "云督〔2026〕3号"
TEXT = "县城东片区污水管网改造工程进度缓慢，沿线三处检查井盖缺失，群众出行存在安全隐患，经多次督促仍未整改到位。"
DAY = date(2026, 3, 27)
MM = 72 / 25.4
SLIP = SlipFacts(
    OFFICE, "督办单", "黄", "督办〔2026〕12号", UNIT, f"你单位承办的“{CASE}”（云督〔2026〕3号）逾期5个工作日。现予督办。",
    "issued", "云督〔2026〕3号", CASE, TEXT, date(2026, 3, 20), (("整改期限", "2026年3月20日，已过5个工作日"),),
    DAY, date(2026, 3, 31), date(2026, 4, 2), ("县纪委监委", "县考核办"), "督查室主任 李某",
)  # fmt: skip
CHECK = CheckFacts(1, True, ("张某", "王某"), DAY, date(2026, 3, 26), "现场查看、走访群众", "问题已经解决")
HOSTILE = (
    'A<B & C>D </w:p> {{7*7}} {% if %} #read("/etc/passwd") $x$ \\ *粗* _斜_ `码` = 题 @引 <标> // 注 /* 注 */ -- #',
    "{{ ''.__class__.__mro__ }} {%tr for x in y %} &lt; &amp; ]]> <!-- --> #panic() #import \"x\": * \\u{202e} ~",
    "W" * 300,
    "〇一二 㙍 𠮷 😀 控制\x00\x07\x1b字符 反\u202e向 零\u200b宽",
    "http://example.com/" + "a" * 200,
)


def every_kind() -> dict[str, OfficialPaper]:
    """Return one paper of each kind."""
    return {"slip": slip_paper(SLIP), "bulletin": a_bulletin(), **papers_of_a_case(), **papers_of_a_talk()}


def a_bulletin() -> OfficialPaper:
    """Return a bulletin with a table of more than a page."""
    counts = tuple((f"第{i}镇", str(i), "2.5%") for i in range(1, 41))
    parts = (BulletinSection("总体情况", TEXT, (Table(("单位", "问题数", "占比"), counts, "表1 各单位问题情况"),)),)
    return bulletin(BulletinFacts(OFFICE, 3, "3月份", TEXT, parts, DAY, 2026, copy_to=("县委办",)))


def papers_of_a_case() -> dict[str, OfficialPaper]:
    """Return notice, closure and verification."""
    measures = (MeasureFacts("补齐井盖并加固", "赵某", DAY, DAY), MeasureFacts("完成管网改造", "钱某", DAY, None))
    told = (CASE, TEXT, "督查活动", date(2026, 3, 2), UNIT, ("县水利局",), "限期整改", DAY, "井盖齐全", DAY)
    done = (CASE, TEXT, DAY, DAY, "井盖齐全", "已全部补齐。", "已排查全县。", "已建立巡查制度。")
    checked = VerificationFacts(OFFICE, UNIT, NUMBER, CASE, "井盖齐全", "已补齐。", (CHECK,))
    return {
        "notice": rectification_notice(NoticeFacts(OFFICE, NUMBER, *told)),
        "closure": closure_application(ClosureFacts(OFFICE, UNIT, NUMBER, *done, measures, (CHECK,), ("照片",))),
        "verification": verification_record(checked),
    }


def papers_of_a_talk() -> dict[str, OfficialPaper]:
    """Return notice and record of an interview."""
    head: dict[str, Any] = {
        "office": OFFICE,
        "kind": "提醒约谈",
        "number": "督约〔2026〕1号",
        "unit": UNIT,
        "reason": TEXT,
    }
    where: dict[str, Any] = {"place": "三楼会议室", "host": "分管副县长"}
    promised = (CommitmentFacts("三十日内完成", "局长", DAY),)
    said: dict[str, Any] = {"minutes": TEXT, "recorded_by": "李某", "attendees": "局长"}
    record = RecordFacts(**head, **where, **said, held_on=DAY, commitments=promised)
    notice = InterviewFacts(**head, **where, noticed_on=DAY, planned_on=DAY, planned_at="上午9时")
    return {"interview-notice": interview_notice(notice), "interview-record": interview_record(record)}


def paper_of(*texts: str, title: str = "关于版心的检验", **more: Any) -> OfficialPaper:
    """Return a paper with these paragraphs."""
    blocks = tuple(Paragraph(text) for text in texts)
    paper = OfficialPaper("test", OFFICE, "督办〔2026〕1号", title, "各乡镇", blocks, OFFICE, DAY)
    return replace(paper, **more)


def headings() -> tuple[Heading, Heading]:
    """Return a heading of each level."""
    return Heading("一、一级标题"), Heading("（一）二级标题", 2)


@dataclass(frozen=True)
class Sign:
    """A character on a page: where it stands, in mm from the left and from the upper edge."""

    text: str
    left: float
    right: float
    middle: float


def signs(page: pypdfium2.PdfPage) -> list[Sign]:
    """Return the characters of a page in order."""
    text, height = page.get_textpage(), page.get_height()
    found = []
    for i in range(text.count_chars()):
        character = text.get_text_range(i, 1)
        if character.strip():
            left, _, right, _ = text.get_charbox(i, loose=True)
            _, bottom, _, top = text.get_charbox(i)
            found.append(Sign(character, left / MM, right / MM, (height - (top + bottom) / 2) / MM))
    return found


def lines_of(page: pypdfium2.PdfPage, of: str) -> dict[float, int]:
    """Return how often a character stands on each line of a page, by the line's middle in mm."""
    found: dict[float, int] = {}
    for sign in signs(page):
        if sign.text == of:
            found[round(sign.middle, 1)] = found.get(round(sign.middle, 1), 0) + 1
    return found


def check_imprint(pdf: pypdfium2.PdfDocument, about: object) -> None:
    """Check that 版记 stands at the foot of the last page, below lines of the text, and over none of them."""
    marks = signs(pdf[len(pdf) - 1])
    said = "".join(sign.text for sign in marks)
    first = said.index("抄送")
    top, foot = marks[first].middle, marks[said.rindex("印发")].middle
    text = [sign.middle for place, sign in enumerate(marks) if place < first and sign.middle < 262]
    assert foot == pytest.approx(262 - 4, abs=1.2), about
    assert len({round(middle) for middle in text}) > 3, about
    assert max(text) < top - 5, about


def text_of(content: bytes) -> str:
    """Return the text of a PDF without line ends."""
    pages = (page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))
    return "".join(pages).replace("\r\n", "").replace("\ufffe", "")


def by_libreoffice(papers: dict[str, bytes], folder: Path) -> dict[str, pypdfium2.PdfDocument]:
    """Open Word documents with LibreOffice and print each to PDF; skip the test where LibreOffice is absent."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed (Debian: libreoffice-writer-nogui)")
    for name, content in papers.items():
        (folder / f"{name}.docx").write_bytes(content)
    command = [program, "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--convert-to", "pdf"]
    files = [str(folder / f"{name}.docx") for name in papers]
    subprocess.run([*command, "--outdir", str(folder), *files], check=True, capture_output=True)
    return {name: pypdfium2.PdfDocument((folder / f"{name}.pdf").read_bytes()) for name in papers}
