"""The operator's file: read only when nobody else can, and wrong content is named without being shown."""

from pathlib import Path

import pytest

from app.core.clock import SystemClock
from app.notices import FILE, Misconfigured, load_outlets
from config import ROOT


def example() -> str:
    """Return the example that the operator is given."""
    return (ROOT / "docs" / "operations.md").read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0]


def write(folder: Path, text: str, mode: int = 0o600) -> None:
    """Write the file."""
    (folder / FILE).write_text(text, encoding="utf-8")
    (folder / FILE).chmod(mode)


def test_without_the_file_nothing_leaves_the_house(tmp_path: Path) -> None:
    assert load_outlets(tmp_path, SystemClock()) is None


def test_example_in_the_documentation_is_valid(tmp_path: Path) -> None:
    write(tmp_path, example())
    outlets = load_outlets(tmp_path, SystemClock())
    assert outlets is not None
    assert sorted(outlets.names()) == ["dingtalk", "email", "sms", "wecom"]
    assert {channel.robot for channel in outlets.channels} == {None, *outlets.robots}


def test_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    write(tmp_path, example(), 0o640)
    with pytest.raises(Misconfigured, match="chmod 600"):
        load_outlets(tmp_path, SystemClock())


@pytest.mark.parametrize(
    "text",
    [
        "address = 1",
        "[outbound",
        "[email]\nhost='top-secret'",
        "address='a'\n[outbound]\nhosts=[]\n[[robots]]\nkey='top-secret'",
    ],
)
def test_wrong_content_is_named_and_not_shown(tmp_path: Path, text: str) -> None:
    write(tmp_path, text)
    with pytest.raises(Misconfigured) as wrong:
        load_outlets(tmp_path, SystemClock())
    assert "top-secret" not in str(wrong.value)
