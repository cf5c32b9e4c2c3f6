"""What set-up and run promise: a sprite that browsers can use, and a clear word when the port is taken."""

import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from setup.icons import build_sprite
from setup.port import is_free, wait_for_answer

ROOT = Path(__file__).parent.parent
VENDOR = ROOT / "app/web/static/vendor"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def taken_port() -> Iterator[int]:
    """Return a port that somebody listens on, for the time of a test."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_sprite_holds_each_named_icon_once() -> None:
    names = (ROOT / "setup/icons.txt").read_text().split()
    sprite = ElementTree.fromstring(build_sprite(ROOT / "node_modules/@tabler/icons/icons", names))
    drawn = {symbol.get("id"): len(symbol) for symbol in sprite.findall(f"{SVG}symbol")}
    assert len(drawn) == len(names)
    assert all(drawn.values())
    assert {"icon-home", "icon-flag-filled"} <= set(drawn)


def test_what_the_pages_need_stands_in_the_vendor_folder() -> None:
    for name in ("tabler.min.css", "tabler.min.js", "htmx.min.js", "echarts.min.js", "icons.svg"):
        assert (VENDOR / name).stat().st_size > 10_000


def test_a_taken_port_is_not_free_and_answers(taken_port: int) -> None:
    assert not is_free("127.0.0.1", taken_port)
    assert wait_for_answer("127.0.0.1", taken_port, seconds=1)


def test_run_says_in_chinese_that_the_port_is_taken(taken_port: int, tmp_path: Path) -> None:
    settings = {**os.environ, "PORT": str(taken_port), "DUKAO_INSTANCE": str(tmp_path / "instance")}
    ended = subprocess.run(["setup/run.sh"], cwd=ROOT, env=settings, capture_output=True, text=True)
    assert ended.returncode == 1
    assert f"端口 {taken_port} 已被占用" in ended.stderr
    assert not (tmp_path / "instance").exists()
