"""Chinese typefaces by name: the official ones from the office's folder first, open ones of the system after them."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import typst

from app.core.errors import Refused

# What GB/T 9704-2012 asks for, then what stands in for it. A file may call itself by its English or its Chinese name.
SERIF, SANS, KAI = "Noto Serif CJK SC", "Noto Sans CJK SC", "LXGW WenKai"
FACES: Mapping[str, tuple[str, ...]] = {
    "song": ("FZXiaoBiaoSong-B05S", "方正小标宋简体", "方正小标宋_GBK", "FZXiaoBiaoSong-B05", SERIF, SANS, KAI),
    "fang": ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "STFangsong", SERIF, KAI, SANS),
    "hei": ("SimHei", "黑体", "STHeiti", SANS, SERIF, KAI),
    "kai": ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "STKaiti", KAI, SERIF, SANS),
    "plain": ("SimSun", "宋体", "NSimSun", "STSong", SERIF, SANS, KAI),
}
SUFFIXES = (".ttf", ".ttc", ".otf", ".otc")


class NoTypeface(Refused):
    """There is no Chinese typeface: a paper would be boxes, so none is made."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            "没有找到可用的中文字体，不能生成 PDF。请系统管理员安装开源字体（Debian：fonts-noto-cjk 和 fonts-lxgw-wenkai），"
            f"或把本单位有权使用的公文字体文件放入数据目录的 {folder.name} 文件夹，再重试。Word 文档不受影响。"
        )


def typefaces(folder: Path) -> tuple[typst.Fonts, dict[str, list[str]]]:
    """Return the typefaces there are, and for each role the names at hand, best first; NoTypeface when there is none."""
    found = _known(folder, _state(folder))
    chosen = choose(found.families())
    if not all(chosen.values()):
        raise NoTypeface(folder)
    return found, chosen


def choose(families: Sequence[str]) -> dict[str, list[str]]:
    """Return for each role the names of typefaces at hand, best first."""
    at_hand = set(families)
    return {role: [name for name in names if name in at_hand] for role, names in FACES.items()}


@lru_cache(maxsize=4)
def _known(folder: Path, _state: tuple[tuple[str, int], ...]) -> typst.Fonts:
    """Search the system's folders and the office's once (a quarter of a second), until the office's change."""
    return typst.Fonts(include_embedded_fonts=False, font_paths=[str(folder)] if folder.is_dir() else [])


def _state(folder: Path) -> tuple[tuple[str, int], ...]:
    if not folder.is_dir():
        return ()
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    return tuple((str(path), path.stat().st_mtime_ns) for path in files)
