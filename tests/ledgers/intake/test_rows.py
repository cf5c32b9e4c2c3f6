"""Sheets as offices hand them in become rows with values, problems and doubts."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest

from app.core.errors import Invalid
from app.core.sheet import Cell, OpenQuote
from app.ledgers.intake import SettledRow, find_layout, load_layouts, read_rows, settle
from tests.ledgers.intake.units import TOWNS, directory

TITLE = ("云岭县整改台账",) * 10
STATED = ("填报单位：督查室", None, None, None, None, "填报日期：2026年4月10日", None, None, None, None)
UPPER = ("序号", "反馈来源", "反馈问题", "责任体系", "责任体系", "责任体系", "反馈时间", "整改时限", "是否完成", "备注")
LOWER = ("序号", "反馈来源", "反馈问题", "牵头单位", "配合单位", "责任人", "反馈时间", "整改时限", "是否完成", "备注")
GOOD = (1, "专项督查", "路灯不亮", "县住建局", "城关镇", "赵 磊", "2026年3月2日", "2026/6/30", "否", None)
SIGNED = ("填报人：",) * 5 + ("审核人：",) * 5


def row(**changes: Cell) -> tuple[Cell, ...]:
    """Return the good row with other cells, named by their lower header."""
    return tuple(changes.get(name, value) for name, value in zip(LOWER, GOOD, strict=True))


def settled(
    *rows: Sequence[Cell], head: Sequence[Sequence[Cell]] = (TITLE, STATED, UPPER, LOWER)
) -> tuple[SettledRow, ...]:
    """Read rows under the usual head and settle them in the invented county."""
    return settle(read_rows(find_layout("整改台账"), [*head, *rows]), directory())


def problems(**changes: Cell) -> list[tuple[str, str]]:
    """Return column and reason of what is wrong with the changed row."""
    (only,) = settled(row(**changes))
    return [(problem.column, problem.reason) for problem in only.problems]


def doubts(**changes: Cell) -> list[tuple[str, str, str]]:
    """Return column, what was said and what it was read as, of what is to be confirmed in the changed row."""
    (only,) = settled(row(**changes))
    assert not only.problems
    return [(doubt.column, doubt.said, doubt.read_as) for doubt in only.doubts]


def test_a_good_row_is_read_whole() -> None:
    (only,) = settled(row())
    assert (only.problems, only.doubts, only.repeats) == ((), (), None)
    assert only.lead is not None
    assert (only.lead.name, [unit.name for unit in only.assisting]) == ("云岭县住房和城乡建设局", ["城关镇"])
    reading = only.reading
    assert (reading.number, reading.serial, reading.text("person")) == (5, "1", "赵磊")
    assert (reading.day("found_on"), reading.day("due_on")) == (date(2026, 3, 2), date(2026, 6, 30))
    assert (reading.text("status"), reading.text("source_kind"), reading.text("discovery")) == (
        "unfinished",
        "special",
        "county",
    )
    assert reading.said["due_on"] == "2026/6/30"


def test_a_header_is_found_with_merged_cells_with_gaps_and_in_one_row() -> None:
    gaps = ("序号", "反馈来源", "反馈问题", "责任体系", None, None, "反馈时间", "整改时限", "是否完成", "备注")
    lower = (None, None, None, "牵头单位", "配合单位", "责任人", None, None, None, None)
    for head in ((UPPER, LOWER), (gaps, lower), (LOWER,), (TITLE, TITLE, LOWER)):
        (only,) = settled(row(), head=head)
        assert not only.problems
        assert only.lead is not None


def test_words_of_a_header_may_be_broken_spaced_and_bracketed() -> None:
    header = (
        "序 号",
        "反馈\n来源",
        "反馈问题",
        "牵头单位（盖章）",
        "配合单位",
        "责任人",
        "反馈时间\n（年月日）",
        "整改时限",
        "是否完成",
        "备注",
    )
    (only,) = settled(row(), head=(header,))
    assert not only.problems


def test_a_missing_header_names_the_columns() -> None:
    with pytest.raises(Invalid, match="没有找到“整改台账”的表头，缺少列：反馈来源、反馈问题、牵头单位、反馈时间"):
        read_rows(find_layout("整改台账"), [("甲", "乙"), (1, 2)])
    with pytest.raises(Invalid, match="缺少列"):
        read_rows(find_layout("整改台账"), [])


def test_what_is_no_row_is_passed_over_and_said() -> None:
    heading = ("一、民生类",) * 10
    numbered = (2, *(None,) * 9)
    blank = (None,) * 10
    reading = read_rows(
        find_layout("整改台账"), [TITLE, STATED, UPPER, LOWER, heading, GOOD, UPPER, numbered, blank, SIGNED]
    )
    assert [only.number for only in reading.rows] == [6]
    assert [number for number, _ in reading.passed_over] == [5, 7, 8, 10]
    assert dict(reading.passed_over)[5] == "一、民生类"


def test_columns_that_nobody_reads_are_said() -> None:
    reading = read_rows(find_layout("整改台账"), [(*LOWER, "满意度"), (*GOOD, "高")])
    assert reading.unused_columns == ("满意度",)


def test_the_date_of_the_sheet_is_found_beside_its_label_or_in_the_title() -> None:
    beside: tuple[Cell, ...] = (None, "填报日期：", date(2026, 4, 10), *(None,) * 7)
    title: tuple[Cell, ...] = ("整改台账（截至2026年4月10日）", *(None,) * 9)
    below: tuple[Cell, ...] = (None, "填报日期:2026.4.10", *(None,) * 8)
    sheets: list[list[tuple[Cell, ...]]] = [[beside, LOWER, GOOD], [title, LOWER, GOOD], [LOWER, GOOD, below]]
    for rows in sheets:
        assert read_rows(find_layout("整改台账"), rows).stated_on == date(2026, 4, 10)


def test_missing_fields_are_named_with_their_columns() -> None:
    changes: dict[str, Cell] = {"反馈来源": None, "反馈问题": " ", "牵头单位": "\n", "反馈时间": None}
    assert problems(**changes) == [(name, "没有填写") for name in changes]


def test_an_impossible_date_names_column_and_reason() -> None:
    assert problems(反馈时间="2026年2月30日") == [("反馈时间", "2026年2月30日不存在")]
    assert problems(整改时限="尽快") == [("整改时限", "看不懂的日期“尽快”")]


def test_partial_and_yearless_dates_are_to_be_confirmed() -> None:
    assert doubts(整改时限="4月底前") == [("整改时限", "4月底前", "2026-04-30")]
    assert doubts(反馈时间="3月13日") == [("反馈时间", "3月13日", "2026-03-13")]


def test_a_class_in_the_place_of_a_deadline_is_to_be_confirmed() -> None:
    assert doubts(整改时限="立行立改") == [("整改时限", "立行立改", "没有日期")]
    (only,) = settled(row(整改时限="长期坚持"))
    assert only.reading.text("rect_class") == "long_term"
    assert only.reading.day("due_on") is None


def test_a_deadline_before_the_finding_is_to_be_confirmed() -> None:
    assert doubts(整改时限="2026年2月1日") == [("整改时限", "2026年2月1日", "2026-02-01")]


def test_unknown_units_are_problems_of_their_column_and_can_be_matched() -> None:
    (only,) = settled(row(牵头单位="县水务站", 配合单位="城关镇、火星局"))
    assert [problem.column for problem in only.problems] == ["牵头单位", "配合单位"]
    assert [match.said for match in only.unmatched] == ["县水务站", "火星局"]
    assert only.identity is None


def test_every_town_assists_but_cannot_lead() -> None:
    (only,) = settled(row(牵头单位="青石镇", 配合单位="各镇"))
    assert [unit.name for unit in only.assisting] == [name for name in TOWNS if name != "青石镇"]
    assert problems(牵头单位="各镇") == [("牵头单位", "“各镇”不是一个单位，牵头单位只能有一个")]


def test_of_several_leads_the_first_leads_once_confirmed() -> None:
    assert doubts(牵头单位="县统计局、县财政局") == [("牵头单位", "县统计局、县财政局", "云岭县统计局")]
    (only,) = settled(row(牵头单位="县统计局、县财政局", 配合单位="财政局\n城关镇"))
    assert [unit.name for unit in only.assisting] == ["云岭县财政局", "城关镇"]


@pytest.mark.parametrize(
    ("source", "remark", "kind", "discovery", "certain"),
    [
        ("自查", None, "self", "self", True),
        ("媒体曝光", "省级媒体", "media", "media_province", True),
        ("市电视台曝光", None, "media", "media_city", True),
        ("媒体曝光", None, "media", "media_county", False),
        ("省委巡视反馈", None, "discipline_inspection", "province", True),
        ("巡察反馈", None, "discipline_inspection", "county", True),
        ("审计反馈", None, "audit", "audit", True),
        ("市对县考核反馈", None, "assessment", "assessment", True),
        ("12345热线", None, "hotline", "citizen", True),
        ("群众信访", None, "petition", "citizen", True),
        ("省督查组", None, "inspection", "province", True),
        ("市级督查", None, "inspection", "city", True),
        ("县综合督查", None, "inspection", "county", True),
        ("路过看见", None, "other", "county", False),
    ],
)
def test_the_words_of_a_source_tell_who_discovered(
    source: str, remark: str | None, kind: str, discovery: str, certain: bool
) -> None:
    (only,) = settled(row(反馈来源=source, 备注=remark))
    assert (only.reading.text("source_kind"), only.reading.text("discovery")) == (kind, discovery)
    assert (only.doubts == ()) is certain


def test_a_repeated_row_names_the_first_however_it_is_written() -> None:
    again = row(序号=2, 反馈问题="路灯 不亮\n", 牵头单位="云岭县住房和城乡建设局", 反馈时间="2026.3.2", 备注="又一次")
    first, second = settled(row(), again)
    assert first.repeats is None
    assert (second.repeats, second.identity) == (5, first.identity)
    assert second.doubts[-1].why == "可能与第 5 行（序号 1）重复"


def test_identity_never_hangs_on_the_serial_number_or_the_state() -> None:
    identities = {settled(row(**{name: "2"}))[0].identity for name in ("序号", "备注", "责任人")}
    assert identities == {settled(row())[0].identity}
    others = {"反馈来源": "审计", "反馈问题": "井盖丢失", "牵头单位": "城关镇", "反馈时间": "2026年3月3日"}
    assert len({settled(row(**{name: said}))[0].identity for name, said in others.items()} | identities) == 5


def test_a_source_own_number_is_the_identity() -> None:
    head = (("问题编号", *LOWER),)
    one, other = settled(("督〔2026〕1号", *GOOD), ("督 〔2026〕1号", *row(反馈问题="改了")), head=head)
    assert one.identity == other.identity == "special:督〔2026〕1号"
    assert other.repeats == one.reading.number


def test_one_bad_row_never_loses_the_good_ones() -> None:
    rows = settled(row(), row(序号=2, 反馈时间="2026年2月30日"), row(序号=3, 反馈问题="井盖丢失"))
    assert [only.is_wrong for only in rows] == [False, True, False]


def test_an_overlong_cell_is_a_problem() -> None:
    assert problems(反馈来源="源" * 81) == [("反馈来源", "有 81 个字，最多 80 个字")]


def test_a_cell_with_a_crowd_of_units_is_a_problem() -> None:
    assert problems(配合单位="、".join(f"单位{number}" for number in range(61))) == [
        ("配合单位", "写了 61 个单位，最多 60 个")
    ]


def test_a_row_found_far_below_the_title_keeps_its_number() -> None:
    (only,) = settled(*((None,) * 10,) * 30, row())
    assert only.reading.number == 35


def test_an_unknown_state_counts_as_unfinished_once_confirmed() -> None:
    assert doubts(是否完成="看情况") == [("是否完成", "看情况", "未完成")]


def test_messages_of_citizens_are_read_by_their_number() -> None:
    header = ("留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "反对数", "点赞数")
    message = (188691, "U01", "井盖", "2026/7/11 15:21:58", "\n\t\t井盖丢失\n\t", 0, "12")
    (only,) = settle(read_rows(find_layout("网络问政"), [header, message]), directory())
    assert (only.identity, only.lead, only.problems, only.doubts) == ("online:188691", None, (), ())
    assert (only.reading.day("found_on"), only.reading.text("text")) == (date(2026, 7, 11), "井盖丢失")
    assert only.reading.values["votes"] == Decimal(12)
    assert only.reading.text("discovery") == "citizen"


def test_a_layout_is_found_by_name_or_code_and_else_the_choice_is_named() -> None:
    assert find_layout("整改台账") is find_layout("rectification")
    assert {layout.code for layout in load_layouts()} >= {"rectification", "online"}
    with pytest.raises(Invalid, match=r"可选：.*整改台账"):
        find_layout("别的")


@pytest.mark.parametrize(("column", "label"), [(2, "反馈问题"), (11, "备注")])
def test_a_row_with_an_open_quote_is_wrong_where_it_opens_and_the_others_are_not(column: int, label: str) -> None:
    rows: list[tuple[Cell, ...]] = [TITLE, STATED, UPPER, LOWER, GOOD, row(反馈问题='"路灯不亮'), row(序号=3)]
    reading = read_rows(find_layout("整改台账"), rows, [OpenQuote(6, column, 8)])
    first, second, third = settle(reading, directory())
    assert [first.is_wrong, second.is_wrong, third.is_wrong] == [False, True, False]
    (problem,) = second.problems
    assert problem.column == label
    assert problem.reason.startswith("文件第 8 行从这里起的英文引号")


def test_formula_without_a_saved_result_says_so_and_what_to_do() -> None:
    blank = row(反馈问题=None, 整改时限=None, 序号=None)
    places = {name: place for place, name in enumerate(LOWER)}
    formulas = {(3, places[name]) for name in ("反馈问题", "整改时限", "序号")} | {(9, 0), (4, places["反馈问题"])}
    rows = [UPPER, LOWER, blank, (None,) * 10]
    reading = read_rows(find_layout("整改台账"), rows, formulas=formulas)
    assert [only.number for only in reading.rows] == [3, 4]
    told = {(problem.column, problem.reason) for problem in reading.rows[0].problems}
    assert {column for column, _ in told} == {"反馈问题", "整改时限"}
    assert all("没有保存计算结果" in reason and "重新上传" in reason for _, reason in told)


def test_same_as_above_takes_what_stands_there_and_is_to_be_confirmed() -> None:
    rows = settled(row(), row(牵头单位="同上", 整改时限="〃"), row(牵头单位="同上", 整改时限="2026/7/1"))
    assert [only.lead.name for only in rows if only.lead] == ["云岭县住房和城乡建设局"] * 3
    assert [only.reading.day("due_on") for only in rows] == [date(2026, 6, 30)] * 2 + [date(2026, 7, 1)]
    told = [(doubt.column, doubt.said, doubt.read_as) for doubt in rows[1].doubts if doubt.column != "整行"]
    assert told == [("牵头单位", "同上", "县住建局"), ("整改时限", "〃", "2026/6/30")]
    (first,) = settled(row(牵头单位="同上"))
    assert first.problems


def test_same_as_above_in_a_row_that_we_wrote_out_is_what_the_record_says() -> None:
    head, ours = (*LOWER, "督考编号"), (*row(备注="同上"), "2026-0001")
    reading = read_rows(find_layout("整改台账"), [head, (*row(备注="见附件"), "2026-0002"), ours])
    assert [only.text("remark") for only in reading.rows] == ["见附件", "同上"]
