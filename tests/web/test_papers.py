"""Papers on the web: who sees a case or slip may take its papers away, each download is on record."""

from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import docx
from flask import Flask
from sqlalchemy import select

from app.audit import Event
from app.ledgers.cases import Assignment, Case
from app.ledgers.slips import Slip
from tests.client import make_app, visit
from tests.documents.papers import text_of
from tests.story import Story

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def assigned(story: Story) -> int:
    """Return a case that A leads and B assists."""
    case_id = story.log(title="井盖缺失<A&B>{{7*7}}", text="三处井盖缺失。")
    story.assign(case_id, "A", "B", standard="井盖齐全")
    return case_id


def downloads(story: Story) -> list[Event]:
    """Return the events of downloads."""
    with story.cast.database.session() as session:
        return list(session.scalars(select(Event).where(Event.kind == "paper.download").order_by(Event.id)))


def test_a_notice_comes_as_pdf_and_as_word(story: Story, app: Flask) -> None:
    case_id = assigned(story)
    reader = visit(app, story, "head_a")
    pdf = reader.get(f"/cases/{case_id}/notice.pdf")
    assert (pdf.status_code, pdf.mimetype) == (200, "application/pdf")
    said = text_of(pdf.data)
    for words in ("井盖缺失<A&B>{{7*7}}", "井盖齐全", "整改期限：2026年3月20日"):
        assert words in said
    word = reader.get(f"/cases/{case_id}/notice.docx")
    assert (word.status_code, word.mimetype) == (200, WORD)
    assert "井盖缺失<A&B>{{7*7}}" in "".join(p.text for p in docx.Document(BytesIO(word.data)).paragraphs)


def test_the_file_has_a_chinese_name_that_every_system_takes(story: Story, app: Flask) -> None:
    case_id = assigned(story)
    said = visit(app, story, "supervisor").get(f"/cases/{case_id}/notice.pdf").headers["Content-Disposition"]
    assert said.startswith("attachment; filename*=UTF-8''%E6")
    name = unquote(said.partition("''")[2])
    assert name.startswith("整改通知书_")
    assert name.endswith(".pdf")
    assert not set(name) & set('\\/:*?"<>| ')


def test_each_download_is_on_record(story: Story, app: Flask) -> None:
    case_id = assigned(story)
    reader = visit(app, story, "liaison_b")
    assert not downloads(story)
    assert reader.get(f"/cases/{case_id}/notice.docx").status_code == 200
    (event,) = downloads(story)
    assert (event.subject, event.data["paper"], event.data["form"]) == (f"case:{case_id}", "notice", "docx")
    assert event.actor_id is not None


def test_who_sees_no_case_gets_no_paper_and_leaves_no_trace(story: Story, app: Flask) -> None:
    case_id = assigned(story)
    for who in ("outsider", "head_t", "admin"):
        for name in ("notice", "closure", "verification"):
            for form in ("pdf", "docx"):
                assert visit(app, story, who).get(f"/cases/{case_id}/{name}.{form}").status_code == 404
    assert not downloads(story)


def test_a_paper_that_is_not_yet_due_says_when(story: Story, app: Flask) -> None:
    case_id = story.log()
    office = visit(app, story, "supervisor")
    for name, words in (("notice", "还没有交办"), ("closure", "还没有验收通过"), ("verification", "还没有核查记录")):
        answer = office.get(f"/cases/{case_id}/{name}.pdf")
        assert answer.status_code == 409
        assert words in answer.text
        assert f"{name}.pdf" not in office.get(f"/cases/{case_id}").text


def test_verification_and_closure_tell_what_was_checked_and_done(story: Story, app: Flask) -> None:
    case_id = story.log(title="井盖缺失")
    story.assign(case_id, "A", standard="井盖齐全")
    story.to_work(case_id)
    story.do_measure(case_id)
    story.finish(case_id)
    story.verify(case_id)
    office = visit(app, story, "supervisor")
    said = text_of(office.get(f"/cases/{case_id}/verification.pdf").data)
    for words in ("核查记录", "现场核查日期", "核查方式", "核查人", "通过"):
        assert words in said
    story.case("supervisor", case_id, "accept", opinion="符合标准")
    assert story.get(Case, case_id).state == "accepted"
    said = text_of(visit(app, story, "head_a").get(f"/cases/{case_id}/closure.pdf").data)
    for words in ("销号申请", "井盖齐全", "举一反三", "完成日期", "验收通过"):
        assert words in said
    page = visit(app, story, "head_a").get(f"/cases/{case_id}").text
    for name in ("notice", "closure", "verification"):
        assert f"/cases/{case_id}/{name}.docx" in page


def test_an_assisting_unit_reads_no_duty_of_others(story: Story, app: Flask) -> None:
    case_id = assigned(story)
    with story.cast.database.begin() as session:
        for part in session.scalars(select(Assignment).where(Assignment.case_id == case_id)):
            part.duty = f"{part.role}的分工"
    said = text_of(visit(app, story, "liaison_b").get(f"/cases/{case_id}/notice.pdf").data)
    assert "assist的分工" in said
    assert "lead的分工" not in said


def test_a_slip_comes_as_paper_and_its_draft_says_so(story: Story, app: Flask) -> None:
    case_id = assigned(story)
    story.to_work(case_id)
    story.days("2026-03-03", "2026-03-24")
    slip = story.newest(Slip, case_id=case_id)
    said = text_of(visit(app, story, "supervisor").get(f"/slips/{slip.id}/paper.pdf").data)
    for words in (f"{slip.name}（{slip.colour}）", "草稿，尚未签发", "未编号"):
        assert words in said
    assert visit(app, story, "head_a").get(f"/slips/{slip.id}/paper.docx").status_code == 404
    word = visit(app, story, "supervisor").get(f"/slips/{slip.id}/paper.docx")
    assert docx.Document(BytesIO(word.data)).core_properties.title.endswith(f"{slip.name}（{slip.colour}）")


def test_a_slip_with_copies_names_them_on_both_papers(story: Story, app: Flask) -> None:
    case_id = assigned(story)
    chosen = {"version": 0, "type": "accountability", "unit": story.cast.units["A"], "entry_reason": "instruction"}
    assert visit(app, story, "supervisor").post(f"/cases/{case_id}/slips", chosen).status_code in (302, 303)
    slip = story.newest(Slip, case_id=case_id)
    form = {"version": slip.version, "copy_to": "县审计局"}
    assert visit(app, story, "leader").post(f"/slips/{slip.id}/transitions/sign", form).status_code in (302, 303)
    said = text_of(visit(app, story, "head_a").get(f"/slips/{slip.id}/paper.pdf").data)
    assert "抄送：纪委监委，考核办，县审计局。" in said
    word = docx.Document(BytesIO(visit(app, story, "head_a").get(f"/slips/{slip.id}/paper.docx").data))
    assert any("县审计局" in paragraph.text for paragraph in word.paragraphs)


def test_a_broken_template_is_a_sentence_and_no_download(story: Story, instance: Path) -> None:
    case_id = assigned(story)
    (instance / "templates").mkdir(parents=True)
    (instance / "templates" / "notice.typ").write_text("#let x =", encoding="utf-8")
    answer = visit(make_app(story, instance), story, "supervisor").get(f"/cases/{case_id}/notice.pdf")
    assert answer.status_code == 409
    assert "notice.typ" in answer.text
    assert "第 1 行" in answer.text
    assert not downloads(story)
