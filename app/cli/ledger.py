"""`flask ledger import` and `reverse`: read an office's ledger from a file, take its rows over, take an import back."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.edges import said_plainly, the_database, the_moment, the_settings
from app.cli.ledger_lines import Wanted, details, left_out, say_counts, say_outcomes
from app.core.errors import DukaoError, Invalid
from app.core.sheet import Sheet
from app.documents.intake_files import FOLDER, Kept, read_kept_file
from app.ledgers.cases import WORKBOOKS, StoredFile, store
from app.ledgers.intake import TAKERS, Directory, ImportBatch, Layout, SheetReading, layouts_of
from app.people import Actor, Mandate, Person, Role, Unit, load_actor, visible
from app.workflows import Context
from app.workflows.intake import (
    CHANGES,
    FileFacts,
    apply_import,
    begin_reading,
    choose_rows,
    judge_again,
    preview_import,
)
from app.workflows.intake_names import match_units
from app.workflows.intake_reversing import reverse_import
from app.workflows.judging import Judged, judge, load_directory


@click.group("ledger")
def ledger_cli() -> None:
    """Ledgers of offices: taking them in."""


@ledger_cli.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--layout", "layout_name", required=True, help="台账版式的名称或代码：网络问政、整改台账，或本级自己做的版式。"
)
@click.option("--sheet", help="工作表；不填则读与版式同名的，没有就读第一张。")
@click.option("--apply", "is_applied", is_flag=True, help="确认导入；不加则只试读，什么都不写。")
@click.option("--authority", help="督办主体的代码；不填为第一个。")
@click.option("--as", "username", help="以谁的任职办理；不填为该督办主体的督查室主任。")
@click.option("--match", "matches", multiple=True, help="没有认出的单位：名称=单位。可以写几个。")
@click.option("--take-doubtful", "is_doubtful_taken", is_flag=True, help="“待核对”的行全部照读作的内容导入。")
@click.option(
    "--take", "taken", type=int, multiple=True, help="核对后确实要导入的“待核对”或“可能重复”行的行号。可以写几个。"
)
def import_ledger(
    file: Path,
    layout_name: str,
    sheet: str | None,
    is_applied: bool,
    matches: tuple[str, ...],
    is_doubtful_taken: bool,
    taken: tuple[int, ...],
    **who: str | None,
) -> None:
    """Read a FILE; say for each row whether it is new, changed, unchanged, possibly a duplicate or wrong, and why.

    Rows with something to confirm are left out, as on the page, unless they are named (--take) or all are meant
    (--take-doubtful).
    """
    with said_plainly():
        if not file.is_file():
            raise click.ClickException(f"没有找到文件：{file}")
        with the_database().session(read_only=True) as session:
            county, actor = _who(session, who["authority"], who["username"])
            layout = _layout(session, actor, layout_name)
        wanted = Wanted(file, layout, sheet, matches, frozenset(taken), is_doubtful_taken)
        run = _apply if is_applied else _try
        for line in run(wanted, county, actor):
            click.echo(line)


@ledger_cli.command("reverse")
@click.argument("batch", type=int)
@click.option("--reason", required=True, help="撤销原因，记入办理过程。")
@click.option("--leave-moved", is_flag=True, help="已进入办理的保留原样，只撤销其余各件。")
@click.option("--authority", help="督办主体的代码；不填为第一个。")
@click.option("--as", "username", help="以谁的任职办理；不填为该督办主体的督查室主任。")
def reverse_batch(batch: int, reason: str, leave_moved: bool, authority: str | None, username: str | None) -> None:
    """Take an import back: BATCH is the number in the address of its page. Cases are voided, not deleted."""
    with said_plainly(), the_database().session() as session:
        _, actor = _who(session, authority, username)
        found = session.scalars(visible(ImportBatch, actor).where(ImportBatch.id == batch)).one_or_none()
        if found is None:
            raise click.ClickException(f"没有编号为 {batch} 的导入批次，或者不属于这个督办主体。")
        try:
            done = reverse_import(Context(session, actor, the_moment()), found, found.version, reason, leave_moved)
        except DukaoError as refused:
            more = "加 --leave-moved 可以只撤销其余各件。" if not leave_moved else ""
            raise click.ClickException(f"{refused}{more}") from refused
        session.commit()
    left = f"、保留原样 {done['left']} 件" if done["left"] else ""
    click.echo(f"已撤销“{found.file_name}”：作废 {done['voided']} 件、恢复 {done['restored']} 件{left}。")


def _layout(session: Session, actor: Actor, wanted: str) -> Layout:
    """Return a layout by name or code: those shipped and those of the actor's own authority."""
    layouts = layouts_of(session, actor)
    for layout in layouts:
        if wanted in (layout.code, layout.name):
            return layout
    names = "、".join(layout.name for layout in layouts)
    raise click.ClickException(f"没有名为“{wanted}”的台账版式，可选：{names}。")


def _try(wanted: Wanted, county: Unit, actor: Actor) -> Iterator[str]:
    """Read the file where it lies, judge it and write nothing."""
    found, reading = _read(wanted, wanted.path)
    with the_database().session(read_only=True) as session:
        context = Context(session, actor, the_moment())
        judged = judge(context, county.id, reading, _named_units(load_directory(context, county.id), wanted.matches))
    _know_rows(wanted, judged)
    yield from _head(wanted, found, reading, county, actor)
    yield f"试读，没有写入：共 {len(judged)} 行，{say_counts(judged)}。"
    yield from left_out(wanted, judged)
    yield from details(wanted, judged, reading)
    yield "核对无误后，加 --apply 导入。"


