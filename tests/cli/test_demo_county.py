"""The invented county is whole: everybody and every unit named exists, and no text is used twice."""

import re
from collections import Counter
from datetime import date

import pytest

from app.cli.demo import County, Problem, load_county
from app.cli.demo.quarter import DAYS
from app.ledgers.cases.words import CLASSES, DISCOVERIES, SOURCES
from app.people.models import ROLE_LABELS, UNIT_KINDS, Role

# The unit names that an office of the county writes in its ledgers, and one that nobody knows.
LEDGER_UNITS = [
    "县住建局",
    "县城投公司",
    "城关镇",
    "青石镇",
    "市生态环境局云岭分局",
    "县行政审批局",
    "县农业农村局",
    "县财政局",
    "县乡村振兴中心",
    "县应急管理局",
    "县消防救援大队",
    "县市场监管局",
    "县综合行政执法局",
    "县交通运输局",
    "柳树乡",
    "流波镇",
    "县数据局",
    "县发改局",
    "县统计局",
    "县工信局",
    "县教育体育局",
    "丰谷镇",
]
VILLAGE = re.compile(r"(?<=[镇乡])([^镇乡、]{2,3}村)")


@pytest.fixture(scope="module")
def county() -> County:
    return load_county()


def texts_of(problem: Problem) -> list[str]:
    said = [problem.title, problem.text, problem.standard, problem.result, problem.lesson]
    said += [text for text in (problem.lasting, problem.stage_goal) if text]
    return said + list(problem.measures) + list(problem.progress)


def test_every_unit_of_the_ledgers_exists(county: County) -> None:
    for name in LEDGER_UNITS:
        assert county.unit(name).short == name
    with pytest.raises(KeyError):
        county.unit("县水务站")


def test_unit_names_codes_and_aliases_call_one_unit_only(county: County) -> None:
    called = [name for unit in county.units for name in {unit.name, unit.short, *unit.aliases}]
    assert [name for name, times in Counter(called).items() if times > 1] == []
    assert len({unit.code for unit in county.units}) == len(county.units)
    assert {unit.kind for unit in county.units} == set(UNIT_KINDS)
    assert Counter(unit.group for unit in county.units if unit.group) == {"towns": 12, "departments": 25}
    assert set(county.groups) == {"towns", "departments"}


def test_parents_stand_before_their_children(county: County) -> None:
    seen: set[str | None] = {None}
    for unit in county.units:
        assert unit.parent in seen
        seen.add(unit.name)


def test_usernames_and_names_of_people_are_unique(county: County) -> None:
    assert len({person.username for person in county.people}) == len(county.people)
    assert len({person.name for person in county.people}) == len(county.people)
    assert all(re.fullmatch(r"[a-z]{4,9}", person.username) for person in county.people)


def test_every_role_is_held_and_has_a_printed_account(county: County) -> None:
    held = {mandate.role for person in county.people for mandate in person.mandates}
    printed = {mandate.role for person in county.people if person.hint for mandate in person.mandates}
    assert held == printed == {role.value for role in ROLE_LABELS}


@pytest.mark.parametrize(
    ("role", "people"),
    [
        (Role.INSPECTOR, 6),
        (Role.SUPERVISOR, 2),
        (Role.ASSESSOR, 3),
        (Role.LEADER, 4),
        (Role.DISCIPLINE, 3),
        (Role.ORGANISATION, 1),
        (Role.ADMIN, 1),
        (Role.SECURITY, 1),
        (Role.AUDITOR, 1),
    ],
)
def test_offices_are_staffed(county: County, role: Role, people: int) -> None:
    assert len(list(county.holders(role))) == people


def test_every_ranked_unit_has_one_head_and_one_liaison(county: County) -> None:
    for unit in county.units:
        if unit.group:
            assert len(list(county.holders(Role.HEAD, unit.name))) == 1
            assert len(list(county.holders(Role.LIAISON, unit.name))) == 1


def test_every_unit_is_in_exactly_one_portfolio(county: County) -> None:
    covered = Counter(unit for person in county.people for unit in person.portfolio)
    below = {unit.name: 1 for unit in county.units if unit.authority not in (None, county.root.name)}
    assert covered == {unit.name: 1 for unit in county.units if unit.kind in {"town", "department", "office"}} | below


def test_only_leaders_have_portfolios(county: County) -> None:
    leaders = {p for p in county.people if any(m.role == Role.LEADER for m in p.mandates)}
    assert {person for person in county.people if person.portfolio} == leaders


