"""What each route answers when it refuses: declared at the route, or following from what else is.

The description is made from it, and no test may see an answer that is not in it.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask
from werkzeug.routing import Rule

from microblog.api.access import ANYONE, SORTS, access_of
from microblog.api.errors import HTTP, STATUS
from microblog.api.guards import SAFE

NOT_FOUND = "not-found"
STALE_HEAD = "stale-head"
#: What the protocol's public verdict, and the server's own checks, may say of an entry.
VERDICT = (
    "422 not-allowed",
    "bad-invitation",
    "bad-key",
    "broken-chain",
    "directory-behind",
    "forked-directory",
    "loss-unanswered",
    "not-authentic",
    "stale-directory",
    "too-new",
    "unknown-device",
    "unreadable",
    "wrong-epoch",
    "wrong-list",
    "wrong-log",
    "wrong-time",
)

_STATUS_OF = {
    **{code: status for status, (code, _) in HTTP.items()},
    **{error.code: status for error, status in STATUS.items()},
    "wrong-host": 421,
    "broken": 500,
    "busy": 503,
}
_EVERYWHERE = ("wrong-host", "wrong-type", "broken", "busy")

View = TypeVar("View", bound=Callable[..., Any])


def refuses(*codes: str) -> Callable[[View], View]:
    """Declare what a route refuses with, beside what its other declarations bring about.

    A code has its own status (422 if no other is known), or the one that stands before it.
    """

    def declare(view: View) -> View:
        view.refuses = codes  # type: ignore[attr-defined]
        return view

    return declare


def refusals_of(app: Flask, rule: Rule, method: str) -> dict[int, list[str]]:
    """Return the codes, by status, with which a route may refuse."""
    view = app.view_functions[rule.endpoint]
    found: dict[int, list[str]] = {}
    for code in sorted({*getattr(view, "refuses", ()), *_following(app, rule, method)}):
        status, _, word = code.rpartition(" ")
        found.setdefault(int(status or _STATUS_OF.get(word, 422)), []).append(word)
    return dict(sorted(found.items()))


def _following(app: Flask, rule: Rule, method: str) -> set[str]:
    """Return the codes that follow from who may use a route, what it takes and where it is."""
    view, declared = app.view_functions[rule.endpoint], access_of(app, rule.endpoint)
    codes = {*_EVERYWHERE}
    if ANYONE not in declared:
        codes |= {"signed-out"} | ({"not-allowed"} if declared < {*SORTS} else set())
    if method not in SAFE:
        codes |= {"cross-origin"}
    if hasattr(view, "takes"):
        codes |= {"malformed", "too-large"}
    if rule.arguments or _asks_in_query(view):
        codes |= {"malformed"}
    return codes


def _asks_in_query(view: Callable[..., Any]) -> bool:
    described: dict[str, Any] = getattr(view, "_apidoc", {})
    given = described.get("arguments", {}).get("parameters", [])
    return any(it["in"] == "query" for it in given)
