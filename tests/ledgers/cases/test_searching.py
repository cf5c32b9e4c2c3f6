"""Finding by words: two characters are enough, every field counts, and nobody finds by what they may not read."""

from collections.abc import Iterator
from random import Random

import pytest
from sqlalchemy import delete, select, text, update

from app.core.grams import grams, plain, terms_of
from app.ledgers.cases import (
    Case,
    CaseChange,
    CaseText,
    Filters,
    Horizon,
    faults,
    keeping,
    ledger_page,
    rebuild,
    searching,
)
from app.people import Unit
from tests.databases import Databases
from tests.stock import ready_story
from tests.story import Story, a_file

LETTERS = "河道垃圾堆积路灯水库ab12 ，。"


@pytest.fixture
def story(databases: Databases) -> Iterator[Story]:
    """A county ready to work in."""
    made = ready_story(databases)
    yield made
    made.cast.database.dispose()


def found(story: Story, who: str, typed: str, state: str = "all") -> list[str]:
    day = story.cast.clock.now().day
    with story.cast.begin(who) as (session, actor):
        page = ledger_page(session, actor, Filters(text=typed, state=state), Horizon(day, day))
        assert page.count == len(page.rows)
        return [row.case.title for row in page.rows]


def test_pairs_do_not_cross_marks() -> None:
    assert grams(plain("督提〔2026〕1号，Ａb")) == ["督提", "20", "02", "26", "1号", "ab"]
    assert [term.pairs for term in terms_of(" 河道　垃圾 ")] == [["河道"], ["垃圾"]]
    assert terms_of("水")[0].runs == ()
    assert terms_of("  ") == []


def test_two_characters_find_number_title_text_place_source_and_progress(story: Story) -> None:
    case_id = story.log(title="甲件", text="东山镇老街污水直排", place="人民路十字街口")
    story.log(title="乙件", text="无关")
    story.assign(case_id, "A")
    story.to_work(case_id)
    story.part("liaison_a", case_id, "A", "report_progress", text="已调集挖掘机进场")
    number = story.get(Case, case_id).number
    for typed in (
        "污水",
        "直排",
        "街口",
        "掘机",
        "挖掘机进",
        number,
        "甲件",
        "污水 人民",
        "住建",
        "县住建局 污水",
        "水",
    ):
        assert found(story, "supervisor", typed) == ["甲件"], typed
    for typed in ("水污", "污水无", "挖机", "2027-9999", "污水 无关", "水利"):
        assert found(story, "supervisor", typed) == [], typed


def test_full_width_and_capital_letters_are_the_same(story: Story) -> None:
    story.log(title="甲件", text="ＰＶＣ管道１２号井，100%的_管")
    for typed in ("pvc", "PVC管", "12号", "100%", "_管", "%"):
        assert found(story, "inspector", typed) == ["甲件"], typed


def test_unit_finds_by_its_own_progress_and_not_by_that_of_others(story: Story) -> None:
    case_id = story.log(title="甲件")
    story.assign(case_id, "A", "B")
    story.to_work(case_id)
    story.part("liaison_b", case_id, "B", "acknowledge")
    story.part("liaison_a", case_id, "A", "report_progress", text="甲方秘密施工", files=[a_file()])
    story.part("liaison_b", case_id, "B", "report_progress", text="乙方内部会商")
    seen = {who: [bool(found(story, who, typed)) for typed in ("秘密", "会商", "河道")] for who in story.cast.persons}
    assert seen["liaison_a"] == seen["head_a"] == [True, False, True]
    assert seen["liaison_b"] == seen["head_b"] == [False, True, True]
    for who in ("inspector", "supervisor", "assessor", "leader", "leader2"):
        assert seen[who] == [True, True, True], who
    for who in ("liaison_t", "discipline", "outsider", "outsider_head", "organisation", "auditor", "admin"):
        assert seen[who] == [False, False, False], who


