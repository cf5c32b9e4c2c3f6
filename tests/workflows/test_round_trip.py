"""A ledger that was handed out and comes back: untouched it changes nothing; what was typed into it is told, and only that."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, update

from app.core.sheet import Cell
from app.documents.ledger_files import Place, write_file
from app.documents.workbook import read_sheet
from app.ledgers.cases import Case, Filters
from app.ledgers.intake import ImportBatch, ImportRow, Layout, SheetReading, find_layout, load_layouts, read_rows
from app.ledgers.intake.facts import IN_SOURCE
from app.workflows import Context
from app.workflows.exporting import Wanted
from app.workflows.intake import choose_doubtful
from tests.conftest import LONG
from tests.databases import Databases
from tests.stock import ready_story
from tests.story import Story
from tests.workflows.imports import events, hand_in, rows_of, take_over

CASES = 8
TRIPS: dict[str, Any] = {  # shrinking would write and read hundreds of workbooks
    "max_examples": 60 if LONG else 3,
    "phases": [Phase.generate],
    "deadline": None,
    "print_blob": True,
    "suppress_health_check": list(HealthCheck),
}
NASTY = (
    "=1+1",
    "+8613800000000",
    "-",
    "@SUM(1)",
    "\t=1",
    "\r\n=1",
    "＝1",
    "_x0041_",
    "填报人：张三",
    "合计",
    "2026.10",
    "1",
    "无",
)
WORDS = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=60),
    st.text("县住建局、，;；\n （）()各镇12. ", max_size=30),
)
DAYS = st.dates(date(1980, 1, 1), date(2120, 1, 1))
STATES = st.sampled_from(["reported", "ledgered", "rectifying", "submitted", "long_term", "closed", "terminated"])
ROW = st.fixed_dictionaries(
    {
        "title": WORDS,
        "text": WORDS,
        "category": WORDS,
        "place": WORDS,
        "standard": WORDS,
        "result": WORDS,
        "mechanism": WORDS,
        "proposed_lead": WORDS,
        "found_on": DAYS,
        "due_on": st.one_of(st.none(), DAYS),
        "submitted_on": st.one_of(st.none(), DAYS),
        "state": STATES,
        "is_led": st.booleans(),
        "facts": st.dictionaries(st.sampled_from(["source", *IN_SOURCE]), WORDS.filter(bool)),
    }
)


@pytest.fixture
def story(databases: Databases) -> Iterator[Story]:
    """A county with some cases, each with a row of a file behind it."""
    made = ready_story(databases)
    for number in range(CASES):
        case_id = made.log(title=f"第{number}件", text=f"第{number}个问题")
        if number % 2:
            made.assign(case_id, "A", "B")
    batch_id = hand_in(
        made.cast, read_rows(find_layout("重点任务落实"), [("督查内容", "牵头责任单位"), ("一", "县住建局")])
    )
    with made.cast.database.begin() as session:
        same = {"batch_id": batch_id, "authority_id": made.cast.units["C"], "verdict": "new", "outcome": "created"}
        made_of = [same | {"number": 100 + case_id, "case_id": case_id} for case_id in range(1, CASES + 1)]
        session.execute(insert(ImportRow), made_of)
    yield made
    made.cast.database.dispose()


def rewrite(story: Story, rows: list[dict[str, Any]]) -> None:
    """Put anything at all into the cases and into what files said of them."""
    longest = {"title": 120, "category": 60, "place": 120, "proposed_lead": 200}
    days = ("done_on", "checked_on")
    with story.cast.database.begin() as session:
        for case_id, row in enumerate(rows, 1):
            values = {name: row[name] for name in row if name not in ("is_led", "facts")}
            values |= {name: values[name][:most] for name, most in longest.items()}
            lead = story.cast.units["A"] if row["is_led"] else None
            session.execute(update(Case).where(Case.id == case_id).values(**values, lead_unit_id=lead))
            facts = {name: "2026-03-01" if name in days else said for name, said in row["facts"].items()}
            session.execute(update(ImportRow).where(ImportRow.case_id == case_id).values(facts=facts))


def handed_out(story: Story, layout: Layout, who: str = "supervisor") -> list[list[Cell]]:
    """Write the ledger and return the rows of the sheet."""
    with TemporaryDirectory() as folder, story.cast.begin(who) as (session, actor):
        path = Path(folder) / "a.xlsx"
        context = Context(session, actor, story.cast.clock.now())
        write_file(context, Wanted(layout, Filters(state="all")), Place(Path(folder), path))
        return [list(row) for row in read_sheet(path).rows]


def verdicts(story: Story, reading: SheetReading) -> list[tuple[str, dict[str, list[str]], list[Any]]]:
    """Hand a sheet in and return what each row was held to be."""
    rows = rows_of(story.cast, hand_in(story.cast, reading))
    return [(row.verdict, row.changes, row.problems) for row in rows]


@pytest.mark.parametrize("layout", load_layouts(), ids=lambda layout: layout.code)
def test_what_was_handed_out_changes_nothing_when_it_comes_back(story: Story, layout: Layout) -> None:
    @settings(**TRIPS)
    @given(st.lists(ROW, min_size=CASES, max_size=CASES))
    def trip(rows: list[dict[str, Any]]) -> None:
        rewrite(story, rows)
        reading = read_rows(layout, handed_out(story, layout))
        assert reading.unused_columns == ()
        assert verdicts(story, reading) == [("unchanged", {}, [])] * CASES

    trip()


def test_the_ledger_of_one_source_writes_its_own_number_and_every_other_all_of_them(story: Story) -> None:
    for kind, number in (("audit", "审报〔2026〕7号"), ("hotline", "热19号")):
        found: dict[str, Any] = {
            "source_kind": kind,
            "discovery": "audit",
            "reference": number,
            "found_on": date(2026, 2, 10),
        }
        story.case("inspector", 1, "add_source", **found)
    for code, numbers in (("audit", "审报〔2026〕7号"), ("online", ""), ("closing", "审报〔2026〕7号、热19号")):
        layout = next(layout for layout in load_layouts() if layout.code == code)
        rows = handed_out(story, layout)
        mine = next(row for row in rows if row[-1] == "登记1")
        said = [str(cell) for cell in mine if "号" in str(cell)]
        assert said == ([numbers] if numbers else ["审报〔2026〕7号、热19号"]), code
        assert (date(2026, 2, 10) in mine) == (code == "audit"), (code, mine)
        assert {verdict for verdict, *_ in verdicts(story, read_rows(layout, rows))} == {"unchanged"}, code


def test_what_was_typed_into_it_is_told_and_nothing_else(story: Story) -> None:
    layout = find_layout("整改台账")
    rows = handed_out(story, layout)
    places = {str(words): place for place, words in enumerate(rows[3])}
    body = [row for row in rows if isinstance(row[0], int)]
    body[0][places["整改进展"]] = "已清运三车"
    body[1][places["整改时限"]] = "2026年9月30日"
    body[2][places["反馈问题"]] = None
    body[3][places["牵头单位"]] = "没有的局"
    found = verdicts(story, read_rows(layout, rows))
    assert [verdict for verdict, _, _ in found[:5]] == ["changed", "changed", "unchanged", "wrong", "unchanged"]
    assert found[0][1] == {"progress": ["", "已清运三车"]}
    assert found[1][1]["due_on"][1] == "2026-09-30"
    assert found[3][2][0]["column"] == "牵头单位"


def test_a_change_is_taken_over_once(story: Story) -> None:
    layout = find_layout("整改台账")
    rows = handed_out(story, layout)
    place = rows[3].index("备注")
    body = [row for row in rows if isinstance(row[0], int)]
    body[0][place] = "县长关注"
    first = take_over(story.cast, hand_in(story.cast, read_rows(layout, rows)))
    assert first == {"known": CASES - 1, "noted": 1}
    (event,) = events(story.cast, "case.source_changed")
    assert event.data["changes"] == {"备注": ["", "县长关注"]}
    again = take_over(story.cast, hand_in(story.cast, read_rows(layout, rows)))
    assert again == {"known": CASES}
    out = [row for row in handed_out(story, layout) if isinstance(row[0], int)]
    assert out[0][place] == "县长关注"


def test_an_unassigned_case_takes_the_new_words_over_and_keeps_what_the_layout_lacks(story: Story) -> None:
    layout = find_layout("重点任务落实")
    before: Case = story.get(Case, 1)
    rows = handed_out(story, layout)
    mine = next(row for row in rows if row[-1] == "登记1")
    mine[1], mine[2] = "换了说法", "县水利局"
    take_over(story.cast, hand_in(story.cast, read_rows(layout, rows)))
    after: Case = story.get(Case, 1)
    assert (after.text, after.proposed_lead_id) == ("换了说法", story.cast.units["B"])
    assert (after.title, after.category, after.proposed_due_on) == (
        before.title,
        before.category,
        before.proposed_due_on,
    )


def test_rows_of_nobody_and_copied_rows_are_wrong_and_say_what_to_do(story: Story) -> None:
    layout = find_layout("整改台账")
    rows = handed_out(story, layout)
    body = [row for row in rows if isinstance(row[0], int)]
    body[1][-1] = "2020-9999"
    body[3][-1] = body[2][-1]
    found = verdicts(story, read_rows(layout, rows))
    assert "没有编号为“2020-9999”的问题" in found[1][2][0]["reason"]
    assert "请清空这一行隐藏列" in found[3][2][0]["reason"]
    assert [verdict for verdict, _, _ in found].count("unchanged") == CASES - 2


def test_a_row_that_was_written_out_before_it_had_a_number_is_known_by_then(story: Story) -> None:
    layout = find_layout("整改台账")
    rows = handed_out(story, layout)
    story.assign(1, "A")
    found = verdicts(story, read_rows(layout, rows))
    assert {verdict for verdict, _, _ in found} <= {"unchanged", "changed"}


def test_a_file_of_another_authority_finds_no_case(story: Story) -> None:
    layout = find_layout("整改台账")
    reading = read_rows(layout, handed_out(story, layout))
    found = rows_of(story.cast, hand_in(story.cast, reading, "outsider"))
    assert {row.verdict for row in found} == {"wrong"}


def test_a_row_with_the_number_of_a_wholly_different_case_waits_for_a_persons_word(story: Story) -> None:
    layout = find_layout("整改台账")
    before: Case = story.get(Case, 1)
    rows = handed_out(story, layout)
    place = rows[3].index("反馈问题")
    mine = next(row for row in rows if row[-1] == "登记1")
    mine[place] = "集贸市场门前占道经营严重，早高峰车辆无法通行，群众多次投诉仍未解决。"
    batch_id = hand_in(story.cast, read_rows(layout, rows))
    (row,) = [row for row in rows_of(story.cast, batch_id) if row.verdict == "changed"]
    assert row.is_doubtful
    assert "编号相同，但内容与本单位的 登记1 完全不同，可能是别的单位导出的台账" in str(row.doubts)
    with story.cast.begin("supervisor") as (session, actor):
        context, batch = Context(session, actor, story.cast.clock.now()), session.get_one(ImportBatch, batch_id)
        choose_doubtful(context, batch, batch.version)
    assert take_over(story.cast, batch_id) == {"known": CASES - 1, "left": 1}
    after: Case = story.get(Case, 1)
    assert (after.text, after.version) == (before.text, before.version)
