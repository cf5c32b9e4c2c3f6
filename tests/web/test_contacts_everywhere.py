"""Whatever is typed into whatever move: no page of a unit, no event and no table but one tells who a citizen is."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from app.audit import Event, broken_chains
from app.core.errors import Invalid
from app.ledgers.bulk import BulkRun
from app.ledgers.cases import Assignment, Case, CaseSource
from app.ledgers.slips import Slip
from app.workflows import CASE, PART, SLIP, Context
from app.workflows.bulk import choose, start
from tests import handing, slips, talking
from tests.client import visit
from tests.databases import Databases
from tests.stock import ready_story
from tests.story import Story
from tests.telling import CONTACT, NAME, PHONE, SAID, SECRETS, Telling, tables_telling, tell_everything
from tests.web.test_probes import crawl
from tests.workflows import paths
from tests.workflows.moves import MOVES

KEEPING = {("case_sources", "contact")}
OF_NO_CASE = {"rule_set", "bulletin", "interview", "commitment"}
NEVER_TRUE = {("case", "untag")}  # nothing that holds a contact can be taken off
LANDLINE = "0571-88123456"


@pytest.fixture
def story(databases: Databases) -> Iterator[Story]:
    """A county whose cases all come from citizens."""
    made = Telling(ready_story(databases).cast)
    yield made
    made.cast.database.dispose()


def begin_everything(story: Story) -> None:
    """Make the first moves of what hangs on a case, with the contact in their texts."""
    case_id = paths.brought_to(story, "assigned")
    story.object("liaison_a", case_id, "A", paths.entry_ids(story, case_id, "A"), ground=SAID)
    slips.draft(story, case_id, text=SAID)
    talking.proposed(story, reason=SAID, case=case_id)
    row = paths.reversal_row(story, paths.entry_ids(story, case_id, "B")[0])
    row.reason = SAID
    paths.ask_reversal(story, row)
    story.log("liaison_a")


def test_no_move_and_no_page_tells_who_a_citizen_is(story: Story, app: Flask) -> None:
    refused = {(move.workflow.name, move.name) for move, is_taken in tell_everything(story) if not is_taken}
    assert {name for name in refused if name[0] not in OF_NO_CASE} == NEVER_TRUE
    begin_everything(story)
    assert tables_telling(story) == KEEPING
    with story.cast.database.session(read_only=True) as session:
        assert not list(broken_chains(session))
    for who in ("head_a", "liaison_b"):
        for path, page in crawl(visit(app, story, who), most=40).items():
            assert not [secret for secret in SECRETS if secret in page], (who, path)


def test_engine_that_forgets_to_take_contacts_out_is_found(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.workflows.input.withhold_contacts", lambda _attempt: None)
    few = [m for m in MOVES if (m.workflow, m.name) in ((CASE, "assign"), (PART, "report_progress"), (PART, "attach"))]
    assert all(is_taken for _, is_taken in tell_everything(story, few))
    told = {("events", "data"), ("cases", "standard"), ("progress_reports", "text"), ("evidence", "name")}
    assert told | KEEPING <= tables_telling(story)


def test_what_a_unit_typed_is_kept_for_the_office_and_the_unit_is_told(story: Story, app: Flask) -> None:
    case_id = paths.brought_to(story, "rectifying")
    part = story.one(Assignment, case_id=case_id, unit_id=story.cast.units["B"])
    answer = visit(app, story, "liaison_b").post(
        f"/parts/{part.id}/transitions/report_progress",
        {"text": "已联系13700000000的住户", "version": part.version},
        follow_redirects=True,
    )
    assert "文字里的个人电话、证件号、反映人姓名已隐去" in answer.text
    assert "已联系［电话已隐去］的住户" in answer.text
    assert story.one(CaseSource, case_id=case_id).contact.endswith("；13700000000")


def test_office_prints_its_own_landline_unless_it_is_the_citizens(story: Story) -> None:
    case_id = paths.brought_to(story, "assigned")
    said = f"联系电话{LANDLINE}，督提〔2026〕12号，2026年3月20日前回复。"
    slip = story.get(Slip, slips.draft(story, case_id, text=said))
    assert slip.text == said
    story.case("inspector", case_id, "remind", reason=said)
    assert story.newest(Event, kind="case.remind").reason == said
    story.case("inspector", case_id, "comment", reason=f"来电{LANDLINE}")
    story.move("inspector", SLIP, slip.id, "discard", reason="重拟")
    assert story.get(Slip, slips.draft(story, case_id, text=said)).text == said.replace(LANDLINE, "［电话已隐去］")


def test_number_of_a_source_keeps_all_but_what_is_plainly_a_persons(story: Story) -> None:
    for said, kept, found in (
        ("12345热线 13800001111", "12345热线 ［电话已隐去］", "13800001111"),
        ("138.0000.2222", "［电话已隐去］", "138.0000.2222"),
        ("信访 330106199001011234", "信访 ［证件号已隐去］", "330106199001011234"),
        ("13800003333", "13800003333", ""),
        (f"热线{LANDLINE}转2〔2026〕12号", f"热线{LANDLINE}转2〔2026〕12号", ""),
    ):
        source = story.one(CaseSource, case_id=story.log(reference=said))
        assert source.reference == kept
        assert found in (source.contact or "")


def test_who_is_named_as_telling_in_one_text_is_meant_in_the_others(story: Story) -> None:
    case_id = Story.log(story, title="孙桂兰反映路灯不亮", text="反映人：孙桂兰，QQ：12345678", contact="")
    case = story.get(Case, case_id)
    assert (case.title, case.text) == ("［隐名］反映路灯不亮", "反映人：［隐名］，QQ：［QQ号已隐去］")
    assert set(story.one(CaseSource, case_id=case_id).contact.split("；")) == {"孙桂兰", "12345678"}


def test_names_of_officials_stay_where_they_are_asked_for(story: Story) -> None:
    case_id = paths.brought_to(story, "submitted")
    day, method = date(2026, 3, 2), f"与{NAME}一起查看"
    story.case("inspector", case_id, "verify", site_on=day, method=method, second_person=NAME)
    data = story.newest(Event, kind="case.verify").data
    assert (data["second_person"], data["method"]) == (NAME, "与［隐名］一起查看")


def test_what_belongs_to_no_single_case_is_refused(story: Story) -> None:
    with pytest.raises(Invalid, match="反映人姓名"):
        talking.proposed(story, reason=SAID)
    case_id = paths.brought_to(story, "assigned")
    for words in (f"请联系{PHONE}", f"请答复{NAME}"):
        with story.cast.begin("supervisor") as (session, actor):
            context = Context(session, actor, story.cast.clock.now())
            run = choose(context, "remind", {case_id: session.get_one(Case, case_id).version})
            with pytest.raises(Invalid):
                start(context, run, {"reason": words})
            session.rollback()
    assert story.newest(BulkRun) is None
    assert tables_telling(story) == KEEPING


def test_case_handed_down_keeps_the_contact_for_those_who_work_on_it(story: Story) -> None:
    part = paths.part_of(story, handing.parent(story), "T")
    story.move("head_t", PART, part, "hand_down", **{**handing.DOWN, "text": f"{NAME}（{PHONE}）反映"})
    with story.cast.database.session(read_only=True) as session:
        child = session.scalars(select(Case).where(Case.parent_id.is_not(None))).one()
    assert child.text == "［隐名］（［电话已隐去］）反映"
    kept = story.one(CaseSource, case_id=child.id).contact
    assert set(kept.split("；")) == set(CONTACT.split())
