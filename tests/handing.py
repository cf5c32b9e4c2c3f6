"""A town that is an authority of its own: its office, a section below it, and cases handed down to it."""

from datetime import date
from typing import Any

from sqlalchemy import select

from app.ledgers.cases import Case
from app.people import Role, Unit
from app.workflows import RULE_SET, Context, fire, new_rule_set
from app.workflows.units import make_authority
from tests.people import add_person
from tests.story import RULES, Story, a_file

STAFF = [
    ("supervisor_t", Role.SUPERVISOR, "T"),
    ("supervisor2_t", Role.SUPERVISOR, "T"),
    ("inspector_t", Role.INSPECTOR, "T"),
    ("assessor_t", Role.ASSESSOR, "T"),
    ("leader_t", Role.LEADER, "T"),
    ("liaison_s", Role.LIAISON, "S"),
    ("head_s", Role.HEAD, "S"),
]
DOWN: dict[str, Any] = {"title": "清理老街河道", "text": "请清理老街段河道垃圾。", "due_on": date(2026, 3, 18)}


def township(story: Story) -> Story:
    """Let the town T be an authority with an office and a section S; done once for a story."""
    cast = story.cast
    if "S" in cast.units:
        return story
    with cast.database.begin() as session:
        section = Unit(code="S", name="东山镇综合办", short_name="综合办", kind="section", position=90)
        section.parent_id, section.authority_id = cast.units["T"], cast.units["C"]
        session.add(section)
        session.flush()
        cast.units["S"] = section.id
        make_authority(session, cast.clock.now(), "T")
        for username, role, unit in STAFF:
            add_person(session, cast, username, role, unit, ["S"] if role is Role.LEADER else [])
    return story


def rules_of_town(story: Story) -> None:
    """Draft and approve the shipped rules for the town."""
    cast, text = story.cast, RULES.read_text(encoding="utf-8")
    with cast.begin("assessor_t") as (session, actor):
        context = Context(session, actor, cast.clock.now())
        row = new_rule_set(context, cast.units["T"], 2026, text, date(2026, 1, 1))
        rule_set_id = int(fire(context, RULE_SET, "draft", row, {"reason": "年度规则"}).row.id)
    story.move("leader_t", RULE_SET, rule_set_id, "approve")


def parent(story: Story, lead: str = "T", assist: str = "", **form: Any) -> int:
    """Log a case of the county and assign it to the town, due on Friday 2026-03-20; its own part is received."""
    township(story)
    case_id = story.log(title="东山镇老街河道垃圾堆积", discovery="city", contact="13800000000")
    story.assign(case_id, lead, assist, **form)
    if lead == "T":
        story.case("liaison_t", case_id, "acknowledge")
    else:
        story.part("liaison_t", case_id, "T", "acknowledge")
    return case_id


def handed_down(story: Story, case_id: int, **form: Any) -> int:
    """Hand the town's part down and return the child."""
    story.part("head_t", case_id, "T", "hand_down", **{**DOWN, **form})
    return int(story.newest(Case, parent_id=case_id).id)


def assigned(story: Story, child_id: int, due_on: str = "2026-03-18", **form: Any) -> None:
    """Admit and assign the child to the section."""
    story.case("supervisor_t", child_id, "admit")
    values = {"lead": story.cast.units["S"], "due_on": date.fromisoformat(due_on), "standard": "无垃圾"}
    story.case("supervisor_t", child_id, "assign", **{**values, "rect_class": "immediate", **form})


def submitted(story: Story, child_id: int) -> None:
    """Let the section report the child finished."""
    if story.get(Case, child_id).state == "assigned":
        story.case("liaison_s", child_id, "acknowledge")
        story.part("liaison_s", child_id, "S", "attach", files=[a_file()])
    story.case("head_s", child_id, "report_finished", result="下级已清理", lesson="已排查")


def closed(story: Story, child_id: int) -> None:
    """Bring an assigned child to its closure."""
    submitted(story, child_id)
    story.case(
        "inspector_t",
        child_id,
        "verify",
        site_on=story.cast.clock.now().day,
        method="现场查看",
        second_person="另一人",
    )
    story.case("supervisor_t", child_id, "accept")
    story.case("supervisor_t", child_id, "close")


def child_of(story: Story, case_id: int) -> list[int]:
    """Return the children of a case."""
    with story.cast.database.session(read_only=True) as session:
        return list(session.scalars(select(Case.id).where(Case.parent_id == case_id).order_by(Case.id)))
