"""Every move a person can make: how to get there, who makes it with what, and who sees it but may not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.workflows import (
    BULLETIN,
    CASE,
    COMMITMENT,
    EXTENSION,
    INSTRUCTION,
    INTERVIEW,
    OBJECTION,
    PART,
    PLAN,
    REQUEST,
    REVERSAL,
    RULE_SET,
    SLIP,
    Workflow,
)
from tests import handing, slips, talking
from tests.story import DONE, SITE, Story
from tests.workflows import paths
from tests.workflows.paths import brought_to

DAY = date(2026, 3, 2)
NOTHING: Mapping[str, Any] = {}
Form = Mapping[str, Any] | Callable[[Story], Mapping[str, Any]]


@dataclass(frozen=True)
class Move:
    """One move: `row` brings the story there and returns the id of the row that moves; `wrong` sees it but may not."""

    workflow: Workflow
    name: str
    row: Callable[[Story], int]
    who: str
    form: Form
    wrong: str
    dest: str

    def __str__(self) -> str:
        """Name the move, for the list of tests."""
        return f"{self.workflow.name}.{self.name}→{self.dest}"

    def values(self, story: Story) -> dict[str, Any]:
        """Return the form filled in."""
        return dict(self.form(story) if callable(self.form) else self.form)


def at(stage: str, **form: Any) -> Callable[[Story], int]:
    """Make the way to a stage of the case."""
    return lambda story: brought_to(story, stage, **form)


def rejected(story: Story) -> int:
    """Reject a case that was reported."""
    case_id = brought_to(story, "reported")
    story.case("supervisor", case_id, "reject", reason="不属职责范围")
    return case_id


def tagged(story: Story) -> int:
    """Tag an assigned case."""
    case_id = brought_to(story, "assigned")
    story.case("inspector", case_id, "tag", tags="重点")
    return case_id


def town_part(story: Story) -> int:
    """Let a town that is an authority have a part."""
    return paths.part_of(story, handing.parent(story), "T")


def plan_at(stage: str) -> Callable[[Story], int]:
    """Make the way to the plan of a case."""
    return lambda story: int(story.newest_plan(brought_to(story, stage)))


def part_at(stage: str, unit: str) -> Callable[[Story], int]:
    """Make the way to a unit's part."""
    return lambda story: paths.part_of(story, brought_to(story, stage), unit)


def asked(kind: str, way: Callable[[Story], int]) -> Callable[[Story], int]:
    """Make the way to an open request."""
    return lambda story: paths.request_of(story, way(story), kind)


def slip_at(stage: str, kind: str = "supervise") -> Callable[[Story], int]:
    """Make the way to a slip drafted by hand to A, as far as the stage."""
    return lambda story: slips.brought_to(story, brought_to(story, "assigned"), stage, kind)


def to_new_unit(story: Story) -> Mapping[str, Any]:
    """Return the form that gives a part to T."""
    return {"lead": story.cast.units["T"], "due_on": paths.LATER}


def signer(story: Story) -> Mapping[str, Any]:
    """Return the form that names the leader."""
    return {"reason": "理由", "leader": story.cast.persons["leader"]}


def merge_form(story: Story) -> Mapping[str, Any]:
    """Return the form that names another open case."""
    return {"reason": "同一问题", "case": brought_to(story, "reported")}


