"""A PostgreSQL server of the tests' own: unix socket only, gone with the tests, never the machine's server."""

import os
import pwd
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psycopg

OWNER = "dukao_owner"
APP = "dukao_app"
SPEED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "shared_buffers=64MB")


class Cluster:
    """One server with two roles: the owner migrates, the application's role owns nothing."""

    def __init__(self, programs: Path, settings: Sequence[str] = SPEED, place: Path | None = None) -> None:
        self.programs, self.settings = programs, settings
        self.folder = Path(tempfile.mkdtemp(prefix="dukao-pg-", dir=place))
        self.process: subprocess.Popen[bytes] | None = None
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            account = _account()
            os.chown(self.folder, account.pw_uid, account.pw_gid)
        self._run("initdb", "--auth=trust", "--username=postgres", "--no-sync", "--no-instructions", "--encoding=UTF8",
                  "--locale=C", "--lc-ctype=C.UTF-8", "-D", str(self.data))  # fmt: skip
        self.start()
        self.execute(f"CREATE ROLE {OWNER} LOGIN", f"CREATE ROLE {APP} LOGIN")

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "data"

    def url(self, role: str, name: str) -> str:
        """Return the address of a database as one of the two roles."""
        return f"postgresql://{role}@/{name}?host={self.folder}"

    def start(self) -> None:
        """Start the server and wait until it answers; it dies with this process."""
        settings = (
            *self.settings,
            f"unix_socket_directories={self.folder}",
            "listen_addresses=",
            "max_connections=200",
        )
        options = [word for setting in settings for word in ("-c", setting)]
        command = [str(self.programs / "postgres"), "-D", str(self.data), *options]
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen([*_as_account("INT"), *command], stdout=log, stderr=log, cwd="/")
        deadline = time.monotonic() + 60
        while not (self.folder / ".s.PGSQL.5432").exists() or not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self.folder / "server.log").read_text())
            time.sleep(0.02)

    def stop(self, mode: str = "fast") -> None:
        """Stop the server: `fast` drops connections, `immediate` is a crash that recovers at the next start."""
        if self.process and self.process.poll() is None:
            self._run("pg_ctl", "stop", "-D", str(self.data), "-m", mode)
            self.process.wait(30)

    def remove(self) -> None:
        """Stop the server and have its data deleted: on a disk that takes half a minute, for which nobody need wait."""
        self.stop("immediate")
        subprocess.Popen(["rm", "-rf", str(self.folder)], start_new_session=True).returncode = 0  # not ours to wait for

    def execute(self, *statements: str) -> None:
        """Run statements as the superuser, each on its own."""
        with psycopg.connect(dbname="postgres", user="postgres", host=str(self.folder), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def _answers(self) -> bool:
        try:
            self.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, program: str, *arguments: str) -> None:
        command = [*_as_account(), str(self.programs / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", env={**os.environ, "LC_ALL": "C.UTF-8"})


def _account() -> pwd.struct_passwd:
    known = {account.pw_name: account for account in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _as_account(die_with_parent: str | None = None) -> list[str]:
    """Return the words before a command that give up root and, if told, tie its life to ours."""
    words = [f"--pdeathsig={die_with_parent}"] if die_with_parent else []
    if os.geteuid() == 0:
        account = _account()
        words += [f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
    return ["setpriv", *words] if words else []
