"""What every route works with: the clock, where we are, and the directories that were verified."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, cast

from flask import current_app

from microblog.service.directory import Directories
from microblog.service.followers import SeenTags
from microblog.service.live import Listeners
from microblog.service.push import Place as PushPlace
from microblog.service.sessions import Place, SeenSessions
from microblog.store.db import Database, Marks, Seen, Session, Site

_NAME = "microblog"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Context:
    """One for each application. `now` gives milliseconds since 1970."""

    site: Site
    database: Database
    place: Place
    secure_cookie: bool
    now: Callable[[], int]
    mails: bool
    zone: str
    client: Callable[[], str]
    push: Callable[[], PushPlace]
    directories: Directories = field(default_factory=Directories)
    #: Whether there is a process for event streams.
    live: bool = False
    #: Only of that process itself.
    listeners: Listeners | None = None
    sessions: SeenSessions = field(init=False)
    tags: SeenTags = field(init=False)

    def __post_init__(self) -> None:
        """Begin to remember what was read."""
        object.__setattr__(self, "sessions", Seen(self.database.count_sign_ins))
        object.__setattr__(self, "tags", Seen(self.database.count_commits))

    @property
    def marks(self) -> Marks:
        """What the operator's commands tell this server."""
        return self.database.marks

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
