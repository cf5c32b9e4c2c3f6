"""The floor of the pages: the same framework with one ORM query, a count and a bare table; and the query as JSON alone."""

import os

from flask import Flask, Response, jsonify, render_template_string, request
from sqlalchemy import ColumnElement, func, select

import app.schema  # noqa: F401 - registers every table
from app.core.db import Database
from app.ledgers.cases import Assignment, Case

ROWS = 50
TABLE = """<!doctype html><html lang="zh"><title>{{ count }}</title><table>
{% for row in rows %}<tr><td>{{ row.number }}</td><td>{{ row.title }}</td><td>{{ row.state }}</td><td>{{ row.due_on }}</td>
<td>{{ row.lead_unit_id }}</td></tr>{% endfor %}</table>"""

server = Flask(__name__)
database = Database(os.environ.get("DUKAO_DATABASE_URL", "sqlite://"))


def wanted() -> list[ColumnElement[bool]]:
    """Return the condition of the list: what is open, of one unit if one is named."""
    found: list[ColumnElement[bool]] = [Case.ended_on.is_(None)]
    if unit := request.args.get("unit"):
        found.append(Case.id.in_(select(Assignment.case_id).where(Assignment.unit_id == int(unit))))
    return found


@server.get("/page")
def page() -> str:
    """Render a bare table of ORM rows, with a count."""
    with database.session(read_only=True) as session:
        count = session.scalar(select(func.count()).select_from(Case).where(*wanted()))
        query = select(Case).where(*wanted()).order_by(Case.order_on, Case.id).limit(ROWS)
        return render_template_string(TABLE, count=count, rows=session.scalars(query).all())


@server.get("/json")
def rows() -> Response:
    """Answer with the columns of the list as JSON, without a count."""
    columns = (Case.id, Case.number, Case.title, Case.state, Case.due_on, Case.lead_unit_id)
    with database.session(read_only=True) as session:
        found = session.execute(select(*columns).where(*wanted()).order_by(Case.order_on, Case.id).limit(ROWS))
        return jsonify([tuple(row) for row in found])
