"""`flask ledger export`: write a ledger as a workbook, exactly what a person sees with these filters."""

from datetime import datetime
from pathlib import Path

import click
from flask import current_app
from sqlalchemy import or_
from sqlalchemy.orm import Session

from app.cli.edges import said_plainly, the_database, the_moment, the_settings
from app.documents.ledger_files import Place, digest_of, write_file
from app.ledgers.cases import ORDERS, USUAL, Filters
from app.ledgers.cases.words import SOURCES, STATES
from app.ledgers.intake import Layout, find_layout, layouts_of
from app.people import Actor, Unit, find_person, load_actor, visible
from app.workflows import Context
from app.workflows.exporting import Wanted, file_name, write_event

DAY = click.DateTime(["%Y-%m-%d"])


@click.command("export")
@click.option("--layout", "layout_name", required=True, help="台账版式：整改台账、环保督察一览表等。")
@click.option("--as", "username", required=True, help="以谁的权限查看：用户名。")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="写到哪个文件；不填为“版式_日期.xlsx”。")
@click.option("--text", default="", help="编号、标题或描述里的字词。")
@click.option("--unit", help="承办单位：名称、简称或代码。")
@click.option("--part", type=click.Choice(["lead", "assist"]), help="该单位是牵头还是配合。")
@click.option("--state", type=click.Choice(["all", "ended", *STATES]), help="状态；不填为在办的。")
@click.option("--source", type=click.Choice(list(SOURCES)), help="反馈来源。")
@click.option("--when", type=click.Choice(["overdue", "soon"]), help="已逾期，或将到期。")
@click.option("--order", type=click.Choice(list(ORDERS)), default=USUAL, help="排列次序；不填为期限近的在前。")
@click.option("--from", "due_from", type=DAY, help="期限不早于这一天。")
@click.option("--to", "due_to", type=DAY, help="期限不晚于这一天。")
def export_ledger(
    layout_name: str, username: str, out: Path | None, unit: str | None, order: str, **narrowed: str | datetime | None
) -> None:
    """Write the list that the person sees; the export is recorded like one made on the page."""
    with said_plainly(), the_database().session(read_only=True) as session:
        actor = _actor(session, username)
        context = Context(session, actor, the_moment())
        wanted = Wanted(_layout(session, actor, layout_name), _filters(session, actor, unit, narrowed), order)
        path = out or Path(file_name(wanted.layout, context))
        if not path.parent.is_dir():
            raise click.ClickException(f"没有这个文件夹：{path.parent}")
        session.rollback()  # a long file is read in a snapshot of its own; nothing waits beside it for minutes
        rows = write_file(context, wanted, Place(the_settings().instance, path))
        digest = digest_of(path)
        with current_app.extensions["database"].begin() as writing:
            write_event(Context(writing, actor, context.moment), wanted, rows, digest)
        click.echo(f"已导出 {rows} 件到 {path}（版式“{wanted.layout.name}”，SHA-256 {digest[:16]}）。")


def _actor(session: Session, username: str) -> Actor:
    person = find_person(session, username)
    actor = load_actor(session, person.id, the_moment().day) if person else None
    if actor is None:
        raise click.ClickException(f"没有用户名为“{username}”的账号，或账号已停用。")
    return actor


def _layout(session: Session, actor: Actor, wanted: str) -> Layout:
    """Return the layout of that name or code, the office's own among them."""
    found = (layout for layout in layouts_of(session, actor) if wanted in (layout.name, layout.code))
    return next(found, None) or find_layout(wanted)


def _filters(session: Session, actor: Actor, unit: str | None, narrowed: dict[str, str | datetime | None]) -> Filters:
    given = {name: value.date() if isinstance(value, datetime) else value for name, value in narrowed.items()}
    found: dict[str, object] = {name: value for name, value in given.items() if value}
    if unit:
        named = or_(Unit.name == unit, Unit.short_name == unit, Unit.code == unit)
        ids = list(session.scalars(visible(Unit, actor).with_only_columns(Unit.id).where(named)))
        if len(ids) != 1:
            raise click.ClickException(f"没有名为“{unit}”的单位，或有几个同名，请用代码。")
        found["unit_id"] = ids[0]
    return Filters(**found)  # type: ignore[arg-type]
