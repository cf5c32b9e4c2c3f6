"""`flask ledger import`: read an office's ledger from a file, say what each row is, and on --apply take the rows over."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.edges import said_plainly, the_database, the_moment, the_settings
from app.core.errors import Invalid
from app.core.sheet import Sheet
from app.documents.workbook import read_sheet
from app.ledgers.cases import WORKBOOKS, StoredFile, store
from app.ledgers.intake import TAKERS, Directory, Layout, SheetReading, find_layout, read_rows
from app.ledgers.intake.words import OUTCOMES, VERDICTS
from app.people import Actor, Mandate, Person, Role, Unit, load_actor
from app.workflows import Context
from app.workflows.intake import (
    FileFacts,
    apply_import,
    begin_reading,
    choose_doubtful,
    choose_rows,
    match_units,
    preview_import,
)
from app.workflows.judging import Judged, judge, load_directory

MOST_LINES = 200
CHANGES = {"created", "updated", "noted"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for on the command line."""

    path: Path
    layout: Layout
    sheet: str | None
    matches: tuple[str, ...]
    duplicates: frozenset[int]


@click.group("ledger")
def ledger_cli() -> None:
    """Ledgers of offices: taking them in."""


@ledger_cli.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--layout", "layout_name", required=True, help="How the office lays its ledger out: 网络问政, 整改台账.")
@click.option("--sheet", help="The sheet; the layout's own, or the first visible one, unless told.")
@click.option("--apply", "is_applied", is_flag=True, help="Take the rows over. Without it nothing is written.")
@click.option("--authority", help="The authority's code; the first one unless told.")
@click.option("--as", "username", help="By whose mandate; a supervisor of the authority unless told.")
@click.option("--match", "matches", multiple=True, help="What an unknown unit means: 名称=单位. Repeat for several.")
@click.option("--take", "duplicates", type=int, multiple=True, help="A possible duplicate to take over, by row number.")
def import_ledger(
    file: Path,
    layout_name: str,
    sheet: str | None,
    is_applied: bool,
    authority: str | None,
    username: str | None,
    matches: tuple[str, ...],
    duplicates: tuple[int, ...],
) -> None:
    """Read a FILE; say for each row whether it is new, changed, unchanged, possibly a duplicate or wrong, and why.

    Rows with a date to confirm are taken over too: the date is a proposal, and the supervisor reads what the file said.
    """
    with said_plainly():
        if not file.is_file():
            raise click.ClickException(f"没有找到文件：{file}")
        wanted = Wanted(file, find_layout(layout_name), sheet, matches, frozenset(duplicates))
        with the_database().session(read_only=True) as session:
            county, actor = _who(session, authority, username)
        run = _apply if is_applied else _try
        for line in run(wanted, county, actor):
            click.echo(line)


def _try(wanted: Wanted, county: Unit, actor: Actor) -> Iterator[str]:
    """Read the file where it lies, judge it and write nothing."""
    found, reading = _read(wanted, wanted.path)
    with the_database().session(read_only=True) as session:
        context = Context(session, actor, the_moment())
        judged = judge(context, county.id, reading, _named_units(load_directory(context, county.id), wanted.matches))
    yield from _head(wanted, found, reading, county, actor)
    yield f"试读，没有写入：共 {len(judged)} 行，{_said_counts(judged)}。"
    yield from _details(judged, reading)
    yield "核对无误后，加 --apply 导入。"


def _apply(wanted: Wanted, county: Unit, actor: Actor) -> Iterator[str]:
    """Keep the file, read the kept copy, and take it over in one transaction."""
    folder = the_settings().instance / "imports"
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
    yield f"{done}：共 {len(judged)} 行，{_said_outcomes(outcomes)}。"
    yield from _details(judged, reading)


def _take_over(
    wanted: Wanted, county: Unit, actor: Actor, source: tuple[StoredFile, Sheet, SheetReading]
) -> tuple[list[Judged], Counter[str]]:
    """Preview, confirm and apply in one transaction; where nothing would change, nothing is written."""
    kept, found, reading = source
    with the_database().session() as session:
        context = Context(session, actor, the_moment())
        batch = begin_reading(context, county.id, wanted.layout, kept.name)
        judged = preview_import(
            context, batch, reading, FileFacts(kept.stored_name, kept.sha256, kept.size, found.name)
        )
        named = _named_units(load_directory(context, county.id), wanted.matches)
        if named:
            match_units(context, batch, batch.version, named)
            judged = judge(context, county.id, reading, {})
        choose_rows(context, batch, batch.version, wanted.duplicates, wanted.duplicates)
        choose_doubtful(context, batch, batch.version)
        outcomes = apply_import(context, batch, batch.version)
        if CHANGES & set(outcomes):
            session.commit()
        return judged, outcomes


def _read(wanted: Wanted, path: Path) -> tuple[Sheet, SheetReading]:
    found = read_sheet(path, filename=wanted.path.name, sheet=wanted.sheet, preferred=wanted.layout.sheet)
    return found, read_rows(wanted.layout, found.rows)


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
    yield f"单位：{county.name}；以{grant.unit_name if grant else ''}{actor.name}的{grant.role.label if grant else ''}任职办理"


def _said_counts(judged: Iterable[Judged]) -> str:
    judged = list(judged)
    counts = Counter(one.verdict for one in judged)
    doubtful = sum(1 for one in judged if one.verdict == "new" and one.doubts)
    said = [f"{word} {counts[verdict]} 行" for verdict, word in VERDICTS.items() if counts[verdict]]
    return "、".join(said) + (f"；新增中有 {doubtful} 行待核对" if doubtful else "")


def _said_outcomes(outcomes: Counter[str]) -> str:
    return "、".join(f"{word} {outcomes[outcome]} 行" for outcome, word in OUTCOMES.items() if outcomes[outcome])


def _details(judged: list[Judged], reading: SheetReading) -> Iterator[str]:
    """Name each wrong row with column and reason, each doubt, each possible duplicate, each change, and what was left out."""
    blocks = {
        "有误（不导入）": [f"{_row(one)} {column}：{why}" for one in judged for column, why in one.problems],
        "待核对": [
            f"{_row(one)} {doubt['column']}：“{doubt['said']}”读作 {doubt['read_as']}（{doubt['why']}）"
            for one in judged
            if one.verdict in ("new", "changed")
            for doubt in one.doubts
        ],
        "可能重复（不导入，确需导入用 --take 行号）": [
            f"{_row(one)} 与第 {one.row.repeats} 行相同" for one in judged if one.verdict == "duplicate"
        ],
        "有变化": [f"{_row(one)} {'、'.join(one.changes or ())}" for one in judged if one.verdict == "changed"],
        "跳过的行（标题、签字栏等）": [f"第 {number} 行 {words[:40]}" for number, words in reading.passed_over],
    }
    for title, lines in blocks.items():
        if lines:
            yield f"{title}："
            yield from (f"  {line}" for line in lines[:MOST_LINES])
        if len(lines) > MOST_LINES:
            yield f"  …… 另有 {len(lines) - MOST_LINES} 行"
    if reading.unused_columns:
        yield f"没有用到的列：{'、'.join(reading.unused_columns)}"


def _row(one: Judged) -> str:
    serial = one.row.reading.serial
    return f"第 {one.row.reading.number} 行" + (f"（序号 {serial}）" if serial else "")
