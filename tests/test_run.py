"""`make run` as an operator meets it: fill, serve, end cleanly on Ctrl-C, and keep the data when run again."""

import os
import re
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
STARTED = re.compile(r"已启动：(http://\S+)")

pytestmark = pytest.mark.long


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(instance: Path) -> Iterator[tuple[str, list[str]]]:
    """Run until the address is printed; give it and what was said, then press Ctrl-C and expect a clean end."""
    settings = {**os.environ, "PORT": str(free_port()), "DUKAO_INSTANCE": str(instance)}
    process = subprocess.Popen(
        ["setup/run.sh"], cwd=ROOT, env=settings, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        said: list[str] = []
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            if found := STARTED.search(line):
                yield found[1], said
                break
        else:
            pytest.fail(f"run ended early: {''.join(said)}")
        os.killpg(process.pid, signal.SIGINT)
        process.stdout.read()
        assert process.wait(30) == 0
        with pytest.raises(ProcessLookupError):
            os.killpg(process.pid, 0)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def test_running_again_keeps_the_data(tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    with running(instance) as (address, said):
        assert any("正在载入" in line for line in said)
        with urllib.request.urlopen(f"{address}/healthz", timeout=10) as answer:
            assert answer.status == 200
    accounts = (instance / "demo-accounts.txt").read_text()
    with running(instance) as (_, said):
        assert not any("正在载入" in line for line in said)
    assert (instance / "demo-accounts.txt").read_text() == accounts
    assert (instance / "secret").stat().st_mode & 0o777 == 0o600
