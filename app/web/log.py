"""审计日志: the auditor's view of every event, without the texts of cases; reading it is an event itself."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import select

from app.audit import Event, Fact, broken_chains, record
from app.core.clock import ZONE
from app.people import Person, Role, visible
from app.web.asked import date_asked
from app.web.policy import only, route
from app.web.shell import desk
from app.workflows import say_event

blueprint = Blueprint("log", __name__)
PAGE = 50
AUDITOR = only(Role.AUDITOR)


@route(blueprint, "/log", AUDITOR)
def events() -> str:
    """Show the newest events, filtered by person, kind and day."""
    _note_reading()
    rows = _rows()
    more = rows[PAGE - 1]["id"] if len(rows) == PAGE else None
    args: dict[str, Any] = {name: value for name, value in request.args.items() if name in ("who", "kind", "day")}
    return render_template(
        "log.html",
        rows=rows,
        args=request.args,
        next_url=url_for("log.events", before=more, **args) if more else "",
    )


@route(blueprint, "/log/check", AUDITOR)
def check() -> str:
    """Check every chain from its first event and show what does not hold."""
    breaks = list(broken_chains(desk().session))
    return render_template("log_check.html", breaks=breaks)


def _rows() -> list[dict[str, Any]]:
    session, actor = desk().session, desk().actor
    query = visible(Event, actor).order_by(Event.id.desc()).limit(PAGE)
    if (before := request.args.get("before", "")).isdecimal():
        query = query.where(Event.id < int(before))
    if kind := request.args.get("kind", "").strip():
        query = query.where(Event.kind.startswith(kind[:60], autoescape=True))
    if who := request.args.get("who", "").strip():
        query = query.where(
            Event.actor_id.in_(select(Person.id).where((Person.name == who) | (Person.username == who)))
        )
    if day := date_asked("day", "日期"):
        query = query.where(Event.day == day)
    found = list(session.scalars(query))
    ids = {event.actor_id for event in found}
    people = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    names = {person_id: name for person_id, name in people}
    return [
        {
            "id": event.id,
            "at": event.at.astimezone(ZONE),
            "what": say_event(event.kind),
            "kind": event.kind,
            "who": names.get(event.actor_id or 0, "系统"),
            "subject": event.subject,
            "place": f"{event.chain_id} 链第 {event.seq} 条",
            "hash": event.hash[:12],
        }
        for event in found
    ]


def _note_reading() -> None:
    fact = Fact(kind="log.read", subject=f"log:{request.query_string.decode(errors='replace')[:50]}")
    with desk().database.begin() as session:
        record(session, fact, desk().actor, desk().moment)