def test_somebody_is_inspector_and_head_somebody_has_left_and_somebody_is_yet_to_come(county: County) -> None:
    roles = [{mandate.role for mandate in person.mandates} for person in county.people]
    assert {"inspector", "head"} in roles
    mandates = [mandate for person in county.people for mandate in person.mandates]
    assert any(mandate.ends is not None and mandate.ends < 0 for mandate in mandates)
    assert any(mandate.begins > 0 for mandate in mandates)


def test_mandate_dates_count_from_the_last_day(county: County) -> None:
    left = next(mandate for person in county.people for mandate in person.mandates if mandate.ends is not None)
    assert left.dates(date(2026, 3, 31)) == (date(2023, 10, 13), date(2026, 2, 19))


def test_problems_speak_the_words_of_the_ledger(county: County) -> None:
    for problem in county.problems:
        assert problem.source in SOURCES
        assert problem.discovery in DISCOVERIES
        assert problem.rect_class in CLASSES
        assert (problem.source == "self") == (problem.discovery == "self")
        assert (problem.rect_class == "long_term") == (problem.stage_goal is not None)


def test_problems_go_to_ranked_units_and_to_each_once(county: County) -> None:
    for problem in county.problems:
        units = [problem.lead, *problem.assisting]
        assert len(set(units)) == len(units)
        assert len(problem.assisting) <= 3
        assert all(county.unit(name).group for name in units)


def test_town_that_is_an_authority_has_an_office_units_below_and_problems_of_theirs(county: County) -> None:
    (town,) = (unit for unit in county.authorities() if unit != county.root)
    below = {unit.name for unit in county.units if unit.authority == town.name}
    office = {
        m.role for person in county.people for m in person.mandates if m.office == town.name and m.unit == town.name
    }
    assert office == {"supervisor", "inspector", "assessor", "leader"}
    for name in below & {unit for problem in county.below for unit in (problem.lead, *problem.assisting)}:
        assert len(list(county.holders(Role.HEAD, name))) == len(list(county.holders(Role.LIAISON, name))) == 1
    assert {problem.lead for problem in county.below} <= below
    above = {problem.title: problem for problem in county.problems}
    handed = [problem for problem in county.below if problem.above]
    assert len(handed) == 2
    assert {above[problem.above or ""].lead for problem in handed} == {town.name}


def test_two_inspectors_are_free_to_look_at_any_problem_on_any_day(county: County) -> None:
    """Whoever answers for a unit of a case must not look at it: two others are there, whatever is drawn by chance."""
    for authority in county.authorities():
        inspectors = [
            (person, mandate)
            for person in county.people
            for mandate in person.mandates
            if (mandate.role, mandate.office) == (Role.INSPECTOR, authority.name)
        ]
        steady = {
            p.username: {m.unit for m in p.mandates} for p, m in inspectors if m.begins <= -DAYS and m.ends is None
        }
        problems = [p for p in (*county.problems, *county.below) if county.unit(p.lead).authority == authority.name]
        assert problems
        for problem in problems:
            free = [who for who, units in steady.items() if not units & {problem.lead, *problem.assisting}]
            assert len(free) >= 2, problem.title


def test_every_ranked_unit_answers_for_something(county: County) -> None:
    assert {problem.lead for problem in county.problems} == {unit.name for unit in county.units if unit.group}


def test_villages_named_as_places_exist(county: County) -> None:
    for problem in county.problems:
        for village in VILLAGE.findall(problem.place):
            assert county.unit(village).kind == "village"


def test_problem_texts_have_the_right_lengths(county: County) -> None:
    assert len(county.problems) >= 170
    for problem in county.problems:
        assert 6 <= len(problem.title) <= 40
        assert 60 <= len(problem.text) <= 250, problem.title
        assert 2 <= len(problem.measures) <= 4, problem.title
        assert len(problem.progress) == 2
        assert min(map(len, texts_of(problem))) >= 3


def test_no_text_is_used_twice(county: County) -> None:
    said = [text for problem in (*county.problems, *county.below) for text in texts_of(problem)]
    said += [text for texts in county.phrases.values() for text in texts]
    assert [text for text, times in Counter(said).items() if times > 1] == []


def test_most_problems_are_found_by_county_and_city(county: County) -> None:
    found = Counter(problem.discovery for problem in county.problems)
    assert found["county"] + found["city"] > len(county.problems) / 2
    assert {"self", "citizen", "province", "media_county", "media_city", "audit", "assessment"} <= set(found)
