"""What every route works with: the clock, where we are, and the directories that were verified."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar, cast

from flask import current_app

from microblog.service.directory import Directories
from microblog.service.sessions import Place
from microblog.store.db import Database, Session

_NAME = "microblog"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Context:
    """One for each application. `now` gives milliseconds since 1970."""

    folder: Path
    database: Database
    place: Place
    secure_cookie: bool
    now: Callable[[], int]
    directories: Directories = field(default_factory=Directories)

    @property
    def cookie(self) -> str:
        """The name of the session's cookie: over TLS one that no other host can set."""
        return "__Host-session" if self.secure_cookie else "session"


def context() -> Context:
    """Return the context of the application that runs."""
    return cast(Context, current_app.extensions[_NAME])


def set_context(extensions: dict[str, object], value: Context) -> None:
    """Give an application its context."""
    extensions[_NAME] = value


def write(work: Callable[[Session], T]) -> T:
    """Run `work` in the writer's transaction and return what it returns, once it is committed."""
    return context().database.write(work)
