"""The units of an invented county, as the matching sees them."""

import tomllib
from pathlib import Path

from app.ledgers.intake import Directory, KnownUnit

SHIPPED = Path(__file__).parents[3] / "packs" / "demo" / "yunling.toml"
COUNTY = "云岭县"
TOWNS = ("城关镇", "青石镇", "流波镇", "丰谷镇", "双桥镇", "柳树乡")
DEPARTMENTS = (
    "云岭县住房和城乡建设局",
    "云岭县人力资源和社会保障局",
    "云岭县发展和改革委员会",
    "云岭县卫生健康委员会",
    "云岭县自然资源和规划局",
    "市生态环境局云岭分局",
    "云岭县农业农村局",
    "云岭县教育体育局",
    "云岭县交通运输局",
    "云岭县市场监督管理局",
    "云岭县应急管理局",
    "云岭县工业和信息化局",
    "云岭县财政局",
    "云岭县统计局",
    "云岭县水利局",
    "云岭县行政审批局",
    "云岭县数据资源管理局",
    "云岭县综合行政执法局",
    "云岭县乡村振兴服务中心",
    "云岭县消防救援大队",
    "云岭县城市建设投资有限公司",
)


def directory(*more: KnownUnit) -> Directory:
    """Return the county's directory, with further units where a test needs them."""
    towns = [KnownUnit(number, name, kind="town") for number, name in enumerate(TOWNS, start=1)]
    departments = [KnownUnit(number, name) for number, name in enumerate(DEPARTMENTS, start=101)]
    return Directory(COUNTY, [*towns, *departments, *more])


def shipped_directory() -> Directory:
    """Return the directory of the county that the demo ships."""
    pack = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    units = (
        KnownUnit(number, row["name"], row.get("short", ""), row["kind"], tuple(row.get("aliases", ())))
        for number, row in enumerate(pack["units"])
    )
    return Directory(pack["name"], units)
