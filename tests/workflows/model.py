"""An independent model of the life of a case, written from the rules alone: states, who may move, what must be there."""

from dataclasses import dataclass, field

OPEN = ("reported", "ledgered", "assigned", "planning", "rectifying", "submitted", "verified", "accepted", "long_term")
WORKED = ("assigned", "planning", "rectifying", "long_term")
# name: who may, from where, to where ("" stays); the case belongs to unit A, assisted by B
MOVES = {
    "admit": ("supervisor", ("reported",), "ledgered"),
    "reject": ("supervisor", ("reported", "ledgered"), "rejected"),
    "restore": ("supervisor", ("rejected",), "back"),
    "assign": ("supervisor", ("ledgered",), "assigned"),
    "comment": ("inspector supervisor", OPEN, ""),
    "acknowledge": ("liaison_a head_a", ("assigned",), "planning"),
    "draft_plan": ("liaison_a head_a", ("planning",), ""),
    "approve_plan": ("head_a", ("planning",), ""),
    "return_plan": ("supervisor", ("planning",), ""),
    "pass_plan": ("supervisor", ("planning",), "rectifying"),
    "sign_b": ("liaison_b head_b", WORKED, ""),
    "finish_b": ("head_b", WORKED, ""),
    "reopen_b": ("head_b", WORKED, ""),
    "prove": ("liaison_a head_a", WORKED, ""),
    "report_finished": ("head_a", ("rectifying",), "submitted"),
    "take_back": ("head_a", ("submitted",), "rectifying"),
    "verify": ("inspector", ("submitted",), "verified"),
    "accept": ("supervisor", ("verified",), "accepted"),
    "send_back": ("inspector supervisor", ("submitted", "verified", "accepted"), "rectifying"),
    "close": ("supervisor", ("accepted",), "closed"),
    "ask_extension": ("liaison_a head_a", ("assigned", "planning", "rectifying"), ""),
    "approve_extension": ("head_a", OPEN, ""),
    "refuse_extension": ("supervisor", (), ""),
    "ask_long_term": ("head_a", ("rectifying",), ""),
    "make_long_term": ("supervisor", ("rectifying",), "long_term"),
    "review_resume": ("inspector", ("long_term",), "rectifying"),
    "ask_rebound": ("inspector", ("closed",), ""),
    "rebound": ("supervisor", ("closed",), "rectifying"),
    "merge": ("supervisor", OPEN, "merged"),
    "unmerge": ("supervisor", ("merged",), "back"),
    "propose_void": ("supervisor", OPEN, ""),
    "void": ("leader", OPEN, "voided"),
}
UNIT_A, UNIT_B, OFFICE = ("liaison_a", "head_a"), ("liaison_b", "head_b"), ("inspector", "supervisor", "assessor")


@dataclass
class Model:
    """What the rules say of one case that is worked on by A and B."""

    state: str = "reported"
    ended_from: str = ""
    plan: str = ""
    lead_signed: bool = False
    b: str = ""
    proven: bool = False
    asked: set[str] = field(default_factory=set)

    def sees(self, who: str) -> bool:
        """Offices see every case, units from the assignment on; the leader of A with them, or when named to sign."""
        return who in OFFICE or bool(self.b) or (who == "leader" and "void" in self.asked)

    def may(self, who: str, name: str) -> bool:
        """Say whether the move is allowed to the person now."""
        roles, sources, _ = MOVES[name]
        if not self.sees(who) or who not in roles.split():
            return False
        if name == "refuse_extension":
            return "extension" in self.asked and "draft" not in self.asked
        return self.state in sources and self._has_what_it_needs(name)

    def _has_what_it_needs(self, name: str) -> bool:
        asked = self.asked
        needs = {
            "draft_plan": self.plan in ("", "drafted", "sent_back"),
            "approve_plan": self.plan == "drafted",
            "return_plan": self.plan == "approved",
            "pass_plan": self.plan == "approved",
            "sign_b": self.b == "waiting",
            "finish_b": self.b == "working",
            "reopen_b": self.b == "done",
            "prove": self.lead_signed and self.state in ("planning", "rectifying", "long_term"),
            "report_finished": self.b == "done" and "extension" not in asked,
            "accept": self.proven and "extension" not in asked,
            "ask_extension": "extension" not in asked,
            "approve_extension": "draft" in asked,
            "ask_long_term": "long_term" not in asked,
            "make_long_term": "long_term" in asked,
            "ask_rebound": "rebound" not in asked,
            "rebound": "rebound" in asked,
            "propose_void": "void" not in asked,
            "void": "void" in asked,
        }
        return needs.get(name, True)

    def make(self, who: str, name: str) -> None:
        """Move. What a liaison asks for is a draft until the head approves it."""
        before, dest = self.state, MOVES[name][2]
        self.state = self.ended_from if dest == "back" else dest or before
        if self.state in ("rejected", "merged", "closed", "voided") and before != self.state:
            self.ended_from = before
        if (who, name) == ("liaison_a", "ask_extension"):
            self.asked.add("draft")
        effect = getattr(self, f"_{name}", None)
        if effect:
            effect()

    def _assign(self) -> None:
        self.b = "waiting"

    def _acknowledge(self) -> None:
        self.lead_signed = True

    def _draft_plan(self) -> None:
        self.plan, self.proven = "drafted", False

    def _approve_plan(self) -> None:
        self.plan = "approved"

    def _return_plan(self) -> None:
        self.plan = "sent_back"

    def _pass_plan(self) -> None:
        self.plan = "passed"

    def _sign_b(self) -> None:
        self.b = "working"

    def _finish_b(self) -> None:
        self.b = "done"

    def _reopen_b(self) -> None:
        self.b = "working"

    def _prove(self) -> None:
        self.proven = bool(self.plan)  # a file without a measure proves none

    def _send_back(self) -> None:
        self.b = "working"

    def _ask_extension(self) -> None:
        self.asked.add("extension")

    def _approve_extension(self) -> None:
        self.asked.discard("draft")

    def _refuse_extension(self) -> None:
        self.asked.discard("extension")

    def _ask_long_term(self) -> None:
        self.asked.add("long_term")

    def _make_long_term(self) -> None:
        self.asked.discard("long_term")

    def _ask_rebound(self) -> None:
        self.asked.add("rebound")

    def _rebound(self) -> None:
        self.asked.discard("rebound")
        self.b = "working"

    def _propose_void(self) -> None:
        self.asked.add("void")
