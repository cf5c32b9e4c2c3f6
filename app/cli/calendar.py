"""`flask calendar`: working days of the state's calendar, counted without a database."""

from datetime import date

import click

from app.calendar import Limit, deadline, say, state_calendar
from app.cli.dates import DATE


@click.group("calendar")
def calendar_cli() -> None:
    """Working days by the State Council's notices (国务院办公厅节假日安排)."""


@calendar_cli.command("add")
@click.argument("start", type=DATE)
@click.argument("count", type=click.IntRange(0, 9999))
def add(start: date, count: int) -> None:
    """Print the date COUNT working days after START (START excluded)."""
    try:
        due = deadline(state_calendar(), start, Limit(count, "working_day"))
    except ValueError as error:  # after the year 9999 there is no date
        raise click.ClickException("结果超出了可表示的日期范围（最晚到 9999 年）。") from error
    _warn(start, due.on)
    click.echo(due.on.isoformat())


@calendar_cli.command("count")
@click.argument("first", type=DATE)
@click.argument("last", type=DATE)
def count(first: date, last: date) -> None:
    """Print the number of working days from FIRST to LAST, both counted; LAST is not before FIRST."""
    if last < first:
        raise click.BadParameter(f"{last} 早于 {first}，请先写较早的日期。", param_hint="LAST")
    _warn(first, last)
    click.echo(state_calendar().count_working(first, last))


@calendar_cli.command("show")
@click.argument("year", type=click.IntRange(1990, 2100))
def show(year: int) -> None:
    """Print the days off and the worked weekends of a YEAR."""
    calendar = state_calendar()
    if not calendar.knows(year):
        raise click.ClickException(f"{year} 年的节假日安排尚未收录，周一至周五暂按工作日计算（暂定）。")
    click.echo(calendar.years[year])
    for day in sorted(calendar.special):
        if day.year == year:
            special = calendar.special[day]
            click.echo(f"{say(day)} {'休' if special.off else '班'} {special.name}")
    click.echo(f"全年 {calendar.count_working(date(year, 1, 1), date(year, 12, 31))} 个工作日")


def _warn(first: date, last: date) -> None:
    """Say on the error stream which years are missing, so that the printed answer stays the bare answer."""
    if missing := state_calendar().unknown_years(first, last):
        years = "、".join(str(year) for year in missing)
        click.echo(f"暂定：{years} 年的节假日安排尚未收录，周一至周五按工作日计算。", err=True)