def _apply(wanted: Wanted, county: Unit, actor: Actor) -> Iterator[str]:
    """Keep the file, read the kept copy, and take it over in one transaction."""
    folder = the_settings().instance / FOLDER
    with wanted.path.open("rb") as stream:
        try:
            kept = store(folder, stream, wanted.path.name, WORKBOOKS)
        except Invalid as error:
            raise click.ClickException(str(error)) from error
    is_kept = False
    try:
        found, reading = _read(wanted, folder / kept.stored_name)
        judged, outcomes = _take_over(wanted, county, actor, (kept, found, reading))
        is_kept = bool(CHANGES & set(outcomes))
    finally:
        if not is_kept:
            (folder / kept.stored_name).unlink(missing_ok=True)
    yield from _head(wanted, found, reading, county, actor)
    done = "已导入" if is_kept else "没有需要导入的内容，什么都没有改变"
    yield f"{done}：共 {len(judged)} 行，{say_outcomes(outcomes)}。"
    yield from left_out(wanted, judged)
    yield from details(wanted, judged, reading)


def _take_over(
    wanted: Wanted, county: Unit, actor: Actor, source: tuple[StoredFile, Sheet, SheetReading]
) -> tuple[list[Judged], Counter[str]]:
    """Preview, confirm and apply in one transaction; where nothing would change, nothing is written."""
    kept, found, reading = source
    with the_database().session() as session:
        context = Context(session, actor, the_moment())
        batch = begin_reading(context, county.id, wanted.layout, kept.name)
        judged = preview_import(
            context,
            batch,
            reading,
            FileFacts(kept.stored_name, kept.sha256, kept.size, found.name, found.has_pictures),
        )
        named = _named_units(load_directory(context, county.id), wanted.matches)
        if named:
            match_units(context, batch, batch.version, named)
            judged = judge_again(context, batch)
        _know_rows(wanted, judged)
        chosen = {one.row.reading.number for one in judged if wanted.takes(one)}
        choose_rows(context, batch, batch.version, chosen, chosen)
        outcomes = apply_import(context, batch, batch.version)
        if CHANGES & set(outcomes):
            session.commit()
        return judged, outcomes


def _read(wanted: Wanted, path: Path) -> tuple[Sheet, SheetReading]:
    return read_kept_file(Kept(path, wanted.path.name, "", 0), wanted.layout, wanted.sheet)


def _who(session: Session, code: str | None, username: str | None) -> tuple[Unit, Actor]:
    """Return the authority and the person whose mandate the import is made by."""
    query = select(Unit).where(Unit.is_authority, Unit.closed_on.is_(None)).order_by(Unit.position, Unit.id)
    county = session.scalars(query.where(Unit.code == code) if code else query).first()
    if county is None:
        raise click.ClickException(
            f"没有代码为“{code}”的督办机关。" if code else "还没有任何单位，请先导入单位与人员。"
        )
    roles = TAKERS if username else (Role.SUPERVISOR,)
    holders = select(Person.id).join(Mandate, Mandate.person_id == Person.id).join(Unit, Unit.id == Mandate.unit_id)
    holders = holders.where((Unit.id == county.id) | (Unit.authority_id == county.id), Mandate.role.in_(roles))
    if username:
        holders = holders.where(Person.username == username)
    for person_id in session.scalars(holders.order_by(Mandate.id)):
        actor = load_actor(session, person_id, the_moment().day)
        if actor is not None and actor.grant(*roles, authority_id=county.id):
            return county, actor
    who = (
        f"“{username}”在{county.name}没有督查员或督查室主任的有效任职"
        if username
        else f"{county.name}没有在任的督查室主任"
    )
    raise click.ClickException(f"{who}，不能导入。")


def _named_units(directory: Directory, matches: Iterable[str]) -> dict[str, int]:
    named = {}
    for match in matches:
        said, _, name = match.partition("=")
        unit = directory.match(name).unit
        if not said or unit is None:
            raise click.ClickException(f"--match “{match}”：应写成 名称=单位，单位须是台账里有的单位。")
        named[said] = unit.id
    return named


def _head(wanted: Wanted, found: Sheet, reading: SheetReading, county: Unit, actor: Actor) -> Iterator[str]:
    stated = f"，填报日期 {reading.stated_on}" if reading.stated_on else ""
    yield f"文件：{wanted.path.name}（工作表“{found.name}”，版式“{wanted.layout.name}”{stated}）"
    grant = actor.grant(Role.SUPERVISOR, *TAKERS, authority_id=county.id)
    yield f"单位：{county.name}；以{grant.unit_name if grant else ''}{actor.name}的{grant.role_word if grant else ''}任职办理"


def _know_rows(wanted: Wanted, judged: Iterable[Judged]) -> None:
    if strange := sorted(wanted.taken - {one.row.reading.number for one in judged}):
        numbers = "、".join(str(number) for number in strange)
        raise click.BadParameter(f"没有读到第 {numbers} 行，请按试读结果里的行号填写。", param_hint="--take")
