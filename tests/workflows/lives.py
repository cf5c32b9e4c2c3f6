"""Random lives of a case beside the one-page model that says what may happen to it."""

from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit import Event
from app.core.errors import Absent, Invalid, Refused
from app.ledgers.cases import Assignment, Case, Measure, Plan, Request
from app.people import Actor, visible
from app.workflows import CASE, PART, PLAN, Context, Workflow, fire, new_case, workflow_of
from tests.story import DONE, LOGGED, SITE, Story, a_file
from tests.workflows import paths
from tests.workflows.model import MOVES, Model
from tests.workflows.paths import brought_to

STEPS = 30
PEOPLE = ("liaison_a", "head_a", "liaison_b", "head_b", "inspector", "supervisor", "assessor", "leader", "outsider")
ELSEWHERE = {"approve_plan": (PLAN, "approve"), "return_plan": (PLAN, "send_back"), "sign_b": (PART, "acknowledge")}
ELSEWHERE |= {"finish_b": (PART, "finish"), "reopen_b": (PART, "reopen"), "prove": (PART, "attach")}
EXTENSIONS = {"approve_extension": "approve", "refuse_extension": "refuse"}
WHY = {"reason": "理由"}


class Life:
    """One case in one transaction, beside its model; whoever leads it commits or takes it back."""

    def __init__(self, story: Story, session: Session, other: int) -> None:
        self.story, self.session, self.other = story, session, other
        self.actors: dict[str, Actor] = {name: story.cast.actor(session, name) for name in PEOPLE}
        self.model = Model()
        self.case_id = 0

    def begin(self) -> None:
        """Log the case."""
        actor, moment = self.actors["inspector"], self.story.cast.clock.now()
        row = new_case(actor, self.story.cast.units["C"], LOGGED, moment)
        self.case_id = fire(Context(self.session, actor, moment), CASE, "log", row, LOGGED).row.id

    def try_move(self, who: str, name: str) -> str:
        """Try a move as somebody: made, absent or refused."""
        try:
            with self.session.begin_nested():
                workflow, row, move = self.row(who, name)
                context = Context(self.session, self.actors[who], self.story.cast.clock.now())
                fire(context, workflow, move, row, self.form(name))
        except Absent:
            return "absent"
        except (Refused, Invalid):
            return "refused"
        return "made"

    def row(self, who: str, name: str) -> tuple[Workflow, Any, str]:
        """Return the row that a move is made on, as far as the person sees it."""
        self.seen(Case, who, Case.id == self.case_id)
        if name in EXTENSIONS:
            request = self.seen(Request, who, (Request.case_id == self.case_id) & (Request.kind == "extension"))
            return workflow_of(request), request, EXTENSIONS[name]
        workflow, move = ELSEWHERE.get(name, (CASE, name))
        if workflow is PLAN:
            return PLAN, self.seen(Plan, who, Plan.case_id == self.case_id), move
        if workflow is PART:
            unit = self.story.cast.units["A" if name == "prove" else "B"]
            mine = (Assignment.case_id == self.case_id) & (Assignment.unit_id == unit)
            return PART, self.seen(Assignment, who, mine), move
        return CASE, self.seen(Case, who, Case.id == self.case_id), move

    def seen(self, model: Any, who: str, wanted: Any) -> Any:
        """Read the newest such row that the person sees."""
        query = visible(model, self.actors[who]).where(wanted).order_by(model.id.desc()).limit(1)
        row = self.session.scalars(query).first()
        if row is None:
            raise Absent
        return row

    def form(self, name: str) -> dict[str, Any]:
        """Fill in everything any move needs."""
        due_on = self.session.scalar(select(Case.due_on).where(Case.id == self.case_id)) or paths.LATER
        measure = self.session.scalar(select(func.max(Measure.id)).where(Measure.case_id == self.case_id))
        later = {"wanted_on": due_on + timedelta(days=5), "progress": "过半", "stage_goal": "一期"}
        forms: dict[str, dict[str, Any]] = {
            "assign": paths.assignment(self.story),
            "draft_plan": paths.plan_form(self.story),
            "prove": {"files": [a_file()], "measure": measure, "measure_done": True},
            "finish_b": {"result": "完成"},
            "report_finished": DONE,
            "verify": {**SITE, "site_on": self.story.cast.clock.now().day},
            "ask_extension": later,
            "ask_long_term": {**later, "expected_end": paths.LATER},
            "ask_rebound": {"basis": "回头看"},
            "merge": {"case": self.other},
            "propose_void": {"leader": self.story.cast.persons["leader"]},
        }
        return {**WHY, "due_on": paths.LATER, **forms.get(name, {})}

    def check(self, outcome: str, who: str, name: str, may: bool, before: int) -> int:
        """Compare with the model; return how many moves are recorded now."""
        query = select(func.count()).where(Event.case_id == self.case_id, Event.kind.not_like("entry.%"))
        recorded = self.session.scalar(query) or 0
        case = self.session.get_one(Case, self.case_id, populate_existing=True)
        said = f"{who} {name}: {outcome}, the model says {may} in {self.model}"
        assert (outcome == "made") == may, said
        assert case.state == self.model.state, said
        assert recorded == before + may, said
        if may:
            newest = select(Event).where(Event.case_id == self.case_id, Event.kind.not_like("entry.%"))
            event = self.session.scalars(newest.order_by(Event.id.desc()).limit(1)).one()
            assert event.actor_id == self.actors[who].person_id
            if event.kind.startswith("case."):
                assert event.dest == case.state, said
        return recorded


def choose(model: Model, random: Random) -> tuple[str, str]:
    """Choose a move and a person: more often one that is allowed."""
    allowed = [(who, name) for name in MOVES for who in PEOPLE if model.may(who, name)]
    if allowed and random.random() < 0.6:
        return random.choice(allowed)
    return random.choice(PEOPLE), random.choice(sorted(MOVES))


def lead_lives(story: Story, number: int, seed: int) -> None:
    """Lead cases through random lives that stay on record."""
    random, other = Random(seed), brought_to(story, "ledgered")
    for _ in range(number):
        with story.cast.database.session() as session:
            life = Life(story, session, other)
            life.begin()
            for _ in range(STEPS):
                who, name = choose(life.model, random)
                if life.try_move(who, name) == "made":
                    life.model.make(who, name)
            session.commit()
