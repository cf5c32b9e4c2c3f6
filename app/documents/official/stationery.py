"""Templates: files an office can change. Its own in instance/templates stand before those that are shipped."""

from pathlib import Path

from app.core.errors import Refused

SHIPPED = Path(__file__).parents[3] / "packs" / "documents"
GENERAL = "official"


class BrokenTemplate(Refused):
    """A template cannot be used; the sentence names file and line, and how to go on without it."""

    def __init__(self, path: Path, line: int | None, fault: str) -> None:
        self.path, self.line = path, line
        where = f"第 {line} 行" if line else ""
        super().__init__(
            f"文书模板“{path.name}”{where}有错误，没有生成文书：{fault}。请改正数据目录 templates 文件夹中的这个文件；"
            "也可以把它移走，系统会改用自带模板。"
        )


def find_template(folder: Path, kind: str, suffix: str) -> Path:
    """Return the template of a kind: the office's own for it, the office's general one, the shipped ones in that order."""
    names = (f"{kind}{suffix}", f"{GENERAL}{suffix}")
    places = (*(folder / name for name in names), *(SHIPPED / name for name in names))
    found = next((path for path in places if path.is_file()), None)
    if found is None:
        raise BrokenTemplate(places[-1], None, "系统自带的模板缺失")
    return found
