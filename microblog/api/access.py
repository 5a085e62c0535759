"""Who may use a route, declared at the route.

A route without a declaration stops the application from starting.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Request, current_app, request
from flask_login import LoginManager, current_user

from microblog.api.context import context
from microblog.api.reading import read_token
from microblog.service.errors import NotAllowed, SignedOut
from microblog.service.sessions import (
    DEVICE,
    FOUNDING,
    INVITATION,
    WITNESS,
    Who,
    find_session,
)
from microblog.store.db import read

ANYONE = "anyone"
SIGNED_IN = (DEVICE, INVITATION, FOUNDING)
SORTS = (*SIGNED_IN, WITNESS)

View = TypeVar("View", bound=Callable[..., Any])


class Visitor:
    """Someone signed in, in the form that Flask-Login wants."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, who: Who) -> None:
        self.who = who

    def get_id(self) -> str:
        """Return nothing: there is no session of Flask's to keep an id in."""
        return ""


def access(*sorts: str) -> Callable[[View], View]:
    """Declare which sorts of session may use a route, or ANYONE."""

    def declare(view: View) -> View:
        view.access = frozenset(sorts)  # type: ignore[attr-defined]
        return view

    return declare


def access_of(app: Flask, endpoint: str) -> frozenset[str]:
    """Return the declaration of a route.

    Raises:
        LookupError: it has none.
    """
    declared: frozenset[str] = getattr(app.view_functions[endpoint], "access", frozenset())
    if not declared:
        raise LookupError(f"the route {endpoint} does not declare who may use it")
    return declared


def check_access() -> None:
    """Check before each request that whoever makes it may use the route.

    Raises:
        SignedOut: nobody is signed in.
        NotAllowed: their sort of session may not.
    """
    if request.endpoint is None:
        return
    declared = access_of(current_app, request.endpoint)
    if ANYONE in declared:
        return
    if not current_user.is_authenticated:
        raise SignedOut
    if current_user.who.sort not in declared:
        raise NotAllowed("this kind of session may not do this")


def signed_in() -> Who:
    """Return who makes this request; only in routes that are not for ANYONE."""
    who: Who = current_user.who
    return who


def make_login_manager() -> LoginManager:
    """Return the manager that finds out who makes a request, by the token in their cookie."""
    manager = LoginManager()
    manager.session_protection = None
    manager.request_loader(_load)
    return manager


def _load(incoming: Request) -> Visitor | None:
    token = read_token(incoming, context().cookie)
    who = find_session(read(), token, context().now()) if token else None
    return Visitor(who) if who else None
