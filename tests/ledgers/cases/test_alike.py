"""Cases that may be the same problem: found by words and by place, each with why, and never one that may not be seen."""

from collections.abc import Iterator

import pytest
from sqlalchemy import event

from app.ledgers.cases import COPIES, Alike, Told, find_alike
from app.ledgers.cases.alike import HINTS, Reach
from tests.databases import Databases
from tests.stock import ready_story
from tests.story import Story

TEXT = "东山镇老街河道多处垃圾堆积，雨后污水漫上路面，附近居民多次反映仍无人清理。"
REWORDED = "居民反映：老街河道垃圾堆积、雨后污水漫上路面，多次反映无人清理。"
OTHER = "县城人民路路灯损坏七盏，夜间出行不便，市民投诉较多。"


@pytest.fixture
def story(databases: Databases) -> Iterator[Story]:
    """A county ready to work in."""
    made = ready_story(databases)
    yield made
    made.cast.database.dispose()


def alike(
    story: Story, who: str, *told: Told, county: str = "C", but: tuple[int, ...] = (), reach: Reach = HINTS
) -> list[list[Alike]]:
    with story.cast.database.session(read_only=True) as session:
        actor = story.cast.actor(session, who)
        return list(find_alike(session, actor, story.cast.units[county], told, but, reach))


def whys(story: Story, who: str, told: Told) -> list[tuple[int, str]]:
    return [(one.case_id, one.why) for one in alike(story, who, told)[0]]


def test_same_near_and_same_place_are_told_apart(story: Story) -> None:
    same = story.log(title="河道垃圾", text=TEXT)
    place = story.log(title="路灯不亮", text=OTHER, place="人民路", category="市政设施")
    story.log(title="窨井盖破损", text="学校门口窨井盖破损，学生绕行。", place="实验小学", category="市政设施")
    assert whys(story, "inspector", Told(text=TEXT.replace("，", " "))) == [(same, "same")]
    assert whys(story, "inspector", Told("老街河道脏", REWORDED)) == [(same, "near")]
    at_place = Told("灯杆倾斜", "灯杆倾斜，有倒伏危险。", " 人民路", "市政设施")
    assert whys(story, "inspector", at_place) == [(place, "place")]
    assert whys(story, "inspector", Told("灯杆倾斜", "灯杆倾斜，有倒伏危险。", "人民路", "违法建设")) == []
    assert whys(story, "inspector", Told("路灯都不亮", "一到晚上全黑。", "人民路")) == [(place, "place")]
    for nothing in (Told(), Told("灯"), Told("学校食堂卫生差", "学校食堂后厨卫生差，地面积水。")):
        assert whys(story, "inspector", nothing) == []


def test_a_source_added_later_is_compared_too(story: Story) -> None:
    case_id = story.log(title="河道问题", text="老街河道问题突出。")
    story.case("inspector", case_id, "add_source", source_kind="hotline", discovery="citizen", source_text=TEXT)
    assert whys(story, "inspector", Told(text=TEXT)) == [(case_id, "same")]


def test_a_text_of_which_every_word_is_common_is_found(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.ledgers.cases.alike.RARE", 2)
    cases = [story.log(title=f"第{number}次登记", text=TEXT) for number in range(4)]
    assert whys(story, "inspector", Told(text=TEXT)) == [(case_id, "same") for case_id in reversed(cases)]
    assert [len(found) for found in alike(story, "inspector", Told(text=TEXT), Told(text=OTHER), Told(text=TEXT))] == [
        *(4, 0, 4)
    ]


def test_a_text_with_words_that_stand_in_no_case_is_not_looked_for(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.ledgers.cases.alike.RARE", 0)  # every pair that stands in a case is common
    case_id = story.log(title="河道垃圾", text=TEXT)
    assert whys(story, "inspector", Told(text=TEXT)) == [(case_id, "same")]
    asked: list[str] = []
    engine = story.cast.database.engine
    event.listen(engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    assert whys(story, "inspector", Told(text=f"{TEXT}魑魅魍魉")) == []
    assert not [said for said in asked if "UNION" in said or "proposed" in said or "words" in said]


def test_copies_are_nearer_than_hints_and_never_told_by_place(story: Story) -> None:
    case_id = story.log(title="河道垃圾", text=TEXT, place="老街", category="环境卫生")
    for told, hint, copy in (
        (Told(text=TEXT), "same", "same"),
        (Told(text=TEXT.replace("仍无人清理", "至今没有人管")), "near", "near"),
        (Told(text="东山镇老街河道多处垃圾堆积，雨后污水漫上路面，请协调城管部门尽快安排清运。"), "near", None),
        (Told("污水横流", "沿街商户乱倒污水。", "老街", "环境卫生"), "place", None),
    ):
        assert whys(story, "inspector", told) == [(case_id, hint)]
        found = alike(story, "inspector", told, reach=COPIES)[0]
        assert [one.why for one in found] == ([copy] if copy else []), told


def test_nobody_is_told_of_a_case_that_may_not_be_seen(story: Story) -> None:
    case_id = story.log(title="河道垃圾", text=TEXT, place="老街", category="环境卫生")
    told = Told("河道垃圾", TEXT, "老街", "环境卫生")
    assert whys(story, "supervisor", told) == [(case_id, "same")]
    for who in ("liaison_a", "head_b", "outsider", "outsider_head", "discipline", "admin", "auditor"):
        assert whys(story, who, told) == [], who
    assert alike(story, "outsider", told, county="X") == [[]]
    story.assign(case_id, "A", "B")
    assert whys(story, "liaison_a", told) == whys(story, "head_b", told) == [(case_id, "same")]
    for who in ("liaison_t", "outsider", "outsider_head"):
        assert whys(story, who, told) == [], who


def test_what_another_unit_reported_gives_no_hint(story: Story) -> None:
    case_id = story.log(title="甲件", text="督查发现问题一处。")
    story.assign(case_id, "A", "B")
    story.part("liaison_b", case_id, "B", "acknowledge")
    story.part("liaison_b", case_id, "B", "report_progress", text=TEXT)
    for who in ("liaison_a", "liaison_b", "supervisor"):
        assert whys(story, who, Told(text=TEXT)) == [], who


def test_what_was_rejected_merged_or_named_is_left_out(story: Story) -> None:
    kept, merged, rejected = (story.log(title=f"河道垃圾{number}", text=TEXT) for number in range(3))
    story.case("supervisor", rejected, "reject", reason="不属实")
    story.case("supervisor", merged, "merge", case=kept, reason="同一问题")
    assert whys(story, "inspector", Told(text=TEXT)) == [(kept, "same")]
    assert alike(story, "inspector", Told(text=TEXT), but=(kept,)) == [[]]


def test_the_contact_of_a_citizen_neither_hinders_nor_helps(story: Story) -> None:
    case_id = story.log(title="河道垃圾", text=f"赵铁柱（13912345678）反映：{TEXT}", contact="赵铁柱 13912345678")
    assert whys(story, "inspector", Told(text=f"孙二娘（13887654321）反映：{TEXT}"))[0][0] == case_id
    assert whys(story, "inspector", Told(text="赵铁柱，13912345678，联系电话13912345678")) == []
