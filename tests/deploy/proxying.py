"""deploy/nginx.conf, run: a real nginx on ports of its own, before a real server on a socket."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.browser import ROOT
from tests.forking import Forked
from tests.serving import START_SECONDS, Server, find_free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME = "localhost"
NGINX = shutil.which("nginx", path=f"{os.defpath}:/usr/sbin:/usr/local/sbin")
MAIN = """
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/main.log alert;
worker_processes 1;
events {{ worker_connections 1024; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    default_type application/octet-stream;
    include {folder}/microblog;
}}
"""


class Behind(Server):
    """A server on a socket, whose browsers see another origin."""

    front: int = 0
    #: Whether it is told of event streams.
    live: bool = False

    @property
    def socket(self) -> Path:
        return self.log.with_name("m.sock")

    @property
    def environment(self) -> dict[str, str]:
        live = {"MICROBLOG_LIVE": str(self.socket.with_name("live.sock"))} if self.live else {}
        return {
            **super().environment,
            **live,
            "MICROBLOG_SOCKET": str(self.socket),
            "PUBLIC_URL": f"https://{NAME}:{self.front}",
        }

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as line:
            try:
                line.connect(str(self.socket))
            except OSError:
                return False
            return True


@dataclass
class Nginx:
    """A running nginx, and where it listens and writes."""

    folder: Path
    port: int
    plain_port: int
    process: subprocess.Popen[bytes]

    @property
    def origin(self) -> str:
        return f"https://{NAME}:{self.port}"

    @property
    def authority(self) -> Path:
        return self.folder / "authority.pem"

    def context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.authority))

    def logged(self) -> str:
        """Return all that it wrote, once it has ended."""
        self.stop()
        return "".join(it.read_text() for it in sorted(self.folder.glob("*.log")))

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=START_SECONDS)


def make_certificates(folder: Path) -> None:
    """Make an authority, and a certificate by it for our name."""

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2")
    openssl("req", "-x509", *curve, "-subj", "/CN=trial", "-keyout", "ca.key",
            "-out", "authority.pem")  # fmt: skip
    openssl("req", "-x509", *curve, "-subj", f"/CN={NAME}", "-addext",
            f"subjectAltName=DNS:{NAME}", "-addext", "basicConstraints=critical,CA:FALSE",
            "-keyout", "key.pem", "-out", "chain.pem",
            "-CA", "authority.pem", "-CAkey", "ca.key")  # fmt: skip


def begin_nginx(folder: Path, port: int, socket_file: Path) -> Nginx:
    """Begin nginx with what is in deploy/, but for places and ports; it answers then."""
    plain_port = find_free_port()
    make_certificates(folder)
    conf = (ROOT / "deploy" / "nginx.conf").read_text()
    changes = {
        r"    listen \[::\].*\n": "",
        r"listen 443": f"listen 127.0.0.1:{port}",
        r"listen 80": f"listen 127.0.0.1:{plain_port}",
        r"microblog\.example\.org": NAME,
        r"client_body_timeout 10s": "client_body_timeout 1s",
        r"/etc/microblog/tls": str(folder),
        r"/run/microblog/microblog\.sock": str(socket_file),
        r"/run/microblog-live/live\.sock": str(socket_file.with_name("live.sock")),
        r"/var/log/nginx/microblog": f"{folder}/microblog",
        r"/var/cache/nginx/microblog": f"{folder}/cache",
    }
    for pattern, given in changes.items():
        conf, count = re.subn(pattern, given, conf)
        assert count, pattern
    (folder / "microblog").write_text(conf)
    user = "user root root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=user))
    assert NGINX is not None
    command = [NGINX, "-p", str(folder), "-e", str(folder / "main.log"),
               "-c", str(folder / "nginx.conf")]  # fmt: skip
    with (folder / "said.log").open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, stdin=subprocess.DEVNULL)
    nginx = Nginx(folder, port, plain_port, process)
    deadline = time.monotonic() + START_SECONDS
    while True:
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return nginx
        if process.poll() is not None or time.monotonic() > deadline:
            nginx.stop()
            raise AssertionError(nginx.logged())
        time.sleep(0.02)


@contextmanager
def live_beside(behind: Behind) -> Iterator[Path]:
    """Run the process for event streams beside the server, until it is let go."""
    where = behind.socket.with_name("live.sock")
    environment = {**behind.environment, "MICROBLOG_LIVE": str(where)}
    process = Forked(["live"], environment, behind.log)
    deadline = time.monotonic() + START_SECONDS
    with socket.socket(socket.AF_UNIX) as line:
        while line.connect_ex(str(where)) != 0 and time.monotonic() < deadline:
            time.sleep(0.02)
    try:
        yield where
    finally:
        process.terminate()
        process.wait(START_SECONDS)
