"""Names of units as offices write them find their unit, or say why not."""

import pytest

from app.ledgers.intake import KnownUnit
from tests.ledgers.intake.units import TOWNS, directory, shipped_directory


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("云岭县住房和城乡建设局", "云岭县住房和城乡建设局"),
        ("县住房和城乡建设局", "云岭县住房和城乡建设局"),
        ("住房和城乡建设局", "云岭县住房和城乡建设局"),
        ("县住建局", "云岭县住房和城乡建设局"),
        ("住建局", "云岭县住房和城乡建设局"),
        ("云岭县住建局", "云岭县住房和城乡建设局"),
        (" 县 住建局\n", "云岭县住房和城乡建设局"),
        ("县住建局（牵头）", "云岭县住房和城乡建设局"),
        ("县人社局", "云岭县人力资源和社会保障局"),
        ("县发改委", "云岭县发展和改革委员会"),
        ("县发改局", "云岭县发展和改革委员会"),
        ("县卫健委", "云岭县卫生健康委员会"),
        ("县自规局", "云岭县自然资源和规划局"),
        ("自然资源局", "云岭县自然资源和规划局"),
        ("县农业农村局", "云岭县农业农村局"),
        ("县教体局", "云岭县教育体育局"),
        ("县交通局", "云岭县交通运输局"),
        ("县市监局", "云岭县市场监督管理局"),
        ("县市场监管局", "云岭县市场监督管理局"),
        ("县应急局", "云岭县应急管理局"),
        ("县工信局", "云岭县工业和信息化局"),
        ("县数据局", "云岭县数据资源管理局"),
        ("县城投公司", "云岭县城市建设投资有限公司"),
        ("县乡村振兴中心", "云岭县乡村振兴服务中心"),
        ("县生态环境分局", "市生态环境局云岭分局"),
        ("生态环境局云岭分局", "市生态环境局云岭分局"),
        ("县生态环境局", "市生态环境局云岭分局"),
        ("城关镇", "城关镇"),
        ("城关镇人民政府", "城关镇"),
        ("云岭县城关镇", "城关镇"),
        ("柳树乡政府", "柳树乡"),
    ],
)
def test_a_usual_writing_finds_its_unit(said: str, meant: str) -> None:
    match = directory().match(said)
    assert match.unit is not None
    assert (match.unit.name, match.problem) == (meant, "")


def test_an_unknown_name_is_never_guessed_but_the_nearest_are_named() -> None:
    match = directory().match("县水务站")
    assert match.unit is None
    assert match.units == ()
    assert match.problem == "没有名为“县水务站”的单位，是不是云岭县水利局？"
    assert directory().match("火星办事处").problem == "没有名为“火星办事处”的单位，请指定一次，以后自动识别"


def test_a_remembered_alias_finds_its_unit_before_any_short_form() -> None:
    known = directory(KnownUnit(900, "云岭县河道管理处", aliases=("县水务站", "县住建局")))
    for said in ("县水务站", "县住建局"):
        match = known.match(said)
        assert match.unit is not None
        assert match.unit.id == 900


def test_an_ambiguous_name_names_both() -> None:
    match = directory(KnownUnit(901, "云岭县教育体育局", "教体局"), KnownUnit(902, "云岭县教体局")).match(
        "县教育和体育局"
    )
    assert match.unit is None
    assert "云岭县教育体育局或" in match.problem
    assert "云岭县教体局" in match.problem
    assert match.problem.endswith("请指定一个")


def test_a_units_own_name_is_stronger_than_anothers_short_form() -> None:
    match = directory(KnownUnit(903, "县教体局")).match("县教体局")
    assert match.unit is not None
    assert match.unit.id == 903


def test_every_town_becomes_all_towns_and_each_unit_stands_once() -> None:
    names = [match.unit.name for match in directory().match_all(["青石镇", "各镇", "县统计局", "统计局"]) if match.unit]
    assert sorted(names) == sorted([*TOWNS, "云岭县统计局"])


def test_names_joined_by_a_blank_or_a_word_are_parted_only_where_both_are_known() -> None:
    known = directory()
    assert len(known.match_all(["县统计局 城关镇"])) == 2
    assert len(known.match_all(["县统计局和县财政局"])) == 2
    assert len(known.match_all(["住房和城乡建设局"])) == 1
    assert [match.said for match in known.match_all(["县统计局和火星局"])] == ["县统计局和火星局"]


def test_a_city_above_its_counties_is_not_taken_for_one_of_them() -> None:
    assert directory().match("市财政局").unit is None
    assert directory().match("市统计局").units == ()


def test_every_name_that_the_demo_ships_finds_its_own_unit() -> None:
    known = shipped_directory()
    assert len(known.towns) == 12
    for unit in known.units:
        for name in filter(None, (unit.name, unit.short_name, *unit.aliases)):
            assert known.match(name).unit == unit, name
