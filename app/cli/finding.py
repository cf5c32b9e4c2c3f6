"""`flask finding rebuild`: words, counts and lanes of the ledger made anew from the cases."""

import click
from flask.cli import with_appcontext

from app.cli.edges import said_plainly, the_database
from app.ledgers.cases import rebuild, rebuild_lanes


@click.group("finding")
def finding_cli() -> None:
    """Keep what stands beside the cases so that they are found at once."""


@finding_cli.command("rebuild")
@with_appcontext
def rebuild_all() -> None:
    """Make words, counts and lanes anew from the cases; whoever writes waits until it is done."""
    with said_plainly(), the_database().begin() as session:
        cases, counts = rebuild(session)
        places = rebuild_lanes(session)
    click.echo(f"已重建 {cases} 件问题的检索文字、{counts} 个计数和单位台账的 {places} 处次序。")
