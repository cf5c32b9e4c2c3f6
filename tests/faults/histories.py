"""Random histories of a county: whatever the cast may do, in any order, the daily job between; refusals are part of it."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from app.core.errors import Absent, Invalid, Refused
from app.ledgers.cases import Case
from app.ledgers.cases.words import OPEN_STATES
from app.ledgers.scores import Objection, Reversal, ScoreEntry, Standing
from app.ledgers.slips import Slip
from app.workflows import OBJECTION, REVERSAL, SLIP
from tests.slips import draft
from tests.story import Story
from tests.workflows import paths
from tests.workflows.paths import brought_to

Step = Callable[["History"], object]


class History:
    """A story that chance tells."""

    def __init__(self, story: Story, random: Random) -> None:
        self.story, self.random = story, random
        self.made: dict[str, int] = {}
        self.cases = [brought_to(story, random.choice(["assigned", "rectifying", "ready"])) for _ in range(2)]

    def step(self) -> None:
        """Do one thing, if the rules let it be done."""
        name = self.random.choice(sorted(STEPS))
        try:
            STEPS[name](self)
        except (Refused, Invalid, Absent):
            return
        self.made[name] = self.made.get(name, 0) + 1

    def case(self, open_only: bool = True) -> int:
        """Choose a case."""
        with self.story.cast.database.session(read_only=True) as session:
            states = dict(session.execute(select(Case.id, Case.state)).all())
        fitting = [case_id for case_id in self.cases if not open_only or states[case_id] in OPEN_STATES]
        return self.random.choice(fitting or self.cases)

    def entry(self, state: str) -> tuple[int, int, str]:
        """Choose an entry of the standing (any where there is none): its id, case and unit."""
        codes = {unit_id: code for code, unit_id in self.story.cast.units.items()}
        query = select(ScoreEntry.id, ScoreEntry.case_id, ScoreEntry.unit_id).join(
            Standing, Standing.entry_id == ScoreEntry.id
        )
        with self.story.cast.database.session(read_only=True) as session:
            rows = session.execute(query.where(Standing.state == state).order_by(ScoreEntry.id)).all()
        if not rows:
            raise Refused("nothing of that standing")
        entry_id, case_id, unit_id = self.random.choice(rows)
        return entry_id, case_id or 0, codes[unit_id]


def pass_days(history: History) -> None:
    """Let one to four days pass, the job on each."""
    day = history.story.cast.clock.now().day
    for _ in range(history.random.randint(1, 4)):
        day += timedelta(days=1)
        history.story.daily(day)


def object_to(history: History) -> None:
    """Object to an entry, and perhaps to what comes later on the same ground."""
    entry_id, case_id, unit = history.entry(history.random.choice(["proposed", "proposed", "confirmed"]))
    covers = history.random.random() < 0.5
    history.story.object(f"head_{unit.lower()}", case_id, unit, [entry_id], covers_later=covers)


def decide(history: History, name: str, model: type[Objection] | type[Reversal]) -> None:
    """Decide an objection or a reversal that waits."""
    waiting = [row.id for row in (history.story.newest(model, state="asked"),) if row]
    if not waiting:
        raise Refused("nothing waits")
    who = history.random.choice(["assessor", "assessor2"])
    workflow = OBJECTION if model is Objection else REVERSAL
    history.story.move(who, workflow, waiting[0], name, reason="经核实")


def reverse_by_hand(history: History) -> None:
    """Ask for the reversal of any entry."""
    state = history.random.choice(["proposed", "confirmed", "contested", "reversed"])
    paths.ask_reversal(history.story, paths.reversal_row(history.story, history.entry(state)[0]))


def merge(history: History) -> None:
    """Merge one case into another."""
    one, other = history.random.sample(history.cases, 2)
    history.story.case("supervisor", one, "merge", case=other, reason="同一问题")


def extend(history: History) -> None:
    """Ask for an extension."""
    day = history.story.cast.clock.now().day
    wanted = max(day, paths.LATER) + timedelta(days=history.random.randint(1, 9))
    form = {**paths.extension_form(history.story), "wanted_on": wanted}
    history.story.case("head_a", history.case(), "ask_extension", **form)


def give_back(history: History) -> None:
    """Grant the return of a disputed part."""
    due_on = history.story.cast.clock.now().day + timedelta(days=9)
    form: dict[str, Any] = {"lead": history.story.cast.units["T"], "due_on": due_on}
    name = history.random.choice(["grant_return", "grant_return_assist"])
    history.story.case("supervisor", history.case(), name, **form)


def rebound(history: History) -> None:
    """Agree that a case came back."""
    due_on = history.story.cast.clock.now().day + timedelta(days=5)
    history.story.case("supervisor", history.case(open_only=False), "rebound", due_on=due_on)


def push(history: History, who: str, name: str, *states: str, **form: Any) -> None:
    """Make a move on the newest slip in one of the states."""
    query = select(Slip.id).where(Slip.state.in_(states)).order_by(Slip.id.desc())
    with history.story.cast.database.session(read_only=True) as session:
        slip_id = session.scalars(query).first()
    if slip_id is None:
        raise Refused("no such slip")
    history.story.move(who, SLIP, slip_id, name, **form)


def draft_slip(history: History) -> None:
    """Draft a slip by hand."""
    kind = history.random.choice(["prompt", "supervise", "accountability"])
    draft(history.story, history.case(), kind, unit=history.random.choice("AB"))


STEPS: dict[str, Step] = {
    "draft slip": draft_slip,
    "sign slip": lambda h: push(h, h.random.choice(["supervisor", "leader"]), "sign", "draft"),
    "sign slip again": lambda h: push(h, h.random.choice(["supervisor", "leader"]), "sign", "draft"),
    "discard slip": lambda h: push(h, "inspector", "discard", "draft", reason="不需要"),
    "receive slip": lambda h: push(h, "liaison_a", "acknowledge", "issued"),
    "answer slip": lambda h: push(h, "head_a", "reply", "acknowledged", text="已整改"),
    "accept answer": lambda h: push(h, "inspector", "accept_reply", "replied"),
    "refuse answer": lambda h: push(h, "inspector", "refuse_reply", "replied", reason="不具体"),
    "withdraw slip": lambda h: push(h, "supervisor", "withdraw", "issued", "acknowledged", "replied", reason="误发"),
    "days": pass_days,
    "more days": pass_days,
    "object": object_to,
    "object again": object_to,
    "uphold": lambda h: decide(h, "uphold", Objection),
    "dismiss": lambda h: decide(h, "dismiss", Objection),
    "ask reversal": reverse_by_hand,
    "grant reversal": lambda h: decide(h, "grant", Reversal),
    "merge": merge,
    "unmerge": lambda h: h.story.case("supervisor", h.case(open_only=False), "unmerge", reason="不是同一问题"),
    "extend": extend,
    "grant extension": lambda h: h.story.request("supervisor", h.case(), "extension", "grant"),
    "dispute": lambda h: h.story.part("head_b", h.case(), "B", "dispute", reason="不归我们"),
    "dispute as lead": lambda h: h.story.part("head_a", h.case(), "A", "dispute", reason="不归我们"),
    "give back": give_back,
    "keep": lambda h: h.story.request("supervisor", h.case(), "return_assignment", "refuse", reason="职责明确"),
    "source": lambda h: h.story.case(
        "inspector",
        h.case(),
        "add_source",
        source_kind="media",
        discovery=h.random.choice(["media_city", "province", "citizen"]),
    ),
    "finish part": lambda h: h.story.part("head_b", h.case(), "B", "finish", result="完成"),
    "finish": lambda h: h.story.finish(h.case()),
    "take back": lambda h: h.story.case("head_a", h.case(), "take_back"),
    "send back": lambda h: h.story.case(
        "inspector", h.case(), "send_back", reason="还差", false=h.random.random() < 0.3
    ),
    "verify": lambda h: h.story.verify(h.case()),
    "accept": lambda h: h.story.case("supervisor", h.case(), "accept"),
    "close": lambda h: h.story.case("supervisor", h.case(), "close"),
    "ask rebound": lambda h: h.story.case(
        "inspector", h.case(open_only=False), "ask_rebound", reason="又见", basis="回头看"
    ),
    "rebound": rebound,
    "end": lambda h: h.story.case(
        "supervisor",
        h.case(),
        h.random.choice(["propose_void", "propose_terminate"]),
        reason="理由",
        leader=h.story.cast.persons["leader"],
    ),
    "sign": lambda h: h.story.case("leader", h.case(), h.random.choice(["void", "terminate"])),
}
