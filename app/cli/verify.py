"""`flask verify`: whether the record holds together, and still agrees with the checkpoints that were kept."""

from collections.abc import Iterator
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.cli.edges import said_plainly, the_database, the_moment, the_settings
from app.core.db import Database
from app.workflows.checkpoint import Checkpoint, broken_checkpoints, read_checkpoints, take_checkpoint
from app.workflows.verifying import CHECKS, Finding, check_files, stored_evidence

KEPT = "checkpoints.jsonl"


@click.command("verify")
@click.option("--checkpoint", "wanted", is_flag=True, help="全部相符时，写入一个签名的检查点。")
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="另处保管的检查点文件；数据文件夹里的之外，也与它比对。",
)
@with_appcontext
def verify_cli(wanted: bool, against: Path | None) -> None:
    """Check protections, chains, entries, totals, rules and evidence, one line each; exit 1 names the first bad row."""
    folder = the_settings().instance
    with said_plainly():
        kept = _read(folder / KEPT) + (_read(against) if against else [])
        findings = list(_echo(find(the_database(), folder, kept)))
        wrong = [finding for finding in findings if finding.wrong]
        if wrong:
            raise click.ClickException(f"共 {len(wrong)} 项不符，第一处：{wrong[0].check}，{wrong[0].wrong}")
        if wanted:
            keep_checkpoint(the_database(), folder / KEPT)
            click.echo(f"已在 {folder / KEPT} 写入检查点，请另存到别处保管。")


def find(database: Database, folder: Path, kept: list[Checkpoint]) -> Iterator[Finding]:
    """Yield what each check finds; the database as of one moment, and the files after its transaction has ended."""
    with database.session(read_only=True) as session:
        _as_of_one_moment(session)
        for check in CHECKS:
            yield check(session)
        broken = next(broken_checkpoints(session, kept, _secret()), None)
        yield Finding("检查点", f"{len(kept)} 个", broken)
        stored = stored_evidence(session)
    yield check_files(folder / "evidence", stored)


def keep_checkpoint(database: Database, file: Path) -> None:
    """Add where every chain stands now to the file."""
    with database.session(read_only=True) as session:
        _as_of_one_moment(session)
        line = take_checkpoint(session, the_moment(), _secret()).text()
    with file.open("a", encoding="utf-8") as kept:
        kept.write(line + "\n")


def _as_of_one_moment(session: Session) -> None:
    """See one state of everything, however long the checks take; nobody waits for them."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        session.execute(text("SET LOCAL statement_timeout = 0"))
        session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))


def _read(file: Path) -> list[Checkpoint]:
    try:
        return read_checkpoints(file.read_text(encoding="utf-8")) if file.is_file() else []
    except ValueError as error:
        raise click.ClickException(f"{file.name}：{error}。") from error


def _secret() -> str:
    secret: str = current_app.config["SECRET_KEY"]
    return secret


def _echo(findings: Iterator[Finding]) -> Iterator[Finding]:
    for finding in findings:
        click.echo(f"{'不符' if finding.wrong else '通过'}  {finding.check}（{finding.looked_at}）{_why(finding)}")
        yield finding


def _why(finding: Finding) -> str:
    return f"：{finding.wrong}" if finding.wrong else ""