def test_a_unit_that_gave_its_part_back_no_longer_makes_a_hit(story: Story) -> None:
    case_id = story.log(title="甲件")
    story.assign(case_id, "A")
    assert found(story, "supervisor", "住建局") == ["甲件"]
    story.part("head_a", case_id, "A", "dispute", reason="不是本单位职责")
    due_on = story.get(Case, case_id).due_on
    story.case("supervisor", case_id, "grant_return", lead=story.cast.units["B"], due_on=due_on, reason="改派")
    assert found(story, "supervisor", "住建局") == []
    assert found(story, "supervisor", "水利局") == ["甲件"]


def test_corrected_words_are_found_at_once_and_the_old_ones_no_more(story: Story) -> None:
    case_id = story.log(title="甲件")
    assert found(story, "inspector", "河道") == ["甲件"]
    story.case("supervisor", case_id, "correct", reason="笔误", title="乙件", text="路灯损坏")
    assert found(story, "inspector", "河道") == []
    assert found(story, "inspector", "路灯") == ["乙件"]


def test_renamed_unit_is_found_by_its_new_name(story: Story) -> None:
    story.assign(story.log(title="甲件"), "A")
    with story.cast.database.begin() as session:
        session.execute(update(Unit).where(Unit.code == "A").values(name="县城市管理局", short_name="城管局"))
    assert found(story, "supervisor", "城管") == ["甲件"]
    assert found(story, "supervisor", "住建") == []


def test_what_was_rolled_back_is_not_found(story: Story) -> None:
    case_id = story.log(title="甲件")
    with story.cast.database.session() as session:
        session.execute(update(Case).where(Case.id == case_id).values(title="丙丁"))
        session.flush()
    assert found(story, "inspector", "丙丁") == []
    with story.cast.database.begin() as session:
        session.execute(update(Case).where(Case.id == case_id).values(title="丙丁"))
    assert found(story, "inspector", "丙丁") == ["丙丁"]


def marks(story: Story, case_id: int) -> set[str]:
    """Return the marks of a case's texts, with units by their codes; all its texts bear the same."""
    names = {f"unit{unit_id}": code for code, unit_id in story.cast.units.items()}
    with story.cast.database.session(read_only=True) as session:
        kept = session.scalars(select(CaseText.marks).where(CaseText.case_id == case_id)).all()
        assert faults(session)[2] is None
    rows = [one.split() if isinstance(one, str) else one for one in kept]
    assert all(row == rows[0] for row in rows)
    return {names.get(mark, mark) for mark in rows[0]}


def test_marks_follow_parts_finders_and_the_end_of_a_case(story: Story) -> None:
    case_id = story.log(title="甲件")
    assert marks(story, case_id) == {"open"}
    story.assign(case_id, "A", "T")
    assert marks(story, case_id) == {"open", "A", "T"}
    story.part("head_a", case_id, "A", "dispute", reason="不是本单位职责")
    due_on = story.get(Case, case_id).due_on
    story.case("supervisor", case_id, "grant_return", lead=story.cast.units["B"], due_on=due_on, reason="改派")
    assert marks(story, case_id) == {"open", "B", "T"}
    own_id = story.log("liaison_a", title="乙件", source_kind=None, discovery=None)
    assert marks(story, own_id) == {"open", "A"}
    story.case("supervisor", own_id, "propose_void", reason="误登", leader=story.cast.persons["leader"])
    story.case("leader", own_id, "void")
    assert marks(story, own_id) == {"A"}


def test_marks_that_are_wrong_are_named_and_made_anew(story: Story) -> None:
    case_id = story.log(title="甲件")
    with story.cast.database.begin() as session:
        wrong = ["open", "unit1"] if session.get_bind().dialect.name == "postgresql" else "open unit1"
        session.execute(update(CaseText).values(marks=wrong))
    with story.cast.database.begin() as session:
        assert f"问题 {case_id}：" in (faults(session)[2] or "")
        rebuild(session)
        assert faults(session)[2] is None


