"""Layouts of an office's own: put on record, and taken off the lists; each an event."""

from sqlalchemy import select

from app.audit import Fact, record
from app.core.errors import Invalid
from app.ledgers.cases import refuse_persons
from app.ledgers.intake import OwnLayout, Sketch, load_layouts, make_layout, sketch_data
from app.workflows.context import Context
from app.workflows.intake import mandate_for

LONGEST_NAME = 31  # characters: a sheet is called so too
NOT_IN_NAMES = frozenset("[]:*?/\\'")


def add_layout(context: Context, authority_id: int, sketch: Sketch) -> OwnLayout:
    """Put a layout on record. Refused without the mandate, Invalid for a name in use or columns that do not do."""
    mandate_for(context, authority_id)
    name = sketch.name.strip()
    if not name or len(name) > LONGEST_NAME or NOT_IN_NAMES & set(name):
        raise Invalid({"name": f"请给版式起个名字，最多 {LONGEST_NAME} 字，不能有 [ ] : * ? / \\ '。"})
    refuse_persons(
        name=name,
        title=sketch.title,
        columns="；".join([*(word for one in sketch.columns for word in one.words), *sketch.sign_off]),
    )
    taken = select(OwnLayout.id).where(OwnLayout.authority_id == authority_id, OwnLayout.name == name)
    if name in {layout.name for layout in load_layouts()} or context.session.scalar(taken):
        raise Invalid({"name": f"已经有名为“{name}”的版式，请换一个名字。"})
    data = sketch_data(sketch)
    make_layout({**data, "code": "", "name": name})  # it must be readable before it is kept
    row = OwnLayout(
        authority_id=authority_id,
        name=name,
        data=data,
        person_id=context.actor.person_id,
        made_at=context.moment.at,
    )
    context.session.add(row)
    context.session.flush()
    _note(context, row, "layout.add")
    return row


def retire_layout(context: Context, row: OwnLayout) -> None:
    """Take a layout off the lists; imports and exports made with it stay as they are."""
    mandate_for(context, row.authority_id)
    if row.retired_at is None:
        row.retired_at = context.moment.at
        _note(context, row, "layout.retire")


def _note(context: Context, row: OwnLayout, kind: str) -> None:
    grant = mandate_for(context, row.authority_id)
    data = {"name": row.name, "columns": [column["label"] for column in row.data["columns"]]}
    fact = Fact(kind, f"layout:{row.id}", row.authority_id, data=data, mandate_id=grant.mandate_id)
    record(context.session, fact, context.actor, context.moment)
