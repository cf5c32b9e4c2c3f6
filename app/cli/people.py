"""`flask people`: what only the operator at the server may do to an account or a unit."""

import click
from flask.cli import with_appcontext

from app.cli.edges import said_plainly, the_database, the_moment
from app.workflows import reset_by_operator
from app.workflows.units import make_authority


@click.group("people")
def people_cli() -> None:
    """Accounts (账号) that nobody else may reset."""


@people_cli.command("reset")
@click.argument("username")
@with_appcontext
def reset(username: str) -> None:
    """Take the password and second factor of USERNAME away and print a one-time code, once."""
    with said_plainly(), the_database().begin() as session:
        issued = reset_by_operator(session, the_moment(), username)
    click.echo(f"{issued.name}（{issued.unit}） 用户名 {issued.username}")
    click.echo(f"一次性代码 {issued.code}")
    click.echo(
        f"在登录页点“用一次性代码设置密码”。{issued.hours} 小时内有效，只能用一次；原密码、两步验证和登录已失效。"
    )


@people_cli.command("authority")
@click.argument("code")
@with_appcontext
def authority(code: str) -> None:
    """Let the unit with CODE (a town, say) run a ledger and an assessment of its own over the units below it."""
    with said_plainly(), the_database().begin() as session:
        unit, below = make_authority(session, the_moment(), code)
    click.echo(f"{unit.name}已设为督办主体，下辖 {below} 个单位。")
    click.echo("请由安全管理员在这个单位授予督查室主任、督查员、考核办等任职，并由考核办起草本级考核规则。")
