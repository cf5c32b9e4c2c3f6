"""One request: its database session, its actor, its moment. Views end in one commit, or in none."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from http import HTTPStatus
from typing import Any, TypeVar

from flask import Flask, current_app, g, make_response, request, session
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.core.clock import Clock, Moment
from app.core.db import Database
from app.core.errors import DukaoError
from app.people import Actor, load_actor
from app.web.keys import SentBefore, claim, keep_answer, replay
from app.web.sessions import SAFE, keep_along
from app.workflows import Context

Held = TypeVar("Held")


class Desk:
    """What a view works with. Reading requests never wait for a writer."""

    def __init__(self, app: Flask) -> None:
        self.database: Database = app.extensions["database"]
        clock: Clock = app.extensions["clock"]
        self.moment: Moment = clock.now()
        self._stack = ExitStack()
        self._session: Session | None = None
        self._actor: Actor | None = None
        self._actor_is_known = False
        self._context: Context | None = None

    @property
    def session(self) -> Session:
        """The request's database session, opened when first asked for."""
        if self._session is None:
            opened = self.database.session(read_only=request.method in SAFE)
            self._session = self._stack.enter_context(opened)
        return self._session

    @property
    def actor_or_none(self) -> Actor | None:
        """The person signed in with the mandates valid today, read anew at every request; None when nobody is."""
        if not self._actor_is_known:
            person_id = session.get("person_id")
            self._actor = load_actor(self.session, person_id, self.moment.day) if person_id else None
            self._actor_is_known = True
        return self._actor

    @property
    def actor(self) -> Actor:
        """The person signed in."""
        actor = self.actor_or_none
        if actor is None:
            raise RuntimeError("nobody is signed in behind this policy")
        return actor

    @property
    def context(self) -> Context:
        """What moves are made in."""
        if self._context is None:
            self._context = Context(self.session, self.actor, self.moment)
        return self._context

    def hold(self, what: AbstractContextManager[Held]) -> Held:
        """Enter something that is held until the request is over."""
        return self._stack.enter_context(what)

    def close(self) -> None:
        """Give the session back; what was not committed is gone."""
        self._stack.close()
        self._session = self._context = None
        self._actor_is_known = False


def desk() -> Desk:
    """Return the desk of this request."""
    if "desk" not in g:
        g.desk = Desk(current_app)
    found: Desk = g.desk
    return found


def close_desk(_error: BaseException | None = None) -> None:
    """End the request's session."""
    if "desk" in g:
        g.pop("desk").close()


def finish(view: Callable[..., Any], values: dict[str, Any]) -> Response:
    """Run the view; commit when it answered without error. A form sent twice gets its first answer again."""
    if request.method in SAFE:
        return make_response(view(**values))
    person_id = session.get("person_id")
    if not claim(desk().session, person_id, desk().moment.at):
        try:
            return replay(desk().session, person_id)
        except SentBefore as sent:
            return _show_again(view, values, sent)
    response = make_response(view(**values))
    if response.status_code < HTTPStatus.BAD_REQUEST:
        keep_answer(desk().session, person_id, response.location)
        is_kept = keep_along(session, desk().session, desk().moment.at)
        desk().session.commit()
        session.modified = session.modified and not is_kept
    else:
        desk().session.rollback()
    return response


def _show_again(view: Callable[..., Any], values: dict[str, Any], sent: SentBefore) -> Response:
    """Let the view show its form again, which is valid no more (see ChineseForm); whatever else it does is given up."""
    if not getattr(view, "shows_form_again", False):
        raise sent
    close_desk()
    g.sent_before = sent
    try:
        response = make_response(view(**values))
    except DukaoError as error:
        raise sent from error
    desk().session.rollback()
    if response.status_code != HTTPStatus.UNPROCESSABLE_ENTITY:
        raise sent
    return response


def shows_form_again(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a view that writes nothing before its form is validated, and shows it again as typed when it is not valid."""
    view.shows_form_again = True  # type: ignore[attr-defined]
    return view
