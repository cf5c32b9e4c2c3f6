"""Who may call a route at all. A route without a declared policy stops the application from starting."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Blueprint, Flask, redirect, request, url_for
from werkzeug.wrappers import Response

from app.core.errors import Absent
from app.people import Role
from app.web.shell import desk, finish

View = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Policy:
    """`is_public`: without sign-in. `roles`: one of them must be held today (empty: everybody signed in)."""

    is_public: bool = False
    roles: frozenset[Role] = frozenset()
    while_password_is_due: bool = False


PUBLIC = Policy(is_public=True)
SIGNED_IN = Policy()
OWN_ACCOUNT = Policy(while_password_is_due=True)


def only(*roles: Role) -> Policy:
    """Return the policy of a route for holders of the roles; to all others it does not exist."""
    return Policy(roles=frozenset(roles))


def route(
    blueprint: Blueprint, rule: str, policy: Policy, methods: tuple[str, ...] = ("GET",)
) -> Callable[[View], View]:
    """Register a view with its policy; the view's transaction is committed when it returns without error."""

    def register(view: View) -> View:
        @wraps(view)
        def guarded(**values: Any) -> Response:
            refused = _refusal(policy)
            return refused if refused is not None else finish(view, values)

        guarded.policy = policy  # type: ignore[attr-defined]
        blueprint.add_url_rule(rule, endpoint=view.__name__, view_func=guarded, methods=list(methods))
        return view

    return register


def check_policies(app: Flask) -> None:
    """Refuse to start while a route has no policy; RuntimeError names it."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if rule.endpoint != "static" and not hasattr(view, "policy"):
            raise RuntimeError(f"route {rule.rule} ({rule.endpoint}) has no policy")


def _refusal(policy: Policy) -> Response | None:
    if policy.is_public:
        return None
    actor = desk().actor_or_none
    if actor is None:
        wanted = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("account.sign_in", next=wanted))
    if actor.must_change_password and not policy.while_password_is_due:
        return redirect(url_for("account.change_password"))
    if policy.roles and not actor.roles & policy.roles:
        raise Absent
    return None