def test_word_that_looks_like_a_mark_finds_only_what_is_said(story: Story) -> None:
    story.assign(story.log(title="甲件", text="无关"), "A")
    story.log(title="乙件", text="unit2 的 open 开关")
    for typed in ("open", "unit2", f"unit{story.cast.units['A']}"):
        assert set(found(story, "supervisor", typed, state="")) <= {"乙件"}, typed


@pytest.mark.parametrize("common", [0, 1, 5000])
def test_words_in_different_texts_of_a_case_are_found_together(
    story: Story, monkeypatch: pytest.MonkeyPatch, common: int
) -> None:
    monkeypatch.setattr(searching, "COMMON", common)
    for title in ("甲件", "乙件", "丙件"):
        case_id = story.log(title=title, text="路灯损坏" if title != "丙件" else "河道垃圾")
        story.assign(case_id, "A")
        story.to_work(case_id)
        if title != "乙件":
            story.part("liaison_a", case_id, "A", "report_progress", text="正在整改", files=[a_file()])
    for who in ("supervisor", "liaison_a", "leader"):
        for state in ("", "all"):
            assert found(story, who, "路灯 整改", state) == ["甲件"], (who, state)
            assert found(story, who, "河道 整改 正", state) == ["丙件"], (who, state)
            assert found(story, who, "住建 整改", state) == ["甲件", "丙件"], (who, state)
            assert found(story, who, "路灯 水库", state) == [], (who, state)


@pytest.mark.parametrize("common", [0, 5000])
def test_search_agrees_with_reading_every_case(story: Story, monkeypatch: pytest.MonkeyPatch, common: int) -> None:
    monkeypatch.setattr(searching, "COMMON", common)
    random = Random(20260302)
    texts = {f"{number}件": "".join(random.choices(LETTERS, k=random.randint(3, 12))) for number in range(40)}
    for title, said in texts.items():
        story.log(title=title, text=said)
    hits = 0
    for _ in range(60):
        source = random.choice(list(texts.values()))
        start = random.randrange(len(source) - 1)
        typed = source[start : start + random.randint(1, 4)]
        if words := plain(typed).split():
            wanted = {
                title for title, said in texts.items() if all(any(w in p for p in (plain(said), title)) for w in words)
            }
            got = found(story, "inspector", typed)
            assert set(got) == wanted, (typed, "seed 20260302")
            hits += len(got)
    assert hits > 60


def test_words_and_counts_can_be_made_anew_and_faults_are_named(story: Story) -> None:
    case_id = story.log(title="甲件")
    story.assign(case_id, "A", "B")
    story.log("liaison_a", title="乙件", text="自查发现", source_kind=None, discovery=None)
    with story.cast.database.begin() as session:
        assert faults(session)[2] is None
        session.execute(update(CaseText).where(CaseText.case_id == case_id).values(text="别的"))
        assert "检索用的文字与记录不符" in (faults(session)[2] or "")
        rebuild(session)
        assert faults(session)[2] is None
        session.execute(text("UPDATE case_tallies SET count = count + 1 WHERE state = 'assigned'"))
        assert "计数为" in (faults(session)[2] or "")
        session.execute(delete(CaseText))
        assert rebuild(session)[0] == 2
        assert faults(session)[2] is None
        assert session.scalars(select(CaseChange)).all() == []
    assert found(story, "inspector", "河道") == ["甲件"]


def test_more_cases_than_one_batch_are_all_made_anew(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "BATCH", 2)
    for title in ("甲件", "乙件", "丙件", "丁件", "戊件"):
        story.log(title=title)
    with story.cast.database.begin() as session:
        session.execute(delete(CaseText))
        assert rebuild(session)[0] == 5
        assert faults(session)[::2] == (5, None)
    assert found(story, "inspector", "戊件") == ["戊件"]
