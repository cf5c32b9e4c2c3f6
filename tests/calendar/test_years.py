"""The years and local days an office keeps: what is loaded, what counts, what is kept in the process."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from app.calendar import (
    Calendar,
    CalendarChange,
    LocalDay,
    SpecialDay,
    StatedYear,
    add_local_day,
    import_year,
    load_calendar,
    parse_year,
    seed_state_years,
    state_calendar,
)
from app.core.clock import Moment
from app.core.db import Database
from app.core.errors import Invalid

COUNTY, OTHER, ACTOR = 7, 8, 3
AT = Moment.on(date(2026, 11, 20))
NOTICE = "国务院办公厅关于2027年部分节假日安排的通知"
LINES = "2027-01-01 休 元旦\n2027-01-02 休 元旦\n2027-01-03 班 元旦\n"
NEW_YEAR = date(2027, 1, 1)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.session() as session:
        yield session


def same(one: Calendar, other: Calendar) -> bool:
    return dict(one.years) == dict(other.years) and dict(one.special) == dict(other.special)


def changes(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(CalendarChange)) or 0


def test_empty_database_knows_no_year(session: Session) -> None:
    calendar = load_calendar(session, COUNTY)
    assert same(calendar, Calendar.of({}, []))
    assert not calendar.knows(2026)


def test_seeding_gives_every_authority_the_state_calendar(session: Session) -> None:
    assert seed_state_years(session, AT) == tuple(range(2004, 2027))
    for authority in (None, COUNTY, OTHER):
        assert same(load_calendar(session, authority), state_calendar())


def test_seeding_twice_changes_nothing(session: Session) -> None:
    seed_state_years(session, AT)
    assert seed_state_years(session, AT) == ()
    assert changes(session) == 1


def test_seeding_leaves_alone_what_an_office_imported_for_the_whole_state(session: Session) -> None:
    by_hand = StatedYear(2026, "更正通知", (SpecialDay(date(2026, 1, 1), True, "元旦", "更正通知"),))
    import_year(session, None, by_hand, ACTOR, AT)
    assert 2026 not in seed_state_years(session, AT)
    calendar = load_calendar(session, COUNTY)
    assert calendar.years[2026] == "更正通知"
    assert calendar.is_working(date(2026, 10, 1))
    assert calendar.years[2025] == state_calendar().years[2025]


def test_seeding_corrects_a_year_that_the_package_has_corrected(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    years, days = dict(state_calendar().years), list(state_calendar().special.values())
    old = Calendar.of(years, [day for day in days if day.day != date(2026, 2, 14)])
    monkeypatch.setattr("app.calendar.years.state_calendar", lambda: old)
    seed_state_years(session, AT)
    assert not load_calendar(session).is_working(date(2026, 2, 14))
    monkeypatch.undo()
    assert seed_state_years(session, AT) == (2026,)
    assert same(load_calendar(session), state_calendar())


def test_imported_year_is_known_to_its_authority_alone(session: Session) -> None:
    seed_state_years(session, AT)
    change = import_year(session, COUNTY, parse_year(LINES, 2027, NOTICE), ACTOR, AT)
    assert change is not None
    assert (change.authority_id, change.actor_id, change.made_at) == (COUNTY, ACTOR, AT.at)
    mine, other = load_calendar(session, COUNTY), load_calendar(session, OTHER)
    assert mine.knows(2027)
    assert mine.years[2027] == NOTICE
    assert not mine.is_working(NEW_YEAR)
    assert mine.is_working(date(2027, 1, 3))
    assert not other.knows(2027)
    assert other.is_working(NEW_YEAR)


def test_importing_the_same_year_again_changes_nothing(session: Session) -> None:
    stated = parse_year(LINES, 2027, NOTICE)
    assert import_year(session, COUNTY, stated, ACTOR, AT) is not None
    assert import_year(session, COUNTY, stated, ACTOR, AT) is None
    assert changes(session) == 1


def test_later_import_of_a_year_takes_the_place_of_the_earlier(session: Session) -> None:
    import_year(session, COUNTY, parse_year(LINES, 2027, NOTICE), ACTOR, AT)
    assert load_calendar(session, COUNTY).is_working(date(2027, 1, 3))
    import_year(session, COUNTY, parse_year("2027-01-04 休 元旦", 2027, "更正"), ACTOR, AT)
    calendar = load_calendar(session, COUNTY)
    assert calendar.years[2027] == "更正"
    assert [calendar.is_working(date(2027, 1, day)) for day in (1, 3, 4)] == [True, False, False]


def test_local_day_counts_before_the_state_and_survives_an_import(session: Session) -> None:
    seed_state_years(session, AT)
    day = date(2026, 10, 1)
    add_local_day(session, COUNTY, LocalDay(day, "worked", "值守", "县府办通知"), ACTOR, AT)
    import_year(session, COUNTY, StatedYear(2026, "县", (SpecialDay(day, True, "国庆节", "县"),)), ACTOR, AT)
    special = load_calendar(session, COUNTY).special[day]
    assert special == SpecialDay(day, False, "值守", "县府办通知", local=True)
    assert not load_calendar(session, OTHER).is_working(day)


def test_local_day_can_be_taken_back(session: Session) -> None:
    seed_state_years(session, AT)
    day = date(2026, 3, 19)
    add_local_day(session, COUNTY, LocalDay(day, "off", "停工", "县府办通知"), ACTOR, AT)
    assert not load_calendar(session, COUNTY).is_working(day)
    add_local_day(session, COUNTY, LocalDay(day, "usual", "撤销", "县府办通知"), ACTOR, AT)
    assert same(load_calendar(session, COUNTY), state_calendar())


def test_unchanged_calendar_costs_one_query_and_is_the_same_object(session: Session) -> None:
    seed_state_years(session, AT)
    first = load_calendar(session, COUNTY)
    statements: list[str] = []
    engine = session.get_bind()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        second = load_calendar(session, COUNTY)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert second is first
    assert len(statements) == 1


def test_change_that_is_rolled_back_is_forgotten(session: Session) -> None:
    seed_state_years(session, AT)
    session.commit()
    day = date(2026, 3, 19)
    add_local_day(session, COUNTY, LocalDay(day, "off", "停工", "甲文"), ACTOR, AT)
    assert not load_calendar(session, COUNTY).is_working(day)
    session.rollback()
    assert load_calendar(session, COUNTY).is_working(day)
    add_local_day(session, COUNTY, LocalDay(date(2026, 3, 20), "off", "停工", "乙文"), ACTOR, AT)
    calendar = load_calendar(session, COUNTY)
    assert calendar.is_working(day)
    assert not calendar.is_working(date(2026, 3, 20))


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        (StatedYear(1989, NOTICE, ()), "年份应在 1990 至 2100 之间"),
        (StatedYear(2027, " ", ()), "请填写依据的文件"),
        (StatedYear(2027, "文" * 201, ()), "最多 200 个字"),
        (StatedYear(2027, NOTICE, ()), "没有写 2027 年的任何放假日"),
        (StatedYear(2027, NOTICE, (SpecialDay(date(2026, 1, 1), True, "元旦", ""),)), "不在 2027 年"),
        (StatedYear(2027, NOTICE, (SpecialDay(NEW_YEAR, True, "元旦", ""),) * 2), "同一天写了两次"),
    ],
)
def test_year_that_is_not_one_is_refused_and_nothing_is_written(
    session: Session, stated: StatedYear, said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        import_year(session, COUNTY, stated, ACTOR, AT)
    assert changes(session) == 0


def test_local_day_needs_a_name_and_a_notice(session: Session) -> None:
    with pytest.raises(Invalid) as refused:
        add_local_day(session, COUNTY, LocalDay(NEW_YEAR, "off", "", " "), ACTOR, AT)
    assert set(refused.value.errors) == {"name", "notice"}
    assert changes(session) == 0
