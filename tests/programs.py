"""Where the programs of the system are that the tests start: PostgreSQL's tools and Chromium."""

import os
import shutil
import sys
from pathlib import Path

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


def find_postgresql() -> Path | None:
    """Return the folder that holds initdb and pg_ctl, or None; DUKAO_POSTGRESQL_BIN goes first, then the newest."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    on_path = shutil.which("initdb")
    folders = [os.environ.get("DUKAO_POSTGRESQL_BIN"), on_path and Path(on_path).parent, *reversed(installed)]
    return next((Path(folder) for folder in folders if folder and (Path(folder) / "initdb").exists()), None)


def find_chromium() -> Path | None:
    """Return the Chromium to drive, or None; DUKAO_CHROMIUM goes first."""
    found = (os.environ.get("DUKAO_CHROMIUM"), *(shutil.which(name) for name in CHROMIUM_NAMES))
    return next((Path(program) for program in found if program and Path(program).exists()), None)


if __name__ == "__main__":
    finders = {"postgresql": find_postgresql, "chromium": find_chromium}
    sys.exit(finders[sys.argv[1]]() is None)
