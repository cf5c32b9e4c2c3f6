"""A place for the databases of one worker in the machine's memory: copying them there costs a tenth of what it does on a disk.

What a killed run left behind is cleared away by the next one: its lock is free.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - of Linux; elsewhere the databases lie with other temporary files
ENOUGH = 2 << 30  # bytes free; a worker needs about 300 MB
PREFIX = "dukao-tests-"


@contextmanager
def place_in_memory() -> Iterator[Path]:
    """Make a folder, in memory if there is room; it is gone afterwards."""
    parent = MEMORY if has_room(MEMORY) else Path(tempfile.gettempdir())
    clear_away(parent)
    place = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
    place.chmod(0o711)  # PostgreSQL's account goes through to its own folder
    with (place / "made").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        (place / "made").rename(place / "lock")  # nobody finds it before it is held
        yield place
    shutil.rmtree(place, ignore_errors=True)


def has_room(folder: Path) -> bool:
    """Say whether databases fit into a folder."""
    return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > ENOUGH


def clear_away(parent: Path) -> None:
    """Delete the folders whose worker is dead."""
    for place in parent.glob(f"{PREFIX}*"):
        with suppress(OSError), (place / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(place, ignore_errors=True)
