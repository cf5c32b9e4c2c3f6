"""`flask demo load`: the invented county with the quarter it lived through, into an empty database."""

import os
import secrets
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy import func, select

from app.calendar import say
from app.cli.dates import DATE
from app.cli.demo.build import Key
from app.cli.demo.county import County, load_county
from app.cli.demo.quarter import CASES, Wanted, live_quarter
from app.cli.edges import said_plainly, the_database, the_moment, the_settings
from app.core.db import Database
from app.ledgers.cases import Case
from app.people import Role, Unit, role_word

ACCOUNTS = "demo-accounts.txt"
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
EARLIEST = date(2005, 1, 1)


@click.group("demo")
def demo_cli() -> None:
    """Show an invented county (演示)."""


@demo_cli.command("load")
@with_appcontext
@click.option("--until", type=DATE, help="演示季度的最后一天；不填为昨天。")
@click.option("--seed", type=click.IntRange(0, 2**31), default=1, show_default=True, help="随机种子。")
@click.option("--cases", type=click.IntRange(1, CASES), default=CASES, show_default=True, help="大约多少件问题。")
@click.option("--show/--no-show", default=True, help="是否同时显示演示账号；账号总会写入文件。")
def load(until: date | None, seed: int, cases: int, show: bool) -> None:
    """Fill an empty database with the county 云岭县 and the quarter that ends on a day."""
    database, instance, now = the_database(), the_settings().instance, the_moment()
    last_day = until or now.day - timedelta(days=1)
    _refuse_date(last_day, now.day)
    with said_plainly():
        _refuse_full(database)
    click.echo(f"正在载入演示县：{say(last_day)}为止的一个季度，随机种子 {seed}")
    password = make_password()
    wanted = Wanted(last_day, seed, cases)
    moves = live_quarter(database, instance / "evidence", wanted, Key(password, now), _Progress(database, wanted))
    path = instance / ACCOUNTS
    text = "\n".join(account_lines(load_county(), password)) + "\n"
    write_private(path, text)
    click.echo(f"已载入：{_count(database)} 件问题，{moves} 次办理。账号写在 {path}")
    if show:
        click.echo(text, nl=False)


class _Progress:
    """Says once a week how far the quarter has come."""

    def __init__(self, database: Database, wanted: Wanted) -> None:
        self.database, self.wanted = database, wanted

    def __call__(self, day: date) -> None:
        """Say it on the last day of each week."""
        if day.isoweekday() == 7 and day != self.wanted.last_day:  # noqa: PLR2004 - Sunday
            click.echo(f"  {say(day)}：{_count(self.database)} 件")


def _refuse_date(last_day: date, today: date) -> None:
    if last_day >= today:
        raise click.BadParameter(f"演示季度应在今天（{today}）之前结束，请给出更早的日期。", param_hint="--until")
    if last_day < EARLIEST:
        raise click.BadParameter(f"{EARLIEST} 之前没有工作日历，请给出更晚的日期。", param_hint="--until")


def _refuse_full(database: Database) -> None:
    with database.session(read_only=True) as session:
        if session.scalar(select(Unit.id).limit(1)) is not None:
            raise click.ClickException("数据库里已经有单位，演示数据只载入空的数据库。需要重来请换一个空的数据库。")


def _count(database: Database) -> int:
    with database.session(read_only=True) as session:
        return session.scalar(select(func.count()).select_from(Case)) or 0


def make_password() -> str:
    """Return a password that can be read out: four groups of four letters and digits that look unlike each other."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


def account_lines(county: County, password: str) -> Iterator[str]:
    """Yield the lines that tell who may sign in with the password, and what to try."""
    yield "演示账号（云岭县及其中的人和事均为虚构）"
    yield f"所有账号的密码都是：{password}"
    kinds = {unit.name: unit.kind for unit in county.units}
    for person in county.people:
        if person.hint:
            roles = "、".join(role_word(Role(mandate.role), kinds[mandate.unit]) for mandate in person.mandates)
            yield f"  {person.username:<9}{person.name}（{roles}，{person.mandates[0].unit}）：{person.hint}"
    yield "其他人员的账号见“人员和任职”页（用系统管理员登录），密码相同。"


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, in place of an earlier one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
