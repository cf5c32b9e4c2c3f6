"""The contact of a citizen typed into every text of every move, as the tables of moves ask for them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import inspect, text

from app.core.errors import Invalid
from app.workflows import Need
from app.workflows.engine import state_of
from tests.story import Story, a_file
from tests.workflows.moves import MOVES, Move

NAME, PHONE, CARD = "赵铁柱", "13912345678", "330106199001011234"
SECRETS = (NAME, PHONE, CARD)
CONTACT = f"{NAME} {PHONE}"
SAID = f"{NAME}（{PHONE}，{CARD}）"
NOT_TYPED = ("contact", "reference", "period")  # meant for it, a document's number, a year


class Telling(Story):
    """A cast at work on cases that citizens reported, told with the contact in every text."""

    def log(self, who: str = "inspector", **form: Any) -> int:
        """Log a case with the contact in its words."""
        told = {"title": f"{NAME}反映{PHONE}", "text": SAID, "place": PHONE, "category": PHONE}
        contact = f"{CONTACT} {form.get('contact', '')}"
        return super().log(who, **{**told, "source_text": SAID, **form, "contact": contact})


def typed(needs: tuple[Need, ...], form: dict[str, Any]) -> dict[str, Any]:
    """Return a form with the contact in every text that is asked for, in measures and in the names of files."""
    return form | {need.name: _told(need, form.get(need.name)) for need in needs if _is_typed(need)}


def _is_typed(need: Need) -> bool:
    return need.kind in ("text", "line", "measures", "files") and need.name not in NOT_TYPED


def _told(need: Need, old: Any) -> Any:
    if need.kind == "measures":
        return [{**one, "text": SAID, "person": f"{one['person']}（{PHONE}）"} for one in old]
    if need.kind == "files":
        return [replace(file, name=f"{PHONE}.jpg") for file in old or [a_file()]]
    said = SAID if need.kind == "text" else f"{PHONE}{NAME}"
    return f"{old or ''}（{PHONE}）" if need.holds == "names" else f"{old or ''}{said}"


def tell_everything(story: Story, moves: list[Move] = MOVES) -> Iterator[tuple[Move, bool]]:
    """Make every move with the contact in every text; yield each with whether it was taken, or refused."""
    for move in moves:
        row_id = move.row(story)
        source = state_of(story.get(move.workflow.model, row_id))
        needs = next(t.needs for t in move.workflow.transitions if t.name == move.name and source in t.source)
        form = move.values(story)
        try:
            story.move(move.who, move.workflow, row_id, move.name, **typed(needs, form))
        except Invalid:
            yield move, False
        else:
            yield move, True


def tables_telling(story: Story, secrets: tuple[str, ...] = SECRETS) -> set[tuple[str, str]]:
    """Return (table, column) of everything in the database that holds a secret."""
    found = set()
    with story.cast.database.session(read_only=True) as session:
        for table in inspect(story.cast.database.engine).get_table_names():
            for row in session.execute(text(f'SELECT * FROM "{table}"')).mappings():
                found |= {(table, name) for name, value in row.items() if any(words in str(value) for words in secrets)}
    return found
