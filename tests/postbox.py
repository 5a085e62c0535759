"""A real mail server on this machine, which keeps what it is given and can be told to misbehave.

A test takes `new_postbox`, or `postbox` for a plain one. Before each reply its `conduct` is asked
with the step at hand; it answers with another reply, or with DROP, or does something on its own.
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import ssl
import subprocess
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from microblog.settings import Mail

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage
    from pathlib import Path

#: The steps of a dialogue, in order; "words": they are here, and are not answered yet.
STEPS = ("greeting", "EHLO", "RSET", "MAIL", "RCPT", "DATA", "words", "QUIT")
DROP = "drop"
FROM = "round-up@council.example"


@dataclass(frozen=True)
class Letter:
    """A mail as it was received."""

    sender: str
    recipients: tuple[str, ...]
    data: bytes

    @property
    def parsed(self) -> EmailMessage:
        return email.message_from_bytes(self.data, policy=email.policy.SMTP)  # type: ignore[return-value]

    @property
    def id(self) -> str:
        return str(self.parsed["Message-ID"])

    @property
    def line(self) -> str:
        return self.data.partition(b"\r\n\r\n")[2].decode().removesuffix("\r\n")


@dataclass
class Postbox:
    """A mail server, its address, and all that it took."""

    conduct: Callable[[str], str | None] = lambda _: None
    tls: ssl.SSLContext | None = None
    wrapped: bool = False
    users: dict[bytes, bytes] = field(default_factory=dict)
    letters: list[Letter] = field(default_factory=list)
    #: Every command that was heard, and whether TLS had begun.
    heard: list[tuple[str, bool]] = field(default_factory=list)
    port: int = 0
    _transports: list[asyncio.Transport] = field(default_factory=list)

    def start(self) -> None:
        ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        assert ready.wait(10)

    def stop(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(10)

    def mail(self, **changes: object) -> Mail:
        """Return the settings that lead here."""
        given = {"host": "127.0.0.1", "port": self.port, "tls": self.wrapped, "sender": FROM}
        return Mail(**{**given, **changes})  # type: ignore[arg-type]

    def _run(self, ready: threading.Event) -> None:
        loop = self._loop
        asyncio.set_event_loop(loop)
        context = self.tls if self.wrapped else None
        server = loop.run_until_complete(
            loop.create_server(lambda: _Dialogue(self, loop), "127.0.0.1", self.port, ssl=context)
        )
        self.port = server.sockets[0].getsockname()[1]
        loop.call_soon(ready.set)
        loop.run_forever()
        server.close()
        tasks = asyncio.all_tasks(loop)
        for task in tasks:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        loop.run_until_complete(server.wait_closed())
        # Of a client that was killed a dialogue may be left open.
        for transport in self._transports:
            transport.abort()
        loop.run_until_complete(asyncio.sleep(0))
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


class _Answered(Exception):
    """The command was answered otherwise."""


class _Dialogue(SMTP):
    """One connection; each reply passes `push`."""

    def __init__(self, box: Postbox, loop: asyncio.AbstractEventLoop) -> None:
        self._box, self._step = box, "greeting"
        super().__init__(
            _Handler(box),
            loop=loop,
            hostname="mail.example",
            ident="test",
            tls_context=None if box.wrapped else box.tls,
            require_starttls=bool(box.tls) and not box.wrapped,
            authenticator=self._check if box.users else None,
            auth_require_tls=not box.users,
        )

        for name, method in self._smtp_methods.items():
            self._smtp_methods[name] = self._noted(name, method)

    def connection_made(self, transport) -> None:
        self._box._transports.append(transport)
        super().connection_made(transport)

    def _noted(self, name, method):
        async def run(argument):
            secure = self._box.wrapped or self._tls_protocol is not None
            self._step = name
            self._box.heard.append((name, secure))
            with suppress(_Answered):
                await method(argument)

        return run

    def _check(self, _server, _session, _envelope, _mechanism, login) -> AuthResult:
        return AuthResult(success=self._box.users.get(login.login) == login.password, handled=False)

    async def push(self, status) -> None:
        said = status.decode() if isinstance(status, bytes) else status
        step, self._step = self._step, ""
        if step:
            # A conduct may wait: the other dialogues go on meanwhile.
            loop = asyncio.get_running_loop()
            other = await loop.run_in_executor(None, self._box.conduct, step)
            if other == DROP:
                self.transport.abort()
                raise ConnectionResetError
            if other is not None:
                await super().push(other)
                if step == "greeting":
                    self.transport.close()
                    raise ConnectionResetError
                raise _Answered
        if said.startswith("354"):
            self._step = "words"
        return await super().push(status)


class _Handler:
    def __init__(self, box: Postbox) -> None:
        self._box = box

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802
        self._box.letters.append(
            Letter(envelope.mail_from, tuple(envelope.rcpt_tos), bytes(envelope.content))
        )
        return "250 kept"


@pytest.fixture
def new_postbox() -> Iterator[Callable[..., Postbox]]:
    """Return what starts a mail server."""
    started: list[Postbox] = []

    def start(**options: object) -> Postbox:
        box = Postbox(**options)  # type: ignore[arg-type]
        box.start()
        started.append(box)
        return box

    yield start
    for box in started:
        box.stop()


@pytest.fixture
def postbox(new_postbox: Callable[..., Postbox]) -> Postbox:
    """Return a plain mail server."""
    return new_postbox()


@dataclass(frozen=True)
class Certificate:
    """A certificate of an authority of our own: what a server shows, and what a client trusts."""

    server: ssl.SSLContext
    authority: Path


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """Return one for `localhost`, 127.0.0.1 and mail.council.example."""
    folder = tmp_path_factory.mktemp("certificate")
    names = "subjectAltName=DNS:localhost,DNS:mail.council.example,IP:127.0.0.1"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "3650", "-subj", "/CN=localhost", "-addext", names,
         "-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return Certificate(server, folder / "certificate.pem")
