"""`flask docs`: write the pages of the workflows from their tables, or say which of them differ."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from app.workflows import WORKFLOWS
from app.workflows.drawing import MARK, draw_index, draw_workflow

INDEX = "README.md"


@click.command("docs")
@click.option("--check", is_flag=True, help="不改文件；有页面与程序不符时报错。")
@with_appcontext
def docs_cli(check: bool) -> None:
    """Write docs/workflows from the transition tables (no database needed)."""
    folder = Path(current_app.root_path).parent / "docs" / "workflows"
    wrong = [name for name, text in pages().items() if read_page(folder / name) != text]
    extra = [file.name for file in folder.glob("*.md") if file.name not in pages() and MARK in read_page(file)]
    if check:
        if wrong or extra:
            raise click.ClickException(f"以下文档与代码不一致，请执行 make docs：{'、'.join([*wrong, *extra])}")
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name in wrong:
        (folder / name).write_text(pages()[name], encoding="utf-8")
    for name in extra:
        (folder / name).unlink()
    click.echo(f"已写入 {len(pages())} 页，其中 {len(wrong)} 页有变化。")


def pages() -> dict[str, str]:
    """Return every page by file name."""
    drawn = {f"{name}.md": draw_workflow(workflow) for name, workflow in sorted(WORKFLOWS.items())}
    return {INDEX: draw_index(WORKFLOWS), **drawn}


def read_page(file: Path) -> str:
    """Return the text of a page, empty when there is none."""
    return file.read_text(encoding="utf-8") if file.is_file() else ""