WHY = {"reason": "理由"}
SOURCE = {"source_kind": "media", "discovery": "media_city"}
CASE_MOVES = [
    Move(CASE, "admit", at("reported"), "supervisor", NOTHING, "inspector", "ledgered"),
    Move(CASE, "reject", at("ledgered"), "supervisor", WHY, "inspector", "rejected"),
    Move(CASE, "restore", rejected, "supervisor", WHY, "inspector", "reported"),
    Move(CASE, "assign", at("ledgered"), "supervisor", paths.assignment, "inspector", "assigned"),
    Move(CASE, "correct", at("assigned"), "supervisor", {"title": "改", **WHY}, "assessor", "assigned"),
    Move(CASE, "add_source", at("assigned"), "inspector", SOURCE, "assessor", "assigned"),
    Move(CASE, "comment", at("assigned"), "inspector", WHY, "head_a", "assigned"),
    Move(CASE, "instruct", at("assigned"), "leader", WHY, "supervisor", "assigned"),
    Move(CASE, "acknowledge", at("assigned"), "liaison_a", NOTHING, "liaison_b", "planning"),
    Move(CASE, "acknowledge", at("assigned", rect_class="immediate"), "head_a", NOTHING, "head_b", "rectifying"),
    Move(CASE, "draft_plan", at("planning"), "liaison_a", paths.plan_form, "liaison_b", "planning"),
    Move(CASE, "pass_plan", at("approved"), "supervisor", NOTHING, "inspector", "rectifying"),
    Move(CASE, "report_finished", at("ready"), "head_a", DONE, "liaison_a", "submitted"),
    Move(CASE, "take_back", at("submitted"), "head_a", NOTHING, "liaison_a", "rectifying"),
    Move(CASE, "verify", at("submitted"), "inspector", {**SITE, "site_on": DAY}, "supervisor", "verified"),
    Move(CASE, "accept", at("verified"), "supervisor", NOTHING, "inspector", "accepted"),
    Move(CASE, "send_back", at("accepted"), "supervisor", WHY, "assessor", "rectifying"),
    Move(CASE, "publish", at("accepted"), "supervisor", {"days": 3}, "inspector", "accepted"),
    Move(CASE, "close", at("accepted"), "supervisor", NOTHING, "inspector", "closed"),
    Move(CASE, "grant_return", paths.disputed, "supervisor", to_new_unit, "inspector", "assigned"),
    Move(
        CASE, "grant_return_assist", lambda s: paths.disputed(s, "B"), "supervisor", to_new_unit, "leader2", "assigned"
    ),
    Move(CASE, "ask_extension", at("rectifying"), "head_a", paths.extension_form, "head_b", "rectifying"),
    Move(CASE, "ask_long_term", at("rectifying"), "head_a", paths.long_term_form, "liaison_a", "rectifying"),
    Move(
        CASE, "make_long_term", paths.asked_long_term, "supervisor", {"due_on": paths.LATER}, "inspector", "long_term"
    ),
    Move(CASE, "review_continue", paths.long_term, "inspector", {"due_on": paths.LATER, **WHY}, "head_a", "long_term"),
    Move(CASE, "review_resume", paths.long_term, "inspector", {"due_on": paths.LATER, **WHY}, "head_a", "rectifying"),
    Move(CASE, "ask_rebound", at("closed"), "inspector", {"basis": "回头看", **WHY}, "supervisor", "closed"),
    Move(CASE, "rebound", paths.asked_rebound, "supervisor", {"due_on": paths.LATER}, "inspector", "rectifying"),
    Move(CASE, "remind", at("assigned"), "inspector", NOTHING, "head_a", "assigned"),
    Move(CASE, "ask_progress", at("rectifying"), "supervisor", {"report_by": DAY}, "assessor", "rectifying"),
    Move(CASE, "tag", at("closed"), "inspector", {"tags": "河长制、重点"}, "assessor", "closed"),
    Move(CASE, "untag", tagged, "supervisor", {"tags": "重点"}, "head_a", "assigned"),
    Move(CASE, "merge", at("assigned"), "supervisor", merge_form, "inspector", "merged"),
    Move(CASE, "unmerge", paths.merged, "supervisor", WHY, "inspector", "assigned"),
    Move(CASE, "propose_terminate", at("assigned"), "supervisor", signer, "leader", "assigned"),
    Move(CASE, "terminate", lambda s: paths.proposed(s, "terminate"), "leader", NOTHING, "supervisor", "terminated"),
    Move(CASE, "propose_void", at("reported"), "supervisor", signer, "inspector", "reported"),
    Move(CASE, "void", lambda s: paths.proposed(s, "void"), "leader", NOTHING, "supervisor", "voided"),
]
OTHER_MOVES = [
    Move(PART, "acknowledge", part_at("assigned", "B"), "liaison_b", NOTHING, "liaison_a", "received"),
    Move(PART, "report_progress", part_at("rectifying", "A"), "liaison_a", {"text": "已清运"}, "head_b", "working"),
    Move(
        PART,
        "attach",
        part_at("rectifying", "B"),
        "liaison_b",
        lambda _: {"files": paths.files()},
        "head_a",
        "received",
    ),
    Move(PART, "hand_down", town_part, "head_t", handing.DOWN, "liaison_t", "working"),
    Move(PART, "finish", part_at("rectifying", "B"), "head_b", {"result": "完成"}, "liaison_b", "done"),
    Move(PART, "reopen", part_at("ready", "B"), "head_b", WHY, "liaison_b", "working"),
    Move(PART, "dispute", part_at("assigned", "A"), "head_a", WHY, "liaison_a", "disputed"),
    Move(PLAN, "approve", plan_at("planned"), "head_a", NOTHING, "liaison_a", "approved"),
    Move(PLAN, "send_back", plan_at("approved"), "supervisor", WHY, "inspector", "sent_back"),
    Move(
        EXTENSION,
        "approve",
        asked("extension", lambda s: paths.extension(s, "liaison_a")),
        "head_a",
        NOTHING,
        "liaison_a",
        "asked",
    ),
    Move(EXTENSION, "withdraw", asked("extension", paths.extension), "head_a", WHY, "liaison_a", "withdrawn"),
    Move(EXTENSION, "grant", asked("extension", paths.extension), "supervisor", NOTHING, "inspector", "granted"),
    Move(EXTENSION, "refuse", asked("extension", paths.extension), "supervisor", WHY, "inspector", "refused"),
    Move(REQUEST, "refuse", asked("return_assignment", paths.disputed), "supervisor", WHY, "inspector", "refused"),
    Move(REQUEST, "refuse", asked("long_term", paths.asked_long_term), "supervisor", WHY, "inspector", "refused"),
    Move(REQUEST, "refuse", asked("void", lambda s: paths.proposed(s, "void")), "leader", WHY, "inspector", "refused"),
    Move(REQUEST, "withdraw", asked("long_term", paths.asked_long_term), "head_a", WHY, "liaison_a", "withdrawn"),
    Move(OBJECTION, "approve", lambda s: paths.objection(s, "liaison_a"), "head_a", NOTHING, "liaison_a", "asked"),
    Move(OBJECTION, "withdraw", paths.objection, "head_a", WHY, "liaison_a", "withdrawn"),
    Move(OBJECTION, "uphold", paths.objection, "assessor", WHY, "supervisor", "upheld"),
    Move(OBJECTION, "dismiss", paths.objection, "assessor2", WHY, "supervisor", "dismissed"),
    Move(REVERSAL, "grant", paths.asked_reversal, "assessor2", NOTHING, "assessor", "granted"),
    Move(REVERSAL, "refuse", paths.asked_reversal, "assessor2", WHY, "assessor", "refused"),
    Move(RULE_SET, "approve", lambda s: s.draft_rules(2027), "leader", NOTHING, "assessor", "approved"),
    Move(RULE_SET, "discard", lambda s: s.draft_rules(2027), "assessor", WHY, "leader", "discarded"),
]
HELD = {**talking.RECORD, "held_on": DAY}
CALLED = {**talking.NOTICE, "planned_on": DAY}
TALK_MOVES = [
    Move(INTERVIEW, "change", talking.proposed, "supervisor", {"kind": "admonish", **WHY}, "inspector", "proposed"),
    Move(INTERVIEW, "notice", talking.proposed, "supervisor", CALLED, "inspector", "noticed"),
    Move(
        INTERVIEW, "notice", lambda s: talking.proposed(s, kind="admonish"), "leader", CALLED, "supervisor", "noticed"
    ),
    Move(INTERVIEW, "record", talking.noticed, "inspector", HELD, "assessor", "recorded"),
    Move(INTERVIEW, "settle", talking.kept, "supervisor", NOTHING, "inspector", "settled"),
    Move(INTERVIEW, "withdraw", talking.noticed, "supervisor", WHY, "leader", "withdrawn"),
    Move(INTERVIEW, "withdraw", lambda s: talking.noticed(s, "admonish"), "leader", WHY, "supervisor", "withdrawn"),
    Move(COMMITMENT, "report", talking.promised, "head_a", {"text": "已完成"}, "inspector", "reported"),
    Move(COMMITMENT, "confirm", lambda s: talking.promised(s, "reported"), "inspector", NOTHING, "head_a", "done"),
    Move(COMMITMENT, "send_back", lambda s: talking.promised(s, "reported"), "supervisor", WHY, "liaison_a", "open"),
    Move(
        INSTRUCTION,
        "reply",
        lambda s: talking.instructed(s, brought_to(s, "assigned")),
        "head_a",
        {"text": "已部署"},
        "liaison_a",
        "replied",
    ),
    Move(
        INSTRUCTION,
        "settle",
        lambda s: talking.replied(s, brought_to(s, "assigned")),
        "leader",
        NOTHING,
        "supervisor",
        "settled",
    ),
    Move(
        INSTRUCTION,
        "ask_again",
        lambda s: talking.replied(s, brought_to(s, "assigned")),
        "leader",
        WHY,
        "head_a",
        "written",
    ),
    Move(
        INSTRUCTION,
        "withdraw",
        lambda s: talking.instructed(s, brought_to(s, "assigned")),
        "leader",
        WHY,
        "supervisor",
        "withdrawn",
    ),
    Move(BULLETIN, "compute", talking.drafted, "inspector", NOTHING, "leader", "draft"),
    Move(BULLETIN, "issue", talking.drafted, "supervisor", NOTHING, "inspector", "issued"),
    Move(BULLETIN, "drop", talking.drafted, "supervisor", WHY, "leader", "dropped"),
]
ANSWER = {"text": "已清运"}
SLIP_MOVES = [
    Move(SLIP, "sign", slip_at("draft"), "supervisor", NOTHING, "inspector", "issued"),
    Move(SLIP, "sign", slip_at("draft", "accountability"), "leader", NOTHING, "supervisor", "issued"),
    Move(SLIP, "discard", slip_at("draft"), "inspector", WHY, "assessor", "lapsed"),
    Move(SLIP, "acknowledge", slip_at("issued"), "liaison_a", NOTHING, "inspector", "acknowledged"),
    Move(SLIP, "reply", slip_at("acknowledged"), "head_a", ANSWER, "liaison_a", "replied"),
    Move(SLIP, "accept_reply", slip_at("replied"), "inspector", NOTHING, "assessor", "settled"),
    Move(SLIP, "refuse_reply", slip_at("replied"), "supervisor", WHY, "assessor", "acknowledged"),
    Move(SLIP, "withdraw", slip_at("replied"), "supervisor", WHY, "inspector", "withdrawn"),
    Move(SLIP, "withdraw", slip_at("issued", "accountability"), "leader", WHY, "supervisor", "withdrawn"),
]
MOVES = [*CASE_MOVES, *OTHER_MOVES, *TALK_MOVES, *SLIP_MOVES]
FIRSTS = {
    ("case", "log"),
    ("case", "log_self"),
    ("case", "take_in"),
    ("objection", "draft"),
    ("objection", "ask"),
    ("reversal", "ask"),
}
FIRSTS |= {("slip", "draft"), ("rule_set", "draft"), ("interview", "propose"), ("bulletin", "draft")}
