"""A county full of things with canaries in their texts, and who may not see them."""

import tempfile
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.core.db import Database
from app.ledgers.bulk import BulkRun
from app.ledgers.bulletins import Bulletin
from app.ledgers.cases import Assignment, Case, Evidence, Filters, Measure, Plan, Request, StoredFile, store
from app.ledgers.exports import Export
from app.ledgers.intake import ImportBatch, find_layout
from app.ledgers.scores import Objection, Reversal, RuleSet, ScoreEntry
from app.ledgers.slips import Slip
from app.ledgers.talks import Commitment, CommitmentFile, Instruction, Interview
from app.ledgers.views import SavedView, save_view
from app.people import Absence, Role, UnitAlias
from app.workflows import COMMITMENT, INTERVIEW, REVERSAL, Context, Substitution, fire, name_substitute
from app.workflows.bulk import choose, start
from app.workflows.exporting import Wanted, ask_export
from tests import talking
from tests.databases import Databases
from tests.people import make_cast
from tests.stock import FIRST_DAY, story_in
from tests.story import Story
from tests.workflows.imports import hand_in, ledger

CANARY = "金丝雀"
PLANTED_ON = "2026-03-24"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
TOLD = {"title": f"{CANARY}标题", "text": f"{CANARY}正文", "contact": f"打{CANARY}电话", "reference": f"{CANARY}文号"}
STRANGERS = ("outsider", "outsider_head", "liaison_t", "head_t", "admin", "security", "organisation")


@dataclass
class Planted:
    """Ids of what was planted, by noun."""

    ids: dict[str, list[int]] = field(default_factory=dict)

    def add(self, noun: str, rows: list[Any]) -> None:
        """Keep the ids of rows under a noun; there must be some, or nothing could leak."""
        assert rows, noun
        self.ids[noun] = [row.id for row in rows]


def planted_story(databases: Databases) -> tuple[Story, Planted]:
    """Return a story in which everything is planted, copied from one made once for each worker; the caller disposes."""
    story = story_in(databases.fresh("planted", _fill), PLANTED_ON)
    return story, _gather(story, story.newest(Case).id)


def _fill(database: Database) -> None:
    story = Story(make_cast(database, FIRST_DAY))
    story.rules()
    plant(story, Path(tempfile.mkdtemp()))


def plant(story: Story, instance: Path) -> Planted:
    """Let one case gather everything that can hang on a case, each text with a canary."""
    case_id = story.log(**TOLD)
    story.assign(case_id, "A", "B", standard=f"{CANARY}标准")
    story.to_work(case_id)
    file = store(instance / "evidence", BytesIO(PNG), f"{CANARY}照片.png")
    measure = story.newest(Measure, case_id=case_id).id
    story.part("liaison_b", case_id, "B", "acknowledge")
    story.part("liaison_b", case_id, "B", "report_progress", text=f"{CANARY}乙进展")
    story.part("liaison_a", case_id, "A", "attach", files=[file], measure=measure)
    wanted = date(2026, 4, 20)
    story.case("head_a", case_id, "ask_extension", reason=f"{CANARY}理由", progress="过半", wanted_on=wanted)
    story.request("supervisor", case_id, "extension", "refuse", reason=f"{CANARY}不同意")
    story.days("2026-03-03", "2026-03-24")
    entries = _entries(story, case_id, "A")
    story.object("liaison_a", case_id, "A", [entries[0]], ground=f"{CANARY}申辩")
    _ask_reversal(story, entries[1])
    row = (
        1,
        "专项督查",
        f"{CANARY}台账问题",
        f"{CANARY}目标",
        "县住建局",
        "",
        "2026年3月2日",
        "2026年6月30日",
        "",
        "否",
    )
    hand_in(story.cast, ledger(row))
    with story.cast.database.begin() as session:
        units = story.cast.units
        session.add(UnitAlias(authority_id=units["C"], unit_id=units["A"], name=f"{CANARY}简称"))
    _name_substitute(story)
    with story.cast.begin("supervisor") as (session, actor):
        ask_export(Context(session, actor, story.cast.clock.now()), Wanted(find_layout("整改台账"), Filters()))
    _save_view(story)
    _choose_many(story, case_id)
    _talk(story, case_id, store(instance / "evidence", BytesIO(PNG), f"{CANARY}履行.png"))
    return _gather(story, case_id)


