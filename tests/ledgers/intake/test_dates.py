"""Dates as offices write them."""

from datetime import date, datetime

import pytest

from app.ledgers.intake import read_date

STATED = date(2026, 4, 10)


@pytest.mark.parametrize(
    "said",
    [
        *(
            "2026年3月1日",
            "2026/3/1",
            "2026.3.1",
            "2026-3-1",
            "2026-03-01",
            "20260301",
            20260301,
            46082,
            46082.5,
            "46082",
        ),
        *("２０２６年３月１日", "２０２６．３．１", "2026年03月01号", " 2026 年 3 月 1 日 ", "\n\t2026年3月1日\t\n"),
        *(
            "2026/3/1 15:21:58",
            "2026-03-01T08:00",
            "2026年3月1日 9:05",
            "2026年3月1日09:05",
            "\n2026-3-1  00:00:00.000 ",
        ),
        *("2026年3月1日（星期日）", "2026年3月1日 周日", "二〇二六年三月一日", "二○二六年三月一号"),
        *(date(2026, 3, 1), datetime(2026, 3, 1, 15, 21)),  # noqa: DTZ001 - a civil time
    ],
)
def test_a_whole_date_is_read_without_doubt(said: str | int | float | date) -> None:
    reading = read_date(said)
    assert (reading.day, reading.doubt, reading.problem) == (date(2026, 3, 1), "", "")


def test_the_clock_never_runs_into_the_day() -> None:
    assert read_date("2019/8/1 12:45:07").day == date(2019, 8, 1)
    assert read_date("2019/11/8 16:51:55").day == date(2019, 11, 8)
    assert read_date("2019/8/112:45:07").day is None
    assert read_date("2026-3-1 5").day is None


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026年4月底前", "2026-04-30"),
        ("4月底前", "2026-04-30"),
        ("4月底", "2026-04-30"),
        ("2026年4月", "2026-04-30"),
        ("2026年4月份", "2026-04-30"),
        ("2026.4", "2026-04-30"),
        (2026.4, "2026-04-30"),
        (2026.12, "2026-12-31"),
        ("2028年2月底前", "2028-02-29"),
        ("5月15日前", "2026-05-15"),
        ("5月15日之前", "2026-05-15"),
        ("2026年5月15日前", "2026-05-15"),
        ("于2026年5月15日前", "2026-05-15"),
        ("5月上旬", "2026-05-10"),
        ("5月中旬", "2026-05-20"),
        ("5月下旬", "2026-05-31"),
        ("2022年底之前", "2022-12-31"),
        ("到2025年", "2025-12-31"),
        ("2026年", "2026-12-31"),
        ("2026年12月底前", "2026-12-31"),
        ("年底前", "2026-12-31"),
        ("今年底", "2026-12-31"),
        ("2026年上半年", "2026-06-30"),
        ("二季度末", "2026-06-30"),
        ("2026年第三季度", "2026-09-30"),
        ("26年5月1日", "2026-05-01"),
        ("五月三十一日", "2026-05-31"),
        ("2026年4月20日至5月20日", "2026-05-20"),
        ("2026.4.20-5.20", None),
    ],
)
def test_a_partial_date_means_its_last_day_and_is_to_be_confirmed(said: str | float, meant: str | None) -> None:
    reading = read_date(said, stated_on=STATED, ahead=True)
    assert reading.day == (date.fromisoformat(meant) if meant else None)
    assert reading.doubt if meant else reading.problem


def test_a_missing_year_comes_from_the_date_of_the_sheet() -> None:
    assert read_date("3月13日", stated_on=STATED).day == date(2026, 3, 13)
    assert read_date("4月30日", stated_on=STATED, ahead=True).day == date(2026, 4, 30)
    assert read_date("3月13日", stated_on=STATED).doubt == "没有写年份，按填报日期的年份"


def test_a_missing_year_does_not_put_a_finding_ahead_or_a_deadline_far_behind() -> None:
    january, december = date(2026, 1, 8), date(2025, 12, 20)
    assert read_date("12月20日", stated_on=january).day == date(2025, 12, 20)
    assert read_date("1月15日", stated_on=december, ahead=True).day == date(2026, 1, 15)


def test_a_missing_year_without_a_date_of_the_sheet_is_a_problem() -> None:
    for said in ("3月13日", "4月底前", "年底前", "二季度"):
        assert "没有写年份" in read_date(said).problem


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("2026年2月30日", "2026年2月30日不存在"),
        ("2026/13/1", "2026年13月1日不存在"),
        ("2025.2.29", "2025年2月29日不存在"),
        ("20260231", "2026年2月31日不存在"),
        ("2026年13月", "13月不存在"),
        ("1026年3月1日", "年份 1026 不合理"),
        (date(1905, 7, 18), "年份 1905 不合理"),
        (2026.1, "“2026.1”可能是1月，也可能是10月，请写成完整日期"),
    ],
)
def test_an_impossible_date_is_named(said: str | float | date, reason: str) -> None:
    reading = read_date(said, stated_on=STATED)
    assert (reading.day, reading.problem) == (None, reason)


@pytest.mark.parametrize(
    "said", ["尽快", "待定", "3", "12", "第一批", "3.1.5.2", "2026年3月1日\n2026年4月1日", "无", 7, True]
)
def test_words_that_are_no_date_are_a_problem_and_no_guess(said: str | int) -> None:
    reading = read_date(said, stated_on=STATED)
    assert reading.day is None
    assert reading.problem


@pytest.mark.parametrize("said", [None, "", "  \n"])
def test_a_blank_is_neither_date_nor_problem(said: str | None) -> None:
    assert read_date(said) == read_date(None)
    assert not read_date(said).problem


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("明年一季度末", "2027-03-31"),
        ("下月底前", "2026-11-30"),
        ("月底前", "2026-10-31"),
        ("本月25日前", "2026-10-25"),
        ("次月10日", "2026-11-10"),
        ("下季度末", "2027-03-31"),
        ("年内", "2026-12-31"),
        ("明年底前", "2027-12-31"),
        ("明年上半年", "2027-06-30"),
        ("下半年", "2026-12-31"),
        ("一季度末", "2027-03-31"),
        ("三季度末", "2026-09-30"),
        ("11月底前完成", "2026-11-30"),
        ("力争2026年底前完成整改", "2026-12-31"),
        ("确保明年6月底前全部整改到位", "2027-06-30"),
        ("今年10月至明年3月底", "2027-03-31"),
    ],
)
def test_a_date_named_from_the_day_of_the_sheet_is_reckoned_from_it_and_to_be_confirmed(said: str, meant: str) -> None:
    reading = read_date(said, stated_on=date(2026, 10, 20), ahead=True)
    assert (reading.day, bool(reading.doubt)) == (date.fromisoformat(meant), True)
    assert "填报日期" in read_date(said, ahead=True).problem or "2026年" in said


def test_a_sheet_of_a_month_or_a_year_gives_its_year_and_the_month_what_is_next() -> None:
    for period in ("2026-10", "2026"):
        assert read_date("12月5日前", period=period, ahead=True).day == date(2026, 12, 5)
        assert read_date("12月5日前", period=period, ahead=True).doubt == "没有写年份，按表头的年份"
        assert read_date("明年3月底", period=period, ahead=True).day == date(2027, 3, 31)
    assert read_date("下月底前", period="2026-12", ahead=True).day == date(2027, 1, 31)
    assert read_date("1月15日", period="2026-10", ahead=True).day == date(2027, 1, 15)
    assert read_date("1月15日", period="2026", ahead=True).day == date(2026, 1, 15)
    assert "填报日期" in read_date("下月底前", period="2026").problem
