"""Whatever a text holds, it stays text: in PDF and in Word, and nothing of the machine gets onto the paper."""

import random
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import docx
import pytest

from app.documents.official import (
    BulletinFacts,
    Heading,
    InterviewFacts,
    NoTypeface,
    OfficialPaper,
    Table,
    bulletin,
    faces,
    interview_notice,
    render_docx,
    render_pdf,
    slip_paper,
)
from app.documents.official.paper import lines_of, numeral, official_dates, plain
from tests.documents.papers import HOSTILE, OFFICE, SLIP, paper_of, text_of

PIECES = (
    *("{{", "}}", "{%", "%}", "{#", "#}", "{_{", "}_}", "7*7", "//", "/*", "]]>", "\r\n", "督", "〇", "㙍", "￿"),
    *"#$\\<>&*_`@=-\"'[]~\x00\u202e\ud800\n\t",
)


def squeezed(text: str) -> str:
    """Return a text without the blanks that a page may swallow."""
    return "".join(text.split())


def hostile_paper(texts: tuple[str, ...]) -> OfficialPaper:
    """Return a paper that holds the texts wherever there is room for one."""
    first = texts[0]
    table = Table((first, "乙"), tuple((text, text) for text in texts), caption=first)
    blocks = (*paper_of(*texts).blocks, Heading(first), Heading(first, 2), table, *paper_of("完").blocks)
    return paper_of(
        title=first, head=first[:20], number=first, addressee=first, signer=first[:12], note=first, mark=first[:30],
        attachments=texts, copy_to=texts, blocks=blocks, printed_by=first[:12],
    )  # fmt: skip


def test_hostile_texts_stay_text_in_pdf(tmp_path: Path) -> None:
    said = squeezed(text_of(render_pdf(hostile_paper(HOSTILE), tmp_path, tmp_path)))
    assert "root:" not in said
    for text in HOSTILE:
        for line in lines_of(text):
            for piece in (squeezed(line)[:12], squeezed(line)[-12:]):
                assert piece.replace("\u200b", "") in said.replace("\u200b", ""), line


def test_hostile_texts_stay_text_in_word(tmp_path: Path) -> None:
    document = docx.Document(BytesIO(render_docx(hostile_paper(HOSTILE), tmp_path)))
    said = [paragraph.text for paragraph in document.paragraphs]
    for text in HOSTILE:
        for line in lines_of(text):
            assert line in said


def test_any_text_is_set_as_it_is(tmp_path: Path) -> None:
    seed = random.randrange(10**9)
    print("seed", seed)
    chance = random.Random(seed)
    for _ in range(25):
        texts = tuple("督" + "".join(chance.choices(PIECES, k=12)) + "考" for _ in range(3))
        paper = hostile_paper(texts)
        document = docx.Document(BytesIO(render_docx(paper, tmp_path)))
        said = [paragraph.text for paragraph in document.paragraphs]
        assert all(line in said for text in texts for line in lines_of(text))
        assert render_pdf(paper, tmp_path, tmp_path).startswith(b"%PDF")


def test_control_characters_and_turned_text_are_left_out() -> None:
    assert lines_of("一\x00\u202e二\x1b\n\n 三\t四 \ud800") == ("一二", "三 四")


def test_only_plain_values_reach_a_template() -> None:
    def check(value: object) -> None:
        assert isinstance(value, str | int | bool | list | dict)
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            check(inner)

    check(plain(hostile_paper(HOSTILE)))


def test_a_paper_without_anything_is_still_a_paper(tmp_path: Path) -> None:
    bare = OfficialPaper("test", "", "", "", "", ())
    assert render_pdf(bare, tmp_path, tmp_path).startswith(b"%PDF")
    assert render_docx(bare, tmp_path)


def test_without_a_chinese_typeface_no_boxes_are_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class OnlyLatin:
        def families(self) -> list[str]:
            return ["DejaVu Sans"]

    monkeypatch.setattr(faces, "_known", lambda *_: OnlyLatin())
    with pytest.raises(NoTypeface, match=r"中文字体.*fonts-noto-cjk"):
        render_pdf(paper_of("正文"), tmp_path / "fonts", tmp_path)
    assert render_docx(paper_of("正文"), tmp_path)


def test_the_official_typefaces_come_first() -> None:
    chosen = faces.choose(["Noto Serif CJK SC", "Noto Sans CJK SC", "FangSong_GB2312", "方正小标宋简体"])
    assert chosen["fang"][0] == "FangSong_GB2312"
    assert chosen["song"] == ["方正小标宋简体", "Noto Serif CJK SC", "Noto Sans CJK SC"]


def test_numerals_of_headings() -> None:
    assert [numeral(n) for n in (1, 10, 11, 20, 21)] == ["一", "十", "十一", "二十", "二十一"]


def test_sentences_of_ours_say_dates_as_official_papers_do() -> None:
    said = "2026-08-24至2026-10-28，共 3 件（2026-0120）；2026-03-09（周一） 是逾期第 1 个工作日"
    wanted = "2026年8月24日至2026年10月28日，共 3 件（2026-0120）；2026年3月9日是逾期第 1 个工作日"
    assert official_dates(said) == wanted
    paper = slip_paper(replace(SLIP, why=(("逾期", "2026-03-27（周五） 是逾期第 5 个工作日"),)))
    assert "逾期：2026年3月27日是逾期第 5 个工作日。" in str(plain(paper)["blocks"])


def test_columns_are_as_wide_as_what_they_hold() -> None:
    table = Table(("编号", "问题", "名次"), (("督提〔2026〕13号", "镇污水站进水泵停机，污水经溢流口入河", "3"),))
    assert table.shares == (18, 30, 8)
    assert replace(table, widths=(1, 2, 1)).shares == (1, 2, 1)


def test_the_reason_of_a_withdrawal_stands_whole_on_the_paper(tmp_path: Path) -> None:
    reason = "因交办事实有误，牵头单位已在期限内申请延期并获批准。" * 8
    paper = slip_paper(replace(SLIP, state="withdrawn", withdrawn_reason=reason))
    assert paper.mark == "本单已撤回"
    assert "".join(text_of(render_pdf(paper, tmp_path, tmp_path)).split()).count("申请延期并获批准") == 8


def test_a_draft_says_so(tmp_path: Path) -> None:
    assert "督办〔2026〕12号" in SLIP.number
    said = text_of(render_pdf(paper_of("正文", mark="草稿，尚未签发"), tmp_path, tmp_path))
    assert "【草稿，尚未签发】" in said


def test_a_slip_that_nobody_signed_bears_no_office_date_or_imprint() -> None:
    for state in ("draft", "lapsed"):
        paper = slip_paper(replace(SLIP, state=state, number="", issued_on=None, signed_by=""))
        assert (paper.signer, paper.signed_on, paper.printed_by, paper.seal) == ("", None, "", False)
        assert paper.number == "（未签发，未编号）"
        assert paper.mark.startswith("草稿")


def test_no_paper_bears_a_signature_before_it_was_signed() -> None:
    notice = InterviewFacts(
        office=OFFICE, kind="提醒约谈", number="", unit="县水利局", reason="缓慢", noticed_on=None, planned_on=None
    )
    drafts = interview_notice(notice), bulletin(BulletinFacts(OFFICE, None, "3月份", "正文", (), None))
    for paper in drafts:
        assert (paper.signer, paper.signed_on, paper.seal, paper.printed_by) == ("", None, False, "")
