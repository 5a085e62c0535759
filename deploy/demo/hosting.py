"""The real server, in this process, on a clock that somebody else sets."""

import logging
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from werkzeug.serving import make_server

from microblog.app import create_app
from microblog.ops.serving import HOST
from microblog.service import founding
from microblog.settings import Settings
from microblog.store.db import Site, db, make_folder, migrate, open_marks


@contextmanager
def serving(settings: Settings, now: Callable[[], int]) -> Iterator[None]:
    """Serve fresh data on the settings' port; every check is as it always is, but for the time."""
    make_folder(settings.data)
    migrate(Site(settings.data))
    app = create_app(settings, now)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server(HOST, settings.port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        app.extensions["microblog"].database.close()
        with app.app_context():
            db.engine.dispose()


def founding_token(settings: Settings, now: int) -> str:
    """Return what an operator would be given to found the practice with."""
    marks = open_marks(Site(settings.data))
    return founding.issue_token(marks, secrets.token_bytes(founding.TOKEN_BYTES), now)
