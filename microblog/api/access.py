"""Who may use a route, declared at the route.

A route without a declaration stops the application from starting.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Request, Response, g, request
from flask_login import LoginManager

from microblog.api.context import context
from microblog.api.reading import read_token
from microblog.service.errors import NotAllowed, SignedOut
from microblog.service.followers import find_tag, read_who_and_tag
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

    def __init__(self, who: Who, tag: bytes = b"") -> None:
        self.who, self.tag = who, tag

    def get_id(self) -> str:
        """Return nothing: there is no session of Flask's to keep an id in."""
        return ""


def access(*sorts: str, tag: bool = False) -> Callable[[View], View]:
    """Declare which sorts of session may use a route, or ANYONE; `tag`: it asks for their tag."""

    def declare(view: View) -> View:
        view.access = frozenset(sorts)  # type: ignore[attr-defined]
        view.tag = tag  # type: ignore[attr-defined]
        return view

    return declare


def access_of(app: Flask, endpoint: str) -> frozenset[str]:
    """Return the declaration of a route.

    Raises:
        LookupError: it has none.
    """
    declared = _declared(app.view_functions[endpoint])
    if not declared:
        raise LookupError(f"the route {endpoint} does not declare who may use it")
    return declared


def check_access(asked: Request, view: Callable[..., Any]) -> None:
    """Check before each request that whoever makes it may use the route.

    Raises:
        SignedOut: nobody is signed in.
        NotAllowed: their sort of session may not.
    """
    declared = _declared(view)
    if ANYONE in declared:
        return
    visitor = _load(asked, tag=getattr(view, "tag", False))
    if visitor is None:
        raise SignedOut
    g._login_user = visitor
    if visitor.who.sort not in declared:
        raise NotAllowed("this kind of session may not do this")


def signed_in() -> Who:
    """Return who makes this request; only in routes that are not for ANYONE."""
    # What flask_login's current_user stands for; to ask that takes three times as long.
    who: Who = g._login_user.who
    return who


def signed_in_and_tag() -> tuple[Who, bytes]:
    """Return who makes this request, and their tag; only in routes that declare it."""
    who, here = signed_in(), context()
    return who, g._login_user.tag or find_tag(here.tags, read, who)


class TokenManager(LoginManager):  # type: ignore[misc]
    """Finds out who makes a request by the token in their cookie, and by nothing else.

    Of what Flask-Login does otherwise with every request (sessions of Flask's, remember cookies,
    a hash of the browser's name) nothing is used here, and it takes longer than to look one up.
    """

    def _load_user(self) -> None:
        g._login_user = _load(request) or self.anonymous_user()

    def _update_remember_cookie(self, response: Response) -> Response:
        return response


def make_login_manager() -> LoginManager:
    """Return the manager that finds out who makes a request."""
    return TokenManager()


def _declared(view: Callable[..., Any]) -> frozenset[str]:
    declared: frozenset[str] = getattr(view, "access", frozenset())
    return declared


def _load(incoming: Request, *, tag: bool = False) -> Visitor | None:
    here = context()
    token = read_token(incoming, here.cookie)
    if token is None:
        return None
    if tag and here.database.count_commits() is None:
        # Both in one statement: nothing is remembered of what other servers write too.
        return _visitor(*read_who_and_tag(read(), token, here.now()))
    return _visitor(find_session(here.sessions, read, token, here.now()))


def _visitor(who: Who | None, tag: bytes = b"") -> Visitor | None:
    return Visitor(who, tag) if who else None