def _talk(story: Story, case_id: int, proof: StoredFile) -> None:
    """Call the head of A to an interview, write an instruction on the case, draft a bulletin."""
    promise = {"text": f"{CANARY}承诺", "person": "张三", "due_on": date(2026, 4, 20)}
    day = story.cast.clock.now().day
    interview_id = talking.noticed(story, reason=f"{CANARY}约谈", case=case_id)
    held = {**talking.RECORD, "held_on": day, "minutes": f"{CANARY}记录", "commitments": [promise]}
    story.move("inspector", INTERVIEW, interview_id, "record", **held)
    commitment = story.one(Commitment, interview_id=interview_id, position=1)
    story.move("liaison_a", COMMITMENT, commitment.id, "report", text=f"{CANARY}履行", files=[proof])
    talking.instructed(story, case_id, reason=f"{CANARY}批示")
    talking.drafted(story, title=f"{CANARY}通报")


def _name_substitute(story: Story) -> None:
    """Name a substitute for a leader, long after the story."""
    first, last = date(2026, 12, 1), date(2026, 12, 5)
    persons, county = story.cast.persons, story.cast.units["C"]
    with story.cast.begin("supervisor") as (session, actor):
        asked = Substitution(county, persons["leader2"], persons["leader"], Role.LEADER, first, last, f"{CANARY}离岗")
        name_substitute(Context(session, actor, story.cast.clock.now()), asked)


def _save_view(story: Story) -> None:
    """Save a view and share it inside the office."""
    with story.cast.begin("supervisor") as (session, actor):
        save_view(session, actor, story.cast.clock.now(), f"{CANARY}视图", {"q": CANARY}, [Role.INSPECTOR])


def _choose_many(story: Story, case_id: int) -> None:
    """Tag the case, then confirm a bulk run over it that waits for the worker."""
    story.case("inspector", case_id, "tag", tags=f"{CANARY}标签")
    with story.cast.begin("supervisor") as (session, actor):
        context = Context(session, actor, story.cast.clock.now())
        run = choose(context, "remind", {case_id: session.get_one(Case, case_id).version})
        start(context, run, {"reason": f"{CANARY}提醒"})


def _entries(story: Story, case_id: int, unit: str) -> list[int]:
    query = select(ScoreEntry.id).where(ScoreEntry.case_id == case_id, ScoreEntry.unit_id == story.cast.units[unit])
    with story.cast.database.session(read_only=True) as session:
        return list(session.scalars(query.where(ScoreEntry.rule == "overdue").order_by(ScoreEntry.id)))


def _ask_reversal(story: Story, entry_id: int) -> None:
    with story.cast.begin("assessor") as (session, actor):
        row = Reversal(
            authority_id=story.cast.units["C"],
            entry_id=entry_id,
            reason=f"{CANARY}冲销",
            asked_by_id=actor.person_id,
            asked_on=story.cast.clock.now().day,
        )
        fire(Context(session, actor, story.cast.clock.now()), REVERSAL, "ask", row, {"reason": row.reason})


def _gather(story: Story, case_id: int) -> Planted:
    planted = Planted()
    models = {
        "cases": (Case, Case.id == case_id),
        "parts": (Assignment, Assignment.case_id == case_id),
        "plans": (Plan, Plan.case_id == case_id),
        "requests": (Request, Request.case_id == case_id),
        "objections": (Objection, Objection.case_id == case_id),
        "reversals": (Reversal, Reversal.id > 0),
        "rule-sets": (RuleSet, RuleSet.id > 0),
        "absences": (Absence, Absence.id > 0),
        "slips": (Slip, Slip.case_id == case_id),
        "interviews": (Interview, Interview.case_id == case_id),
        "commitments": (Commitment, Commitment.id > 0),
        "commitment-files": (CommitmentFile, CommitmentFile.id > 0),
        "instructions": (Instruction, Instruction.case_id == case_id),
        "bulletins": (Bulletin, Bulletin.id > 0),
        "views": (SavedView, SavedView.id > 0),
        "evidence": (Evidence, Evidence.case_id == case_id),
        "entries": (ScoreEntry, ScoreEntry.case_id == case_id),
        "imports": (ImportBatch, ImportBatch.id > 0),
        "exports": (Export, Export.id > 0),
        "runs": (BulkRun, BulkRun.id > 0),
        "names": (UnitAlias, UnitAlias.id > 0),
    }
    with story.cast.database.session(read_only=True) as session:
        for noun, (model, wanted) in models.items():
            planted.add(noun, list(session.scalars(select(model).where(wanted))))
    planted.ids["units"] = [story.cast.units["A"], story.cast.units["B"]]
    planted.ids["persons"] = [story.cast.persons["head_a"]]
    return planted
