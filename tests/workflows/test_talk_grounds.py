"""What an interview stands on, who calls it in whose place, who hears of it by name, and what proves a promise."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.audit import Event
from app.core.errors import Absent, Invalid
from app.ledgers.messages import Message
from app.ledgers.talks import Commitment, CommitmentFile, Interview
from app.people import Absence, Person, Role, visible
from app.workflows import COMMITMENT, INSTRUCTION, INTERVIEW, SLIP, Context, Substitution, name_substitute
from app.workflows.verifying import check_evidence
from tests import talking
from tests.slips import newest as newest_slip
from tests.slips import overdue_case, run
from tests.story import Story, a_file
from tests.workflows.paths import brought_to

SIGN = {"planned_on": talking.DAY, **talking.NOTICE}


def on_a_slip(story: Story) -> tuple[Interview, int]:
    """Return the proposal that stands on a slip drafted to A by hand, and the slip."""
    slip = talking.named_slip(story, brought_to(story, "assigned"))
    talking.propose(story, slip)
    return story.newest(Interview), slip.slip_id


def told(story: Story, who: str) -> list[str]:
    """Return what a person was told by name, oldest first, but for what is said of substitutes."""
    query = select(Message.kind).where(Message.person_id == story.cast.persons[who]).order_by(Message.id)
    query = query.where(Message.kind.not_in(("substitute_named", "substituting", "acted_for")))
    with story.cast.database.session(read_only=True) as session:
        return list(session.scalars(query))


def stand_in(story: Story, absent: str, substitute: str) -> None:
    """Let somebody act for a leader today."""
    with story.cast.begin("supervisor") as (session, actor):
        persons, day = story.cast.persons, talking.today(story)
        names = persons[absent], persons[substitute]
        asked = Substitution(story.cast.units["C"], *names, Role.LEADER, day, day, "外出学习")
        name_substitute(Context(session, actor, story.cast.clock.now()), asked)


@pytest.mark.parametrize("way", ["withdraw", "discard"])
def test_proposal_goes_with_the_slip_it_stands_on_and_says_why(ready: Story, way: str) -> None:
    row, slip_id = on_a_slip(ready)
    if way == "withdraw":
        ready.move("leader", SLIP, slip_id, "sign")
    ready.move("leader" if way == "withdraw" else "inspector", SLIP, slip_id, way, reason="发错对象")
    row = ready.get(Interview, row.id)
    assert (row.state, row.withdrawn_on) == ("withdrawn", talking.DAY)
    assert "发错对象" in row.withdrawn_reason
    event = ready.newest(Event, subject=f"interview:{row.id}")
    assert (event.kind, event.reason, event.data["slip"]) == (
        "interview.withdraw_along",
        row.withdrawn_reason,
        slip_id,
    )
    assert event.case_id is None, "a proposal stays the office's own affair"
    with pytest.raises(Absent):
        ready.move("head_a", INTERVIEW, row.id, "notice", **SIGN)


def test_proposal_goes_with_a_draft_that_lapses_in_the_daily_job(ready: Story) -> None:
    case_id = overdue_case(ready)
    for first, last in (("2026-03-03", "2026-03-23"), ("2026-03-24", "2026-03-27")):
        run(ready, first, last)
        ready.move("supervisor", SLIP, newest_slip(ready).id, "sign")
    run(ready, "2026-03-28", "2026-04-03")
    row = ready.one(Interview, case_id=case_id)
    assert row.state == "proposed"
    ready.do_measure(case_id)
    ready.finish(case_id)
    ready.daily("2026-04-07")
    assert newest_slip(ready).state == "lapsed"
    row = ready.get(Interview, row.id)
    assert (row.state, str(row.withdrawn_on)) == ("withdrawn", "2026-04-07")
    assert "条件已消失" in row.withdrawn_reason


def test_noticed_interview_stays_and_its_signer_is_told(ready: Story) -> None:
    row, slip_id = on_a_slip(ready)
    ready.move("leader", SLIP, slip_id, "sign")
    ready.move("leader", INTERVIEW, row.id, "notice", **SIGN)
    ready.move("leader", SLIP, slip_id, "withdraw", reason="事实有误")
    assert ready.get(Interview, row.id).state == "noticed"
    assert told(ready, "leader") == ["interview_doubtful"]


def test_absent_leader_hears_with_the_substitute_that_the_ground_of_an_interview_is_gone(ready: Story) -> None:
    row, slip_id = on_a_slip(ready)
    stand_in(ready, "leader", "leader2")
    ready.move("leader2", SLIP, slip_id, "sign")
    ready.move("leader2", INTERVIEW, row.id, "notice", **SIGN)
    ready.move("leader2", SLIP, slip_id, "withdraw", reason="事实有误")
    assert told(ready, "leader") == told(ready, "leader2") == ["interview_doubtful"]


def test_substitute_calls_an_admonition_in_the_place_of_the_absent_leader(ready: Story) -> None:
    interview_id = talking.proposed(ready, unit="A", kind="admonish")
    stand_in(ready, "leader", "leader2")
    ready.move("leader2", INTERVIEW, interview_id, "notice", **SIGN)
    row = ready.get(Interview, interview_id)
    persons = ready.cast.persons
    assert (row.signed_by_id, row.signed_for_id) == (persons["leader2"], persons["leader"])
    event = ready.newest(Event, subject=f"interview:{interview_id}")
    assert event.data["acting_for"] == ready.get(Person, persons["leader"]).name
    assert event.mandate_id != ready.newest(Event, kind="absence.name").mandate_id
    assert ready.newest(Absence).substitute_id == row.signed_by_id


def test_substitute_judges_the_reply_to_an_instruction_of_the_absent_leader(ready: Story) -> None:
    instruction_id = talking.replied(ready, brought_to(ready, "assigned"))
    assert told(ready, "leader") == ["instruction_replied"]
    stand_in(ready, "leader", "leader2")
    ready.move("leader2", INSTRUCTION, instruction_id, "settle")


def test_second_proposal_for_a_place_hears_who_made_the_first(ready: Story) -> None:
    form = {"basis": "rank", "period": "2026"}

    def one(who: str) -> str:
        try:
            talking.proposed(ready, who, **form)
        except Invalid as error:
            return error.errors["unit"]
        return ""

    with ThreadPoolExecutor(4) as pool:
        said = sorted(pool.map(one, ["inspector", "inspector2", "supervisor", "supervisor2"]))
    assert said[0] == ""
    first = ready.get(Person, ready.newest(Interview).proposed_by_id).name
    assert said[1:] == [f"县住建局因 2026 年排名已有一件约谈在办，由{first}于 2026-03-02 提出，请先办理那一件。"] * 3


def test_database_holds_one_interview_for_a_place_in_the_ranking(ready: Story) -> None:
    interview_id = talking.proposed(ready, basis="rank", period="2026")
    kept = ready.get(Interview, interview_id)
    names = ("authority_id", "unit_id", "kind", "basis", "period", "reason", "state", "proposed_on")
    with ready.cast.database.session() as session:
        session.add(Interview(**{name: getattr(kept, name) for name in names}))
        with pytest.raises(IntegrityError):
            session.flush()
    ready.move("supervisor", INTERVIEW, interview_id, "withdraw", reason="重复")
    talking.proposed(ready, basis="rank", period="2026")


def test_persons_named_in_a_talk_are_told_and_a_name_that_two_bear_names_nobody(ready: Story) -> None:
    who = {"supervisor": "周督查", "head_a": "张三", "liaison_a": "李四", "inspector": "王五", "inspector2": "王五"}
    with ready.cast.database.begin() as session:
        for username, name in who.items():
            session.get_one(Person, ready.cast.persons[username]).name = name
    interview_id = talking.noticed(ready)
    assert told(ready, "supervisor") == []
    ready.move("supervisor", INTERVIEW, interview_id, "withdraw", reason="改期")
    interview_id = talking.proposed(ready)
    ready.move("supervisor", INTERVIEW, interview_id, "notice", **SIGN | {"host": "周督查"})
    form = talking.RECORD | {"host": "周督查", "attendees": "张三、王五，钱六"}
    ready.move("inspector", INTERVIEW, interview_id, "record", held_on=talking.DAY, **form)
    assert told(ready, "supervisor") == ["interview_hosted", "interview_recorded"]
    assert told(ready, "head_a") == ["interview_recorded", "commitment_named"]
    assert told(ready, "liaison_a") == ["commitment_named"]
    assert told(ready, "inspector") == told(ready, "inspector2") == []
    ready.days("2026-03-03", "2026-03-17")
    assert told(ready, "head_a")[2:] == [], "hears it as the head of the unit, once"


def test_files_prove_what_is_reported_of_a_commitment(ready: Story) -> None:
    commitment_id = talking.promised(ready)
    file = a_file("清运照片.jpg")
    ready.move("liaison_a", COMMITMENT, commitment_id, "report", text="已完成", files=[file])
    row = ready.newest(CommitmentFile)
    assert (row.commitment_id, row.name, row.sha256) == (commitment_id, file.name, file.sha256)
    event = ready.newest(Event, kind="commitment.report")
    assert (row.event_id, event.data["files"][0]["sha256"]) == (event.id, file.sha256)
    with ready.cast.database.session(read_only=True) as session:
        assert check_evidence(session).wrong is None
    for who, sees in (("head_a", True), ("inspector", True), ("head_b", False), ("outsider", False)):
        with ready.cast.begin(who) as (session, actor):
            assert bool(session.scalars(visible(CommitmentFile, actor)).all()) is sees
    assert ready.get(Commitment, commitment_id).reported_on == date(2026, 3, 2)
