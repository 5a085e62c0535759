"""A rehearsal of a restore: into an empty folder, verified, served, asked, and removed."""

import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from microblog.ops import backup, sealed
from microblog.ops.refusal import Refusal
from microblog.ops.serving import HOST
from microblog.ops.site import site_of
from microblog.service import audit, founding
from microblog.service.wire import encode_bytes
from microblog.settings import Settings
from microblog.store.db import StoreError, read_in

START_SECONDS = 60
SILENT_SECONDS = 10
MAX_ANSWER_BYTES = 64 * 1024


def rehearse(settings: Settings, place: Path, key_file: Path | None) -> None:
    """Restore a backup, or the newest in a folder of them, on trial, and say that it works.

    Raises:
        StoreError: it cannot be restored.
        Refusal: it does not verify, is of another history, or does not serve.
    """
    file = sealed.find_newest(place)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="microblog-rehearsal-") as room:
        trial = _on_trial(settings, Path(room) / "data")
        backup.restore(trial, file, key_file, quiet=True)
        seconds = time.monotonic() - began
        site = site_of(trial)
        found, heads = read_in(site, audit.check), read_in(site, audit.read_heads)
        click.echo(
            f"restored in {seconds:.0f} s: {found.entries} entries in {found.logs} logs, verified"
        )
        click.echo(_compare(settings, heads))
        with _served(trial):
            _ask(trial, read_in(site, founding.find_fingerprint))
        click.echo("served, and asked: it answers as itself, and takes nothing from strangers")
    click.echo(f"rehearsed: {file} can be restored; the trial is removed")


def _on_trial(settings: Settings, data: Path) -> Settings:
    """Return settings of a server that nobody hears of: no mail, no notices, a port of its own."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        port = listener.getsockname()[1]
    return Settings(data, port, f"http://{HOST}:{port}", zone=settings.zone)


def _compare(settings: Settings, heads: Mapping[bytes, Any]) -> str:
    """Say whether what was restored is a beginning of what is here."""
    try:
        strangers = read_in(site_of(settings), lambda it: audit.count_strangers(it, heads))
    except StoreError:
        return "there are no data here to compare it with"
    if strangers:
        raise Refusal(
            f"{strangers} of its {len(heads)} logs are not the beginning of what is here",
            "it is of another practice, or one of the two is damaged: keep both, and ask for help",
        )
    return f"all {len(heads)} logs are the beginning of what is here"


@contextmanager
def _served(settings: Settings) -> Iterator[None]:
    """Serve as anyone does, in a process of its own."""
    kept = {name: it for name, it in os.environ.items() if not name.startswith("MICROBLOG_")}
    given = {"MICROBLOG_DATA": str(settings.data), "PORT": str(settings.port),
             "MICROBLOG_ZONE": settings.zone, "PUBLIC_URL": settings.public_url}  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "microblog.ops", "serve"],
        env={**kept, **given},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not _listens(settings.port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise Refusal(
                    "it does not serve", "microblogd serve, on what was restored, says why"
                )
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(timeout=START_SECONDS)


def _ask(settings: Settings, fingerprint: bytes | None) -> None:
    """Ask what anyone may ask, and what nobody may who is not signed in."""
    status, said = _call(settings, "GET", "/api/practice", b"")
    ours = None if fingerprint is None else encode_bytes(fingerprint)
    if status != http.HTTPStatus.OK or said.get("fingerprint") != ours or not said["restoring"]:
        raise Refusal("what is served is not what was restored", "")
    if _call(settings, "POST", "/api/logs/fetch", b"{}")[0] != http.HTTPStatus.UNAUTHORIZED:
        raise Refusal("it gives entries to people who are not signed in", "do not use it")


def _call(settings: Settings, method: str, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
    line = http.client.HTTPConnection(HOST, settings.port, timeout=SILENT_SECONDS)
    try:
        line.request(method, path, body, {"Content-Type": "application/json"})
        answer = line.getresponse()
        said = json.loads(answer.read(MAX_ANSWER_BYTES))
        return answer.status, said
    except (OSError, ValueError, http.client.HTTPException):
        raise Refusal("it does not answer as it should", "") from None
    finally:
        line.close()


def _listens(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex((HOST, port)) == 0
