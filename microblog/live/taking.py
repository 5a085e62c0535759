"""Taking an event stream over from gunicorn, once its head is written.

A greenlet that waited for each would take 19 to 26 KiB, most of it the stack that Flask once
needed.
"""

import os
from collections.abc import Callable, Iterable
from typing import Any, Protocol, cast

from gunicorn.workers.base_async import ALREADY_HANDLED  # type: ignore[import-untyped]

from microblog.live.line import Line

#: Where a route leaves who listens.
LISTENER = "microblog.listener"

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Listener(Protocol):
    """Who is to get the line; of more of it nothing is known here."""

    def begin(self, line: Line) -> None:
        """Take the line."""

    def end(self) -> None:
        """Do without."""


def taking(application: Wsgi) -> Wsgi:
    """Return an application whose event streams leave gunicorn's hands with their first words."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        writers: list[Callable[[bytes], object]] = []

        def start(*args: Any) -> Callable[[bytes], object]:
            writers.append(start_response(*args))
            return writers[-1]

        pieces = application(environ, start)
        listener: Listener | None = environ.get(LISTENER)
        if listener is None:
            return pieces
        try:
            for piece in pieces:
                writers[-1](piece)
            # gunicorn closes its own.
            socket = os.dup(environ["gunicorn.socket"].fileno())
            listener.begin(Line(socket, chunked=environ["SERVER_PROTOCOL"] != "HTTP/1.0"))
        except BaseException:
            listener.end()
            raise
        finally:
            getattr(pieces, "close", lambda: None)()
        return cast(Iterable[bytes], ALREADY_HANDLED)

    return answer
