"""`flask daily`: what became due is proposed, what was not objected to is confirmed, up to a business date."""

from datetime import date

import click
from flask.cli import with_appcontext

from app.cli.dates import DATE
from app.cli.edges import said_plainly, the_database, the_moment
from app.workflows import DayDone, catch_up, database_time, last_done

NEVER = "尚未结算"


@click.command("daily")
@click.option("--date", "day", type=DATE, metavar="YYYY-MM-DD", help="The business date; today unless told.")
@click.option(
    "--confirm", is_flag=True, help="An operator's word for a long gap, a date not begun or a doubtful clock."
)
@click.option("--status", is_flag=True, help="Print the last business date done, and do nothing.")
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
