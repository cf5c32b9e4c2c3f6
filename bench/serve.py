"""Production servers for the bench: gunicorn as `make run` starts it, on a port of its own; and what memory they take."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.core.db import Database

ROOT = Path(__file__).parent.parent
LIKE_RUN = ("--worker-class", "gthread", "--workers", "2", "--threads", "4", "--log-level", "warning")
STARTS_WITHIN = 60


@dataclass(frozen=True, slots=True)
class Server:
    """One server that answers."""

    port: int
    pid: int

    @property
    def memory(self) -> float:
        """What master and workers take together now, in MiB, shared pages counted once (PSS)."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="ascii").split()
        return sum(_proportional(pid) for pid in (self.pid, *map(int, children))) / 1024


@contextmanager
def serve(application: str, database: Database, instance: Path) -> Iterator[Server]:
    """Serve an application until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    told = {"DUKAO_DATABASE_URL": database.url, "DUKAO_OWNER_URL": database.owner_url, "DUKAO_INSTANCE": str(instance)}
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", *LIKE_RUN, "--no-control-socket"]
    process = subprocess.Popen([*command, application], cwd=ROOT, env={**os.environ, **told})
    try:
        _wait(process, port)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(30)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the server did not start")


def _proportional(pid: int) -> int:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    return int(text.partition("\nPss:")[2].split()[0])
