"""Serving event streams: what is checked before, and then gunicorn, with gevent, in our place.

gevent changes what Python's own modules do, and must do so before anything else looks at them: so
it is a program begun anew, which has loaded nothing of ours.
"""

import os
import sys

from microblog.ops.refusal import Refusal
from microblog.ops.serving import HOST, SOCKET_UMASK, TIMEOUT_SECONDS, check_port, check_socket
from microblog.ops.site import site_of
from microblog.settings import Settings
from microblog.store.db import open_beside

# Named, as WSGI servers name applications: the operator's words do not know the application.
APPLICATION = "microblog.app:create_live_app_from_environment()"
#: Beyond the streams that are open: those that are just being opened, or refused.
COMING = 500
GRACEFUL_SECONDS = 2


def serve_live(settings: Settings) -> None:
    """Become the process that serves event streams.

    Raises:
        StoreError: the data cannot be used.
        Refusal: the place cannot be had.
    """
    place = settings.machine.live
    if place is None:
        raise Refusal(
            "MICROBLOG_LIVE is not set", "it is a socket, or a port: config/microblog.env"
        )
    open_beside(site_of(settings))
    if isinstance(place, int):
        check_port(place, "MICROBLOG_LIVE")
        where = f"{HOST}:{place}"
    else:
        where = f"unix:{check_socket(place, 'MICROBLOG_LIVE')}"
    print(f"event streams of {settings.public_url} on {where}", flush=True)  # noqa: T201
    command = [sys.executable, "-m", "gunicorn", *options(where), APPLICATION]
    os.execv(command[0], command)  # noqa: S606  (no shell: what a shell would read, nobody does)


def options(where: str) -> list[str]:
    """Return gunicorn's settings: one process, for who listens where is known to it alone."""
    return [
        f"--bind={where}",
        f"--umask={SOCKET_UMASK}",
        "--workers=1",
        "--worker-class=gevent",
        f"--worker-connections={COMING}",
        # A line is taken over, or it is over.
        "--keep-alive=0",
        f"--timeout={TIMEOUT_SECONDS}",
        f"--graceful-timeout={GRACEFUL_SECONDS}",
        "--no-control-socket",
        # Nothing that a client says about itself is believed, nor what a proxy adds.
        "--forwarded-allow-ips=",
        "--forwarder-headers=",
        "--log-level=error",
    ]
