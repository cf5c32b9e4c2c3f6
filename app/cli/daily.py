"""`flask daily`: what became due is proposed, what was not objected to is confirmed, up to a business date."""

from datetime import date

import click
from flask.cli import with_appcontext

from app.cli.dates import DATE
from app.cli.edges import said_plainly, the_database, the_moment
from app.workflows import DayDone, catch_up, database_time, last_done

NEVER = "尚未结算"


@click.command("daily")
@click.option("--date", "day", type=DATE, metavar="YYYY-MM-DD", help="业务日期；不填为今天。")
@click.option("--confirm", is_flag=True, help="间隔过长、日期未到或时钟可疑时，由运维人员确认后仍然结算。")
@click.option("--status", is_flag=True, help="只显示已结算到哪一天，什么都不做。")
@with_appcontext
def daily_cli(day: date | None, confirm: bool, status: bool) -> None:
    """Do every business date after the last one done, one line for each."""
    database, now = the_database(), the_moment()
    with said_plainly():
        if status:
            with database.session(read_only=True) as session:
                click.echo(last_done(session) or NEVER)
            return
        days = [_echo(done) for done in catch_up(database, day or now.day, now, confirm, database_time)]
    if not days:
        click.echo(f"{day or now.day} 已经结算过，没有待结算的日期。")


def say_day(done: DayDone) -> str:
    """Return one line about a date that was done."""
    years = "、".join(str(year) for year in done.missing_years)
    missing = f"，缺少 {years} 年工作日历（该年日期不计扣分）" if years else ""
    return f"{done.day} 拟扣 {done.proposed} 条，确认 {done.confirmed} 条，冲销 {done.reversed} 条{missing}"


def _echo(done: DayDone) -> DayDone:
    click.echo(say_day(done))
    return done
