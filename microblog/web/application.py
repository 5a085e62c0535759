"""Flask, as far as it is used here: that alone is done with every request.

Hooks are the application's, none of a blueprint's, and plain functions. Nothing hears of signals,
and there are no sessions of Flask's: whoever is signed in is looked up by a token.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Flask, Request, Response
from flask.sessions import NullSession, SessionInterface
from flask.typing import ResponseReturnValue
from werkzeug.routing import MapAdapter

if TYPE_CHECKING:
    from flask.sessions import SessionMixin


class Application(Flask):
    """Flask, where every view and every guard is a plain function."""

    def __init__(self, name: str) -> None:
        """Begin with no route, not even one for files."""
        super().__init__(name, static_folder=None)
        self.session_interface = _NoSessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return it as it is: to look at ten functions with every request takes its time."""
        return func

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Return what finds a request's route; under which name we answer is checked before it."""
        if request is None:
            return None
        found = request.environ
        # As in werkzeug's own: the server in front decodes nothing but the path's octets.
        path = found.get("PATH_INFO", "").encode("latin-1").decode(errors="replace")
        scheme, host = found["wsgi.url_scheme"], found.get("HTTP_HOST", "")
        asked = found.get("QUERY_STRING", "")
        method = found["REQUEST_METHOD"]
        return MapAdapter(self.url_map, host, "/", "", scheme, path, method, asked)

    def preprocess_request(self) -> ResponseReturnValue | None:
        """Run the guards, up to the first that answers."""
        for check in self.before_request_funcs[None]:
            answer = check()
            if answer is not None:
                return answer  # type: ignore[return-value]
        return None

    def process_response(self, response: Response) -> Response:
        """Let every hook see the answer, the last that was added first."""
        for change in reversed(self.after_request_funcs[None]):
            response = change(response)
        return response

    def do_teardown_request(self, exc: BaseException | None = None) -> None:
        """Do nothing: what is to be ended is ended with the application's context."""

    def check_hooks(self) -> None:
        """Check that there is no hook that would never be run.

        Raises:
            LookupError: there is one.
        """
        for hooks in (self.before_request_funcs, self.after_request_funcs):
            if set(hooks) - {None}:
                raise LookupError("a blueprint's hook would not be run")
        if any(self.teardown_request_funcs.values()) or any(self.url_value_preprocessors.values()):
            raise LookupError("a hook of this sort would not be run")


class _NoSessions(SessionInterface):
    _none = NullSession()

    def open_session(self, app: Flask, request: Request) -> "SessionMixin":  # noqa: ARG002
        return self._none
